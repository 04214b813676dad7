"""PostgreSQL, which any number of processes may share."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database import Database
from storage.errors import StorageError
from storage.explaining import POSTGRES, explained
from storage.migrations import upgrade

WRITING = 7_016_200
"""The number of the lock that makes one writer at a time of all processes, but for those that share it."""
ALWAYS = (
    # The last hours of the last year are read as no date where a server's own zone is ahead.
    "set_config('timezone', 'UTC', true),"
    # A plan is kept that was made while a table was small: it has to serve when the table has grown.
    " set_config('enable_seqscan', 'off', true),"
    # Before PostgreSQL 18 a scan that is off but can't be helped costs so much that the server compiles it.
    " set_config('jit', 'off', true)"
)
IMPATIENT = (
    "BEGIN; SELECT set_config('statement_timeout', '10s', true), set_config('lock_timeout', '10s', true),"
    f" set_config('idle_in_transaction_session_timeout', '10s', true), {ALWAYS}"
)
"""A process that stands still within a unit of work is thrown out by the server: it would stop all others."""
READING = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    f" SELECT set_config('statement_timeout', '10s', true), {ALWAYS},"
    " set_config('idle_in_transaction_session_timeout', '30s', true)"
)
HINTS = "portwire"
"""The channel of NOTIFY on which processes tell each other."""
CONNECT_WITHIN_S = 5
POOL = 12
WRITING_AT_ONCE = 8
"""Units of work that have a connection, or wait with one for their turn: the others are for who reads."""
RECYCLE_S = 1800
PREPARED_AFTER = 5
"""So many times a connection sees a statement before the server keeps its plan."""
FOREIGN = frozenset(
    {"pgbouncer", "connection_limit", "pool_timeout", "pool", "schema", "prepareThreshold", "currentSchema"}
)
"""What platforms and other drivers write behind the question mark, and libpq does not know."""
POOLED = {("pgbouncer", "true"), ("prepareThreshold", "0")}
"""How they say that a pooler stands before the server."""


def server_url(url: str) -> URL:
    """SQLAlchemy's URL of our driver, from any spelling that platforms give."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    query = {name: value for name, value in parsed.query.items() if name not in FOREIGN}
    if query.pop("ssl", None) in ("true", "1", "require"):
        query.setdefault("sslmode", "require")
    return parsed.set(query=query)


@dataclass(frozen=True)
class PostgresDatabase(Database):
    """A database on a server."""

    url: URL
    _engine: AsyncEngine
    _writers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WRITING_AT_ONCE))

    @property
    def name(self) -> str:
        host = self.url.host or self.url.query.get("host", "this machine")
        return f"{self.url.database or self.url.username} on {host}"

    @property
    def is_shared(self) -> bool:
        return True

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str) -> AsyncIterator["PostgresDatabase"]:
        """The database with its connections, closed at the end of the block; none is made before its use."""
        parsed = server_url(url)
        engine = create_async_engine(
            parsed,
            hide_parameters=True,
            pool_size=POOL,
            max_overflow=0,  # a connection more for a moment costs more than waiting for one
            pool_recycle=RECYCLE_S,
            isolation_level="AUTOCOMMIT",  # the driver's own BEGIN would be a round trip of its own
            connect_args={"connect_timeout": CONNECT_WITHIN_S, "prepare_threshold": None},
        )
        if not POOLED & set(make_url(url).query.items()):
            event.listen(engine.sync_engine, "connect", _prepare_where_it_lasts)
        try:
            yield cls(parsed, engine)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self, *, alone: bool = True) -> AsyncIterator[AsyncConnection]:
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        async with self._writers, self._begun(f"{IMPATIENT}, {lock}({WRITING})") as tx:
            yield tx
            await tx.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._begun(READING) as tx:
            yield tx
            await tx.commit()  # a rollback would have the driver forget what it has prepared

    @asynccontextmanager
    async def _begun(self, beginning: str) -> AsyncIterator[AsyncConnection]:
        with explained(self.name, POSTGRES):
            async with self._engine.connect() as tx:
                await _say_first(tx, beginning)
                yield tx

    async def migrate(self) -> None:
        if await self.is_current():
            return
        await asyncio.to_thread(upgrade, self.url.render_as_string(hide_password=False), self.name)

    async def notify(self, hint: str) -> None:
        with explained(self.name, POSTGRES):
            async with self._engine.connect() as tx:
                await _say_first(tx, "SELECT pg_notify(%s, %s)", (HINTS, hint))

    async def listen(self, heard: Callable[[str], None]) -> None:
        with explained(self.name, POSTGRES):
            async with self._engine.connect() as kept:
                await _say_first(kept, f"LISTEN {HINTS}")
                # Nobody else uses this connection: what the driver itself raises is not translated.
                connection: Any = (await kept.get_raw_connection()).driver_connection
                try:
                    async for hint in connection.notifies():  # pragma: no branch - it ends by breaking
                        heard(hint.payload)
                except psycopg.Error as error:
                    raise StorageError(f"The database {self.name} can't be listened to: {error}") from error
                finally:
                    await kept.invalidate()

    async def tables(self, tx: AsyncConnection) -> set[str]:
        ours = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        return set((await tx.exec_driver_sql(ours)).scalars())


async def _say_first(tx: AsyncConnection, statement: str, values: tuple[str, ...] | None = None) -> None:
    """The first statement on a connection. One that broke in the pool is found out by it, and replaced."""
    try:
        await tx.exec_driver_sql(statement, values)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        await tx.rollback()
        await tx.exec_driver_sql(statement, values)


def _prepare_where_it_lasts(connection: Any, _record: object) -> None:
    """Let the server keep the plans of statements: to make them is more work than to carry them out.

    A pooler that deals out its connections by transaction would lose them. It gives itself away: the process
    that greeted us is not the one that answers.
    """
    cursor = connection.cursor()
    cursor.execute("SELECT pg_backend_pid()")
    [answering] = cursor.fetchone()
    cursor.close()
    if answering == connection.driver_connection.info.backend_pid:
        connection.driver_connection.prepare_threshold = PREPARED_AFTER
