"""Feels every few seconds whether the database can be used, in a process of any role.

One in which nobody happens to need it just now must say, too, that it is not ready, and notice the end.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from bot.outage import Outage
from bot.repeating import Repeated
from bot.results import Trouble
from storage import troubles
from storage.database import Database
from storage.errors import StorageError

EVERY_S = 5.0
IN_TROUBLE_S = 1.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """`retry` has what failed tried again; `tell` tells people of a trouble that is over."""

    database: Database
    outage: Outage
    now: Callable[[], datetime]
    retry: Callable[[], None]
    tell: Callable[[Trouble, datetime], Awaitable[None]]

    def beating(self) -> AbstractAsyncContextManager[None]:
        """Feel it until the end of the block."""
        return Repeated("pulse", self.beat).beside()

    async def beat(self) -> float:
        """One look; return seconds until the next."""
        began = self.now()
        self.outage.asking(begins=True)
        try:
            await self._use()
        except StorageError as error:
            self.outage.failed(error, began)
            return IN_TROUBLE_S
        finally:
            self.outage.asking(begins=False)
        return await self._after(self.outage.trouble) if self.outage.trouble else EVERY_S

    async def _use(self) -> None:
        await self.database.check()
        async with self.database.transaction() as tx:
            if self.outage.trouble:  # a full disk shows only to who writes something
                await troubles.probe(tx, self.now())

    async def _after(self, trouble: Trouble) -> float:
        """It works just now."""
        if not self.outage.is_quiet:
            return IN_TROUBLE_S
        if self.outage.holds_up:
            self.retry()
            return IN_TROUBLE_S
        try:
            await self.tell(trouble, self.now())
        except StorageError as error:
            self.outage.failed(error, self.now())
            return IN_TROUBLE_S
        self.outage.over(self.now())
        return EVERY_S
