"""What SQLite says is wrong, as a sentence that names the file and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.errors import StorageError

ADVICE = {
    "not a database": "it is no SQLite database. Check DATABASE_URL, or move the file away.",
    "malformed": "it is damaged. Put a backup in its place.",
    "unable to open": "it can't be opened. Check DATABASE_URL, and that its folder is there and may be"
    " written to.",
    "readonly": "it is read-only. Let the bot's user write to the file and to its folder.",
    "disk is full": "the disk is full. Make room: nothing is lost meanwhile.",
    "disk I/O": "the disk fails. Look at the disk, and have a backup at hand.",
    "locked": "another process keeps it locked. End that: a second bot, a backup, an open sqlite3.",
    "no such": "its tables are not ours. Put a backup in its place, or another file into DATABASE_URL.",
}
"""By what the driver says."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise StorageError for what goes wrong in the block; bound values are not in the driver's texts."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error)
        advice = next((words for said, words in ADVICE.items() if said in cause), f"{cause}.")
        raise StorageError(f"The database {path} can't be used: {advice}") from error
