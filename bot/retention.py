"""Removes what is older than it has to be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import deliveries, events, interactions
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Retention:
    """Events and finished messages live for `keep`; handled payloads of Slack's for ten minutes.

    `listed`: how far back polls look. An event that is listed still is never removed: it would come again.
    """

    database: Database
    keep: timedelta
    listed: timedelta
    now: Callable[[], datetime]

    async def clean(self) -> None:
        """Remove what is due; what a channel still waits for stays."""
        now = self.now()
        before = now - max(self.keep, self.listed)
        async with self.database.transaction() as tx:
            await interactions.forget_old(tx, now)
            await deliveries.remove_before(tx, before)
            await events.remove_before(tx, before)
