"""A stand-in Slack workspace: Web API, Socket Mode and request delivery on one local port.

The sandbox runs the real bot against it, and so do the tests. It refuses what Slack refuses, and
`faults` makes it fail in the ways that Slack fails.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime

from aiohttp import web

from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.file_methods import serve_file, take_upload
from bot.sandbox.slack.payloads import event_payload
from bot.sandbox.slack.people import SlackPeople
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.replies import Replies
from bot.sandbox.slack.socket import Sockets
from bot.sandbox.slack.web_api import WebApi

LARGEST_BODY = 20_000_000
LOOK_AGAIN_S = 0.02  # a condition may be about the app, whose changes wake nobody here


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackWorkspace(SlackPeople):
    """Start it, give its `url` to a Slack client, and act as people through its methods."""

    def __init__(
        self,
        *,
        bot_token: str = "xoxb-sandbox",  # noqa: S107 - the stand-in's own, of no use elsewhere
        app_token: str = "xapp-sandbox",  # noqa: S107
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107
        now: Callable[[], datetime] = _utc_now,
        command: str = "/port",
    ) -> None:
        super().__init__(now)
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self.command_name = command
        self.url = ""
        self.sockets = Sockets(self.app_id)
        self.courier = Courier(self.sockets, signing_secret)
        self.replies = Replies(self)
        self.web_api = WebApi(self, self.sockets, Faults(), bot_token=bot_token, app_token=app_token)
        self.announce = self._announce_soon
        self._runner: web.AppRunner | None = None
        self._place = ("127.0.0.1", 0)
        self._errands: set[asyncio.Task[None]] = set()
        self._repeats: set[asyncio.Task[None]] = set()

    @property
    def request_url(self) -> str | None:
        """Where the app takes signed requests, used while no socket is open."""
        return self.courier.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.courier.request_url = url

    @property
    def faults(self) -> Faults:
        """What goes wrong; all of it is off at first."""
        return self.web_api.faults

    @property
    def scopes(self) -> set[str]:
        """What the app was granted; take one out to see `missing_scope`."""
        return self.web_api.scopes

    @property
    def open_sockets(self) -> int:
        return len(self.sockets)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError where the port is taken."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, host, port, reuse_address=True)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self._place = (host, runner.addresses[0][1])
        self.address = f"http://{host}:{self._place[1]}"
        self.url = f"{self.address}/api/"

    async def stop(self) -> None:
        """Close everything; undelivered events are given up."""
        errands = [*self._errands, *self._repeats]
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)
        await self.unplug()
        await self.courier.close()

    async def unplug(self) -> None:
        """Slack is gone: sockets close and new connections are refused until `plug`."""
        await self.sockets.cut()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def plug(self) -> None:
        """Listen again, at the same address."""
        await self.start(*self._place)

    async def refresh_sockets(self, reason: str = "refresh_requested", *, only: int | None = None) -> None:
        """What Slack does to each socket every few hours: a disconnect message, then it closes."""
        await self.sockets.refresh(reason, only=only)

    async def settle(self) -> None:
        """Wait until every announced event was delivered once, in time or not."""
        while self._errands:
            await asyncio.gather(*self._errands)

    async def until(self, condition: Callable[[], object], *, within_s: float = 60.0) -> None:
        """Wait until the condition is true, here or at the app. Raises TimeoutError."""
        changed = asyncio.Event()
        self.on_change.append(changed.set)
        try:
            async with asyncio.timeout(within_s):
                while not condition():
                    changed.clear()
                    await asyncio.wait([woken := asyncio.ensure_future(changed.wait())], timeout=LOOK_AGAIN_S)
                    woken.cancel()
        finally:
            self.on_change.remove(changed.set)

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._outage])
        app.router.add_route("*", "/api/{method}", self.web_api.serve)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/{kind:commands|actions|app}/{team}/{number}/{token}", self.replies.serve)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files-pri/{team}-{file}/{name}", self._file)
        return app

    @web.middleware
    async def _outage(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if self.faults.down:
            return web.Response(status=503, text="Service Unavailable")
        return await handler(request)

    async def _upload(self, request: web.Request) -> web.Response:
        return await take_upload(self, request)

    async def _file(self, request: web.Request) -> web.Response:
        known = request.headers.get("Authorization") == f"Bearer {self.bot_token}"
        return serve_file(self, request, may_read=known and "files:read" in self.scopes)

    def _announce_soon(self, event: Json) -> None:
        """Deliver an event in the background; before the workspace listens nobody is told."""
        if self._runner is None:
            return
        self._start(self._deliver(event_payload(self, event)), self._errands)

    async def _deliver(self, payload: Json) -> None:
        receipt = await self.courier.deliver("events_api", payload)
        if receipt.wants_repeat:
            self._start(self.courier.repeat(payload, receipt), self._repeats)

    def _start(self, errand: Coroutine[None, None, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(errand)
        among.add(task)
        task.add_done_callback(among.discard)
