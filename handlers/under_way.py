"""Who is being served just now: before the bot ends, they get their answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

GOODBYE_S = 1.5
"""What it may take to tell those whose answers take too long."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The tasks that serve somebody."""

    _tasks: "set[asyncio.Task[Any]]" = field(default_factory=set)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The task that runs the block serves somebody."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())  # there is one wherever a loop runs
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def counted(self, next_: Callable[[], Awaitable[None]]) -> None:
        """Bolt's middleware: a payload is under way until it is acknowledged."""
        with self.serving():
            await next_()

    async def finish(self, within_s: float) -> None:
        """Wait until nobody is served any more; who still is by then, or when we are cancelled, is told."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    while self._tasks:
                        await asyncio.wait(set(self._tasks))
        finally:
            late = set(self._tasks)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=GOODBYE_S)
