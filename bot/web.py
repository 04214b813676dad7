"""The HTTP side: Slack's requests, Telnyx's wake-ups, and what watches over the process.

Before anything else sees a request of Slack its signature is checked here. Bolt does so too, but answers odd
headers with 500 instead of 401, logs whole bodies, and runs the same signed bytes again and again.
"""

import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.errors import PermanentError
from bot.health import Health, measure, readiness
from bot.metrics import CONTENT_TYPE, Metrics
from bot.telnyx import webhooks
from storage.database import Database

LARGEST_BODY = 1024 * 1024
OLDEST_S = 300
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
PASSED_ON = (
    "content-type",
    "x-slack-retry-num",
    "x-slack-retry-reason",
    "x-slack-request-timestamp",
    "x-slack-signature",
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def is_from_slack(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether Slack signed these bytes within five minutes of `now`. Never raises."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return False
    if abs(now.timestamp() - int(timestamp)) > OLDEST_S:
        return False
    signed = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256)
    return hmac.compare_digest(f"v0={signed.hexdigest()}", signature)


@dataclass(frozen=True, slots=True)
class SlackRoute:
    """`POST /slack/events`. `was_seen` remembers a key and says whether it was known already."""

    app: AsyncApp
    signing_secret: str
    was_seen: Callable[[str], Awaitable[bool]]
    now: Callable[[], datetime]

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Hand what Slack signed to Bolt, once."""
        body = await _body(request)
        if not is_from_slack(request.headers, body, self.signing_secret, self.now()):
            return web.Response(status=401, text="not signed by Slack")
        text = _payload(body, request.content_type)
        if text is None:
            return web.Response(status=400, text="not a payload of Slack")
        if await self.was_seen(f"signed:{request.headers['X-Slack-Signature']}"):
            return web.Response()
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        return await to_aiohttp_response(
            await self.app.async_dispatch(AsyncBoltRequest(body=text, headers=dict(headers)))
        )


def _payload(body: bytes, content_type: str) -> str | None:
    """The body as text if it is what Slack sends: a JSON object, or a form (maybe with one in `payload`)."""
    try:
        text = body.decode()
        if content_type == "application/json":
            return text if isinstance(json.loads(text), dict) else None
        held = parse_qs(text).get("payload")
        return text if held is None or isinstance(json.loads(held[0]), dict) else None
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class TelnyxRoute:
    """`POST /telnyx/webhooks`: nothing in it is believed, it only makes the bot poll at once."""

    public_key: str
    wake: Callable[[], None]
    now: Callable[[], datetime]

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Wake the poller for what Telnyx signed."""
        body = await _body(request)
        if not webhooks.verify(body, request.headers, self.public_key, self.now()):
            return web.Response(status=401, text="not signed by Telnyx")
        self.wake()
        return web.Response()


async def _body(request: web.Request) -> bytes:
    """The raw body; answers 413 by itself where it is over LARGEST_BODY, 400 where it cannot be read."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, request.content_length or 0)
    try:
        return await request.read()
    except (web.RequestPayloadError, ConnectionError) as error:
        raise web.HTTPBadRequest(text="the body cannot be read") from error


@dataclass(frozen=True, slots=True)
class Watch:
    """`GET /health`, `/ready`, `/metrics`."""

    health: Health
    database: Database
    metrics: Metrics
    now: Callable[[], datetime] = _utc_now

    async def alive(self, _: web.Request) -> web.Response:
        """200 while the process can answer at all; no neighbour is asked."""
        return web.json_response({"ok": True})

    async def ready(self, _: web.Request) -> web.Response:
        """200 while events created from now on will be posted, else 503, with the reasons."""
        parts = await readiness(self.health, self.database)
        told = {part.name: {"ok": part.ok, "detail": part.detail} for part in parts}
        return web.json_response(told, status=200 if all(part.ok for part in parts) else 503)

    async def shown(self, _: web.Request) -> web.Response:
        """The metrics as Prometheus text."""
        await measure(self.health, self.database, self.metrics, self.now())
        return web.Response(body=self.metrics.render(), headers={"Content-Type": CONTENT_TYPE})


def application(
    watch: Watch, slack: SlackRoute | None = None, telnyx: TelnyxRoute | None = None
) -> web.Application:
    """The routes that are configured, and no others."""
    # One byte more: aiohttp refuses from its limit on, and a body of exactly LARGEST_BODY is fine.
    app = web.Application(client_max_size=LARGEST_BODY + 1)
    app.router.add_get("/health", watch.alive)
    app.router.add_get("/ready", watch.ready)
    app.router.add_get("/metrics", watch.shown)
    if slack:
        app.router.add_post("/slack/events", slack.take)
    if telnyx:
        app.router.add_post("/telnyx/webhooks", telnyx.take)
    app.on_response_prepare.append(_unnamed)
    return app


async def _unnamed(_: web.Request, response: web.StreamResponse) -> None:
    """Which software answers is nobody's business."""
    response.headers.pop("Server", None)


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve the application; gives the port, which the system chooses for 0. Raises PermanentError."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            what = f"{host}:{port} cannot be listened at ({error.strerror}). Stop what uses it, or set PORT."
            raise PermanentError(what) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
