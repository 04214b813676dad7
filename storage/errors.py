"""What storage can say went wrong."""


class StorageError(Exception):
    """The database could not be used; the message says why and what to do."""


class DatabaseIsTakenError(StorageError):
    """Another process serves this SQLite file."""


class SchemaIsOldError(StorageError):
    """The database's schema is not the one that this version needs: run `portwire migrate`."""
