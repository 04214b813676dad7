"""What holds back what is to be posted: said by `/port status`, so that a silence explains itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.delivery import queue
from bot.delivery.queue import Wait
from bot.delivery.settling import NOT_MADE
from bot.health import Health, report
from bot.recall import event_of
from bot.results import Cause, Hold, Report
from bot.slack.errors import Refusal, refusal_of
from storage import channels, deliveries, fan_out, promises, restores, workspaces
from storage.channels import ChannelState
from storage.database import Database, Tx
from storage.deliveries import Message
from storage.events import StoredEvent
from storage.workspaces import WorkspaceState

MOST_HELD = 500
"""Events that are looked at for why they are promised to nobody yet."""
MOST_CHANNELS = 100
"""Channels that are looked at, those first for which most waits."""

Why = tuple[Cause, datetime | None]


@dataclass(slots=True)
class _Tally:
    """Counts what waits, by its cause."""

    _found: dict[Cause, Hold] = field(default_factory=dict)

    def add(self, cause: Cause, count: int, until: datetime | None = None, channel: str = "") -> None:
        before = self._found.get(cause, Hold(cause, 0))
        moments = [moment for moment in (before.until, until) if moment]
        places = (*before.channels, channel) if channel else before.channels
        self._found[cause] = Hold(cause, before.count + count, max(moments, default=None), places)

    def holds(self) -> tuple[Hold, ...]:
        return tuple(self._found[cause] for cause in Cause if cause in self._found)


async def full_report(health: Health, database: Database, team_id: str, now: datetime) -> Report:
    """What `/port status` tells, with what holds messages back."""
    found = await report(health, database, now)
    return replace(found, holds=await holds(database, team_id, now))


async def holds(database: Database, team_id: str, now: datetime) -> tuple[Hold, ...]:
    """What waits and is not just on its way, by its cause."""
    tally = _Tally()
    async with database.reading() as tx:
        _count_held(tally, await fan_out.to_fan_out(tx, MOST_HELD))
        workspace = await workspaces.find(tx, team_id)
        waiting = await promises.waiting_by_channel(tx)
        formed = _by_channel(await deliveries.open_messages(tx))
        counts = {each: waiting.get(each, 0) + len(formed.get(each, ())) for each in (*waiting, *formed)}
        for channel_id in sorted(counts, key=lambda each: -counts[each])[:MOST_CHANNELS]:
            channel = await channels.find(tx, channel_id)
            why = channel and (
                _why_resting(channel, workspace, formed.get(channel_id, ()), now)
                or await _why_unread(tx, channel, workspace, now)
                or await _why_unformed(tx, channel_id, now)
            )
            if why:
                tally.add(why[0], counts[channel_id], why[1], channel_id)
    return tally.holds()


def _count_held(tally: _Tally, rows: Iterable[StoredEvent]) -> None:
    """Events that are stored and promised to nobody yet: each order's wait for its first."""
    awaiting: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.source, row.order_id)
        if row.is_baseline:
            continue
        if event_of(row).awaits_payload:
            awaiting.add(key)
            tally.add(Cause.PAYLOAD, 1)
        else:
            tally.add(Cause.OLDER if key in awaiting else Cause.MATCHING, 1)


def _by_channel(messages: Iterable[Message]) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    for message in messages:
        found.setdefault(message.channel_id, []).append(message)
    return found


def _why_resting(
    channel: ChannelState, workspace: WorkspaceState | None, formed: Sequence[Message], now: datetime
) -> Why | None:
    """Why nothing is posted to the channel now, whatever it is."""
    if workspace and workspace.trouble:
        return Cause.TOKEN, None
    if channel.paused_at:
        return Cause.PAUSED, None
    if any(message.state == "uncertain" for message in formed):
        return Cause.UNCLEAR, None
    if workspace and workspace.posts_not_before and workspace.posts_not_before > now:
        return Cause.LIMITED, workspace.posts_not_before
    is_resting = channel.not_before is not None and channel.not_before > now
    return _why_held(channel, formed) if is_resting else None


def _why_held(channel: ChannelState, formed: Sequence[Message]) -> Why:
    """Why the channel rests, as its oldest message tells."""
    error = formed[0].error if formed else None
    if error and refusal_of(error) is Refusal.RATE:
        return Cause.LIMITED, channel.not_before
    return (Cause.OURS if error == NOT_MADE else Cause.SILENT), channel.not_before


async def _why_unread(
    tx: Tx, channel: ChannelState, workspace: WorkspaceState | None, now: datetime
) -> Why | None:
    """After a restore nothing is posted to a channel that is not read yet."""
    if channel.unsure_since is None or workspace is None:
        return None
    until = restores.unknown_until(workspace.restored_at, now)
    place = await restores.next_place(tx, channel.id, until)
    return (Cause.RESTORED, None) if place else None


async def _why_unformed(tx: Tx, channel_id: str, now: datetime) -> Why | None:
    """Why no message is made yet of what the channel is owed; None where one is on its way."""
    if await deliveries.head(tx, channel_id):
        return None
    found = await queue.next_members(tx, channel_id, now)
    if isinstance(found, Wait):
        return Cause.GATHERED, found.until
    return None if found else (Cause.OLDER, None)
