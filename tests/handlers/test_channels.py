"""A channel that closes is paused, one that opens is tried at once, one that moves keeps what it follows."""

import asyncio

import pytest
import structlog

from storage import channels
from tests.handlers.clicks import said


async def state_of(database, channel_id):
    async with database.reading() as tx:
        return await channels.find(tx, channel_id)


async def heard(desk, workspace, kind, facts):
    """Tell the app of something; its answer comes when its work is done."""
    interaction = await workspace.event(kind, facts)
    assert interaction.acked
    return interaction


async def woken(desk):
    """Wait until the queues were told of the channel."""
    async with asyncio.timeout(60):
        await desk.woken.wait()
    desk.woken.clear()


@pytest.fixture
async def porting(desk, workspace):
    """#porting's id; it follows something."""
    await said(workspace, "subscribe kind:in")
    return workspace.channel("porting").id


async def test_an_archived_channel_is_paused(desk, workspace, database, porting):
    workspace.archive("porting")
    await workspace.settle()

    await woken(desk)

    assert (await state_of(database, porting)).paused_reason == "is_archived"


async def test_a_channel_that_put_us_out_is_paused(desk, workspace, database, porting):
    workspace.remove_bot("porting")
    await workspace.settle()

    await woken(desk)

    assert (await state_of(database, porting)).paused_reason == "not_in_channel"


@pytest.mark.parametrize("act", ["unarchive", "invite_bot"])
async def test_a_channel_that_opens_is_tried_at_once(*, desk, workspace, database, porting, clock, act):
    workspace.archive("porting") if act == "unarchive" else workspace.remove_bot("porting")
    await workspace.settle()
    await woken(desk)

    getattr(workspace, act)("porting")
    await workspace.settle()

    await woken(desk)
    assert (await state_of(database, porting)).probe_at == clock()


async def test_somebody_else_who_joins_changes_nothing(desk, workspace, database, porting):
    await heard(desk, workspace, "member_joined_channel", {"user": "U0SOMEBODY", "channel": porting})

    assert (await state_of(database, porting)).probe_at is None


async def test_a_channel_with_a_new_id_keeps_its_subscriptions(desk, workspace, database, porting):
    facts = {"old_channel_id": porting, "new_channel_id": "C0NEWID"}
    await heard(desk, workspace, "channel_id_changed", facts)

    await woken(desk)

    assert [each.channel_id for each in await desk.parts.subscriptions.active()] == ["C0NEWID"]


@pytest.mark.parametrize("channel", [None, {}, "C0UNKNOWN"])
async def test_odd_events_do_no_harm(desk, workspace, channel):
    with structlog.testing.capture_logs() as cap:
        await heard(desk, workspace, "channel_archive", {"channel": channel})
        await heard(desk, workspace, "group_unarchive", {"channel": channel})
        await heard(desk, workspace, "channel_id_changed", {"new_channel_id": channel})

    assert [line for line in cap if line["log_level"] in ("error", "warning")] == []
