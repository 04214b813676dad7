"""The promise as it is watched live, on a clock turned by hand."""

from datetime import timedelta

import pytest

from bot.sandbox.promise import GRACE, Promise
from bot.sandbox.telnyx.world import TelnyxWorld

CLEAR = {"follows_everything": True, "in_the_way": []}


@pytest.fixture
def telnyx(clock):
    return TelnyxWorld(now=clock)


@pytest.fixture
def promise(clock, telnyx, slack, porting):
    made = Promise(porting.id, clock)
    telnyx.on_event.append(made.hear)
    slack.on_message.append(made.see)
    return made


@pytest.fixture
def order(telnyx, promise):
    return telnyx.add_port_in(
        reference="ACME-1", numbers=["+13035550100"], carrier="Onvoy", foc_requested=None
    )


@pytest.fixture
def post(slack, porting):
    def posted(*event_ids, channel=porting):
        payload = {"event_type": "porting_event", "event_payload": {"event_ids": list(event_ids)}}
        return slack.post_as_bot(channel, "news", metadata=payload)

    return posted


def figures(promise):
    counts = promise.counts()
    return counts.due, counts.posted, counts.waiting, counts.lost, counts.repeated


def test_a_listed_event_waits_until_it_is_posted(telnyx, promise, order, post):
    event_id = telnyx.set_status(order, "submitted")
    before = figures(promise)

    post(event_id)

    assert before == (1, 0, 1, 0, 0)
    assert figures(promise) == (1, 1, 0, 0, 0)
    assert promise.counts().is_kept


def test_an_event_is_not_due_before_telnyx_lists_it(telnyx, promise, order, clock):
    telnyx.set_status(order, "submitted", listed_after=timedelta(seconds=30))
    before = figures(promise)

    clock.forward(seconds=30)
    telnyx.settle()

    assert before[0] == 0
    assert figures(promise)[0] == 1


def test_an_event_made_before_the_start_is_not_due(telnyx, promise, order, clock):
    telnyx.set_status(order, "submitted", created_at=clock() - timedelta(hours=1))

    assert figures(promise)[0] == 0


def test_a_row_without_a_date_is_not_due(telnyx, promise):
    telnyx.add_event("port_in", {"id": "odd"})

    assert figures(promise)[0] == 0


def test_what_did_not_come_in_three_clear_minutes_is_lost(telnyx, promise, order, clock):
    telnyx.set_status(order, "submitted")

    clock.forward(seconds=GRACE.total_seconds())

    assert figures(promise) == (1, 0, 0, 1, 0)
    assert not promise.counts().is_kept


def test_what_comes_after_all_is_not_lost_any_more(telnyx, promise, order, clock, post):
    event_id = telnyx.set_status(order, "submitted")
    clock.forward(seconds=GRACE.total_seconds())

    post(event_id)

    assert figures(promise) == (1, 1, 0, 0, 0)


def test_nothing_is_lost_while_something_stands_in_the_way_nor_right_after(telnyx, promise, order, clock):
    telnyx.set_status(order, "submitted")
    clock.forward(hours=2)
    promise.look(follows_everything=True, in_the_way=["the bot is not running"])
    during = promise.counts()
    promise.look(**CLEAR)

    clock.forward(minutes=2)

    assert (during.waiting, during.lost, during.in_the_way) == (1, 0, ("the bot is not running",))
    assert figures(promise) == (1, 0, 1, 0, 0)
    clock.forward(minutes=1)
    assert figures(promise) == (1, 0, 0, 1, 0)


def test_an_event_in_two_messages_is_repeated_until_one_is_deleted(
    telnyx, slack, porting, promise, order, post
):
    event_id = telnyx.set_status(order, "submitted")
    post(event_id)
    second = post(event_id)
    before = figures(promise)

    slack.delete_message(porting.id, second.ts)

    assert before == (1, 1, 0, 0, 1)
    assert figures(promise) == (1, 1, 0, 0, 0)


def test_an_edit_repeats_nothing(telnyx, slack, promise, order, post):
    message = post(telnyx.set_status(order, "submitted"))

    slack.note_edit(message)

    assert figures(promise) == (1, 1, 0, 0, 0)


def test_a_republished_event_is_not_repeated(telnyx, promise, order, post):
    event_id = telnyx.set_status(order, "submitted")
    post(event_id)

    telnyx.republished.append((event_id, telnyx.now()))

    assert figures(promise) == (1, 1, 0, 0, 0)


def test_another_channel_does_not_count(telnyx, slack, promise, order, post):
    event_id = telnyx.set_status(order, "submitted")

    post(event_id, channel=slack.channel(slack.add_channel("elsewhere")))

    assert figures(promise) == (1, 0, 1, 0, 0)


def test_what_people_write_carries_nothing(slack, porting, maya, promise):
    slack.write(maya, porting.id, "hello")

    assert figures(promise) == (0, 0, 0, 0, 0)


def test_an_order_that_is_told_backwards_is_seen(telnyx, promise, order, clock, post):
    first = telnyx.set_status(order, "submitted")
    clock.forward(seconds=1)
    second = telnyx.set_status(order, "exception")

    post(second)
    post(first)

    assert promise.counts().disordered == 1
    assert not promise.counts().is_kept


def test_without_following_everything_nothing_more_is_due_and_nothing_waits(telnyx, promise, order, post):
    shown = telnyx.set_status(order, "submitted")
    post(shown)
    telnyx.set_status(order, "exception")

    promise.look(follows_everything=False, in_the_way=[])
    telnyx.comment(order, "Nobody follows this.")

    assert figures(promise) == (1, 1, 0, 0, 0)
    assert not promise.counts().follows_everything
