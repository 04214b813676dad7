"""Which channels a process posts to next."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.leases import Leases, of_channel
from storage import channels
from storage.database import Database

A_LOOK = 20
"""So many channels a process takes on at once of those that any of several may serve."""


@dataclass(slots=True)
class Due:
    """Channels that something waits for, and that nobody serves."""

    database: Database
    leases: Leases
    rests: dict[str, datetime] = field(default_factory=dict)
    """Channels with work that can't go out yet, and until when: nobody looks at them before."""
    is_more: bool = False
    """Whether some were left when channels were taken on the last time."""

    async def taken_on(self, now: datetime, served: Collection[str]) -> list[str]:
        """All of them where this process is alone; else a few, whose leases are ours from now on."""
        due = await self.waiting(now, served)
        if not self.database.is_shared:
            return due
        self.is_more = len(due) > A_LOOK
        # At random, so that processes seldom reach for the same, and none is passed over again and again.
        few = random.sample(due, min(len(due), A_LOOK))
        held = await self.leases.hold_some([of_channel(channel_id) for channel_id in few])
        return [channel_id for channel_id in few if of_channel(channel_id) in held]

    async def waiting(self, now: datetime, served: Collection[str]) -> list[str]:
        """All that could be posted to now."""
        async with self.database.reading() as tx:
            found = await channels.with_work(tx, now, self.leases.served_by)
        return [each for each in found if each not in served and self.rests.get(each, now) <= now]
