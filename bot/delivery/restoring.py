"""After a backup was put back: what stands in a channel already is found before anything is posted there.

The tables say that everything since the backup is owed. What of it was posted in the bot's former life has
our metadata, with delivery and events: it is put on record instead of being posted again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.delivery import drafts, sighted, timing
from bot.delivery.histories import Histories
from bot.delivery.reach import Reach
from bot.delivery.settling import MOST_REFUSALS, Settling
from bot.leases import Leases, of_channel
from bot.metrics import Metrics
from bot.slack.client import NotWholeError
from bot.slack.client import Seen as Listed
from bot.slack.errors import HISTORY_FORBIDDEN, Refusal, SlackRefusedError, SlackUnavailableError
from storage import channels, restores, workspaces
from storage.channels import ChannelState
from storage.database import Database, Tx
from storage.promises import Promise
from storage.restores import Seen
from storage.workspaces import WorkspaceState

log = structlog.get_logger()

AT_ONCE = timedelta(days=1)
SHORTEST = timedelta(minutes=10)
"""A busy channel's day is read in pieces, down to this."""


@dataclass(frozen=True, slots=True)
class Restoring:
    """Reads channels that a restored database may know too little of."""

    database: Database
    leases: Leases
    histories: Histories
    settling: Settling
    reach: Reach
    metrics: Metrics
    now: Callable[[], datetime]
    bot_id: str | None
    _refusals: dict[tuple[str, str], int] = field(default_factory=dict)

    async def begin(self, tx: Tx) -> None:
        """At each start: note when the first one on a backup is."""
        if await restores.begin(tx, self.settling.team_id, self.now()):
            log.warning("a backup was put back, each channel is read before anything is posted there")

    async def read_next(self, channel: ChannelState) -> datetime | None:
        """Read one more piece of the channel; return when to come back, None when nothing is left to read."""
        async with self.database.reading() as tx:
            workspace = await workspaces.get(tx, self.settling.team_id)
            place = await restores.next_place(tx, channel.id, self._end(workspace))
        if place is None:
            return None
        target = await self.reach.target(channel)
        if target is None:
            return self.now() + timing.ASK_LATER
        thread_ts, read_until = place
        try:
            await self._read(channel, target, thread_ts, read_until, workspace)
        except SlackUnavailableError as error:
            self.metrics.reconcile_total.labels(result="unavailable").inc()
            self.settling.troubles.no_answer(str(error))
            return await self._later(channel, error.retry_after or timing.ASK_LATER)
        except SlackRefusedError as error:
            self.metrics.reconcile_total.labels(result="unavailable").inc()
            return await self._refused(channel, thread_ts, error, workspace)
        self._refusals.pop((channel.id, thread_ts), None)
        return self.now()

    async def _read(
        self,
        channel: ChannelState,
        target: str,
        thread_ts: str,
        read_until: datetime | None,
        workspace: WorkspaceState,
    ) -> None:
        end = self._end(workspace)
        since = read_until or (channel.unsure_since or end) - restores.CLOCKS_DIFFER
        if thread_ts:
            until = end
            listed = await self.histories.replies(target, thread_ts, oldest=since, latest=until)
        else:
            until, listed = await self._piece(target, since, end)
        ours = [each for each in listed if self._is_ours(each, target, workspace.mac_key)]
        found = [
            Seen(_delivery_id(each), event_id, each.ts, _thread_of(each))
            for each in sorted(ours, key=lambda each: each.ts)
            for event_id in _event_ids(each) or [""]
        ]
        lonely = [each.ts for each in ours if not each.has_replies]
        async with self.leases.unit(of_channel(channel.id)) as tx:
            await channels.note_history(tx, channel.id, None)
            unknown = await restores.note_read(tx, channel.id, thread_ts, until, found, lonely=lonely)
        if unknown:
            log.info("posts of before the restore were found", channel_id=channel.id, messages=unknown)

    async def _piece(self, target: str, since: datetime, end: datetime) -> tuple[datetime, list[Listed]]:
        """The channel's messages of the next piece of time, and where it ends: as much as is listed whole."""
        width = AT_ONCE
        while True:
            until = min(since + width, end)
            try:
                return until, await self.histories.history(target, oldest=since, latest=until)
            except NotWholeError:
                if width <= SHORTEST:
                    raise
                width /= 2

    def _is_ours(self, seen: Listed, target: str, key: str) -> bool:
        is_by_us = seen.bot_id is None or self.bot_id in (seen.bot_id, None)
        return is_by_us and drafts.is_ours(seen.metadata, _delivery_id(seen), target, key)

    async def _later(self, channel: ChannelState, wait: timedelta) -> datetime:
        due = self.now() + wait
        async with self.database.transaction() as tx:
            await channels.hold(tx, channel.id, due, now=self.now())
        return due

    async def _refused(
        self, channel: ChannelState, thread_ts: str, error: SlackRefusedError, workspace: WorkspaceState
    ) -> datetime:
        tries = self._refusals[channel.id, thread_ts] = self._refusals.get((channel.id, thread_ts), 0) + 1
        is_closed = error.kind is Refusal.CHANNEL
        is_forbidden = error.error in HISTORY_FORBIDDEN or (is_closed and channel.is_person)
        if error.kind is Refusal.TOKEN and not is_forbidden:
            async with self.database.transaction() as tx:
                await self.settling.troubles.token_refused(tx, error.error)
            return await self._later(channel, timing.TROUBLE_PROBE)
        if is_closed and not is_forbidden:
            if await self.reach.join(channel.id):
                return self.now() + timedelta(seconds=1)
            async with self.database.transaction() as tx:
                await self.settling.pause(tx, channel.id, error.error)
            return await self._later(channel, await self._probe_wait(channel))
        if not is_forbidden and tries < MOST_REFUSALS:
            return await self._later(channel, timing.ASK_LATER)
        log.warning("a restored channel can't be read", channel_id=channel.id, error=error.error)
        async with self.leases.unit(of_channel(channel.id)) as tx:
            await channels.note_history(tx, channel.id, error.error)
            await restores.note_read(tx, channel.id, thread_ts, self._end(workspace))
        self._refusals.pop((channel.id, thread_ts), None)
        return self.now()

    async def _probe_wait(self, channel: ChannelState) -> timedelta:
        async with self.database.reading() as tx:
            return await self.settling.probe_wait(tx, channel.id)

    def _end(self, workspace: WorkspaceState) -> datetime:
        return restores.unknown_until(workspace.restored_at, self.now())

    def may_repeat(
        self, channel: ChannelState, workspace: WorkspaceState, members: Sequence[Promise]
    ) -> bool:
        """Whether these may stand in a channel that could not be read."""
        if channel.unsure_since is None or channel.history_refused is None:
            return False
        return any(each.created_at < self._end(workspace) for each in members)

    async def is_settled(self, tx: Tx, channel: ChannelState) -> bool:
        """Put on record what stands in the channel of what it is owed.

        False where something was, or where more is to be read first: then nothing may be posted yet.
        """
        workspace = await workspaces.get(tx, self.settling.team_id)
        if await restores.next_place(tx, channel.id, self._end(workspace)) is not None:
            return False
        settled = 0
        for seen in (await restores.sightings(tx, channel.id)).values():
            if await sighted.put_on_record(tx, channel, seen, self.now()):
                self.metrics.reconcile_total.labels(result="found").inc()
                settled += 1
        return settled == 0


def _thread_of(seen: Listed) -> str | None:
    return seen.thread_ts if seen.thread_ts != seen.ts else None


def _payload(seen: Listed) -> Mapping[str, object]:
    found = seen.metadata.get("event_payload")
    return found if isinstance(found, Mapping) else {}


def _delivery_id(seen: Listed) -> str:
    return str(_payload(seen).get("delivery_id", ""))


def _event_ids(seen: Listed) -> Collection[str]:
    ids = _payload(seen).get("event_ids")
    return [str(each) for each in ids] if isinstance(ids, list) else []
