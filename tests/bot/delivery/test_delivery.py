"""What a channel sees: each event once, in order, as cards, replies, flat messages and roll-ups."""

from datetime import timedelta

import pytest

FLAT = "style:flat"


async def test_event_is_posted_once_with_metadata(day):
    await day.follow(FLAT)
    event_id = day.telnyx.set_status(day.order(), "in-process")

    await day.take_in()
    await day.deliver()
    await day.take_in()
    await day.deliver()

    [post] = day.posts()
    assert post.metadata["event_type"] == "porting_event"
    payload = post.metadata["event_payload"]
    assert payload["event_ids"] == [event_id]
    assert set(payload) == {"event_ids", "delivery_id", "mac"}
    assert len(payload["mac"]) == 64


async def test_thread_style_begins_with_a_card_and_goes_on_in_its_thread(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    await day.deliver()

    card, reply = day.posts()

    assert card.thread_ts in (None, card.ts)
    assert reply.thread_ts == card.ts
    assert not reply.reply_broadcast


@pytest.mark.parametrize(
    ("broadcast", "shown"),
    [("none", 0), ("critical", 1), ("milestones", 2), ("all", 3)],
)
async def test_broadcast_says_what_is_also_shown_in_the_channel(day, broadcast, shown):
    await day.follow(f"broadcast:{broadcast}")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    for status in ("submitted", "exception"):
        day.telnyx.set_status(order_id, status)
        await day.take_in()
        await day.deliver()
    day.telnyx.comment(order_id, "Please send the bill.", author="admin")
    await day.take_in()
    await day.deliver()

    assert sum(bool(post.reply_broadcast) for post in day.posts()) == shown


async def test_card_is_edited_to_the_newest_state_and_edits_are_coalesced(day):
    await day.follow()
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    before = [block["type"] for block in day.posts()[0].blocks]
    for status in ("submitted", "exception"):
        day.telnyx.set_status(order_id, status)
        await day.take_in()
        await day.deliver()

    await day.edit()

    card = day.posts()[0]
    assert len(day.workspace.edits) == 1
    assert "exception" in card.text.lower()
    assert [block["type"] for block in card.blocks] == before
    assert all(event_id in str(card.blocks) for event_id in day.event_ids())


async def test_deleted_card_is_noticed_and_begun_anew(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    day.workspace.delete_message(day.channel, day.posts()[0].ts)
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    await day.deliver()
    await day.edit()
    day.telnyx.set_status(order_id, "exception")
    await day.take_in()
    await day.deliver()

    alive = [post for post in day.posts() if not post.deleted]
    assert len(alive) == 2
    assert alive[0].thread_ts in (None, alive[0].ts)
    assert alive[1].thread_ts == alive[0].ts


async def test_many_waiting_events_come_in_one_roll_up_and_critical_ones_by_themselves(day):
    await day.follow(FLAT)
    for number in range(8):
        day.telnyx.set_status(day.order(reference=f"Customer {number}"), "in-process")
    failing = day.order(reference="In trouble")
    first = day.telnyx.set_status(failing, "submitted")
    day.clock.forward(seconds=1)
    critical = day.telnyx.set_status(failing, "exception")

    await day.take_in()
    await day.deliver()

    carried = [post.metadata["event_payload"]["event_ids"] for post in day.posts()]
    assert carried[0] == [first]
    assert carried[1] == [critical]
    assert len(carried[2]) == 8
    assert len(carried) == 3


async def test_what_an_order_needs_is_said_once_by_the_message_of_its_own(day):
    await day.follow(FLAT)
    for number in range(6):
        day.telnyx.set_status(day.order(reference=f"Customer {number}"), "in-process")
    failing = day.order(reference="In trouble")
    for status in ("in-process", "submitted", "exception"):
        day.clock.forward(seconds=1)
        day.telnyx.set_status(failing, status)

    await day.take_in()
    await day.deliver()

    texts = [post.text for post in day.posts()]
    assert texts[0].startswith("🔵 2 events on")
    assert texts[0].endswith("What needs you comes next.")
    assert [("needs you:" in text, "🔴" in text) for text in texts] == [
        (False, False),
        (True, True),
        (False, False),
    ]


async def test_ten_thousand_waiting_events_come_in_two_hundred_messages_at_most(day):
    await day.follow(FLAT)
    orders = [day.order(reference=f"Customer {number}") for number in range(50)]
    ids = []
    for number in range(1000):
        day.clock.forward(seconds=0.01)
        ids.append(day.telnyx.comment(orders[number % 50], f"note {number}", author="user"))

    await day.take_in()
    await day.deliver(seconds=200)

    assert sorted(day.event_ids()) == sorted(ids)
    assert len(day.posts()) <= 20


async def test_an_orders_events_appear_in_the_order_of_their_making(day):
    await day.follow(FLAT)
    order_id = day.order()
    second = day.telnyx.set_status(order_id, "submitted", created_at=day.clock() + timedelta(seconds=20))
    first = day.telnyx.set_status(order_id, "in-process", created_at=day.clock() + timedelta(seconds=10))
    day.clock.forward(seconds=30)

    await day.take_in()
    await day.deliver()

    assert day.event_ids() == [first, second]


async def test_late_payload_is_brought_in_by_an_edit(day):
    await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "exception", payload_after=timedelta(minutes=10))
    await day.take_in()
    day.clock.forward(seconds=121)
    await day.take_in()
    await day.deliver()
    before = day.posts()[0].text
    day.clock.forward(minutes=10)
    await day.take_in()
    await day.deliver()
    await day.edit()

    [post] = day.posts()
    assert post.text != before
    assert "exception" in post.text.lower()


async def test_pace_keeps_to_a_message_a_second_after_a_burst(day):
    await day.follow(FLAT)
    for number in range(5):
        day.telnyx.set_status(day.order(reference=f"Customer {number}"), "in-process")

    await day.take_in()
    await day.deliver()

    assert len(day.posts()) == 5
    assert not [call for call in day.workspace.calls if call.outcome == "ratelimited"]


async def test_unfollowed_channel_gets_nothing_that_still_waited(day):
    subscription = await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.way_in.subscriptions.unfollow(day.channel, subscription.id, day.owner)
    await day.deliver()

    assert day.posts() == []
