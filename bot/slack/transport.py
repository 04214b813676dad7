"""How calls reach Slack: one session for all, no retries, no redirects, arguments as each method likes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_loopback

CALL_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 5
CONNECTIONS = 40
LARGEST_BODY = 16 * 1024 * 1024
"""Of an answer, unpacked; a page of history has some 500 kB."""
AS_JSON = frozenset(
    {
        "chat.postMessage",
        "chat.update",
        "chat.postEphemeral",
        "views.open",
        "views.update",
        "views.push",
        "views.publish",
        "blocks.validate",
    }
)
READS = frozenset(
    {
        "conversations.history",
        "conversations.replies",
        "conversations.info",
        "users.info",
        "usergroups.users.list",
        "chat.getPermalink",
    }
)


class RedirectRefusedError(aiohttp.ClientError):
    """Slack's address answered with a redirect; a message is never carried elsewhere."""


class TooLargeError(aiohttp.ClientError):
    """Slack's answer would fill our memory."""


class Answer(aiohttp.ClientResponse):
    """An answer that is read as far as it is of use: aiohttp itself reads to an end that may never come."""

    async def read(self) -> bytes:
        """The body, empty for a 429, whose head says all. Raises TooLargeError."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.close()
            self._body = b"{}"
        else:
            try:
                await self.content.readexactly(LARGEST_BODY + 1)
            except asyncio.IncompleteReadError as end:
                self._body = end.partial
            else:
                raise TooLargeError
        return self._body


TROUBLES: Sequence[tuple[type[Exception], str]] = (
    (aiohttp.ClientProxyConnectionError, "the proxy does not answer"),
    (aiohttp.ClientHttpProxyError, "the proxy refuses"),
    (aiohttp.ClientConnectorDNSError, "its name is not known"),
    (aiohttp.ClientSSLError, "TLS failed"),
    (aiohttp.ClientConnectorError, "nothing answers there"),
    (aiohttp.ConnectionTimeoutError, "nothing answers there"),
    (TimeoutError, "no answer in time"),
    (RedirectRefusedError, "a redirect, which is not followed"),
    (TooLargeError, "an answer that is too large"),
    (aiohttp.ClientPayloadError, "an answer that breaks off"),
    (aiohttp.ClientResponseError, "an answer that is not understood"),
    (aiohttp.ClientConnectionError, "the connection broke off"),
    (OSError, "the connection broke off"),
)
"""The first that fits says what went wrong on the way."""


def trouble_of(error: Exception) -> str:
    """What went wrong on the way, for people; of an error of another kind its name."""
    return next((said for kind, said in TROUBLES if isinstance(error, kind)), type(error).__name__)


def refuse_redirects(http: aiohttp.ClientSession) -> None:
    """Let no request of the session be carried elsewhere: slack_sdk follows redirects and has no switch."""
    trace = aiohttp.TraceConfig()

    async def refuse(*_: object) -> None:
        raise RedirectRefusedError

    trace.on_request_redirect.append(refuse)
    trace.freeze()
    http.trace_configs.append(trace)


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """One session for all calls: a new one for each would pay for a TLS handshake every time."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, response_class=Answer) as opened:
        refuse_redirects(opened)
        yield opened


def web_client(token: str, api_url: str, http: aiohttp.ClientSession) -> AsyncWebClient:
    """slack_sdk's client without its retries: one of them posts a second time after a lost answer."""
    quiet = logging.getLogger("slack_sdk.web")
    client = AsyncWebClient(
        token, base_url=api_url, session=http, timeout=CALL_TIMEOUT_S, retry_handlers=[], logger=quiet
    )
    if is_loopback(urlsplit(api_url).hostname):
        client.proxy = None  # slack_sdk takes the environment's proxy also for an address on this machine
    return client


def carried(method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """How slack_sdk would send the arguments: Slack's reading methods do not take JSON."""
    if method in AS_JSON:
        return {"json": dict(arguments)}
    return {"params": dict(arguments), "http_verb": "GET" if method in READS else "POST"}
