"""SQLite: its engines, and all that only a file needs."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.copying import copy
from storage.database import Database
from storage.errors import StorageError
from storage.explaining import SQLITE, explained
from storage.migrations import upgrade
from storage.ownership import sole_owner

BUSY_TIMEOUT_S = 10
MIGRATED_WITHIN_S = 60
"""How long one `migrate` waits for another."""
CLOSE_WITHIN_S = 1
"""What the last users of a database that closes may still take."""


def _real(name: str) -> Path:
    return Path(os.path.realpath(name))


FileId = tuple[int, int]
"""Device and inode: another file of the same name has others."""


def _file_id(path: Path) -> FileId | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@dataclass(frozen=True)
class SqliteDatabase(Database):
    """A SQLite file, which one process serves."""

    path: Path
    _file: FileId | None
    """Which file that was when it was opened; None where there was none."""
    _writer: AsyncEngine
    _reader: AsyncEngine
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _uses: set["asyncio.Future[None]"] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.path)

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, *, as_owner: bool = False) -> AsyncIterator["SqliteDatabase"]:
        """The file with its engines, closed at the end of the block; `as_owner`: nobody else serves it.

        Raises DatabaseIsTakenError.
        """
        parsed = make_url(url).set(drivername="sqlite+aiosqlite")
        path = _real(parsed.database or "portwire.db")
        owning = sole_owner(path) if as_owner else nullcontext()
        async with owning, cls._with_engines(path, parsed) as database:
            yield database

    @classmethod
    @asynccontextmanager
    async def _with_engines(cls, path: Path, url: URL) -> AsyncIterator["SqliteDatabase"]:
        threads: WeakSet[Thread] = WeakSet()
        writer = _engine(url, path, "BEGIN IMMEDIATE", threads)
        reader = _engine(url, path, "BEGIN", threads)
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
    async def transaction(self, *, alone: bool = True) -> AsyncIterator[AsyncConnection]:  # noqa: ARG002  # always
        """As everywhere. SQLite has one writer: taking turns here is quicker than its busy handler, which
        sleeps."""
        async with self._turn:
            with self._use(), explained(self.name, SQLITE):
                async with self._writer.begin() as tx:
                    yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        with self._use(), explained(self.name, SQLITE):
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
        """As everywhere. Raises DatabaseIsTakenError where a bot serves the file: an old one would trip over
        new tables."""
        if self.path.exists() and await self.is_current():
            return
        async with sole_owner(self.path, patience_s=MIGRATED_WITHIN_S):
            await asyncio.to_thread(upgrade, f"sqlite:///{self.path}")

    async def copy_to(self, target: Path) -> None:
        """As everywhere, and never half of one. Only its own user may open it."""
        with explained(str(target), SQLITE):
            await asyncio.to_thread(copy, self.path, target)

    async def notify(self, hint: str) -> None:
        """There are no others."""

    async def listen(self, heard: Callable[[str], None]) -> None:  # noqa: ARG002  # nobody calls it
        """As above: nothing is ever heard."""
        await asyncio.Event().wait()

    async def tables(self, tx: AsyncConnection) -> set[str]:
        return set((await tx.exec_driver_sql("SELECT name FROM sqlite_master")).scalars())

    @property
    def file(self) -> Path:
        return self.path

    async def check(self) -> None:
        """As everywhere; and the file must still be the one that was opened."""
        if self._file and self._file != _file_id(self.path):
            raise StorageError(
                f"The database {self.path} was removed or replaced beside us: what we store now is lost at"
                " the end. Restart the bot."
            )
        await super().check()


def _engine(url: URL, path: Path, begin: str, threads: "WeakSet[Thread]") -> AsyncEngine:
    """The engine; `threads` gets the one of each connection that it makes."""
    # Where somebody moves the file away, a new connection would make an empty one, and spoil the log of both.
    file = f"{path.as_uri()}?mode={'rw' if path.exists() else 'rwc'}"

    def connect(_: str, **named: Any) -> aiosqlite.Connection:
        connection = aiosqlite.connect(file, uri=True, **named)
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
