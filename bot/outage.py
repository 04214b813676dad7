"""The database's trouble. Whoever meets it, it is one: a line in the log when it begins, one at its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.results import Trouble
from storage.errors import StorageError

log = structlog.get_logger()

NO_DATABASE = "The database can't be used"
QUIET_S = 10.0
"""It is over when nothing has failed for so long: what fails every few seconds is one trouble."""
SLOW_S = 3.0
"""Who waits for so long to write waits for somebody else's lock, or for a disk."""


@dataclass(slots=True)
class Outage:
    """What this process knows of it; `tick` is a clock that nobody sets."""

    tick: Callable[[], float] = time.monotonic
    trouble: Trouble | None = None
    _failed_at: float = 0.0
    _waiting: set[str] = field(default_factory=set)
    """Work that failed and comes again by itself: until it is done, the trouble is not over."""
    _asked_at: float | None = None

    def failed(self, error: StorageError, now: datetime, work: str | None = None) -> None:
        """The database failed somebody; `work` is named where its next try will show whether it is over."""
        self._failed_at = self.tick()
        if work:
            self._waiting.add(work)
        began = self.trouble is None
        self.trouble = Trouble(
            NO_DATABASE, self.trouble.since if self.trouble else now, str(error), is_ours=True
        )
        if began:
            log.error("the database can't be used, work waits and is tried again", reason=str(error))

    def failed_again(self) -> None:
        """Something failed that is no trouble by itself; it shows that one is not over."""
        self._failed_at = self.tick()

    def works(self, work: str) -> None:
        """That was done, or is not ours to do any more."""
        self._waiting.discard(work)

    def asking(self, *, begins: bool) -> None:
        """Somebody who writes next to nothing, and asks for nothing else, begins or has ended."""
        self._asked_at = self.tick() if begins else None

    @property
    def waits_s(self) -> float:
        """For how many seconds nothing could be written, as far as that is too long; else 0."""
        waits = self.tick() - self._asked_at if self._asked_at is not None else 0.0
        return waits if waits > SLOW_S else 0.0

    @property
    def is_quiet(self) -> bool:
        """Whether it has not shown for a while."""
        return self.tick() - self._failed_at >= QUIET_S

    @property
    def holds_up(self) -> bool:
        """Whether something failed that has not been tried again yet."""
        return bool(self._waiting)

    def over(self, now: datetime) -> None:
        """All that failed is done."""
        if ended := self.trouble:
            self.trouble = None
            seconds = round((now - ended.since).total_seconds())
            log.info("the database can be used again", since=ended.since.isoformat(), seconds=seconds)
