"""A whole copy of a SQLite file, made while others use it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import StorageError


def copy(source: Path, target: Path) -> None:
    """Copy the file with what its write-ahead log holds. `target` appears when it is whole and on the disk.

    Raises StorageError, or what SQLite raises.
    """
    if target.exists():
        raise StorageError(f"{target} is there already: name a file that is not.")
    part = target.with_name(f"{target.name}.part")
    try:
        # Made here and not by SQLite, so that nobody else may read what it will hold.
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(part)) as made:
            original.backup(made)
            (said,) = made.execute("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise StorageError(f"{source} is damaged ({said}): there is no copy.")
        _to_the_disk(part)
        part.rename(target)
        _to_the_disk(target.parent)
    except OSError as error:
        raise StorageError(f"{target} can't be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _to_the_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
