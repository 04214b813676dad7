"""One process a SQLite file: whoever serves or migrates it holds a lock."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from errno import EROFS
from pathlib import Path

from storage.errors import DatabaseIsTakenError, StorageError

LOOK_EVERY_S = 0.2


@asynccontextmanager
async def sole_owner(path: Path, *, patience_s: float = 0) -> AsyncIterator[None]:
    """Hold the lock on `<path>.lock`, or raise DatabaseIsTakenError when it is held for `patience_s` more.

    Never on the file itself: closing a second descriptor of it would drop SQLite's own locks.
    """
    lock = _opened(path)
    try:
        await _taken(lock, path, patience_s)
        names = os.stat(path).st_nlink  # noqa: PTH116  # one look
        if names > 1:
            raise DatabaseIsTakenError(
                f"{path.name} has {names} names (hard links): another process could open it. Keep one."
            )
        yield
    finally:
        with suppress(OSError):
            os.close(lock)


def _opened(path: Path) -> int:
    """The lock's descriptor; both files are there afterwards, readable by their owner alone."""
    try:
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # Made here and not by SQLite, so that nobody else may read what it will hold.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        what = f"{error.filename} can't be written: {error.strerror}."
        if isinstance(error, PermissionError) or error.errno == EROFS:
            what += " Let the bot's user write to it and to its folder."
        if not path.parent.is_dir():
            what = f"There is no folder {path.parent} for the database. Make it."
        raise StorageError(f"{what} Check DATABASE_URL.") from error
    return lock


async def _taken(lock: int, path: Path, patience_s: float) -> None:
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if patience_s <= 0:
                raise DatabaseIsTakenError(
                    f"Another Portwire serves {path}: SQLite takes one process. Stop it first."
                ) from error
        patience_s -= LOOK_EVERY_S
        await asyncio.sleep(LOOK_EVERY_S)
