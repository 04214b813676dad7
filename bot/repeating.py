"""Work that comes again and again beside everything else, and outlives whatever goes wrong in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

AFTER_BUG_S = 1.0


@dataclass(slots=True)
class Repeated:
    """One such work; each time it gives the seconds until the next."""

    what: str
    work: Callable[[], Awaitable[float]]
    _failures: int = 0

    async def once(self) -> float:
        """Do it; return seconds until the next time. A bug is told when it begins, and when it is over."""
        try:
            wait_s = await self.work()
        except Exception:  # else one bad round would end it for good, and nobody would notice
            if self._failures == 0:
                log.exception("work failed, it is tried again and again", work=self.what)
            self._failures += 1
            return AFTER_BUG_S
        if self._failures:
            log.info("work goes on", work=self.what, failures=self._failures)
        self._failures = 0
        return wait_s

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Do it until the end of the block."""
        task = asyncio.create_task(self._on_and_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _on_and_on(self) -> None:
        while True:
            wait_s = await self.once()
            await asyncio.sleep(wait_s)
