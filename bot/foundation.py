"""What a bot stands on: its database, its two doors, and what is the same everywhere."""

import asyncio
import sys
from asyncio import sleep
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from slack_bolt.async_app import AsyncApp

import storage.leases
from bot.health import Health
from bot.hints import Hints
from bot.leases import Leases
from bot.messages.wording import Look
from bot.metrics import Metrics
from bot.outage import Outage
from bot.settings import Settings
from bot.slack.client import Slack
from bot.slack.repeats import Payloads
from bot.slack.responder import Responder
from bot.slack.transport import session, web_client
from bot.telnyx.client import Telnyx
from storage.database import Database
from storage.errors import DatabaseIsAwayError, StorageError

T = TypeVar("T")

TRY_EVERY_S = 2


def utc_now() -> datetime:
    """The clock, read at the edge only."""
    return datetime.now(UTC)


class Clock:
    """The time as all processes of one bot have it: the database's where they share one, else our own."""

    def __init__(self, own: Callable[[], datetime]) -> None:
        self._own = own
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self._own() + self._ahead

    def set(self, now: datetime) -> None:
        """The database says that it is `now`."""
        self._ahead = now - self._own()


@dataclass(frozen=True, slots=True)
class Foundation:
    """What exists before Slack has told us who we are."""

    settings: Settings
    database: Database
    leases: Leases
    hints: Hints
    telnyx: Telnyx
    slack: Slack
    bolt: AsyncApp
    responder: Responder
    metrics: Metrics
    health: Health
    now: Clock
    own_time: Callable[[], datetime]
    """What neighbours' signatures are compared with: they know nothing of our database's clock."""
    payloads: Payloads

    def look(self) -> Look:
        """What is the same for all messages."""
        settings = self.settings
        return Look(
            now=self.now(), command=settings.slack_command, portal_order_url=settings.portal_order_url
        )


async def when_it_can(
    work: Callable[[], Awaitable[T]],
    outage: Outage,
    now: Callable[[], datetime],
    *,
    passes: type[StorageError] = DatabaseIsAwayError,
) -> T:
    """What a start needs of its database, which may be busy, full or away just now: tried until it works.

    Raises StorageError for what does not pass by itself. That the trouble is over, the pulse notices.
    """
    while True:
        try:
            return await work()
        except passes as error:
            outage.failed(error, now())
        await sleep(TRY_EVERY_S)


async def founded(settings: Settings, stack: AsyncExitStack, own_time: Callable[[], datetime]) -> Foundation:
    """Open all of it; `stack` closes it again. The database may be away."""
    now = Clock(own_time)
    database = await stack.enter_async_context(Database.open(settings.database_url, to_serve=True))
    health = Health()
    metrics = Metrics()
    metrics.begin(now())
    leases = Leases(database, timedelta(seconds=settings.lease_s), metrics, now.set)
    hints = Hints(database, health.database.failed_again)
    await stack.enter_async_context(hints.listening())
    stack.push_async_callback(leases.release)
    key = settings.telnyx_api_key.get_secret_value()
    telnyx = await stack.enter_async_context(Telnyx.open(settings.telnyx_base_url, key, metrics, now))
    http = await stack.enter_async_context(session())
    web = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, http)
    # Our own guard checks signatures, before anything else is looked at.
    bolt = AsyncApp(name="portwire", client=web, request_verification_enabled=False)
    responder = Responder(http, settings.slack_api_url, web.proxy)
    return Foundation(
        settings=settings,
        database=database,
        leases=leases,
        hints=hints,
        telnyx=telnyx,
        slack=Slack(web, metrics),
        bolt=bolt,
        responder=responder,
        metrics=metrics,
        health=health,
        now=now,
        own_time=own_time,
        payloads=Payloads(database, now),
    )


async def when_usable(base: Foundation) -> None:
    """Wait until the database answers, with the newest schema; where it is shared, its clock is ours then.

    Raises StorageError for what does not pass by itself.
    """
    await when_it_can(partial(_migrate, base.database, base.health), base.health.database, base.now)
    if base.database.is_shared:
        base.now.set(await when_it_can(partial(_time_of, base.database), base.health.database, base.now))


async def _time_of(database: Database) -> datetime:
    async with database.reading() as tx:
        return await storage.leases.time(tx)


async def _migrate(database: Database, health: Health) -> None:
    """Bring a file to the newest schema in a process of its own: what that needs would stay in memory.

    A server's schema is others' too: it is changed only by who says so. Raises SchemaIsOldError.
    """
    if database.file is None:
        await database.check()
    elif not await database.is_current():
        health.is_migrating = True
        await _migrate_file(database.file)
        health.is_migrating = False


async def _migrate_file(file: Path) -> None:
    command = (sys.executable, "-m", "storage.migrations", f"sqlite:///{file}")
    # A session of its own: Ctrl-C is for us to take.
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:  # we are stopped; what it has done is taken back
            process.kill()
            await process.wait()
    if process.returncode != 0:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given."]
        raise StorageError(f"The newest schema can't be made. {last[0]}")
