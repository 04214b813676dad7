"""What can happen to a database: each day knows how it begins, how it ends, and what it takes meanwhile."""

import asyncio
import os
import sqlite3
import subprocess
import tempfile
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from storage.postgres import WRITING
from tests.engines import Server

TABLES = "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid()"
)
SMALL = {"sqlite": "12m", "postgres": "160m"}
"""A disk that is soon full."""


class NoSmallDiskError(Exception):
    """This user can't have a disk that is soon full."""


class Day:
    """`lasts_s` from `begin` to `end`, with `again` every two seconds in between."""

    lasts_s = 30

    def __init__(self, place):
        self.place = place

    async def begin(self):
        """The trouble starts."""

    async def again(self):
        """It goes on."""

    async def end(self):
        """It is over."""


class LockedFile(Day):
    """Another process has an exclusive transaction on the file."""

    async def begin(self):
        self._other = sqlite3.connect(self.place.file, isolation_level=None, timeout=20)
        self._other.execute("BEGIN EXCLUSIVE")

    async def end(self):
        self._other.rollback()
        self._other.close()


class TakenFile(Day):
    """Somebody moves the file away, and puts it back."""

    async def begin(self):
        self.place.file.rename(self.place.folder / "away.db")

    async def end(self):
        (self.place.folder / "away.db").rename(self.place.file)


class Full(Day):
    """Something else fills the disk to its last byte, again as soon as a byte is free."""

    async def begin(self):
        self._ballast = self.place.disk / "ballast"
        await self.again()

    async def again(self):
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            for size in (65536, 4096, 1):
                with suppress(OSError):
                    while ballast.write(b"x" * size) == size:
                        pass

    async def end(self):
        self._ballast.unlink()
        await self.place.raise_again()


class LockedTables(Day):
    """Another program holds an exclusive lock on every table: nobody reads or writes."""

    _how = f"DO $$ BEGIN EXECUTE 'LOCK TABLE ' || ({TABLES}) || ' IN ACCESS EXCLUSIVE MODE'; END $$"

    async def begin(self):
        self._other = await psycopg.AsyncConnection.connect(self.place.url)
        await self._other.execute(self._how)

    async def end(self):
        await self._other.rollback()
        await self._other.close()


class LockedWriters(LockedTables):
    """A writer that came to a stop holds up all others; reading goes on."""

    _how = f"SELECT pg_advisory_xact_lock({WRITING})"


class Terminated(Day):
    """Every connection is ended every two seconds."""

    lasts_s = 60

    async def again(self):
        async with await psycopg.AsyncConnection.connect(self.place.url, autocommit=True) as other:
            await other.execute(OTHERS)


class Stopped(Day):
    """The server is stopped, and started again."""

    async def begin(self):
        await asyncio.to_thread(self.place.server.halt)

    async def end(self):
        await self.place.raise_again()


DAYS = {
    "sqlite": {"locked": LockedFile, "full": Full, "taken": TakenFile},
    "postgres": {
        "locked": LockedTables,
        "writers": LockedWriters,
        "terminated": Terminated,
        "stopped": Stopped,
        "full": Full,
    },
}
"""By engine; where a file has no server, nothing can be terminated or stopped."""


class Place:
    """Where the database lies: a folder, on a small disk of its own where the day asks for it."""

    def __init__(self, folder, disk, engine):
        self.folder, self.disk = folder, disk
        self.server = None
        if engine == "sqlite":
            self.file = disk / "bot.db"
            self.url = f"sqlite:///{self.file}"
        else:
            self.server = Server(disk / "server")
            self.url = self.server.new_database()

    async def raise_again(self):
        """Start the server, where there is one that has ended."""
        if self.server:
            await asyncio.to_thread(self.server.resume)

    def read(self, statement):
        """Rows by a connection that is not the bot's; raises the driver's error."""
        if self.server is None:
            with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=0.2) as reader:
                return reader.execute(statement).fetchall()
        url = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, connect_timeout=2, options="-c statement_timeout=500") as reader:
            return reader.execute(statement).fetchall()


@contextmanager
def place(engine, *, on_small_disk):
    """A new database in a folder that is gone afterwards; NoSmallDiskError where none can be had."""
    with tempfile.TemporaryDirectory() as name:
        folder, disk = Path(name), Path(name, "disk")
        disk.mkdir()
        folder.chmod(0o755)
        with _mounted(disk, SMALL[engine]) if on_small_disk else nullcontext():
            made = Place(folder, disk, engine)
            try:
                yield made
            finally:
                if made.server:
                    made.server.close()


@contextmanager
def _mounted(disk, size):
    if os.geteuid() != 0:
        raise NoSmallDiskError("only root may mount a small disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
