"""One request to Telnyx and what became of it. Nothing here tries again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx

from bot.addresses import is_loopback
from bot.metrics import Metrics
from bot.telnyx.errors import TelnyxUnavailableError, error_for, header_date
from bot.telnyx.unpacking import body_of

CONNECT_S = 5
REQUEST_S = 30
CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """A success of Telnyx: its status, the body as it came, and Telnyx's clock (None where it shows none)."""

    status: int
    body: bytes
    server_time: datetime | None


@dataclass(slots=True)
class Rest:
    """Until when Telnyx asked us to ask nothing."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transport:
    """The connection to Telnyx, with its key. Redirects are never followed.

    Telnyx limits a key and not a call: after a 429 nothing is asked by anybody before its time.
    """

    http: httpx.AsyncClient
    metrics: Metrics
    now: Callable[[], datetime]
    rest: Rest = field(default_factory=Rest)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, base_url: str, api_key: str, metrics: Metrics, now: Callable[[], datetime]
    ) -> AsyncIterator["Transport"]:
        """A transport for the block; `base_url` ends with the version (…/v2)."""
        url = httpx.URL(base_url.rstrip("/"))
        client = httpx.AsyncClient(
            base_url=url,
            headers={
                "Authorization": f"Bearer {api_key}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": "portwire",
            },
            follow_redirects=False,
            # A company's proxy is for the outside; to a stand-in on this machine it would be in the way.
            trust_env=not is_loopback(url.host),
            timeout=httpx.Timeout(REQUEST_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
        )
        async with client:
            yield cls(client, metrics, now)

    async def ask(
        self, operation: str, path: str, *, method: str = "GET", params: Mapping[str, str] | None = None
    ) -> Answer:
        """Telnyx's 2xx answer. `operation` is for the metric. Raises Telnyx's errors."""
        self._keep_rest()
        try:
            async with (
                asyncio.timeout(REQUEST_S),
                self.http.stream(method, path, params=params) as response,
            ):
                # Of a 429 the head says all, and a body that breaks off must not hide it.
                body = (
                    b"" if response.status_code == HTTPStatus.TOO_MANY_REQUESTS else await body_of(response)
                )
        except TelnyxUnavailableError as error:
            self._count(operation, error.kind)
            raise
        except (TimeoutError, httpx.HTTPError) as error:
            trouble = _trouble(error)
            self._count(operation, trouble.kind)
            raise trouble from error
        self._count(operation, str(response.status_code))
        if response.is_success:
            return Answer(response.status_code, body, header_date(response.headers.get("date")))
        refusal = error_for(response.status_code, response.headers, body, self.now())
        if isinstance(refusal, TelnyxUnavailableError) and response.status_code == 429:
            self.rest.until = self.now() + (refusal.retry_after or timedelta(0))
        raise refusal

    def _keep_rest(self) -> None:
        left = self.rest.until - self.now() if self.rest.until else timedelta(0)
        if left > timedelta(0):
            raise TelnyxUnavailableError("Telnyx limits our requests.", kind="rate_limited", retry_after=left)

    def _count(self, operation: str, status: str) -> None:
        self.metrics.telnyx_requests_total.labels(operation=operation, status=status).inc()


def _trouble(error: Exception) -> TelnyxUnavailableError:
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return TelnyxUnavailableError("Telnyx cannot be reached.", kind="connect")
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return TelnyxUnavailableError("Telnyx did not answer in time.", kind="timeout")
    return TelnyxUnavailableError("The connection to Telnyx broke off.", kind="lost")
