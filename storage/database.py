"""The database: engines, the unit of work, and all that only SQLite needs."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import DatabaseIsTakenError, SchemaIsOldError, StorageError
from storage.migrations import NEWEST, upgrade

BUSY_TIMEOUT_S = 10
CLOSE_WITHIN_S = 1
"""What the last users of a database that closes may still take."""
Tx = AsyncConnection
"""What storage's functions take first: a unit of work, or a view for reading."""


def async_url(url: str) -> URL:
    """Our driver for the database that `url` names; anything but SQLite is refused for now."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise StorageError(
            "This version keeps its data in SQLite: set DATABASE_URL to sqlite:///portwire.db."
        )
    return parsed.set(drivername="sqlite+aiosqlite")


@dataclass(frozen=True, slots=True)
class Database:
    """A SQLite file. `transaction()` is the unit of work; never hold one across a network call."""

    path: Path
    _writer: AsyncEngine
    _reader: AsyncEngine
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _uses: set["asyncio.Future[None]"] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Database"]:
        """The database with its engines, closed at the end of the block."""
        parsed = async_url(url)
        path = Path(os.path.realpath(parsed.database or "portwire.db"))  # noqa: ASYNC240  # one look, at the start
        writer = _engine(parsed, "BEGIN IMMEDIATE")
        reader = _engine(parsed, "BEGIN")
        database = cls(path, writer, reader)
        try:
            yield database
        finally:
            if database._uses:  # an answer to somebody may still be under way
                await asyncio.wait(database._uses, timeout=CLOSE_WITHIN_S)
            await writer.dispose()
            await reader.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A unit of work: commits at the end of the block, rolls back on any error.

        SQLite has one writer. Taking turns here is quicker than its busy handler, which sleeps.
        """
        async with self._turn:
            with self._use(), _explained():
                async with self._writer.begin() as tx:
                    yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view for reading; it waits for no writer."""
        with self._use(), _explained():
            async with self._reader.connect() as tx:
                yield tx

    @contextmanager
    def _use(self) -> Iterator[None]:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._uses.add(over)
        try:
            yield
        finally:
            self._uses.discard(over)
            over.set_result(None)

    async def migrate(self) -> None:
        """Bring the file to the newest schema; nothing is done (or imported) where it is there already."""
        if await self.schema() != NEWEST:
            await asyncio.to_thread(upgrade, str(self.path))

    async def schema(self) -> str | None:
        """The schema's version, None for an empty database."""
        async with self.reading() as tx:
            found = await tx.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            if found.first() is None:
                return None
            return (await tx.exec_driver_sql("SELECT version_num FROM alembic_version")).scalar()

    async def check(self) -> None:
        """Raise SchemaIsOldError or StorageError unless the database answers with the schema that we need."""
        version = await self.schema()
        if version != NEWEST:
            found = version or "empty"
            raise SchemaIsOldError(
                f"The database has schema {found}, {NEWEST} is needed: run portwire migrate."
            )


@contextmanager
def _explained() -> Iterator[None]:
    """What a database says is wrong, in our words; bound values are not in the driver's texts."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StorageError(f"The database can't be used: {cause}") from error


def _engine(url: URL, begin: str) -> AsyncEngine:
    # hide_parameters: an error's text would print bound values, a PIN among them.
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: it does so too late
        cursor = connection.cursor()
        # FULL: under NORMAL a power cut may take back a commit that returned, and a message be posted again.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_S * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


@asynccontextmanager
async def sole_owner(path: Path) -> AsyncIterator[None]:
    """Hold the lock on `<path>.lock`, or raise DatabaseIsTakenError.

    Never on the file itself: closing a second descriptor of it would drop SQLite's own locks.
    """
    try:
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # Made here and not by SQLite, so that nobody else may read what it will hold.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        names = os.stat(path).st_nlink  # noqa: PTH116  # beside the calls that pathlib does not have
    except OSError as error:
        raise StorageError(
            f"{path.parent} can't be written to: {error.strerror}. Check DATABASE_URL."
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DatabaseIsTakenError(
                f"Another Portwire serves {path.name}: SQLite takes one process. Stop it first."
            ) from error
        if names > 1:
            raise DatabaseIsTakenError(
                f"{path.name} has {names} names (hard links): another process could open it. Keep one."
            )
        yield
    finally:
        with suppress(OSError):
            os.close(lock)
