"""A clock that was ahead and is set back, while the bot runs or while it does not: nothing waits for it."""

from datetime import timedelta

import pytest

from bot.delivery.setbacks import Setbacks
from bot.messages import notices
from bot.sandbox.slack.faults import Fault
from storage import channels

FLAT = "style:flat"
AHEAD = timedelta(minutes=50)


async def noticing(day):
    """The clock is set back under a bot that runs."""
    await day.delivery.round()
    day.clock.at -= AHEAD


async def starting(day):
    """The clock is set back, and the bot is started after it."""
    day.clock.at -= AHEAD
    day.delivery._setbacks._latest = None
    day.delivery._due.rests.clear()
    await day.restart()


both = pytest.mark.parametrize("set_back", [noticing, starting])


async def ahead(day, filters=FLAT):
    """The clock is ahead when an event comes; return its id."""
    await day.follow(filters)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    day.clock.at += AHEAD
    await day.take_in()
    return event_id


async def test_clock_is_set_back_where_it_shows_over_ten_seconds_less_than_before(database, clock):
    setbacks = Setbacks(database, clock, timedelta(minutes=5))
    noticed = []
    for seconds in (0, 1, -10, -11, 0):
        clock.forward(seconds=seconds)
        noticed.append(await setbacks.noticed())

    assert noticed == [False, False, False, True, False]


@both
async def test_limited_channel_rests_no_longer_than_slack_asked(day, set_back):
    event_id = await ahead(day)
    day.workspace.faults.retry_after_value = "30"
    day.workspace.faults.next_failures = [("chat.postMessage", "ratelimited")]
    await day.deliver(seconds=1)

    await set_back(day)
    await day.deliver(seconds=40)

    assert day.event_ids() == [event_id]


@both
async def test_limited_workspace_rests_no_longer_than_slack_asked(day, set_back):
    other = day.workspace.add_channel("other")
    await day.follow(FLAT, other)
    event_id = await ahead(day)
    day.workspace.faults.retry_after_value = "30"
    day.workspace.faults.next_failures = [("chat.postMessage", "ratelimited")] * 2
    await day.deliver(seconds=1)

    await set_back(day)
    await day.deliver(seconds=40)

    assert (day.event_ids(), day.event_ids(other)) == ([event_id], [event_id])


@both
async def test_unclear_post_is_looked_up_and_not_posted_twice(day, set_back):
    event_id = await ahead(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=1)

    await set_back(day)
    await day.deliver(seconds=120)

    assert day.event_ids() == [event_id]
    async with day.database.reading() as tx:
        assert await channels.with_work(tx, day.clock() + timedelta(hours=2)) == []


@both
@pytest.mark.parametrize("waits", [True, False])
async def test_paused_channel_is_probed_in_its_time(day, set_back, waits):
    await day.follow(FLAT)
    day.clock.at += AHEAD
    day.workspace.archive(day.channel)
    if waits:
        day.telnyx.set_status(day.order(), "in-process")
        await day.take_in()
        await day.deliver(seconds=1)
    else:
        async with day.database.transaction() as tx:
            await day.delivery.posting.settling.pause(tx, day.channel, "is_archived")
    day.workspace.unarchive(day.channel)

    await set_back(day)
    await day.deliver(seconds=310)

    async with day.database.reading() as tx:
        assert (await channels.find(tx, day.channel)).paused_at is None


@both
async def test_card_is_edited_in_its_time(day, set_back):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    day.clock.at += AHEAD
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()

    await set_back(day)
    await day.deliver(seconds=5)
    await day.edit(seconds=60)

    assert "submitted" in day.posts()[0].text.lower()


@both
async def test_refused_token_is_tried_in_its_time(day, set_back):
    event_id = await ahead(day)
    day.workspace.faults.token_revoked = True
    await day.deliver(seconds=1)
    day.workspace.faults.token_revoked = False

    await set_back(day)
    await day.deliver(seconds=70)

    assert day.event_ids() == [event_id]


async def test_noisy_channel_gathers_for_a_minute_at_most(day):
    for _ in range(21):
        await day.delivery.tell(day.channel, notices.one_line("By the way."))
    await day.deliver(seconds=40)
    event_id = await ahead(day)
    await day.delivery.round()

    day.clock.at -= AHEAD
    await day.deliver(seconds=61)

    assert day.event_ids() == [event_id]


async def test_clock_that_differs_a_little_ends_no_rest(day):
    event_id = await ahead(day)
    day.workspace.faults.retry_after_value = "60"
    day.workspace.faults.next_failures = [("chat.postMessage", "ratelimited")]
    await day.deliver(seconds=1)
    await day.delivery.round()

    day.clock.at -= timedelta(seconds=9)
    await day.restart()
    await day.deliver(seconds=50)

    assert day.event_ids() == []
    await day.deliver(seconds=30)
    assert day.event_ids() == [event_id]
