"""What each outcome of a post writes down, value by value; its stories stand in `test_outcomes`."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from bot.delivery.drafts import Draft
from bot.delivery.settling import Settling
from bot.delivery.telling import Telling
from bot.delivery.troubles import Troubles
from bot.health import Health
from bot.slack.errors import Posted, Refusal, Refused, Unclear
from storage import channels, deliveries, workspaces
from storage.deliveries import Message
from tests.clock import START
from tests.way_out import PROBE, SETTLE

NOW = START + timedelta(minutes=1)
QUOTA = Refused("message_limit_exceeded", Refusal.RATE)
LIMITED = Refused("ratelimited", Refusal.RATE)
LOCKED = Refused("restricted_action_thread_locked", Refusal.THREAD)
BAD_BLOCKS = Refused("invalid_blocks", Refusal.MESSAGE)
CLOSED = Refused("is_archived", Refusal.CHANNEL)
POSTED = {"state": "posted", "ts": "1.1", "posted_at": NOW, "error": None}


@pytest.fixture
def engine():
    """One is enough for what is decided here; `tests/storage` tries the statements on both."""
    return "sqlite"


@pytest.fixture
def settling(database, metrics, clock):
    clock.at = NOW
    troubles = Troubles(Health(), "T1", clock, Telling(database, "COPS", clock, lambda: None, "T1"))
    return Settling(metrics, troubles, "T1", clock, SETTLE, PROBE)


def limited_for(seconds):
    return Refused("ratelimited", Refusal.RATE, timedelta(seconds=seconds))


def again(error, *, seconds=0, **more):
    return {"state": "pending", "due_at": NOW + timedelta(seconds=seconds), "error": error, **more}


def given_up(error):
    return {"state": "parked", "error": error}


async def kept(tx, **facts):
    """A message that is being sent for the second time."""
    message = Message(
        id="d1",
        team_id="T1",
        channel_id="C1",
        created_at=START,
        due_at=START,
        state="sending",
        attempt=2,
        looks=1,
        error="before",
        **({"kind": "event"} | facts),
    )
    await workspaces.ensure(tx, "T1")
    await channels.ensure(tx, "C1", "T1")
    await deliveries.add(tx, message)
    return message


async def changes(tx, before):
    after = asdict(await deliveries.find(tx, before.id))
    return {name: value for name, value in after.items() if value != asdict(before)[name]}


@pytest.mark.parametrize(
    ("facts", "outcome", "written"),
    [
        ({}, Posted("1.1"), POSTED),
        ({"sent_again": True}, Posted("1.1"), POSTED | {"verify_at": NOW + 4 * SETTLE}),
        ({"may_repeat": True}, Posted("1.1"), POSTED | {"verify_at": NOW + 4 * SETTLE}),
        ({}, Unclear("cut"), {"state": "uncertain", "due_at": NOW + SETTLE, "looks": 0, "error": "cut"}),
        (
            {"refusals": 1, "plainness": 1},
            Unclear("odd", is_outage=False),
            {"state": "uncertain", "due_at": NOW + SETTLE, "looks": 0, "error": "odd"}
            | {"refusals": 2, "plainness": 2},
        ),
        ({}, LIMITED, again("ratelimited", seconds=30)),
        ({}, limited_for(5), again("ratelimited", seconds=5)),
        ({}, limited_for(0), again("ratelimited", seconds=1)),
        ({}, QUOTA, again("message_limit_exceeded", seconds=600)),
        ({}, Refused("token_revoked", Refusal.TOKEN), again("token_revoked")),
        ({}, CLOSED, again("is_archived")),
        ({"kind": "direct"}, CLOSED, given_up("is_archived")),
        ({"shape": "reply", "refusals": 2}, LOCKED, again(LOCKED.error, refusals=3)),
        ({"shape": "reply", "refusals": 3}, LOCKED, given_up(LOCKED.error)),
        ({"shape": "card"}, LOCKED, given_up(LOCKED.error)),
        ({"plainness": 1}, BAD_BLOCKS, again("invalid_blocks", plainness=2)),
        ({"plainness": 2}, BAD_BLOCKS, given_up("invalid_blocks")),
        ({"plainness": 2, "kind": "roll_up"}, BAD_BLOCKS, {"state": "cancelled", "error": "invalid_blocks"}),
    ],
)
async def test_outcome_is_written_down_and_only_for_the_attempt_that_it_is_of(
    database, settling, facts, outcome, written
):
    async with database.transaction() as tx:
        message = await kept(tx, **facts)
        older = Message(**asdict(message) | {"attempt": 1})

        await settling.record(tx, Draft(older, "flat"), older, outcome)
        for_an_older_attempt = await changes(tx, message)
        await settling.record(tx, Draft(message, "flat"), message, outcome)

        assert for_an_older_attempt == {}
        assert await changes(tx, message) == written


@pytest.mark.parametrize(
    ("facts", "outcome", "word", "rests_s"),
    [
        ({}, Posted("1.1"), "posted", None),
        ({}, Unclear("cut"), "ambiguous", 15),
        ({}, LIMITED, "refused", 30),
        ({"plainness": 2}, BAD_BLOCKS, "parked", None),
    ],
)
async def test_outcome_is_counted_and_rests_its_channel(
    database, settling, metrics, facts, outcome, word, rests_s
):
    async with database.transaction() as tx:
        message = await kept(tx, **facts)

        await settling.record(tx, Draft(message, "flat"), message, outcome)
        channel = await channels.find(tx, "C1")

    assert f'deliveries_total{{outcome="{word}"}} 1.0' in metrics.render().decode()
    assert channel.not_before == (NOW + timedelta(seconds=rests_s) if rests_s else None)


async def test_message_that_slack_could_not_be_reached_with_waits_a_little_longer_each_time(
    database, settling
):
    async with database.transaction() as tx:
        message = await kept(tx)

        await settling.record(tx, Draft(message, "flat"), message, Refused("no route", Refusal.UNREACHED))
        found = await deliveries.find(tx, "d1")

    assert timedelta(seconds=5) <= found.due_at - NOW <= timedelta(seconds=10)


async def test_message_that_can_not_be_made_is_tried_three_times(database, settling):
    async with database.transaction() as tx:
        message = await kept(tx, refusals=2)

        await settling.not_made(tx, message)
        once_more = await changes(tx, message)
        await settling.not_made(tx, await deliveries.find(tx, "d1"))
        in_the_end = await changes(tx, message)

    assert once_more == again("it could not be made", seconds=18, refusals=3)
    assert (in_the_end["state"], in_the_end["error"]) == ("parked", "a bug of mine, see the log")


async def test_two_channels_that_are_limited_within_ten_seconds_rest_the_workspace(database, settling):
    async with database.transaction() as tx:
        message = await kept(tx)
        limited = []
        for channel_id, after_s in (("C1", 0), ("C2", 11), ("C3", 10)):
            settling.now.forward(seconds=after_s)
            of_channel = Message(**asdict(message) | {"channel_id": channel_id})
            await settling.record(tx, Draft(of_channel, "flat"), of_channel, LIMITED)
            limited.append((await workspaces.get(tx, "T1")).posts_not_before)

    assert limited == [None, None, NOW + timedelta(seconds=21 + 30)]


async def test_channel_that_may_take_messages_again_is_tried_at_a_quicker_pace(database, settling):
    async with database.transaction() as tx:
        await kept(tx)
        waits = [await settling.probe_wait(tx, "C1")]
        await channels.probe_now(tx, "C1", NOW, eager_until=NOW + timedelta(seconds=1))
        waits.append(await settling.probe_wait(tx, "C1"))
        settling.now.forward(seconds=1)
        waits.append(await settling.probe_wait(tx, "C1"))

    assert waits == [PROBE, timedelta(seconds=3), PROBE]


async def test_refused_channel_is_tried_again_after_a_while_and_ops_are_told_of_it(database, settling):
    async with database.transaction() as tx:
        message = await kept(tx)
        await settling.record(tx, Draft(message, "flat"), message, CLOSED)
        channel = await channels.find(tx, "C1")
        told = await deliveries.head(tx, "COPS")

    assert (channel.paused_at, channel.probe_at) == (NOW, NOW + PROBE)
    assert "<#C1>" in told.body


@pytest.mark.parametrize(("error", "is_well"), [("token_revoked", True), ("missing_scope", False)])
async def test_token_that_is_taken_again_is_well_and_one_that_lacks_a_scope_only_after_a_post(
    database, settling, error, is_well
):
    troubles = settling.troubles
    async with database.transaction() as tx:
        await kept(tx)
        await troubles.token_refused(tx, error)
        await troubles.token_may_do(tx, await workspaces.get(tx, "T1"))

        assert (await workspaces.get(tx, "T1")).trouble is None
    assert troubles.health.slack_refusal == (None if is_well else error)
