"""The ticker's rules about the wall clock, which is set forward and back: no job waits long for either."""

import random
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

from storage.clocks import CLOCKS_DIFFER

log = structlog.get_logger()


class Often(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires so long after the last time, up to `spread` of it more or less.

    APScheduler's own counts all the times that a clock which was set forward has passed by: in a year,
    millions.
    """

    def __init__(self, seconds: float, spread: float = 0.0) -> None:
        self.every, self.spread = timedelta(seconds=seconds), spread

    @property
    def longest(self) -> timedelta:
        """No job waits longer, unless the clock was set back."""
        return self.every * (1 + self.spread)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self.every * random.uniform(1 - self.spread, 1 + self.spread)  # noqa: S311  # no secret


def catch_up(scheduler: BaseScheduler, now: datetime) -> None:
    """After the clock was set back: no job waits until it comes so far again."""
    waiting = [
        job for job in scheduler.get_jobs() if job.next_run_time - now > job.trigger.longest + CLOCKS_DIFFER
    ]
    if waiting:
        log.warning("the clock was set back, jobs are due at once", jobs=[job.id for job in waiting])
    for job in waiting:
        job.modify(next_run_time=now)
