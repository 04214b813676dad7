"""The code opens no unit of work within another: one that needs a second connection may wait for itself.

Only what one task does is seen: a unit that awaits another task with a unit of its own is not.
"""

import asyncio
import sys
from contextlib import asynccontextmanager
from pathlib import Path

from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase

TESTS = str(Path(__file__).parent)
"""A test may hold one open to see what others make of it."""

_opened = set()
"""Databases, by their identity, and the tasks that have a unit of work or a view open on them."""


def forbid():
    """Let every unit of work look whether its task has another one open."""
    for engine in (SqliteDatabase, PostgresDatabase):
        for name in ("transaction", "reading"):
            setattr(engine, name, _noted(getattr(engine, name)))


def _noted(method):
    def opening(database, **named):
        of_a_test = sys._getframe(1).f_code.co_filename.startswith(TESTS)
        opened = method(database, **named)
        return opened if of_a_test else _alone(opened, id(database))

    return opening


@asynccontextmanager
async def _alone(opened, database):
    mine = (database, asyncio.current_task())
    assert mine not in _opened, "a unit of work within another"
    _opened.add(mine)
    try:
        async with opened as tx:
            yield tx
    finally:
        _opened.discard(mine)
