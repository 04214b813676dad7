"""A clock that was ahead and is set back: what waits by it must not wait until it comes so far again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from storage import clocks
from storage.database import Database, Tx

log = structlog.get_logger()


@dataclass(slots=True)
class Setbacks:
    """Notices that the clock was set back, while the process runs or before it began."""

    database: Database
    now: Callable[[], datetime]
    longest_put_off: timedelta
    """Of an edit or a check."""
    _latest: datetime | None = None
    """What the clock showed last."""

    async def noticed(self) -> bool:
        """Whether the clock was set back since it was asked last; what rested by it rests no more then."""
        now, before = self.now(), self._latest
        is_set_back = before is not None and before > now + clocks.CLOCKS_DIFFER
        if is_set_back:
            log.warning("the clock was set back", now=now.isoformat())
            async with self.database.transaction() as tx:
                await self.end_waits(tx)
        self._latest = now
        return is_set_back

    async def end_waits(self, tx: Tx) -> None:
        """Let nothing rest by a clock that was ahead."""
        held = await clocks.end_waits_ahead(tx, self.now(), longest_put_off=self.longest_put_off)
        if held:
            log.warning("channels rested by a clock that was ahead, they are served now", channels=held)
