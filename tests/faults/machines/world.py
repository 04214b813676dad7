"""What the state machines drive: the bot's parts in this process, both neighbours, and the clocks.

The bot's process can end at any of its named places, as by a power cut: everything that it held in memory is
thrown away, and made anew on the same database.
"""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
import structlog
from sqlalchemy import event

from bot import failpoints
from bot.errors import PortwireError
from bot.leases import LeaseLostError
from bot.metrics import Metrics
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from bot.slack.client import Slack
from bot.slack.transport import session, web_client
from bot.telnyx.client import Telnyx
from bot.telnyx.events import Source
from storage.database import Database
from tests.clock import START, Clock
from tests.processes import leases_of
from tests.way_in import way_in
from tests.way_out import WayOut, delivery_to

PAGE_SIZE, WINDOW_PAGES = 3, 2
LEASES_END = "UPDATE lease SET expires_at = now() - interval '1 s'"


class Died(BaseException):
    """The process ended here, as by a power cut."""


class OwnClock:
    """The bot's own clock, which may be ahead of everybody's or behind it."""

    def __init__(self, true):
        self.true, self.ahead = true, timedelta(0)

    def __call__(self):
        return self.true() + self.ahead

    def forward(self, **amount):
        self.true.forward(**amount)

    async def sleep(self, seconds):
        self.true.forward(seconds=seconds)


class RestlessTelnyx(TelnyxApi):
    """Its lists change while they are read: before each answer of theirs the next of `between` happens."""

    between: list

    async def _answer(self, request, handler, failure):
        if request.path.endswith("/events") and self.between:
            self.between.pop(0)()
        return await super()._answer(request, handler, failure)


class World:
    """Everything around the bot, and the bot while it runs."""

    def __init__(self, database_url):
        self.url = database_url
        self.true = Clock()
        self.clock = OwnClock(self.true)
        self.metrics = Metrics()
        self.telnyx = RestlessTelnyx(now=self.true, strict=True)
        self.telnyx.between = []
        self.workspace = SlackWorkspace(now=self.true)
        self.workspace.announce = lambda _event: None  # the machine tells the bot itself, or does not
        self.way_in = self.way_out = self._bot = None
        self.has_died = False

    async def open(self):
        asyncio.get_running_loop().set_exception_handler(_unless_it_died)
        await self.telnyx.start()
        await self.workspace.start()

    async def close(self):
        await self.kill()
        await self.workspace.stop()
        await self.telnyx.stop()

    async def starts(self):
        """The bot's process begins, unless it runs."""
        if self._bot is not None:
            return
        self._bot = AsyncExitStack()
        database = await self._bot.enter_async_context(Database.open(self.url))
        if not database.is_shared:
            event.listen(database._writer.sync_engine, "connect", _without_waiting_for_the_disk)
        asked = Telnyx.open(self.telnyx.url, "KEY_SANDBOX", self.metrics, self.clock)
        telnyx = replace(await self._bot.enter_async_context(asked), sleep=self.clock.sleep)
        http = await self._bot.enter_async_context(session())
        slack = Slack(web_client("xoxb-sandbox", self.workspace.url, http), self.metrics)
        leases = leases_of(database, self.metrics)
        delivery = delivery_to(self.workspace, slack, database, leases, self.metrics, self.clock)
        delivery._slots = asyncio.Semaphore(1)  # one after the other: the same in each run
        await delivery.begin()
        self.way_in = await way_in(
            database,
            telnyx,
            self.metrics,
            self.clock,
            on_promises=delivery.wake,
            poll_start=START,
            leases=leases,
        )
        self.way_out = WayOut(delivery=delivery, database=database, clock=self.clock)

    async def kill(self):
        """The bot's process is gone, with whatever it was about to do."""
        if self._bot is None:
            return
        actors = list(self.way_out.delivery._actors.values())
        for actor in actors:
            actor.cancel()
        await asyncio.gather(*actors, return_exceptions=True)
        await self.way_in.enquiries.close()
        if self.way_in.database.is_shared:
            async with self.way_in.database.transaction() as tx:
                await tx.exec_driver_sql(LEASES_END)
        await self._bot.aclose()
        self.way_in = self.way_out = self._bot = None

    async def do(self, work, *, ending_at=None, reach=1):
        """Let the bot do it; it may end at a named place, and is started first if it does not run."""
        self.has_died = False
        with self._ending_at(ending_at, reach):
            try:
                await self.starts()
                await work()
            except Died:
                pass
        if self.has_died:
            await self.kill()

    @contextmanager
    def _ending_at(self, name, reach):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(failpoints, "_wanted", name or "")
            patch.setattr(failpoints, "_left", [reach])
            patch.setattr(failpoints, "os", SimpleNamespace(_exit=self._die))
            yield

    def _die(self, _code):
        self.has_died = True
        raise Died

    async def take_in(self, *, sweeping=False):
        """What the schedule does: each list is polled, and swept; then what is new is promised."""
        self.clock.forward(seconds=1)
        for source in Source:
            try:
                await self.way_in.poller.poll(source)
                if sweeping:
                    await self.way_in.poller.sweep(source)
            except (PortwireError, LeaseLostError):
                pass  # it is tried again, as the schedule does
        await self.way_in.fan_out()

    def rows(self, statement):
        """What the database says, asked behind the bot's back."""
        with closing(self._connected()) as connection:
            return connection.execute(statement).fetchall()

    def _connected(self):
        if self.url.startswith("sqlite"):
            return sqlite3.connect(self.url.removeprefix("sqlite:///"))
        return psycopg.connect(self.url)


def _unless_it_died(loop, context):
    """What ran beside, when the process ended there, is asked for its outcome by nobody."""
    if not isinstance(context.get("exception"), Died):
        loop.default_exception_handler(context)


def _without_waiting_for_the_disk(connection, _record):
    """No power is cut here, only processes end."""
    connection.cursor().execute("PRAGMA synchronous=OFF")


@contextmanager
def small_pages():
    """Lists of a few events have pages and windows enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.windows.PAGE_SIZE", PAGE_SIZE)
        patch.setattr("bot.windows.WINDOW_PAGES", WINDOW_PAGES)
        patch.setattr("bot.windows.WISHED_PAGES", WINDOW_PAGES * 0.75)
        patch.setattr("bot.windows.IN_FLIGHT", 1)  # the same in each run
        patch.setattr("bot.delivery.SHORT_WAIT", timedelta(0))
        with structlog.testing.capture_logs() as logs:
            yield
    bugs = [line for line in logs if line.get("exc_info")]
    assert not bugs, f"caught and logged, but bugs all the same: {bugs}"
