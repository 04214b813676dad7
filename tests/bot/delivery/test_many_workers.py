"""Several workers share one database: a channel has one that posts to it, and a stale one does no harm."""

import asyncio
from dataclasses import replace

import pytest
import structlog

from bot.delivery import POSTS_FIRST_S
from bot.delivery.due import AT_ONCE
from bot.leases import EDITS, Leases, of_channel
from storage import deliveries
from tests.processes import leases_of


@pytest.fixture
def engine():
    return "postgres"


async def a_statement(database, statement):
    async with database.transaction() as tx:
        await tx.exec_driver_sql(statement)


async def take_all(database):
    """Another process has taken over whatever is held."""
    await a_statement(database, "UPDATE lease SET holder = 'another', token = token + 1")


async def end_all(database):
    """The other process is gone, and its leases have ended."""
    await a_statement(database, "UPDATE lease SET expires_at = now() - interval '1 s'")


async def one_event(day):
    await day.follow("style:flat")
    event = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event


async def test_a_channel_that_another_process_serves_is_left_to_it_until_its_lease_ends(day, database):
    event = await one_event(day)
    leases = day.delivery.leases
    await leases.hold(of_channel(day.channel))
    leases._held.clear()
    await take_all(database)
    await day.deliver(seconds=5)
    before = day.event_ids()

    await end_all(database)
    await day.deliver(seconds=5)

    assert before == []
    assert day.event_ids() == [event]


async def test_what_a_worker_was_sending_when_it_died_is_looked_up_by_its_successor(day, database):
    event = await one_event(day)
    day.workspace.faults.next_failures.append(("chat.postMessage", "lose_answer"))
    posting = day.delivery.posting
    gone = replace(posting, settling=None)  # it dies before it records what became of it
    with pytest.raises(AttributeError):
        await gone.step(day.channel)
    await end_all(database)
    day.delivery.leases._held.clear()

    await day.deliver(seconds=90)

    assert day.event_ids() == [event]


async def test_a_worker_that_stood_still_before_the_post_does_not_post(day, monkeypatch):
    event = await one_event(day)
    monkeypatch.setattr(Leases, "is_sure", lambda _leases, _name: False)
    await day.delivery.posting.step(day.channel)
    before = day.posts()

    monkeypatch.undo()
    await day.deliver(seconds=10)

    assert before == []
    assert day.event_ids() == [event]


async def test_a_worker_that_was_replaced_while_it_posted_records_nothing(day, database, metrics):
    event = await one_event(day)
    slack = day.delivery.posting.slack

    class Slow:
        """Answers when another process has the channel already."""

        def __getattr__(self, name):
            return getattr(slack, name)

        async def post(self, *given, **named):
            outcome = await slack.post(*given, **named)
            await take_all(database)
            return outcome

    day.delivery.posting = replace(day.delivery.posting, slack=Slow())
    with structlog.testing.capture_logs() as logs:
        await day.delivery.round()
        await asyncio.gather(*day.delivery._actors.values())

    assert "another process serves a channel" in [line["event"] for line in logs]
    assert metrics.stale_writes_rejected_total._value.get() == 1
    async with database.reading() as tx:
        assert (await deliveries.in_flight(tx, day.channel)).state == "sending"
    await end_all(database)
    day.delivery.posting = replace(day.delivery.posting, slack=slack)
    day.delivery._due.rests.clear()
    await day.deliver(seconds=90)
    assert day.event_ids() == [event]


async def test_edits_and_probes_are_one_process_at_a_time(day, database):
    await one_event(day)
    await day.delivery.edit_round()
    await day.delivery.rarer_round()
    day.delivery.leases._held.clear()
    await take_all(database)

    await day.delivery.edit_round()
    await day.delivery.rarer_round()

    assert not await day.delivery.leases.renewed(EDITS)


async def in_channels(day, count):
    """So many channels follow everything."""
    channels = [day.channel, *(day.workspace.add_channel(f"more-{number}") for number in range(count - 1))]
    for channel in channels:
        await day.follow("style:flat", channel)
    return channels


@pytest.fixture
def other(day, database, metrics):
    """The loop of another process."""
    leases = leases_of(database, metrics)
    return replace(day.delivery, leases=leases, posting=replace(day.delivery.posting, leases=leases))


async def test_a_look_begins_with_some_channels_and_leaves_the_rest_to_others(day, other):
    channels = await in_channels(day, AT_ONCE + 5)
    event = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.delivery.round()
    ours = set(day.delivery._actors)
    await other.round()
    theirs = set(other._actors)
    await asyncio.gather(*day.delivery._actors.values(), *other._actors.values())

    assert (len(ours), len(theirs)) == (AT_ONCE, 5)
    assert ours | theirs == set(channels)
    assert [day.event_ids(channel) for channel in channels] == [[event]] * len(channels)


async def test_what_a_look_left_is_looked_at_when_few_of_its_channels_are_left(day):
    channels = await in_channels(day, AT_ONCE + 5)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.delivery.round()
    day.delivery._woken.clear()

    await asyncio.wait_for(day.delivery._woken.wait(), 60)
    left = len(channels) - len([channel for channel in channels if day.event_ids(channel)])
    edits_wait = await day.delivery.edit_round()
    await asyncio.gather(*day.delivery._actors.values())
    await day.deliver(seconds=1)

    assert left >= 5
    assert edits_wait == POSTS_FIRST_S
    assert all(day.event_ids(channel) for channel in channels)


async def test_two_workers_on_many_channels_post_everything_once(day, other):
    channels = await in_channels(day, 10)
    events = [day.telnyx.set_status(day.order(), "in-process") for _ in range(2)]
    await day.take_in()

    for _ in range(20):
        await asyncio.gather(day.delivery.round(), other.round())
        await asyncio.gather(*day.delivery._actors.values(), *other._actors.values())
        day.clock.forward(seconds=1)

    assert [sorted(day.event_ids(channel)) for channel in channels] == [sorted(events)] * len(channels)
