"""Which job runs when. APScheduler is a ticker only: a job runs one bounded step and keeps no state."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING

from bot.errors import PortwireError
from bot.health import Health
from bot.intake import Intake
from bot.metrics import Metrics
from bot.poller import Poller
from bot.telnyx.errors import TelnyxUnavailableError
from bot.telnyx.events import Source
from storage.errors import StorageError

log = structlog.get_logger()

FAN_OUT_EVERY_S = 2
STEP_S = 600
"""A poll that hangs is ended, and the next goes on from its watermark: else none would ever start."""
CLEAN_EVERY_S = 3600
FINISH_WITHIN_S = 3
"""What a job that is under way at the end may still take, before it is cancelled."""
Clean = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The ticker. `wake` polls at once; a poll that is under way then is followed by another."""

    poller: Poller
    intake: Intake
    health: Health
    metrics: Metrics
    interval_s: float
    clean: Clean
    now: Callable[[], datetime]
    tell: Callable[[str, datetime, datetime | None], Awaitable[None]]
    """Told what is wrong and since when: once when it begins (None), once when it ended (and when)."""
    _scheduler: AsyncIOScheduler = field(
        default_factory=lambda: AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
    )
    _polling: set[Source] = field(default_factory=set)
    _again: set[Source] = field(default_factory=set)
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)

    def start(self) -> None:
        """Begin; the first poll of each list is at once."""
        soon = datetime.now(UTC)
        for source in Source:
            # APScheduler's jitter only delays: 0.9 of the interval, and up to 0.2 of it more.
            self._scheduler.add_job(
                partial(self._job, partial(self._poll, source)),
                "interval",
                id=source.value,
                seconds=self.interval_s * 0.9,
                jitter=self.interval_s * 0.2,
                next_run_time=soon,
            )
        fan_out = partial(self._job, self._fan_out)
        self._scheduler.add_job(fan_out, "interval", id="fan_out", seconds=FAN_OUT_EVERY_S)
        self._scheduler.add_job(
            partial(self._job, self._clean),
            "interval",
            id="clean",
            seconds=CLEAN_EVERY_S,
            next_run_time=soon + timedelta(minutes=1),
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """No job begins any more; one that is under way has a moment to finish, then it is cancelled, which
        loses nothing. None is left when this returns: it would hold a connection to the database."""
        self._scheduler.pause()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FINISH_WITHIN_S)
            for job in late:
                job.cancel()
            await asyncio.gather(*late, return_exceptions=True)
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
        try:
            async with asyncio.timeout(STEP_S):
                is_read = await self.poller.poll(source)
        except TimeoutError:
            await self._failed(source, f"A poll took longer than {STEP_S} s.", "timeout")
        except (PortwireError, StorageError) as error:
            await self._failed(source, str(error), _kind(error))
        except Exception as error:  # a job that raises would be logged by APScheduler with all its values
            log.exception("poll failed", source=source)
            await self._failed(source, f"{type(error).__name__}, see the log", "bug")
        else:
            # While Telnyx asked us to rest nothing was read: that is no recovery.
            trouble = self.health.poll_succeeded(source, self.now()) if is_read else None
            if trouble:
                log.info("list is read again", source=source, failed_since=trouble.since.isoformat())
                await self._tell(source, trouble.since, self.now())
        await self._fan_out()

    async def _failed(self, source: Source, reason: str, kind: str) -> None:
        self.metrics.poll_failures_total.labels(source=source, kind=kind).inc()
        now = self.now()
        if self.health.poll_failed(source, reason, now):
            log.warning("list can't be read, it is tried again at each poll", source=source, reason=reason)
            await self._tell(source, now, None)

    async def _tell(self, source: Source, since: datetime, until: datetime | None) -> None:
        try:
            await self.tell(_trouble(source), since, until)
        except StorageError as error:  # a database in trouble can't keep what is to be told about it
            log.warning("trouble can't be told in Slack", source=source, reason=str(error))

    async def _fan_out(self) -> None:
        try:
            await self.intake.fan_out()
        except Exception:  # as above; what is stored is fanned out by the next tick
            log.exception("fan-out failed, it goes on in a moment")

    async def _clean(self) -> None:
        try:
            await self.clean()
        except Exception:  # as above
            log.exception("cleaning failed, it is tried again in an hour")


def _kind(error: PortwireError | StorageError) -> str:
    if isinstance(error, TelnyxUnavailableError):
        return error.kind
    return "database" if isinstance(error, StorageError) else "refused"


def _trouble(source: Source) -> str:
    kind = "port-in" if source is Source.PORT_IN else "port-out"
    return f"Telnyx's {kind} events can't be read"
