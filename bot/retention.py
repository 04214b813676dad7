"""Removes what is older than it has to be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.telnyx.events import Source
from storage import deliveries, events, interactions, leases, restores, watermarks
from storage.database import Database

ENDED_LONG_AGO = timedelta(days=1)
"""No process can still believe in a lease that ended so long ago."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Events and finished messages live for `keep`; handled payloads of Slack's for ten minutes.

    `span`: how far behind the watermark, or behind the last deep sweep if that was earlier, a list is read
    again. An event in there is never removed, however old: it would be taken for new and posted again.
    """

    database: Database
    keep: timedelta
    span: timedelta
    now: Callable[[], datetime]

    async def clean(self) -> None:
        """Remove what is due; what a channel still waits for stays."""
        now = self.now()
        async with self.database.transaction() as tx:
            await interactions.forget_old(tx, now)
            for source in Source:
                progress = await watermarks.find(tx, source)
                if progress is not None:
                    mark = min(progress.watermark, progress.last_deep_at or progress.watermark)
                    read_again = mark - self.span
                    await events.remove_before(tx, source, min(now - self.keep, read_again))
            await deliveries.remove_before(tx, now - self.keep)
            await restores.end(tx)
            if self.database.is_shared:
                await leases.forget(tx, ENDED_LONG_AGO)
