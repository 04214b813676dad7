"""What an engine says is wrong, as a sentence that names the database and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.errors import DatabaseIsAwayError, StorageError

SQLITE = {
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
POSTGRES = {
    "password authentication failed": "its user or password is wrong. Check DATABASE_URL.",
    "role": "its user is not there or may not do that. Check DATABASE_URL.",
    "permission denied": "its user may not do that. Let the bot's user make and use tables there.",
    "does not exist": "it or a table of ours is not there. Check DATABASE_URL, and run portwire migrate.",
    "too many": "it takes no more connections. Allow more, or run fewer bots.",
    "remaining connection slots": "it takes no more connections. Allow more, or run fewer bots.",
    "disk full": "its disk is full. Make room: nothing is lost meanwhile.",
    "No space left": "its disk is full. Make room: nothing is lost meanwhile.",
    "read-only": "it is read-only: a standby? Check DATABASE_URL.",
    "starting up": "it is starting. It is tried again.",
    "shutting down": "it is stopping. It is tried again.",
    "lock timeout": "another process keeps it busy. It is tried again.",
    "statement timeout": "it is too slow. It is tried again.",
    "idle-in-transaction timeout": "this process stood still for too long. It is tried again.",
    "resolve": "its host name is not known. Check DATABASE_URL, and the network.",
    "No such file": "nothing answers there. Check DATABASE_URL, and that the server runs.",
    "refused": "nothing answers there. Check DATABASE_URL, and that the server runs.",
    "timeout": "it does not answer in time. Check DATABASE_URL, and the network.",
    "SSL": "it and we don't agree on TLS. Check sslmode in DATABASE_URL.",
    "closed": "the connection broke. It is tried again.",
    "terminating connection": "it ended the connection. It is tried again.",
}
"""As above; a server's own words are in them, but no values."""

PASSES = frozenset(
    {
        "disk is full",
        "locked",
        "too many",
        "remaining connection slots",
        "disk full",
        "No space left",
        "starting up",
        "shutting down",
        "lock timeout",
        "statement timeout",
        "idle-in-transaction timeout",
        "No such file",
        "refused",
        "timeout",
        "closed",
        "terminating connection",
    }
)
"""What may be over in a moment."""


@contextmanager
def explained(name: str, advices: dict[str, str]) -> Iterator[None]:
    """Raise StorageError for what goes wrong in the block; bound values are not in the driver's texts.

    DatabaseIsAwayError where it may pass by itself.
    """
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error)
        said = next((each for each in advices if each in cause), None)
        kind = DatabaseIsAwayError if said in PASSES else StorageError
        advice = advices[said] if said else f"{cause}."
        raise kind(f"The database {name} can't be used: {advice}") from error
