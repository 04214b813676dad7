"""What processes tell each other so that none waits for its next tick. A hint that is lost costs a second."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from bot.repeating import Repeated
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

POLL, OWED = "poll", "owed"
"""Telnyx said that there is something new; something came to be owed to a channel."""
LISTEN_AGAIN_S = 5


@dataclass(frozen=True, slots=True)
class Hints:
    """Sends and hears them. A database that is not shared has nobody to tell."""

    database: Database
    not_heard: Callable[[], None]
    """Told that the connection for it broke: alone no trouble, but a sign of one."""
    _heard: dict[str, Callable[[], None]] = field(default_factory=dict)
    _sending: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    def on(self, hint: str, act: Callable[[], None]) -> None:
        """What this process does when another one gives that hint."""
        self._heard[hint] = act

    def send(self, hint: str) -> None:
        """Tell the others soon; one that is on its way says enough."""
        if self.database.is_shared and hint not in self._sending:
            self._sending[hint] = asyncio.create_task(self._send(hint))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hear the others until the end of the block."""
        try:
            async with Repeated("hints", self._listen).beside():
                yield
        finally:
            for task in (sending := list(self._sending.values())):
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)

    async def _send(self, hint: str) -> None:
        try:
            await self.database.notify(hint)
        except StorageError as error:
            log.debug("a hint was not sent", hint=hint, reason=str(error))
        finally:
            self._sending.pop(hint, None)

    async def _listen(self) -> float:
        """Until the connection breaks; return seconds until it is tried again."""
        try:
            await self.database.listen(self._hear)
        except StorageError as error:
            log.debug("hints can't be heard", reason=str(error))
            self.not_heard()
        return LISTEN_AGAIN_S

    def _hear(self, hint: str) -> None:
        if act := self._heard.get(hint):
            act()
