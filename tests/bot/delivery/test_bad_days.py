"""What goes wrong between the steps: outcomes that could not be recorded, channels that close meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.channel_life import Channels
from bot.retention import Retention
from bot.sandbox.slack.faults import Fault
from bot.telnyx.events import Source
from storage.errors import StorageError

FLAT = "style:flat"


async def one_event(day, filters=FLAT):
    await day.follow(filters)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event_id


def life_of(day):
    delivery = day.delivery
    return Channels(day.database, delivery.slack, delivery.posting.settling, day.clock, delivery.wake)


async def count(day, table):
    async with day.database.reading() as tx:
        return (await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar()  # noqa: S608  # our words


async def test_outcome_that_we_could_not_record_is_looked_up_and_is_no_trouble_of_slacks(day, monkeypatch):
    event_id = await one_event(day)
    settling = day.delivery.posting.settling

    async def full(*_, **_how):
        raise StorageError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(type(settling), "record", full)
        with pytest.raises(StorageError):
            await day.delivery.posting.step(day.channel)
    await day.delivery.posting.step(day.channel)
    troubles = dict(day.delivery.health.troubles)
    await day.deliver()
    second = day.telnyx.set_status(day.order(reference="Second"), "in-process")
    await day.take_in()
    await day.deliver()

    assert day.event_ids() == [event_id, second]
    assert troubles == {}


async def test_channel_that_opens_again_settles_its_unclear_post_at_once(day):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=2)
    day.workspace.archive(day.channel)
    await day.deliver(seconds=60)
    second = day.telnyx.set_status(day.order(reference="Second"), "in-process")
    await day.take_in()

    day.workspace.unarchive(day.channel)
    await life_of(day).resumed(day.channel)
    await day.deliver(seconds=30)

    assert day.event_ids() == [event_id, second]


async def test_payload_that_comes_while_its_message_is_unclear_is_brought_in_later(day):
    await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "exception", payload_after=timedelta(seconds=130))
    await day.take_in()
    day.clock.forward(seconds=121)
    await day.take_in()
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=2)
    day.clock.forward(seconds=10)
    await day.take_in()
    await day.deliver()
    await day.edit()

    [post] = day.posts()
    assert "exception" in post.text.lower()


async def test_channel_with_a_new_id_gets_what_waited_and_what_comes(day):
    await day.follow(FLAT)
    first = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    moved = day.workspace.add_channel("shared-now")

    await life_of(day).moved(day.channel, moved)
    second = day.telnyx.set_status(day.order(reference="Second"), "in-process")
    await day.take_in()
    await day.deliver()

    assert day.event_ids(moved) == [first, second]


async def test_channel_that_moves_onto_one_that_is_followed_too_gets_each_event_once(day):
    await day.follow(FLAT)
    moved = day.workspace.add_channel("shared-now")
    await day.follow(FLAT, moved)
    first = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await life_of(day).moved(day.channel, moved)
    second = day.telnyx.set_status(day.order(reference="Second"), "in-process")
    await day.take_in()
    await day.deliver()

    assert day.event_ids(moved) == [first, second]


async def test_post_that_is_unclear_while_its_channel_moves_is_not_repeated(day):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=2)
    moved = day.workspace.change_id(day.channel)

    await life_of(day).moved(day.channel, moved)
    await day.deliver()

    assert day.event_ids(moved) == [event_id]


async def test_quiet_list_posts_nothing_again_after_old_events_were_removed(day):
    await one_event(day)
    await day.deliver()
    day.clock.forward(days=8)
    span = day.way_in.poller.span
    await Retention(day.database, timedelta(days=7), span.farthest, day.clock).clean()
    await day.take_in()
    await day.deliver()
    ids = [day.telnyx.set_status(day.order(reference=f"No {n}"), "in-process") for n in range(3)]
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()[1:]) == sorted(ids)


async def test_old_events_are_removed_with_all_that_belongs_to_them(day):
    await one_event(day)
    await day.deliver()
    day.clock.forward(days=8)
    day.telnyx.comment(day.order(reference="Later"), "moves the watermark")
    await day.take_in()
    await day.deliver()
    day.clock.forward(days=8)
    day.telnyx.comment(day.order(reference="Latest"), "moves it again")
    await day.take_in()
    await day.way_in.poller.sweep(Source.PORT_IN)
    span = day.way_in.poller.span
    await Retention(day.database, timedelta(days=7), span.farthest, day.clock).clean()

    assert (await count(day, "event"), await count(day, "delivery_event")) == (1, 1)


async def test_channel_that_refuses_though_it_was_joined_is_paused(day):
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): "not_in_channel"}
    await one_event(day)

    await day.deliver(seconds=20)

    joins = [call for call in day.workspace.calls if call.method == "conversations.join"]
    assert len(joins) == 1
    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_card_that_slack_could_not_edit_for_a_while_keeps_its_blocks(day):
    await day.follow()
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    await day.deliver()
    day.workspace.faults.next_failures = [("chat.update", Fault.HTTP_500_BEFORE)] * 3

    await day.edit(seconds=120)

    card = day.posts()[0]
    assert "submitted" in card.text.lower()
    assert len(card.blocks) > 2


async def test_edit_that_slack_refuses_is_drawn_plainer_and_then_given_up(day):
    await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "exception", payload_after=timedelta(minutes=10))
    await day.take_in()
    day.clock.forward(seconds=121)
    await day.take_in()
    await day.deliver()
    day.clock.forward(minutes=10)
    await day.take_in()
    day.workspace.faults.refuse = {"chat.update": "invalid_blocks"}

    await day.edit(seconds=60)

    assert len([call for call in day.workspace.calls if call.method == "chat.update"]) == 3


async def test_reply_whose_card_was_dropped_meanwhile_begins_a_new_card(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    second = day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    day.workspace.faults.next_failures = [("chat.postMessage", "cannot_reply_to_message")]

    await day.deliver()

    assert day.event_ids()[-1] == second
    assert day.posts()[-1].thread_ts in (None, day.posts()[-1].ts)


async def test_owner_who_can_not_be_told_for_want_of_a_scope_is_told_later(day):
    day.workspace.faults.refuse = {
        ("chat.postMessage", day.channel): "restricted_action",
        "conversations.open": "missing_scope",
    }
    await one_event(day)
    await day.deliver(seconds=20)
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): "restricted_action"}
    day.clock.forward(seconds=301)
    await day.delivery.round()
    await day.deliver(seconds=20)

    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_repeat_of_a_direct_message_is_taken_back_too(day):
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): "restricted_action"}
    await one_event(day)
    await day.deliver(seconds=1)
    day.workspace.faults.history_lag_s = 100
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=290)

    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_removed_subscription_takes_back_what_was_formed_and_not_posted(day):
    subscription = await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.RATELIMITED)]
    await day.deliver(seconds=1)

    await day.way_in.subscriptions.unfollow(day.channel, subscription.id, day.owner)
    await day.deliver()

    assert day.posts() == []


async def test_events_without_an_order_know_nothing_of_each_other(day):
    await day.follow("style:flat ref:ACME*")
    for reference, status in (("ACME", "cancel-pending"), ("Other", "cancelled")):
        payload = {"customer_reference": reference, "status": {"value": status, "details": []}}
        event = {"event_type": "porting_order.status_changed", "payload": payload}
        day.telnyx.add_event("port_in", {"id": f"no-order-{reference}", **event})
    await day.take_in()
    await day.deliver()

    assert day.event_ids() == ["no-order-ACME"]


async def test_many_moved_foc_dates_are_all_warnings(day):
    await day.follow("style:flat severity:warning")
    orders = [day.order(reference=f"Customer {number}") for number in range(45)]
    for order_id in orders:
        day.telnyx.set_status(order_id, "foc-date-confirmed", foc=day.clock() + timedelta(days=2))
    await day.take_in()
    day.clock.forward(seconds=30)
    ids = [
        day.telnyx.set_status(order_id, "foc-date-confirmed", foc=day.clock() + timedelta(days=5))
        for order_id in orders
    ]
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)


async def test_one_event_that_we_trip_over_stops_no_other(day, monkeypatch):
    await day.follow(FLAT)
    bad = day.telnyx.set_status(day.order(reference="Bad"), "in-process")
    good = day.telnyx.set_status(day.order(reference="Good"), "in-process")
    plans = type(day.way_in.promising.followers).plans

    def stumbling(self, change):
        if change.event.event_id == bad:
            raise RecursionError
        return plans(self, change)

    monkeypatch.setattr(type(day.way_in.promising.followers), "plans", stumbling)
    await day.take_in()
    await day.deliver()

    assert day.event_ids() == [good]
