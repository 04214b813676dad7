"""Whether a payload of Slack's came before: asked of the database, which may be locked, full or gone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from storage import interactions
from storage.database import Database
from storage.errors import StorageError

Seen = Callable[[str], Awaitable[bool]]
"""Remembers a key and says whether it was known already."""
Asked = list[tuple[str, "asyncio.Future[bool]"]]


@dataclass(slots=True)
class Payloads:
    """Which payloads were handled. Who comes while others wait for their turn to write shares it: of four
    hundred commands at once each waits for a commit or two, not for those of all before it.
    """

    database: Database
    now: Callable[[], datetime]
    _asked: Asked = field(default_factory=list)
    _writing: "asyncio.Task[None] | None" = None

    async def seen(self, key: str) -> bool:
        """Remember a payload for ten minutes; True where it was handled already. Raises StorageError."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.append((key, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        while self._asked:
            taken: Asked = []
            try:
                async with self.database.transaction() as tx:
                    taken, self._asked = self._asked, []
                    new = await interactions.first_times(tx, {key for key, _ in taken}, self.now())
            except Exception as error:  # noqa: BLE001  # whoever asked hears of it
                if not taken:
                    taken, self._asked = self._asked, []
                for _, answer in taken:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for key, answer in taken:
                    if not answer.done():
                        answer.set_result(key not in new)
                    new.discard(key)


async def is_repeat(seen: Seen, key: str, within_s: float) -> bool | None:
    """Whether the payload was handled already; None where the database does not say in time.

    The question is left alone rather than waited for: what SQLite's thread waits for can't be interrupted.
    """
    task = asyncio.ensure_future(seen(key))
    task.add_done_callback(_heard)
    await asyncio.wait({task}, timeout=within_s)
    if not task.done():  # cancelling it would leak the connection that it is about to get
        return None
    try:
        return task.result()
    except StorageError:
        return None


def _heard(task: "asyncio.Future[bool]") -> None:
    """An error that comes too late for anybody is no news."""
    if not task.cancelled():
        task.exception()
