"""What a channel's queue comes to: looked at and chosen in one unit of work, with nothing sent yet."""

from datetime import timedelta

import pytest

from bot.delivery.choosing import Attempt, Obstacle
from bot.delivery.queue import Wait
from bot.delivery.settling import MOST_REFUSALS
from bot.delivery.timing import PACE
from storage import channels, deliveries, promises, workspaces


@pytest.fixture
async def owed(day):
    """One event for the channel, promised and not chosen yet."""
    await day.follow("style:flat")
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event_id


async def choose(day, *changes, target=None):
    """What is chosen after these changes."""
    async with day.database.transaction() as tx:
        for change in changes:
            await change(tx)
        return await day.delivery.posting.choosing.choose(tx, day.channel, target)


async def test_event_is_chosen_with_its_intent_in_one_go(day, owed):
    chosen = await choose(day)

    assert isinstance(chosen, Attempt)
    assert chosen.draft.event_ids == [owed]
    assert (chosen.target, chosen.message.state, chosen.message.attempt) == (day.channel, "sending", 1)
    async with day.database.reading() as tx:
        assert await deliveries.head(tx, day.channel) == chosen.message
        assert await promises.some_waiting(tx, day.channel, 9) == []
        assert (await channels.find(tx, day.channel)).paced_until == chosen.next_at


@pytest.mark.usefixtures("owed")
async def test_nothing_is_chosen_while_slack_refuses_the_token(day):
    async def refused(tx):
        await workspaces.note_trouble(tx, day.workspace.team_id, "token_revoked", day.clock())

    assert await choose(day, refused) is None


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize("resting", ["workspace", "channel", "pace"])
async def test_nothing_is_chosen_before_a_rest_is_over(day, resting):
    until = day.clock() + timedelta(seconds=5)

    async def rest(tx):
        if resting == "workspace":
            await workspaces.hold_posts(tx, day.workspace.team_id, until, now=day.clock())
        elif resting == "channel":
            await channels.hold(tx, day.channel, until, now=day.clock())
        else:
            await channels.pace(tx, day.channel, until)

    assert await choose(day, rest) == Wait(until)
    assert await day.delivery.posting.step(day.channel) == until
    day.clock.forward(seconds=5)
    assert isinstance(await choose(day), Attempt)


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize("state", ["sending", "uncertain"])
async def test_message_on_its_way_stands_before_all_others(day, state):
    async def sent(tx):
        chosen = await day.delivery.posting.choosing.choose(tx, day.channel)
        await deliveries.change(tx, chosen.message.id, state=state)
        await channels.pace(tx, day.channel, day.clock())

    obstacle = await choose(day, sent)

    assert isinstance(obstacle, Obstacle)
    assert (obstacle.channel.id, obstacle.in_flight.state) == (day.channel, state)


@pytest.mark.usefixtures("owed")
async def test_paused_channel_has_to_be_joined_first(day):
    async def pause(tx):
        await channels.pause(tx, day.channel, "is_archived", now=day.clock(), probe_at=day.clock())

    obstacle = await choose(day, pause)

    assert isinstance(obstacle, Obstacle)
    assert obstacle.in_flight is None
    assert isinstance(await choose(day, target=day.channel), Attempt)


@pytest.mark.parametrize("state", [None, "pending", "sending"])
@pytest.mark.parametrize("where", ["channels.find_with_workspace", "deliveries.head"])
async def test_bug_in_the_look_is_no_messages_fault(day, owed, monkeypatch, state, where):
    if state:
        chosen = await choose(day)
        async with day.database.transaction() as tx:
            await deliveries.change(tx, chosen.message.id, state=state)

    async def tripping(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(f"bot.delivery.choosing.{where}", tripping)
        for _ in range(MOST_REFUSALS + 2):
            with pytest.raises(ZeroDivisionError):
                await day.delivery.posting.step(day.channel)

    async with day.database.reading() as tx:
        head = await deliveries.head(tx, day.channel)
    assert (head and (head.state, head.refusals)) == (state and (state, 0))
    await day.deliver()
    assert day.event_ids() == [owed]


async def test_after_a_post_the_channel_is_looked_at_again_when_it_takes_the_next(day, owed):
    for _ in range(2):
        day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    come_back = [await day.delivery.posting.step(day.channel) - day.clock() for _ in range(3)]

    assert [wait > timedelta(0) for wait in come_back] == [False, False, True]
    assert come_back[2] <= PACE
    assert owed in day.event_ids()
