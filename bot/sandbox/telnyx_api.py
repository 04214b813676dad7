"""The stand-in Telnyx: a strict server of what Portwire calls, on a world that tests and stories move.

Source: telnyx-openapi.json and the fact sheet that came with it. Every good answer fits that description.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from aiohttp import hdrs, web

from bot.sandbox.telnyx.event_routes import EventRoutes
from bot.sandbox.telnyx.faults import (
    SPOILING,
    Faults,
    NextFailure,
    error_answer,
    failed_answer,
    json_answer,
    spoiled_answer,
)
from bot.sandbox.telnyx.order_routes import OrderRoutes
from bot.sandbox.telnyx.portout_routes import PortOutRoutes
from bot.sandbox.telnyx.query import RefusedError
from bot.sandbox.telnyx.wire import utc_now
from bot.sandbox.telnyx.world import TelnyxWorld

PREFIX = "/v2"
NEWEST_REQUESTS = 10_000
TICK_S = 0.1
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request as it came; `path` begins with /v2, `status` is 0 where no answer went out after so long."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    at: datetime
    took: timedelta = timedelta(0)


class TelnyxApi(TelnyxWorld):
    """The world and its server."""

    def __init__(
        self, *, api_key: str = "KEY_SANDBOX", now: Callable[[], datetime] = utc_now, seed: int = 0,
        strict: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(api_key=api_key, now=now, seed=seed)
        self.faults = Faults(strict=strict)
        self.requests: list[RequestSeen] = []
        self.url = ""
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._ticker: asyncio.Task[None] | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serve on the port, 0 for any; `url` and `port` then say where."""
        app = web.Application(middlewares=[self._serve])
        for source in ("port_in", "port_out"):
            EventRoutes(source, self, self.faults).register(app)
        OrderRoutes(self, self.faults).register(app)
        PortOutRoutes(self, self.faults).register(app)
        app.on_response_prepare.append(self._date)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://{host}:{self.port}{PREFIX}"
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Stop serving: connections are refused until the next start. The world stays."""
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _tick(self) -> None:
        """List what becomes due while nobody asks, so that listeners hear of it."""
        while True:
            self.settle()
            await asyncio.sleep(TICK_S)

    @web.middleware
    async def _serve(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        at = self.now()
        page = request.query.get("page[number]", "")
        failure = self.faults.choose(
            request.method, request.path.removeprefix(PREFIX), int(page) if page.isdecimal() else None
        )
        await self.faults.delay()
        answer = await self._answer(request, handler, failure)
        if answer is None:
            self._note(request, NO_ANSWER, at)
            return _hang_up(request)
        self._note(request, answer.status, at)
        return answer

    async def _answer(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
        failure: NextFailure | None,
    ) -> web.StreamResponse | None:  # fmt: skip
        """What goes out; None for nothing."""
        if failure is not None and failure.trouble == "drop":
            return None
        if failure is not None and failure.trouble not in SPOILING:
            return failed_answer(failure)
        answer = await self._good_answer(request, handler)
        if failure is None or not isinstance(answer, web.Response):
            return answer
        return None if failure.trouble == "lost" else spoiled_answer(failure.trouble, answer)

    async def _good_answer(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if limited := self.faults.limit():
            return limited
        if not self._knows_key(request):
            return error_answer(401, "The API key is missing or wrong")
        self.settle()
        try:
            return await handler(request)
        except RefusedError as refusal:
            return json_answer(refusal.body, refusal.status)
        except web.HTTPException as error:
            return error_answer(error.status, f"{request.method} {request.path} is not served")

    def _knows_key(self, request: web.Request) -> bool:
        scheme, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(key.encode(), self.api_key.encode())

    def _note(self, request: web.Request, status: int, at: datetime) -> None:
        query, took = dict(request.query), self.now() - at
        self.requests.append(RequestSeen(request.method, request.path, query, status, at, took))
        if len(self.requests) > 2 * NEWEST_REQUESTS:
            del self.requests[:-NEWEST_REQUESTS]

    async def _date(self, _request: web.Request, answer: web.StreamResponse) -> None:
        """The server's clock is the world's."""
        if self.faults.no_date_header:
            answer.headers.popall(hdrs.DATE, None)
        else:
            answer.headers[hdrs.DATE] = format_datetime(self.now() + self.faults.date_skew, usegmt=True)


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection; the answer that aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
