"""The database: the unit of work, its schema, and which engine keeps it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import SchemaIsOldError, StorageError
from storage.migrations import NEWEST

Tx = AsyncConnection
"""What storage's functions take first: a unit of work, or a view for reading."""


class Database(ABC):
    """Where everything is kept. `transaction()` is the unit of work; never hold one across a network call."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How people call it: a file's path, or a server's address without its password."""

    @staticmethod
    @asynccontextmanager
    async def open(url: str, *, to_serve: bool = False) -> AsyncIterator["Database"]:
        """The database that `url` names, closed at the end of the block. Only its own engine is imported.

        `to_serve`: as a bot does it; raises DatabaseIsTakenError where the engine takes one process alone.
        """
        if is_postgres(url):
            from storage.postgres import PostgresDatabase  # noqa: PLC0415

            async with PostgresDatabase.opened(url) as server:
                yield server
        else:
            from storage.sqlite import SqliteDatabase  # noqa: PLC0415

            async with SqliteDatabase.opened(url, as_owner=to_serve) as file:
                yield file

    @abstractmethod
    def transaction(self, *, alone: bool = True) -> AbstractAsyncContextManager[AsyncConnection]:
        """A unit of work: commits at the end of the block, rolls back on any error.

        It is the only one, whatever the engine: what was read in it stays true until its end. `alone=False`
        is for one that writes only rows which are its own by a lease: where the engine can, others of that
        kind go on beside it, and nothing changes under it but what those write.
        """

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A consistent view for reading; it waits for no writer."""

    @abstractmethod
    async def migrate(self) -> None:
        """Bring it to the newest schema; nothing is done (or imported) where it is there already."""

    @abstractmethod
    async def tables(self, tx: AsyncConnection) -> set[str]:
        """The names of the tables that are there."""

    @abstractmethod
    async def notify(self, hint: str) -> None:
        """Tell the other processes a word, where there may be any."""

    @abstractmethod
    async def listen(self, heard: Callable[[str], None]) -> None:
        """Hand on each word that another process tells, until the connection breaks (StorageError)."""

    async def copy_to(self, target: Path) -> None:  # noqa: ARG002  # for who can
        """A whole copy of it, also beside a running bot. Raises StorageError."""
        raise StorageError(f"The database {self.name} is copied by the server's own tools: pg_dump.")

    @property
    def is_shared(self) -> bool:
        """Whether other processes may serve it too."""
        return False

    @property
    def file(self) -> Path | None:
        """The file that holds it; None where a server does."""
        return None

    async def is_current(self) -> bool:
        """Whether the schema is the one that we need; StorageError for one that no migration leads from."""
        version = await self.schema()
        if version is not None and version > NEWEST:
            raise StorageError(
                f"A later version of Portwire made the database {self.name} (schema {version}, this one knows"
                f" {NEWEST}): start that version, or put a backup in its place."
            )
        return version == NEWEST

    async def schema(self) -> str | None:
        """The schema's version, None for an empty database."""
        async with self.reading() as tx:
            tables = await self.tables(tx)
            if "alembic_version" in tables:
                return (await tx.exec_driver_sql("SELECT version_num FROM alembic_version")).scalar()
        if tables:
            raise StorageError(
                f"The database {self.name} is another program's: its tables are not ours. Check DATABASE_URL."
            )
        return None

    async def check(self) -> None:
        """Raise SchemaIsOldError or StorageError unless the database answers with the schema that we need."""
        if not await self.is_current():
            raise SchemaIsOldError(
                f"The database {self.name} has schema {await self.schema() or 'empty'}, {NEWEST} is needed:"
                " run portwire migrate."
            )


def is_postgres(url: str) -> bool:
    """Whether a URL names a PostgreSQL server, in any of the spellings that platforms give."""
    return url.startswith(("postgres://", "postgresql://"))
