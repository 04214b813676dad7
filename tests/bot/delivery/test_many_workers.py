"""Several workers share one database: a channel has one that posts to it, and a stale one does no harm."""

import asyncio
import random
from dataclasses import replace
from unittest.mock import AsyncMock

import pytest
import structlog

from bot.delivery import ASK_AGAIN_S, AT_ONCE, Delivery
from bot.delivery.drafts import Draft
from bot.delivery.due import A_LOOK
from bot.delivery.posting import Posting
from bot.leases import EDITS, Leases, of_channel
from bot.slack.errors import Posted
from storage import deliveries, workspaces
from storage.deliveries import Message
from storage.errors import DatabaseIsAwayError
from storage.postgres import IMPATIENT
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
        assert (await deliveries.head(tx, day.channel)).state == "sending"
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

    waits = [await day.delivery.edit_round(), await day.delivery.rarer_round()]

    assert waits == [ASK_AGAIN_S, ASK_AGAIN_S]
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


async def test_a_worker_takes_on_some_channels_and_leaves_the_rest_to_others(day, other):
    channels = await in_channels(day, A_LOOK + 5)
    event = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.delivery.round()
    ours = set(day.delivery._actors)
    await other.round()
    theirs = set(other._actors)
    await asyncio.gather(*day.delivery._actors.values(), *other._actors.values())

    assert (len(ours), len(theirs)) == (A_LOOK, 5)
    assert ours | theirs == set(channels)
    assert [day.event_ids(channel) for channel in channels] == [[event]] * len(channels)


async def test_none_is_passed_over_again_and_again(day):
    await in_channels(day, 3 * A_LOOK)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    random.seed(1)

    looks = [frozenset(await day.delivery._due.taken_on(day.clock(), [])) for _ in range(2)]

    assert len(looks[0] & looks[1]) < A_LOOK


async def test_a_worker_that_comes_too_late_for_some_looks_for_others_at_once(day, other, monkeypatch):
    await in_channels(day, A_LOOK + 5)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    none_of_them = AsyncMock(return_value=[])
    monkeypatch.setattr(Leases, "hold_some", none_of_them)

    assert await day.delivery.round() == 0
    assert not day.delivery._actors


@pytest.fixture
def no_ticks(monkeypatch):
    """Nothing is looked at for its time alone."""
    monkeypatch.setattr("bot.delivery.TICK_S", 3600)


async def all_posted(day, channels):
    """Deliver until each of these channels has something."""
    running = asyncio.create_task(day.delivery.run())
    async with asyncio.timeout(60):
        await day.workspace.until(lambda: all(map(day.event_ids, channels)))
    day.delivery.stop()
    await running


@pytest.mark.usefixtures("no_ticks")
async def test_what_was_left_is_taken_on_when_there_is_room_for_it(day):
    channels = await in_channels(day, 2 * A_LOOK + 5)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await all_posted(day, channels)


@pytest.mark.usefixtures("no_ticks")
async def test_channels_that_rest_for_a_moment_keep_no_other_waiting(day, monkeypatch):
    async def staying(delivery, _at):
        await delivery._stopping.wait()
        return True

    monkeypatch.setattr(Delivery, "_stay_until", staying)
    channels = await in_channels(day, 2 * A_LOOK + 5)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await all_posted(day, channels)


@pytest.mark.usefixtures("no_ticks")
async def test_a_few_posts_that_hang_keep_no_other_channel_waiting(day, monkeypatch):
    channels = await in_channels(day, 3 * A_LOOK)
    hang, step = set(channels[: AT_ONCE - 2]), Posting.step

    async def hanging(posting, channel_id):
        if channel_id in hang:
            await day.delivery._stopping.wait()
        return await step(posting, channel_id)

    monkeypatch.setattr(Posting, "step", hanging)
    monkeypatch.setattr(random, "sample", lambda due, count: sorted(due)[:count])
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await all_posted(day, set(channels) - hang)


@pytest.fixture
def beside(database, monkeypatch):
    """A post to another channel is being recorded; who would wait for it fails at once."""
    hasty = IMPATIENT.replace("'lock_timeout', '10s'", "'lock_timeout', '50ms'")
    monkeypatch.setattr("storage.postgres.IMPATIENT", hasty)
    return database.transaction(alone=False)


async def test_nothing_is_done_for_a_channel_that_another_process_took_just_now(day, other):
    await one_event(day)
    assert await other.leases.hold(of_channel(day.channel))

    assert await day.delivery.posting.step(day.channel) is None
    assert day.posts() == []


async def test_a_post_waits_for_no_other_channels(day, beside):
    event = await one_event(day)

    async with beside:
        await day.delivery.posting.step(day.channel)

    assert day.event_ids() == [event]
    async with day.database.reading() as tx:
        assert await deliveries.head(tx, day.channel) is None


@pytest.mark.parametrize("refused", ["is_archived", "token_revoked", "ratelimited", "invalid_blocks"])
async def test_what_concerns_more_than_its_channel_is_written_down_alone(day, beside, refused):
    await one_event(day)
    day.workspace.faults.next_failures.append(("chat.postMessage", refused))

    async with beside:
        with pytest.raises(DatabaseIsAwayError):
            await day.delivery.posting.step(day.channel)

    async with day.database.reading() as tx:
        assert (await deliveries.head(tx, day.channel)).state == "sending"


async def test_the_end_of_a_refusal_is_written_down_alone(day, beside, database):
    await one_event(day)
    async with database.transaction() as tx:
        troubles = day.delivery.posting.settling.troubles
        await troubles.token_refused(tx, "token_revoked")
        await troubles.token_may_do(tx, await workspaces.get(tx, day.workspace.team_id))

    async with beside:
        with pytest.raises(DatabaseIsAwayError):
            await day.delivery.posting.step(day.channel)


async def test_a_restored_channel_is_worked_on_alone(day, beside, database):
    await one_event(day)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE channel SET unsure_since = now() - interval '1 hour'")

    async with beside:
        with pytest.raises(DatabaseIsAwayError):
            await day.delivery.posting.step(day.channel)

    assert day.posts() == []


async def test_the_end_of_a_refusal_that_came_meanwhile_is_left_to_the_next_post(day, database):
    await one_event(day)
    settling, ops = day.delivery.posting.settling, day.workspace.add_channel("ops")
    settling.troubles.ops.ops_channel = ops
    message = Message("d1", day.workspace.team_id, ops, "notice", day.clock(), day.clock(), body="{}")

    async def heard(alone):
        async with database.transaction(alone=alone) as tx:
            await settling.record(tx, Draft(message, "flat"), message, Posted("1.1", None), alone=alone)
        async with database.reading() as tx:
            return await deliveries.head(tx, ops)

    async with database.transaction() as tx:
        await deliveries.add(tx, replace(message, state="sending"))
        await settling.troubles.token_refused(tx, "token_revoked")

    assert await heard(alone=False) is None
    assert "token_revoked" in (await heard(alone=True)).body


async def test_two_workers_on_many_channels_post_everything_once(day, other):
    channels = await in_channels(day, 10)
    events = [day.telnyx.set_status(day.order(), "in-process") for _ in range(2)]
    await day.take_in()

    for _ in range(20):
        await asyncio.gather(day.delivery.round(), other.round())
        await asyncio.gather(*day.delivery._actors.values(), *other._actors.values())
        day.clock.forward(seconds=1)

    assert [sorted(day.event_ids(channel)) for channel in channels] == [sorted(events)] * len(channels)
