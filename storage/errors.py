"""What storage can say went wrong."""


class StorageError(Exception):
    """The database could not be used; the message says why and what to do."""


class DatabaseIsAwayError(StorageError):
    """It is busy, full or starting just now: what was tried may work in a moment."""


class DatabaseIsTakenError(StorageError):
    """Another process serves this SQLite file."""


class SchemaIsOldError(StorageError):
    """The database's schema is not the one that this version needs: run `portwire migrate`."""
