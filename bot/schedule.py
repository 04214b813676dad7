"""Which job runs when. APScheduler is a ticker only: a job runs one bounded step and keeps no state."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING, STATE_STOPPED

from bot.delivery.telling import Telling
from bot.errors import PortwireError
from bot.health import READING, Health
from bot.leases import LeaseLostError
from bot.metrics import Metrics
from bot.poller import Poller
from bot.promising import Promising
from bot.telnyx.errors import TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.ticking import Often, catch_up
from storage.errors import StorageError

log = structlog.get_logger()

STEP_S = 600
"""A step that hangs is ended, and the next goes on from what is stored: else none would ever start."""
FAN_OUT_EVERY_S = 2
SWEEP_LOOKS_EVERY_S = 60
"""How often is looked whether a deep sweep is due; one that failed is tried again then."""
CLEAN_EVERY_S = 3600
CLOCK_LOOKS_EVERY_S = 5
"""How often is looked, by a clock that nobody sets, whether the one that jobs go by was set back."""
FINISH_WITHIN_S = 3
"""What a job that is under way at the end may still take, before it is cancelled."""
SWEEPING = {
    Source.PORT_IN: "The deep sweep of port-in events fails",
    Source.PORT_OUT: "The deep sweep of port-out events fails",
}
FAN_OUT = "New events can't be passed on to channels"
CLEANING = "Old events can't be removed"
NEEDED = frozenset({*READING.values(), FAN_OUT})
"""Without these nothing new is posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The ticker. `wake` polls at once; a poll that is under way then is followed by another."""

    poller: Poller
    promising: Promising
    fan_out_due: asyncio.Event
    """Set by whoever has stored, or learnt, what lets events go on to channels."""
    health: Health
    metrics: Metrics
    interval_s: float
    clean: Callable[[], Awaitable[None]]
    now: Callable[[], datetime]
    ops: Telling
    _scheduler: AsyncIOScheduler = field(
        default_factory=lambda: AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
    )
    _polling: set[Source] = field(default_factory=set)
    _again: set[Source] = field(default_factory=set)
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)
    _beside: list["asyncio.Task[None]"] = field(default_factory=list)

    def start(self) -> None:
        """Begin; the first poll of each list is at once."""
        soon = datetime.now(UTC)
        for source in Source:
            poll, sweep = partial(self._poll, source), partial(self._sweep, source)
            self._add(source.value, poll, Often(self.interval_s, 0.1), first=soon)
            self._add(f"sweep_{source.value}", sweep, Often(SWEEP_LOOKS_EVERY_S))
        self._add("fan_out", self._look_again, Often(FAN_OUT_EVERY_S))
        self._add("clean", self._clean, Often(CLEAN_EVERY_S), first=soon + timedelta(minutes=1))
        self._beside.append(asyncio.create_task(self._fan_out_whenever_due()))
        self._beside.append(asyncio.create_task(self._look_at_the_clock()))
        self._scheduler.start()

    def _add(
        self,
        name: str,
        work: Callable[[], Coroutine[None, None, None]],
        often: Often,
        *,
        first: datetime | None = None,
    ) -> None:
        when = {"next_run_time": first} if first else {}
        self._scheduler.add_job(partial(self._job, work), often, id=name, **when)

    async def _look_at_the_clock(self) -> None:
        while True:
            await asyncio.sleep(CLOCK_LOOKS_EVERY_S)
            catch_up(self._scheduler, datetime.now(UTC))

    async def stop(self) -> None:
        """No job begins any more; one that is under way has a moment to finish, then it is cancelled, which
        loses nothing. None is left when this returns: it would hold a connection to the database."""
        if self._scheduler.state == STATE_STOPPED:  # a process that only answers people never starts it
            return
        self._scheduler.pause()
        for loop in self._beside:
            loop.cancel()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FINISH_WITHIN_S)
            for job in late:
                job.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*self._beside, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    async def _job(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        if self._scheduler.state == STATE_RUNNING:
            await asyncio.wait([self._begin(work())])

    def _begin(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        """Do the work in a task of our own: APScheduler's shutdown would cut it anywhere, and log that."""
        job = asyncio.create_task(work)
        self._under_way.add(job)
        job.add_done_callback(self._under_way.discard)
        return job

    def wake(self) -> None:
        """Telnyx says that there is something new: poll both lists now."""
        for source in Source:
            if source in self._polling:
                self._again.add(source)
            elif self._scheduler.state == STATE_RUNNING:
                self._begin(self._poll(source))

    async def _poll(self, source: Source) -> None:
        if source in self._polling:
            return
        self._polling.add(source)
        try:
            await self._poll_once(source)
            while source in self._again:
                self._again.discard(source)
                await self._poll_once(source)
        finally:
            self._polling.discard(source)

    async def _poll_once(self, source: Source) -> None:
        await self._step(READING[source], self._read(source), source)
        self.fan_out_due.set()

    async def _read(self, source: Source) -> bool:
        if not await self.poller.poll(source):
            return False
        self.health.polled(source, self.now())
        await self.poller.note_read(source)
        return True

    async def _sweep(self, source: Source) -> None:
        await self._step(SWEEPING[source], self.poller.sweep(source), source)

    async def _clean(self) -> None:
        await self._step(CLEANING, _done(self.clean()))

    async def _look_again(self) -> None:
        """What was held back may have waited long enough."""
        self.fan_out_due.set()

    async def _fan_out_whenever_due(self) -> None:
        while await self.fan_out_due.wait():
            self.fan_out_due.clear()
            await asyncio.wait([self._begin(self._fan_out())])

    async def _fan_out(self) -> None:
        await self._step(FAN_OUT, self._promise())

    async def _promise(self) -> bool:
        return await self.promising.fan_out() is not None

    async def _step(self, trouble: str, work: Awaitable[bool], source: Source | None = None) -> None:
        """Do the work within its time. That it fails is told once, as is the end of it; the database's
        failures are one trouble, whatever work meets them."""
        try:
            await self._try(trouble, work, source)
        except StorageError as error:
            self._count(source, "database")
            self.health.database.failed(error, self.now(), trouble if trouble in NEEDED else None)
        else:
            self.health.database.works(trouble)

    async def _try(self, trouble: str, work: Awaitable[bool], source: Source | None) -> None:
        try:
            async with asyncio.timeout(STEP_S):
                is_ours = await work
        except LeaseLostError as error:
            log.info("another process goes on with it", step=trouble, reason=str(error))
            self._not_ours(trouble)
        except StorageError:
            raise
        except TimeoutError:
            await self._failed(trouble, f"It took longer than {STEP_S} s.", source, "timeout")
        except PortwireError as error:
            await self._failed(trouble, str(error), source, _kind(error))
        except Exception:  # a job that raises would be logged by APScheduler with all its values
            if trouble not in self.health.troubles:
                log.exception("a step failed", step=trouble)
            await self._failed(trouble, "a bug of mine, see the log", source, "bug")
        else:
            await self._succeeded(trouble) if is_ours else self._not_ours(trouble)

    def _not_ours(self, trouble: str) -> None:
        """Another process does it by now, and tells what becomes of it."""
        self.health.ended(trouble)
        self.ops.forget(trouble)

    async def _succeeded(self, trouble: str) -> None:
        if ended := self.health.ended(trouble):
            log.info("trouble is over", trouble=trouble, since=ended.since.isoformat())
        await self.ops.works(trouble)

    async def _failed(self, trouble: str, reason: str, source: Source | None, kind: str) -> None:
        self._count(source, kind)
        is_ours = kind == "bug" and trouble in NEEDED
        if self.health.failed(trouble, reason, self.now(), is_ours=is_ours):
            log.warning("trouble, it is tried again and again", trouble=trouble, reason=reason)
        await self.ops.fails(self.health.troubles[trouble])

    def _count(self, source: Source | None, kind: str) -> None:
        if source:
            self.metrics.poll_failures_total.labels(source=source, kind=kind).inc()


async def _done(work: Awaitable[object]) -> bool:
    await work
    return True


def _kind(error: PortwireError) -> str:
    return error.kind if isinstance(error, TelnyxUnavailableError) else "refused"
