"""Every answer that Slack may give to an edit: the card follows its order, and no edit stands in the way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import known_orders
from bot.delivery.timing import ASK_LATER, EDIT_PACE
from bot.sandbox.slack.faults import Fault
from bot.telnyx.events import Source
from storage import cards, channels

FLAT = "style:flat"


async def stale_card(day):
    """An order whose card is behind by one event."""
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    await day.deliver(seconds=5)
    return order_id


async def stale_message(day):
    """A flat message whose payload came after it was posted."""
    await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "exception", payload_after=timedelta(minutes=10))
    await day.take_in()
    day.clock.forward(seconds=121)
    await day.take_in()
    await day.deliver(seconds=5)
    day.clock.forward(minutes=10)
    await day.take_in()


async def test_first_edit_after_a_start_waits_its_turn(day):
    await stale_card(day)
    day.delivery.editing.next_at = None

    at = await day.delivery.editing.step()

    assert at == day.clock() + EDIT_PACE
    assert edits(day) == []


async def test_payload_that_came_late_is_told_in_the_roll_up_that_went_without_it(day):
    await day.follow(FLAT)
    for number in range(7):
        day.telnyx.set_status(
            day.order(reference=f"No {number}"), "exception", payload_after=timedelta(minutes=10)
        )
    await day.take_in()
    day.clock.forward(seconds=121)
    await day.take_in()
    await day.deliver(seconds=5)
    before = [post.text for post in day.posts()]
    day.clock.forward(minutes=10)
    await day.take_in()
    await day.edit(seconds=10)

    [rolled_up] = day.posts()
    assert "exception" not in str(before).lower()
    assert "exception" in rolled_up.text.lower()
    assert "Nothing needs you" not in rolled_up.text


def edits(day):
    return [call for call in day.workspace.calls if call.method == "chat.update"]


@pytest.mark.parametrize("stale", [stale_card, stale_message])
async def test_edit_that_is_limited_rests_as_long_as_slack_says(day, stale):
    await stale(day)
    day.workspace.faults.retry_after_value = "40"
    day.workspace.faults.next_failures = [("chat.update", "ratelimited")]

    await day.edit(seconds=90)

    first, second = edits(day)
    assert second.at - first.at >= timedelta(seconds=40)
    assert second.outcome == "ok"


@pytest.mark.parametrize("stale", [stale_card, stale_message])
async def test_edit_keeps_the_mark_that_finds_the_message(day, stale):
    await stale(day)
    before = day.posts()[0].metadata

    await day.edit(seconds=10)

    assert edits(day)
    assert day.posts()[0].metadata == before


async def test_card_that_was_drawn_while_its_order_changed_is_brought_up_to_date(day, monkeypatch):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    slack, post = type(day.delivery.slack), type(day.delivery.slack).post

    async def slowly(self, *given, **named):
        outcome = await post(self, *given, **named)
        monkeypatch.setattr(slack, "post", post)
        day.telnyx.set_status(order_id, "exception")
        await day.take_in()
        return outcome

    monkeypatch.setattr(slack, "post", slowly)
    await day.deliver(seconds=1)
    await day.edit(seconds=10)

    assert "Exception" in day.posts()[0].text


async def facts_come(day, order_id):
    key = (Source.PORT_IN, order_id)
    async with day.database.transaction() as tx:
        known = await known_orders.find(tx, [key])
        await known_orders.save(tx, [replace(known[key], customer_reference="Globex")], day.clock(), known)


async def comment_comes(day, order_id):
    day.telnyx.comment(order_id, "A word.")
    await day.take_in()


async def nothing_comes(day, order_id):
    pass


@pytest.mark.parametrize(("meanwhile", "edited"), [(facts_come, 1), (comment_comes, 1), (nothing_comes, 0)])
async def test_card_is_edited_after_its_post_where_anything_changed_meanwhile(
    day, monkeypatch, meanwhile, edited
):
    await day.follow("type:status_changed broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    day.clock.forward(seconds=1)
    slack, post = type(day.delivery.slack), type(day.delivery.slack).post

    async def slowly(self, *given, **named):
        outcome = await post(self, *given, **named)
        await meanwhile(day, order_id)
        return outcome

    monkeypatch.setattr(slack, "post", slowly)
    await day.deliver(seconds=1)
    await day.edit(seconds=10)

    assert len(edits(day)) == edited


async def test_card_whose_payload_came_while_its_fate_was_unknown_is_brought_up_to_date(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.comment(order_id, "Hello.", payload_after=timedelta(minutes=10))
    await day.take_in()
    day.clock.forward(seconds=121)
    await day.take_in()
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=1)
    day.clock.forward(minutes=10)
    await day.take_in()
    await day.deliver(seconds=60)
    await day.edit(seconds=10)

    assert "Hello." in day.posts()[0].text


async def test_card_of_a_channel_that_moved_while_it_was_posted_is_found_under_the_new_id(day, monkeypatch):
    await day.follow("broadcast:none")
    order_id, moved = day.order(), day.workspace.add_channel("moved")
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    slack, post = type(day.delivery.slack), type(day.delivery.slack).post

    async def moving(self, *given, **named):
        outcome = await post(self, *given, **named)
        async with day.database.transaction() as tx:
            await channels.renumber(tx, day.channel, moved)
        return outcome

    monkeypatch.setattr(slack, "post", moving)
    await day.delivery.posting.step(day.channel)

    async with day.database.reading() as tx:
        assert await cards.find(tx, day.channel, "port_in", order_id) is None
        assert await cards.find(tx, moved, "port_in", order_id) is not None


@pytest.mark.parametrize(
    ("stale", "error"), [(stale_card, "is_inactive"), (stale_message, "method_deprecated")]
)
async def test_edit_that_slack_can_not_take_now_is_tried_again_at_the_pace_of_probes(day, stale, error):
    await stale(day)
    day.workspace.faults.next_failures = [("chat.update", error)]

    await day.edit(seconds=400)

    first, second = edits(day)
    assert second.at - first.at >= timedelta(seconds=300)


@pytest.mark.parametrize("stale", [stale_card, stale_message])
async def test_edit_that_never_reached_slack_is_tried_again_later(day, stale):
    await stale(day)
    await day.workspace.unplug()
    unplugged_at = day.clock()
    await day.edit(seconds=5)
    await day.workspace.plug()
    await day.edit(seconds=60)

    [edit] = edits(day)
    assert edit.outcome == "ok"
    assert edit.at - unplugged_at >= ASK_LATER


@pytest.mark.parametrize("stale", [stale_card, stale_message])
async def test_edit_of_a_message_that_is_gone_is_not_tried_again(day, stale):
    await stale(day)
    day.workspace.faults.refuse = {"chat.update": "message_not_found"}

    await day.edit(seconds=60)

    assert len(edits(day)) == 1


async def test_edit_that_finds_the_token_revoked_stops_everything(day):
    await stale_card(day)
    day.workspace.faults.next_failures = [("chat.update", "token_revoked")]

    await day.edit(seconds=3)

    assert day.delivery.health.slack_refusal == "token_revoked"


async def test_edit_with_an_error_that_we_do_not_know_is_not_tried_for_ever(day):
    await stale_card(day)
    day.workspace.faults.refuse = {"chat.update": "a_new_error"}

    await day.edit(seconds=400)

    first, *_, last = edits(day)
    assert len(edits(day)) == 3
    assert last.at - first.at >= timedelta(seconds=20)


async def test_card_that_slack_refuses_in_every_form_waits_for_the_next_change(day):
    order_id = await stale_card(day)
    day.workspace.faults.refuse = {"chat.update": "invalid_blocks"}
    await day.edit(seconds=60)
    tried = [bool(edit.arguments["blocks"]) for edit in edits(day)]
    day.workspace.faults.refuse = {}
    day.telnyx.set_status(order_id, "exception")
    await day.take_in()
    await day.edit(seconds=20)

    card = day.posts()[0]
    assert tried == [True, True, False]
    assert "exception" in card.text.lower()
    assert card.blocks


async def test_card_whose_events_are_gone_is_forgotten(day):
    await stale_card(day)
    async with day.database.transaction() as tx:
        await tx.execute(text("DELETE FROM event"))

    await day.edit(seconds=5)

    async with day.database.reading() as tx:
        assert await cards.first_stale(tx, day.clock()) is None
    assert edits(day) == []
