"""Posts what the outbox promises. The only part that starts a message in a channel.

Each channel with work has one actor at a time, so a channel's order is strict and no channel waits for
another. Posts come before edits.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.delivery import timing
from bot.delivery.drafts import body_of
from bot.delivery.editing import Editing
from bot.delivery.posting import Posting
from bot.delivery.reconciling import Reconciling
from bot.health import Health
from bot.slack.blocks import Message
from bot.slack.client import Slack
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from storage import channels, deliveries, workspaces
from storage.database import Database

log = structlog.get_logger()

AT_ONCE = 20
"""Channels that are posted to at the same time."""
TICK_S = 1.0
POSTS_FIRST_S = 0.2
SHORT_WAIT = timedelta(seconds=2)
"""An actor stays for its channel's next message this long; a longer wait is the tick's."""


@dataclass(slots=True)
class Delivery:
    """The loop over all channels. `wake` it when something new is owed."""

    database: Database
    slack: Slack
    posting: Posting
    editing: Editing
    reconciling: Reconciling
    health: Health
    team_id: str
    now: Callable[[], datetime]
    settle: timedelta
    probe: timedelta
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _actors: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _trouble_probe_at: datetime | None = None

    def wake(self) -> None:
        """Something is owed: look at once."""
        self._woken.set()

    def stop(self) -> None:
        """Start nothing new; `run` returns when the posts in flight are recorded."""
        self._stopping.set()
        self._woken.set()

    async def begin(self) -> None:
        """After a start: what was being sent when the last process ended may stand in its channel."""
        async with self.database.transaction() as tx:
            await workspaces.ensure(tx, self.team_id)
            orphans = await deliveries.orphaned(tx, self.now() + self.settle)
        if orphans:
            log.info("posts of the last run are unclear, history will tell", messages=orphans)

    async def run(self) -> None:
        """Deliver until `stop`; what is in flight then is finished and recorded."""
        edits = asyncio.create_task(self._again_and_again(self.edit_round, self._stopping))
        await self._again_and_again(self.round, self._woken)
        await asyncio.gather(edits, *self._actors.values(), return_exceptions=True)

    async def _again_and_again(self, work: Callable[[], Awaitable[float]], sooner: asyncio.Event) -> None:
        """Do the work until `stop`, at the times that it says or when `sooner` is set."""
        while not self._stopping.is_set():
            if sooner is self._woken:
                self._woken.clear()
            try:
                wait = await work()
            except Exception:  # the loop outlives whatever goes wrong in one round
                log.exception("delivery failed, it goes on in a moment")
                wait = TICK_S
            with suppress(TimeoutError):
                await asyncio.wait_for(sooner.wait(), wait)

    async def round(self) -> float:
        """Start an actor for each channel with work; return seconds until the next look."""
        now = self.now()
        async with self.database.reading() as tx:
            workspace = await workspaces.get(tx, self.team_id)
        if workspace.trouble:
            await self._probe_token(now)
        elif not workspace.posts_not_before or workspace.posts_not_before <= now:
            await self._start_actors(now)
            await self._rarer_work(now)
        return TICK_S

    async def edit_round(self) -> float:
        """One edit, if no post could go out instead; return seconds until the next."""
        now = self.now()
        async with self.database.reading() as tx:
            workspace = await workspaces.get(tx, self.team_id)
            due = await channels.with_work(tx, now)
        if workspace.trouble:
            return TICK_S
        if due:
            return POSTS_FIRST_S
        at = await self.editing.step()
        return min(max((at - self.now()).total_seconds(), 0.0), TICK_S) if at else TICK_S

    async def _start_actors(self, now: datetime) -> None:
        async with self.database.reading() as tx:
            due = await channels.with_work(tx, now)
        for channel_id in due:
            if channel_id not in self._actors:
                self._actors[channel_id] = asyncio.create_task(self._serve(channel_id))

    async def _serve(self, channel_id: str) -> None:
        try:
            while not self._stopping.is_set():
                async with self._slots:
                    at = await self.posting.step(channel_id)
                if at is None or not await self._stay_until(channel_id, at):
                    return
        except Exception:  # one channel's trouble stops no other
            log.exception("delivery to a channel failed, it goes on in a moment", channel_id=channel_id)
        finally:
            del self._actors[channel_id]
            self._woken.set()

    async def _stay_until(self, channel_id: str, at: datetime) -> bool:
        """Wait for the channel's next message; False where others will come back for it."""
        async with self.database.reading() as tx:
            channel = await channels.find(tx, channel_id)
            workspace = await workspaces.get(tx, self.team_id)
        if channel is None or workspace.trouble or (channel.paused_at is not None):
            return False
        holds = (at, channel.paced_until, channel.not_before, workspace.posts_not_before)
        until = max(moment for moment in holds if moment is not None)
        wait = until - self.now()
        if wait > SHORT_WAIT:
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), max(wait.total_seconds(), 0))
        return True

    async def _rarer_work(self, now: datetime) -> None:
        async with self.database.reading() as tx:
            probes = await channels.due_probes(tx, now)
            sent_again = await deliveries.to_verify(tx, now)
        for channel_id in probes:
            if channel_id not in self._actors:
                await self.posting.probe_idle(channel_id, self.probe)
        await self.reconciling.verify(sent_again)

    async def _probe_token(self, now: datetime) -> None:
        """Slack refused our token: ask now and then whether it takes it again."""
        if self._trouble_probe_at and now < self._trouble_probe_at:
            return
        self._trouble_probe_at = now + timing.TROUBLE_PROBE
        try:
            await self.slack.identity()
        except (SlackRefusedError, SlackUnavailableError):
            return
        async with self.database.transaction() as tx:
            await workspaces.note_trouble(tx, self.team_id, None, self.now())
        self.health.slack_accepted(self.now())
        log.info("Slack takes the bot's token again, posting goes on")
        self._woken.set()

    async def tell(self, channel_id: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Owe a channel (or a person: `U…`) a notice, in a thread if one is named."""
        now = self.now()
        owed = deliveries.Message(
            id=uuid4().hex,
            team_id=self.team_id,
            channel_id=channel_id,
            kind="direct" if channel_id.startswith(("U", "W")) else "notice",
            created_at=now,
            due_at=now,
            body=body_of(message),
            thread_ts=thread_ts,
        )
        async with self.database.transaction() as tx:
            await channels.ensure(tx, channel_id, self.team_id)
            await deliveries.add(tx, owed)
        self.wake()
