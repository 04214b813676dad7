"""Who may talk to us, for how long and how much at a time: strangers reach this port.

aiohttp waits an hour for a request's headers and for ever for its body, takes any number of connections, and
logs a traceback for each that is no HTTP.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from math import inf
from typing import cast

from aiohttp import web

from bot.errors import PermanentError

LARGEST_BODY = 1024 * 1024
READ_WITHIN_S = 5.0
"""Slack and Telnyx send a body at once."""
SMALL_BODY = 64 * 1024
"""What Slack and Telnyx send is smaller: it waits for no slot, which strangers may hold."""
BODIES_AT_ONCE = 64
MOST_CONNECTIONS = 500
FIRST_REQUEST_WITHIN_S = 10.0
NEXT_REQUEST_WITHIN_S = 90.0
"""Longer than a reverse proxy keeps an idle connection, and than any request of ours takes."""
LOOK_EVERY_S = 1.0
LINGER_S = 2.0
"""What is still on its way when we have answered is read for so long, so that the answer is seen."""

# What we fail on ourselves is caught and logged before aiohttp sees it.
_unheard = logging.getLogger(f"{__name__}.unheard")
_unheard.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Bodies:
    """Reads the bodies of one route: a few at a time, each in time and of a size."""

    within_s: float = READ_WITHIN_S
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BODIES_AT_ONCE))

    async def read(self, request: web.Request) -> bytes:
        """The raw body. Answers 413 where it is over LARGEST_BODY, 408 where it is late, 400 where odd."""
        try:
            async with asyncio.timeout(self.within_s):
                if request.content_length is not None and request.content_length <= SMALL_BODY:
                    return await request.read()
                async with self._slots:
                    return await request.read()
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="the body did not come in time") from error
        except (web.RequestPayloadError, ConnectionError) as error:
            raise web.HTTPBadRequest(text="the body cannot be read") from error


def refuse_large(request: web.Request) -> None:
    """Answer 413 where the headers tell a size over LARGEST_BODY already."""
    size = request.content_length or 0
    if size > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, size)


class Connections:
    """Closes who does not ask in time, and makes room for the newest where there are too many."""

    def __init__(self, server: web.Server, now: Callable[[], float]) -> None:
        self._server, self._now = server, now
        self._handle, server.request_handler = server.request_handler, self._noted
        self._waiting: dict[web.RequestHandler, tuple[float, float]] = {}
        """Each connection: since when it has asked nothing (inf: it is being served), and how long it may."""

    def accept(self) -> asyncio.Protocol:
        """What serves a new connection; the one that has asked nothing for longest gives way to it.

        Where all are being served nobody gives way: those end soon.
        """
        if len(self._server.connections) >= MOST_CONNECTIONS:
            self.look()
            if len(self._waiting) >= MOST_CONNECTIONS:
                longest = min(self._waiting, key=lambda each: self._waiting[each][0])
                if self._waiting[longest][0] == inf:
                    return _Refused()
                self._close(longest)
        connection = self._server()
        connection.__class__ = _Connection  # aiohttp lets nobody choose it
        return connection

    def look(self) -> None:
        """Close the connections whose time is over."""
        now = self._now()
        opened = [each for each in self._server.connections if _is_open(each)]
        self._waiting = {each: self._waiting.get(each, (now, FIRST_REQUEST_WITHIN_S)) for each in opened}
        for each, (since, may_wait_s) in list(self._waiting.items()):
            if now - since >= may_wait_s:
                self._close(each)

    async def look_again_and_again(self) -> None:
        """Look every LOOK_EVERY_S, until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()

    async def _noted(self, request: web.BaseRequest) -> web.StreamResponse:
        """A whole request has come: its connection is served, and may then wait for another."""
        self._waiting[request.protocol] = (inf, NEXT_REQUEST_WITHIN_S)
        try:
            return await self._handle(request)
        finally:
            self._waiting[request.protocol] = (self._now(), NEXT_REQUEST_WITHIN_S)

    def _close(self, connection: web.RequestHandler) -> None:
        """At once: who does not read our answer either must not keep the connection."""
        del self._waiting[connection]
        cast("asyncio.Transport", connection.transport).abort()


class _Nameless(web.Response):
    """An answer that does not name the software that gives it."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


class _Connection(web.RequestHandler):
    """A connection on which what is no HTTP is refused without a word of what was sent, or of who refuses."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """As aiohttp does it, but for the words."""
        made = super().handle_error(request, status, exc, message)
        refusal = _Nameless(status=made.status, text="not understood")
        refusal.force_close()
        return refusal


class _Refused(asyncio.Protocol):
    """A connection that there is no room for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).abort()


def _is_open(connection: web.RequestHandler) -> bool:
    return connection.transport is not None and not connection.transport.is_closing()


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve the application; gives the port, which the system chooses for 0. Raises PermanentError."""
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=2,
        logger=_unheard,
        lingering_time=LINGER_S,
    )
    await runner.setup()
    loop = asyncio.get_running_loop()
    connections = Connections(cast("web.Server", runner.server), loop.time)
    looking = asyncio.create_task(connections.look_again_and_again())
    try:
        try:
            listener = await loop.create_server(connections.accept, host, port)
        except OSError as error:
            what = f"{host}:{port} cannot be listened at ({error.strerror})."
            raise PermanentError(f"{what} Stop what uses it, or set HOST or PORT.") from error
        with closing(listener):
            yield listener.sockets[0].getsockname()[1]
    finally:
        looking.cancel()
        await runner.cleanup()
