"""What a bot stands on: its database, its two doors, and what is the same everywhere."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_bolt.async_app import AsyncApp

from bot.health import Health
from bot.messages.wording import Look
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.client import Slack
from bot.slack.repeats import Payloads
from bot.slack.responder import Responder
from bot.slack.transport import session, web_client
from bot.telnyx.client import Telnyx
from storage.database import Database, path_of
from storage.errors import StorageError
from storage.ownership import sole_owner


def utc_now() -> datetime:
    """The clock, read at the edge only."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Foundation:
    """What exists before Slack has told us who we are."""

    settings: Settings
    database: Database
    telnyx: Telnyx
    slack: Slack
    bolt: AsyncApp
    responder: Responder
    metrics: Metrics
    health: Health
    now: Callable[[], datetime]
    payloads: Payloads

    def look(self) -> Look:
        """What is the same for all messages."""
        settings = self.settings
        return Look(
            now=self.now(), command=settings.slack_command, portal_order_url=settings.portal_order_url
        )


async def founded(settings: Settings, stack: AsyncExitStack, now: Callable[[], datetime]) -> Foundation:
    """Open all of it; `stack` closes it again."""
    await stack.enter_async_context(sole_owner(path_of(settings.database_url)))
    database = await stack.enter_async_context(Database.open(settings.database_url))
    await _migrate(database)
    metrics = Metrics()
    key = settings.telnyx_api_key.get_secret_value()
    telnyx = await stack.enter_async_context(Telnyx.open(settings.telnyx_base_url, key, metrics, now))
    http = await stack.enter_async_context(session())
    web = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, http)
    # Our own guard checks signatures, before anything else is looked at.
    bolt = AsyncApp(name="portwire", client=web, request_verification_enabled=False)
    responder = Responder(http, settings.slack_api_url)
    return Foundation(
        settings,
        database,
        telnyx,
        Slack(web, metrics),
        bolt,
        responder,
        metrics,
        Health(),
        now,
        Payloads(database, now),
    )


async def _migrate(database: Database) -> None:
    """Bring the file to the newest schema in a process of its own: what that needs would stay in memory."""
    if await database.is_current():
        return
    command = (sys.executable, "-m", "storage.migrations", str(database.path))
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
