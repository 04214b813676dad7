"""Histories in a workspace where more is to be read than Slack answers a minute."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from bot.sandbox.slack.faults import Fault
from bot.slack.errors import SlackUnavailableError
from storage import deliveries
from tests.way_out import SETTLE

PAGES, CHANNELS = 5, 12


@pytest.fixture
def engine():
    return "sqlite"


async def test_every_unclear_post_is_found_though_slack_answers_for_few_histories_a_minute(day, monkeypatch):
    monkeypatch.setattr("bot.slack.client.PAGE", 20)
    channels = [day.workspace.add_channel(f"busy-{number}") for number in range(CHANNELS)]
    for channel in channels:
        await day.follow("style:flat", channel)
        for number in range(20 * PAGES):
            day.workspace.write(day.owner, channel, f"Busy {number}")
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)] * CHANNELS
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.deliver(seconds=420)

    refused = [call for call in day.workspace.calls if call.outcome == "ratelimited"]
    async with day.database.reading() as tx:
        open_now = (
            await tx.exec_driver_sql("SELECT count(*) FROM delivery WHERE state != 'posted'")
        ).scalar()
    assert [day.event_ids(channel) for channel in channels] == [[event_id]] * CHANNELS
    assert open_now == 0
    assert 0 < len(refused) <= 2 * CHANNELS


@pytest.fixture
def limited(day):
    """Asks for the channel's history while Slack limits it; returns for how long it is to wait."""
    histories = day.delivery.reconciling.histories

    async def read(retry_after="1", *, replies=False):
        method = "conversations.replies" if replies else "conversations.history"
        day.workspace.faults.next_failures += [(method, "ratelimited")]
        day.workspace.faults.retry_after_value = retry_after
        ask = (
            partial(histories.replies, day.channel, "1.1")
            if replies
            else partial(histories.history, day.channel)
        )
        with pytest.raises(SlackUnavailableError) as raised:
            await ask(oldest=day.clock(), latest=day.clock())
        return raised.value.retry_after.total_seconds()

    return read


def asked(day):
    return len([call for call in day.workspace.calls if call.method.startswith("conversations.")])


async def test_each_limit_in_a_row_makes_the_wait_longer(day, limited):
    waits = []
    for _ in range(5):
        waits.append(await limited())
        day.clock.forward(seconds=waits[-1])

    assert waits == [10, 20, 40, 60, 60]


async def test_slack_is_not_asked_before_its_time(day, limited):
    await limited("45")
    before = asked(day)
    day.clock.forward(seconds=15)

    assert await limited("1") == 30
    assert asked(day) == before


async def test_channels_and_threads_are_limited_apart(day, limited):
    await limited("45")

    assert await limited("20", replies=True) == 20


@pytest.mark.parametrize("calm", [True, False])
async def test_the_wait_begins_anew_after_two_calm_minutes_or_a_history(day, limited, calm):
    for _ in range(3):
        day.clock.forward(seconds=await limited())
    if calm:
        day.clock.forward(seconds=120)
    else:
        day.workspace.faults.next_failures = []
        await day.delivery.reconciling.histories.history(day.channel, oldest=day.clock(), latest=day.clock())

    assert await limited() == 10


async def test_those_that_were_on_their_way_lengthen_nothing(day, limited):
    assert await asyncio.gather(limited(), limited(), limited()) == [10, 10, 10]


async def test_while_one_history_is_read_after_a_limit_the_others_wait_for_their_turn(day, limited):
    day.clock.forward(seconds=await limited())

    assert await asyncio.gather(limited(), limited()) == [20, 2]


async def test_no_wait_outlives_a_clock_that_was_set_back(day, limited):
    await limited("45")
    day.clock.forward(seconds=-3600)
    day.delivery.reconciling.histories.clock_was_set_back()

    assert await limited() == 10


async def test_a_history_that_fails_otherwise_is_asked_for_at_once_again(day, limited):
    histories = day.delivery.reconciling.histories
    day.workspace.faults.next_failures = [("conversations.history", "internal_error")]
    with pytest.raises(SlackUnavailableError):
        await histories.history(day.channel, oldest=day.clock(), latest=day.clock())

    assert await histories.history(day.channel, oldest=day.clock(), latest=day.clock()) == []


async def test_a_check_for_a_repeat_waits_for_those_whose_fate_is_unknown(day, limited):
    await day.follow("style:flat")
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    async with day.database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE delivery SET verify_at = started_at")
    await limited("45")

    await day.delivery.rarer_round()

    async with day.database.reading() as tx:
        assert await deliveries.to_verify(tx, day.clock() + 4 * SETTLE + timedelta(seconds=44)) == []
        assert await deliveries.to_verify(tx, day.clock() + 4 * SETTLE + timedelta(seconds=45)) != []
