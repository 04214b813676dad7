"""Which channels a process posts to next, when others share the work."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from bot.leases import Leases, of_channel
from storage import channels
from storage.database import Database

AT_ONCE = 20
"""Channels that are posted to at the same time, and that one look begins with."""
FEW = AT_ONCE // 2
"""The next look is due when so few are left of those; other processes have taken theirs meanwhile."""


@dataclass(slots=True)
class Due:
    """Channels that something waits for."""

    database: Database
    leases: Leases
    rests: dict[str, datetime] = field(default_factory=dict)
    """Channels with work that can't go out yet, and until when: nobody looks at them before."""
    is_more: bool = False
    """Whether the last look left some for the next."""

    async def some(self, now: datetime, served: Collection[str]) -> list[str]:
        """A few that are due and not served yet; they are ours from now on."""
        due = await self.all(now, served)
        self.is_more = len(due) > AT_ONCE
        # Each process begins elsewhere, so that they seldom reach for the same.
        due.sort(key=lambda channel_id: crc32(f"{self.leases.holder}{channel_id}".encode()))
        held = await self.leases.hold_some([of_channel(channel_id) for channel_id in due[:AT_ONCE]])
        return [channel_id for channel_id in due[:AT_ONCE] if of_channel(channel_id) in held]

    async def all(self, now: datetime, served: Collection[str]) -> list[str]:
        """All that are due, and that nobody serves."""
        async with self.database.reading() as tx:
            found = await channels.with_work(tx, now, self.leases.served_by)
        return [each for each in found if each not in served and self.rests.get(each, now) <= now]
