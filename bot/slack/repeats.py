"""Whether a payload of Slack's came before: asked of the database, which may be locked, full or gone."""

import asyncio
from collections.abc import Awaitable, Callable

from storage.errors import StorageError

Seen = Callable[[str], Awaitable[bool]]
"""Remembers a key and says whether it was known already."""


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
