"""What an engine says is wrong, as a sentence that names the database and what to do."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.errors import DatabaseIsAwayError, StorageError

Advices = Mapping[str, tuple[type[StorageError], str]]
"""By what the driver says: whether it may be over in a moment, and what to do."""

AWAY, WRONG = DatabaseIsAwayError, StorageError

SQLITE: Advices = {
    "not a database": (WRONG, "it is no SQLite database. Check DATABASE_URL, or move the file away."),
    "malformed": (WRONG, "it is damaged. Put a backup in its place."),
    "unable to open": (
        WRONG,
        "it can't be opened. Check DATABASE_URL, and that its folder is there and may be written to.",
    ),
    "readonly": (WRONG, "it is read-only. Let the bot's user write to the file and to its folder."),
    "disk is full": (AWAY, "the disk is full. Make room: nothing is lost meanwhile."),
    "disk I/O": (WRONG, "the disk fails. Look at the disk, and have a backup at hand."),
    "locked": (AWAY, "another process keeps it locked. End that: a second bot, a backup, an open sqlite3."),
    "no such": (
        WRONG,
        "its tables are not ours. Put a backup in its place, or another file into DATABASE_URL.",
    ),
}
POSTGRES: Advices = {
    "invalid connection option": (WRONG, "it has no such option. Check what follows the ? in DATABASE_URL."),
    "password authentication failed": (WRONG, "its user or password is wrong. Check DATABASE_URL."),
    "FATAL:  database": (
        WRONG,
        "the server has none of that name, or lets nobody in. Make it (createdb), or check DATABASE_URL.",
    ),
    "prepared statement": (WRONG, "a pooler stands before it. Add pgbouncer=true to DATABASE_URL."),
    "role": (WRONG, "its user is not there or may not do that. Check DATABASE_URL."),
    "permission denied": (WRONG, "its user may not do that. Let the bot's user make and use tables there."),
    "does not exist": (
        WRONG,
        "it or a table of ours is not there. Check DATABASE_URL, and run portwire migrate.",
    ),
    "too many": (AWAY, "it takes no more connections. Allow more, or run fewer bots."),
    "remaining connection slots": (AWAY, "it takes no more connections. Allow more, or run fewer bots."),
    "disk full": (AWAY, "its disk is full. Make room: nothing is lost meanwhile."),
    "No space left": (AWAY, "its disk is full. Make room: nothing is lost meanwhile."),
    "read-only": (WRONG, "it is read-only: a standby? Check DATABASE_URL."),
    "starting up": (AWAY, "it is starting. It is tried again."),
    "shutting down": (AWAY, "it is stopping. It is tried again."),
    "lock timeout": (AWAY, "another process keeps it busy. It is tried again."),
    "statement timeout": (AWAY, "it is too slow. It is tried again."),
    "idle-in-transaction timeout": (AWAY, "this process stood still for too long. It is tried again."),
    "resolve": (WRONG, "its host name is not known. Check DATABASE_URL, and the network."),
    "No such file": (AWAY, "nothing answers there. Check DATABASE_URL, and that the server runs."),
    "refused": (AWAY, "nothing answers there. Check DATABASE_URL, and that the server runs."),
    "timeout": (AWAY, "it does not answer in time. Check DATABASE_URL, and the network."),
    "SSL": (WRONG, "it and we don't agree on TLS. Check sslmode in DATABASE_URL."),
    "closed": (AWAY, "the connection broke. It is tried again."),
    "terminating connection": (AWAY, "it ended the connection. It is tried again."),
}
"""A server's own words are in them, but no values."""


@contextmanager
def explained(name: str, advices: Advices) -> Iterator[None]:
    """Raise StorageError for what goes wrong in the block; bound values are not in the driver's texts.

    DatabaseIsAwayError where it may pass by itself.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error)
        known = (advice for said, advice in advices.items() if said in cause)
        kind, advice = next(known, (WRONG, f"{' '.join(cause.split()).rstrip('.')}."))
        raise kind(f"The database {name} can't be used: {advice}") from error
