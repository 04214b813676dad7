"""Removes what is older than it has to be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import deliveries, events, interactions
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Retention:
    """Events and finished messages live for `keep`; handled payloads of Slack's for ten minutes."""

    database: Database
    keep: timedelta
    now: Callable[[], datetime]

    async def clean(self) -> None:
        """Remove what is due; what a channel still waits for stays."""
        now = self.now()
        async with self.database.transaction() as tx:
            await interactions.forget_old(tx, now)
            await deliveries.remove_before(tx, now - self.keep)
            await events.remove_before(tx, now - self.keep)
