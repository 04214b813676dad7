"""The database: engines, the unit of work, and all that only SQLite needs."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import SchemaIsOldError, StorageError
from storage.explaining import explained
from storage.migrations import NEWEST, upgrade
from storage.ownership import sole_owner

BUSY_TIMEOUT_S = 10
MIGRATED_WITHIN_S = 60
"""How long one `migrate` waits for another."""
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


def path_of(url: str) -> Path:
    """The SQLite file that `url` names."""
    return Path(os.path.realpath(async_url(url).database or "portwire.db"))


FileId = tuple[int, int]
"""Device and inode: another file of the same name has others."""


def _file_id(path: Path) -> FileId | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class Database:
    """A SQLite file. `transaction()` is the unit of work; never hold one across a network call."""

    path: Path
    _file: FileId | None
    """Which file that was when it was opened; None where there was none."""
    _writer: AsyncEngine
    _reader: AsyncEngine
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _uses: set["asyncio.Future[None]"] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Database"]:
        """The database with its engines, closed at the end of the block."""
        parsed = async_url(url)
        path = path_of(url)
        threads: WeakSet[Thread] = WeakSet()
        writer = _engine(parsed, "BEGIN IMMEDIATE", threads)
        reader = _engine(parsed, "BEGIN", threads)
        database = cls(path, _file_id(path), writer, reader)
        try:
            yield database
        finally:
            if database._uses:  # an answer to somebody may still be under way
                await asyncio.wait(database._uses, timeout=CLOSE_WITHIN_S)
            await writer.dispose()
            await reader.dispose()
            # One whose connection failed ends by itself, and trips over a loop that is closed by then.
            await asyncio.gather(*(asyncio.to_thread(each.join, CLOSE_WITHIN_S) for each in list(threads)))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A unit of work: commits at the end of the block, rolls back on any error.

        SQLite has one writer. Taking turns here is quicker than its busy handler, which sleeps.
        """
        async with self._turn:
            with self._use(), explained(self.path):
                async with self._writer.begin() as tx:
                    yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view for reading; it waits for no writer."""
        with self._use(), explained(self.path):
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
        """Bring the file to the newest schema; nothing is done (or imported) where it is there already.

        Raises DatabaseIsTakenError where a bot serves the file: an old one would trip over new tables.
        """
        if self.path.exists() and await self.is_current():
            return
        async with sole_owner(self.path, patience_s=MIGRATED_WITHIN_S):
            await asyncio.to_thread(upgrade, str(self.path))

    async def is_current(self) -> bool:
        """Whether the schema is the one that we need; StorageError for one that no migration leads from."""
        version = await self.schema()
        if version is not None and version > NEWEST:
            raise StorageError(
                f"A later version of Portwire made the database {self.path} (schema {version}, this one knows"
                f" {NEWEST}): start that version, or put a backup in its place."
            )
        return version == NEWEST

    async def schema(self) -> str | None:
        """The schema's version, None for an empty database."""
        async with self.reading() as tx:
            tables = set((await tx.exec_driver_sql("SELECT name FROM sqlite_master")).scalars())
            if "alembic_version" in tables:
                return (await tx.exec_driver_sql("SELECT version_num FROM alembic_version")).scalar()
        if tables:
            raise StorageError(
                f"The database {self.path} is another program's: its tables are not ours. Check DATABASE_URL."
            )
        return None

    async def check(self) -> None:
        """Raise SchemaIsOldError or StorageError unless the database answers with the schema that we need."""
        if self._file and self._file != _file_id(self.path):
            raise StorageError(
                f"The database {self.path} was removed or replaced beside us: what we store now is lost at"
                " the end. Restart the bot."
            )
        if not await self.is_current():
            raise SchemaIsOldError(
                f"The database {self.path} has schema {await self.schema() or 'empty'}, {NEWEST} is needed:"
                " run portwire migrate."
            )


def _engine(url: URL, begin: str, threads: "WeakSet[Thread]") -> AsyncEngine:
    """The engine; `threads` gets the one of each connection that it makes."""

    def connect(*given: Any, **named: Any) -> aiosqlite.Connection:
        connection = aiosqlite.connect(*given, **named)
        thread = connection._thread  # noqa: SLF001  # SQLAlchemy does so too: nobody else knows it
        thread.daemon = True
        threads.add(thread)
        return connection

    # hide_parameters: an error's text would print bound values, a PIN among them.
    given = {"timeout": BUSY_TIMEOUT_S, "async_creator_fn": connect}
    engine = create_async_engine(url, hide_parameters=True, connect_args=given)

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
