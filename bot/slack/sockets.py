"""Socket Mode: two sockets, since one has a gap whenever Slack recycles it, and a watch over both."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError

from bot.slack.client import LOOPBACK

log = structlog.get_logger()

SOCKETS = 2
WATCH_EVERY_S = 20
SILENT_S = 120
"""A socket without a pong for this long is dead, whatever it says."""


@dataclass(slots=True)
class Socket:
    """One connection, opened again for as long as it takes."""

    handler: AsyncSocketModeHandler
    is_down: bool = False

    async def watch(self) -> None:
        """Keep the socket open until cancelled."""
        while True:
            try:
                if not await self._is_alive():
                    await self.handler.client.connect_to_new_endpoint(force=True)
                self._note(is_down=False)
            except (SlackClientError, ClientError, OSError, TimeoutError) as error:
                self._note(is_down=True, error=type(error).__name__)
            await asyncio.sleep(WATCH_EVERY_S if not self.is_down else 2)

    async def _is_alive(self) -> bool:
        client = self.handler.client
        pong = client.last_ping_pong_time
        is_silent = pong is not None and time.time() - pong > SILENT_S
        return await client.is_connected() and not is_silent

    def _note(self, *, is_down: bool, error: str = "") -> None:
        if is_down and not self.is_down:
            log.warning("socket to Slack is down, it is opened again", error=error)
        if self.is_down and not is_down:
            log.info("socket to Slack is open again")
        self.is_down = is_down


@asynccontextmanager
async def connected(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """Listen to Slack over sockets for the block."""
    proxy = None if urlsplit(app.client.base_url).hostname in LOOPBACK else app.client.proxy
    handlers = [AsyncSocketModeHandler(app, app_token, proxy=proxy) for _ in range(SOCKETS)]
    for handler in handlers:
        handler.client.proxy = proxy
    watches = [asyncio.create_task(Socket(handler).watch()) for handler in handlers]
    try:
        yield
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        for handler in handlers:
            with suppress(SlackClientError, ClientError, OSError, TimeoutError):
                await handler.client.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
