"""Socket Mode: two sockets, since one has a gap whenever Slack recycles it, and a watch over both."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.addresses import is_loopback
from bot.slack.errors import OUTAGE_ERRORS, RATE_ERRORS, SlackUnavailableError, error_of, seconds
from bot.slack.payloads import is_payload
from bot.slack.transport import refuse_redirects, trouble_of

log = structlog.get_logger()

SOCKETS = 2
LOGGER = "slack_sdk.socket_mode"
"""Told of an outage every few seconds; `bot.log` keeps it quiet, since we say it once."""
CONNECT_WITHIN_S = 20
WATCH_EVERY_S = 20.0
CLOSE_WITHIN_S = 1
DEFAULT_REST_S = 30
SILENT_S = 120
"""A socket without a pong for this long is dead, whatever it says."""


class Handler(AsyncSocketModeHandler):
    """Bolt's handler, which leaves Slack without an answer where Bolt itself trips over a payload."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt's
        """Have the payload served; acknowledge it in any case, or Slack shows a failure or repeats it."""
        await send_async_response(client, req, await self._answered(req), time.time())

    async def _answered(self, req: SocketModeRequest) -> BoltResponse:
        if not is_payload(req.payload):
            log.warning("payload is none of Slack's", type=str(req.type)[:40])
            return BoltResponse(status=HTTPStatus.OK)
        try:
            answer: BoltResponse = await run_async_bolt_app(self.app, req)
            if answer.status == HTTPStatus.OK:
                return answer
            error = f"status {answer.status}"
        except Exception as caught:  # noqa: BLE001  # its traceback would show the payload
            error = type(caught).__name__
        log.error("payload failed", error=error, type=str(req.type)[:40])
        return BoltResponse(status=HTTPStatus.OK)


class Opener(AsyncWebClient):
    """Asks for the sockets' addresses, and not before the time that a 429 named.

    slack_sdk would sleep in the middle, and trips over a Retry-After that is no whole number.
    """

    rests_until = 0.0
    """On the loop's clock."""

    async def apps_connections_open(self, *, app_token: str, **kwargs: Any) -> AsyncSlackResponse:
        """A new address. Raises SlackUnavailableError while Slack limits us."""
        now = asyncio.get_running_loop().time()
        if now < self.rests_until:
            raise SlackUnavailableError
        try:
            return await super().apps_connections_open(app_token=app_token, **kwargs)
        except SlackApiError as error:
            if error_of(error.response) not in RATE_ERRORS:
                raise
            asked = seconds(error.response.headers.get("Retry-After"))
            self.rests_until = now + (DEFAULT_REST_S if asked is None else asked.total_seconds())
            raise SlackUnavailableError from error


@dataclass(slots=True)
class Outage:
    """What all sockets share, so that one line says when it begins and one when it is over."""

    down: set[int] = field(default_factory=set)

    def began(self, socket: int, why: str) -> None:
        """A socket can't be opened."""
        if not self.down:
            log.warning("socket to Slack is down, it is opened again", reason=why)
        self.down.add(socket)

    def ended(self, socket: int) -> None:
        """A socket is open."""
        if socket in self.down:
            self.down.discard(socket)
            if not self.down:
                log.info("sockets to Slack are open again")


@dataclass(slots=True)
class Socket:
    """One connection, opened again for as long as it takes."""

    handler: AsyncSocketModeHandler
    outage: Outage = field(default_factory=Outage)
    failures: int = 0

    async def watch(self) -> None:
        """Keep the socket open until cancelled."""
        while True:
            try:
                if not await self._is_alive():
                    # slack_sdk would try an address for good that Slack gave for one use.
                    async with asyncio.timeout(CONNECT_WITHIN_S):
                        await self.handler.client.connect_to_new_endpoint(force=True)
                self._opened()
            except SlackApiError as error:
                told = error_of(error.response)
                advice = "" if told in OUTAGE_ERRORS else ", check SLACK_APP_TOKEN"
                self._failed(f"{told}{advice}" if told else "no answer of Slack's")
            except SlackUnavailableError:
                self._failed("ratelimited")
            except Exception as error:  # noqa: BLE001  # slack_sdk trips over odd answers in many ways
                self._failed(trouble_of(error))
            await asyncio.sleep(wait_before_look(self.failures))

    async def _is_alive(self) -> bool:
        client = self.handler.client
        pong = client.last_ping_pong_time
        is_silent = pong is not None and time.time() - pong > SILENT_S
        return await client.is_connected() and not is_silent

    def _failed(self, why: str) -> None:
        self.outage.began(id(self), why)
        self.failures += 1

    def _opened(self) -> None:
        self.outage.ended(id(self))
        self.failures = 0


def wait_before_look(failures: int) -> float:
    """Seconds: 20 while all is well, else 1, 2, 4 … at most 30."""
    return min(2.0 ** min(failures - 1, 5), 30.0) if failures else WATCH_EVERY_S


@asynccontextmanager
async def connected(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """Listen to Slack over sockets for the block."""
    proxy = None if is_loopback(urlsplit(app.client.base_url).hostname) else app.client.proxy
    outage = Outage()
    logger, web = logging.getLogger(LOGGER), app.client
    opener = Opener(base_url=web.base_url, session=web.session, retry_handlers=[], logger=logger)
    opener.proxy = web.proxy
    handlers = [
        Handler(app, app_token, web_client=opener, proxy=proxy, logger=logger) for _ in range(SOCKETS)
    ]
    for handler in handlers:
        handler.client.proxy = proxy
        refuse_redirects(handler.client.aiohttp_client_session)
    watches = [asyncio.create_task(Socket(handler, outage).watch()) for handler in handlers]
    try:
        yield
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        await asyncio.gather(*(_close(handler) for handler in handlers))


async def _close(handler: AsyncSocketModeHandler) -> None:
    """Say goodbye, if Slack listens; aiohttp would wait ten seconds for its answer."""
    with suppress(SlackClientError, ClientError, OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await handler.client.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
