"""Posts what the outbox promises. The only part that starts a message in a channel.

Each channel with work has one actor at a time, so a channel's order is strict and no channel waits for
another. Posts come before edits.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.delivery import timing
from bot.delivery.due import Due
from bot.delivery.editing import Editing
from bot.delivery.owing import owe_notice
from bot.delivery.posting import Posting
from bot.delivery.reconciling import Reconciling
from bot.delivery.setbacks import Setbacks
from bot.delivery.token_probe import TokenProbe
from bot.health import Health
from bot.hints import OWED, Hints
from bot.leases import EDITS, UPKEEP, LeaseLostError, Leases
from bot.repeating import Repeated
from bot.slack.blocks import Message
from bot.slack.client import Slack
from storage import channels, deliveries, workspaces
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

AT_ONCE = 20
"""Channels that are posted to at the same time."""
TICK_S = 1.0
POSTS_FIRST_S = 0.2
ASK_AGAIN_S = 5.0
"""What another process does for all is asked for again after this long."""
DATABASE_RESTS = timedelta(seconds=5)
"""How long a channel waits after the database failed it."""
SHORT_WAIT = timedelta(seconds=2)
"""An actor stays for its channel's next message this long; a longer wait is the tick's."""


@dataclass(slots=True)
class Delivery:
    """The loop over all channels. `wake` it when something new is owed."""

    database: Database
    leases: Leases
    hints: Hints
    slack: Slack
    posting: Posting
    editing: Editing
    reconciling: Reconciling
    health: Health
    team_id: str
    now: Callable[[], datetime]
    settle: timedelta
    probe: timedelta
    _woken: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _stopping: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _slots: asyncio.Semaphore = field(init=False, default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _actors: dict[str, asyncio.Task[None]] = field(init=False, default_factory=dict)
    _failures: dict[str, int] = field(init=False, default_factory=dict)
    _turn: int = field(init=False, default=0)
    _busy: int = field(init=False, default=0)  # actors that post, or wait for their turn to
    _token: TokenProbe = field(init=False)
    _due: Due = field(init=False)
    _setbacks: Setbacks = field(init=False)

    def __post_init__(self) -> None:
        troubles = self.posting.settling.troubles
        self._token = TokenProbe(self.database, self.slack, troubles, self.now, self.probe)
        self._due = Due(self.database, self.leases)
        put_off = max(self.probe, timing.ASK_LATER, self.settle * timing.VERIFY_AFTER_SETTLES)
        self._setbacks = Setbacks(self.database, self.now, put_off)

    def wake(self) -> None:
        """Something is owed: look at once, and tell the others, whose channel it may be."""
        self.look()
        self.hints.send(OWED)

    def look(self) -> None:
        """Look at once, also at channels that had nothing to do."""
        self._turn += 1
        self._due.rests.clear()
        self._woken.set()

    def stop(self) -> None:
        """Start nothing new; `run` returns when the posts in flight are recorded."""
        self._stopping.set()
        self._woken.set()

    async def begin(self) -> None:
        """After a start: what was being sent when the last process ended may stand in its channel.

        What other processes are sending, shows when their lease on the channel ends.
        """
        async with self.database.transaction() as tx:
            await workspaces.ensure(tx, self.team_id)
            await self._setbacks.end_waits(tx)
            look_at = self.now() + self.settle
            orphans = 0 if self.database.is_shared else await deliveries.orphaned(tx, look_at)
            await self.posting.restoring.begin(tx)
        if orphans:
            log.info("posts of the last run are unclear, history will tell", messages=orphans)

    async def until_stopped(self) -> None:
        """Others deliver; what is owed here is handed to them by the database."""
        await self._stopping.wait()

    async def run(self) -> None:
        """Deliver until `stop`; what is in flight then is finished and recorded."""
        beside = [
            asyncio.create_task(self._again_and_again(work, self._stopping))
            for work in (self.edit_round, self.rarer_round)
        ]
        await self._again_and_again(self.round, self._woken)
        await asyncio.gather(*beside, *self._actors.values(), return_exceptions=True)

    async def _again_and_again(self, work: Callable[[], Awaitable[float]], sooner: asyncio.Event) -> None:
        """Do the work until `stop`, at the times that it says or when `sooner` is set."""
        repeated = Repeated("delivery", partial(self._unless_without_database, work))
        while not self._stopping.is_set():
            if sooner is self._woken:
                self._woken.clear()
            wait = await repeated.once()
            with suppress(TimeoutError):
                await asyncio.wait_for(sooner.wait(), wait)

    async def _unless_without_database(self, work: Callable[[], Awaitable[float]]) -> float:
        try:
            return await work()
        except StorageError as error:
            self.health.database.failed(error, self.now())
            return TICK_S

    async def round(self) -> float:
        """Start an actor for each channel with work; return seconds until the next look."""
        now = self.now()
        if await self._setbacks.noticed():
            self._token.asked_at = self.editing.next_at = None
            self.posting.settling.clock_was_set_back()
            self.reconciling.histories.clock_was_set_back()
            self.wake()
        async with self.database.reading() as tx:
            workspace = await workspaces.get(tx, self.team_id)
        if workspace.trouble:
            if await self._token.is_taken_again(workspace):
                self.wake()
        elif not workspace.posts_not_before or workspace.posts_not_before <= now:
            begun = await self._due.taken_on(now, self._actors)
            for channel_id in begun:
                self._actors[channel_id] = asyncio.create_task(self._serve(channel_id))
            if self._due.is_more and not begun:  # another process was quicker
                return 0.0
        return TICK_S

    async def edit_round(self) -> float:
        """One edit, if no post could go out instead; return seconds until the next."""
        now = self.now()
        if not await self.leases.hold(EDITS):
            return ASK_AGAIN_S
        async with self.database.reading() as tx:
            workspace = await workspaces.get(tx, self.team_id)
        if workspace.trouble:
            return TICK_S
        if await self._due.waiting(now, self._actors):
            return POSTS_FIRST_S
        at = await self.editing.step()
        return min(max((at - self.now()).total_seconds(), 0.0), TICK_S) if at else TICK_S

    async def rarer_round(self) -> float:
        """Try paused channels that nothing waits for, and look for repeats of what was sent again."""
        now = self.now()
        if not await self.leases.hold(UPKEEP):
            return ASK_AGAIN_S
        async with self.database.reading() as tx:
            probes = await channels.due_probes(tx, now)
            sent_again = await deliveries.to_verify(tx, now)
        for channel in probes:
            if channel.id not in self._actors:
                await self.posting.reach.probe_idle(channel)
        await self.reconciling.verify(sent_again)
        return TICK_S

    async def _serve(self, channel_id: str) -> None:
        try:
            while not self._stopping.is_set():
                turn = self._turn
                at = await self._step(channel_id)
                self._failures.pop(channel_id, None)
                if at is not None and await self._stay_until(at):
                    continue
                if turn == self._turn:  # else something came to be owed meanwhile: the round looks again
                    self._due.rests[channel_id] = at or self.now() + timedelta(seconds=TICK_S)
                return
        except LeaseLostError as error:
            log.info("another process serves a channel", channel_id=channel_id, reason=str(error))
            self._due.rests[channel_id] = self.now() + timedelta(seconds=TICK_S)
        except StorageError as error:
            self.health.database.failed(error, self.now())
            self._due.rests[channel_id] = self.now() + DATABASE_RESTS
        except Exception:  # one channel's trouble stops no other
            failures = self._failures.get(channel_id, 0)
            self._failures[channel_id] = failures + 1
            self._due.rests[channel_id] = self.now() + timing.wait_after_bug(failures)
            if failures == 0:
                log.exception("delivery to a channel failed, it is tried again", channel_id=channel_id)
        finally:
            del self._actors[channel_id]
            if not self._due.is_more:
                self._woken.set()

    async def _step(self, channel_id: str) -> datetime | None:
        self._busy += 1
        try:
            async with self._slots:
                return await self.posting.step(channel_id)
        finally:
            self._busy -= 1
            if self._due.is_more and self._busy < AT_ONCE:
                self._woken.set()

    async def _stay_until(self, at: datetime) -> bool:
        """Wait for the channel's next message; False where the round will come back for it."""
        wait = at - self.now()
        if wait > SHORT_WAIT:
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), max(wait.total_seconds(), 0))
        return True

    async def tell(self, channel_id: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Owe a channel (or a person: `U…`) a notice, in a thread if one is named."""
        async with self.database.transaction() as tx:
            await owe_notice(tx, self.team_id, channel_id, message, self.now(), thread_ts=thread_ts)
        self.wake()
