"""The HTTP side: Slack's requests, Telnyx's wake-ups, and what watches over the process.

Before anything else sees a request of Slack its signature is checked and its body read here. Bolt does so
too, but answers odd headers and bodies with 500, logs whole bodies, and runs the same signed bytes again and
again.
"""

import asyncio
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.health import Health, measure, readiness
from bot.listening import LARGEST_BODY, Bodies, refuse_large
from bot.metrics import CONTENT_TYPE, Metrics
from bot.slack.payloads import JSON_TYPE, payload_of
from bot.slack.repeats import Seen, is_repeat
from bot.telnyx import webhooks
from storage.database import Database

log = structlog.get_logger()

OLDEST_S = 300
SEEN_WITHIN_S = 1.0
ANSWER_WITHIN_S = 2.5
"""Slack waits for three seconds, its network included."""
NOT_YET = "I can't answer now: I am starting or stopping, or Slack refuses my token. Try again in a minute."
TOO_EARLY = 425
TOLD_EVERY = timedelta(minutes=10)
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
PASSED_ON = (
    "x-slack-retry-num",
    "x-slack-retry-reason",
    "x-slack-request-timestamp",
    "x-slack-signature",
)


def may_be_from_slack(headers: Mapping[str, str], now: datetime) -> bool:
    """Whether the headers have a signature's form and a time within five minutes of `now`. Never raises."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(headers.get("X-Slack-Signature", "")):
        return False
    return abs(now.timestamp() - int(timestamp)) <= OLDEST_S


def is_from_slack(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether Slack signed these bytes, where they may be from Slack. Never raises."""
    timestamp = headers["X-Slack-Request-Timestamp"].encode()
    signed = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp, body), hashlib.sha256)
    return hmac.compare_digest(f"v0={signed.hexdigest()}", headers["X-Slack-Signature"])


@dataclass(slots=True)
class Refusals:
    """Tells of requests that nobody signed: at once, then once in TOLD_EVERY, however many come."""

    whose: str
    check: str
    count: int = 0
    told_at: datetime | None = None

    def note(self, now: datetime) -> web.Response:
        """One more; the answer to it."""
        self.count += 1
        if self.told_at is None or abs(now - self.told_at) >= TOLD_EVERY:
            log.warning(
                "requests refused: no signature that fits", of=self.whose, count=self.count, check=self.check
            )
            self.count, self.told_at = 0, now
        return web.Response(status=401, text=f"not signed by {self.whose}")


@dataclass(frozen=True, slots=True)
class SlackRoute:
    """`POST /slack/events`. `was_seen` remembers a key; `is_ready` is true once `app` has its listeners."""

    app: AsyncApp
    signing_secret: str
    was_seen: Seen
    now: Callable[[], datetime]
    is_ready: Callable[[], bool]
    bodies: Bodies = field(default_factory=Bodies)
    refusals: Refusals = field(default_factory=lambda: Refusals("Slack", "SLACK_SIGNING_SECRET"))
    _late: set[asyncio.Task[web.Response]] = field(default_factory=set)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Hand what Slack signed to Bolt, once; acknowledge in time, whatever hangs behind."""
        refuse_large(request)
        if not may_be_from_slack(request.headers, self.now()):
            return self.refusals.note(self.now())
        body = await self.bodies.read(request)
        if not is_from_slack(request.headers, body, self.signing_secret):
            return self.refusals.note(self.now())
        payload = payload_of(body, request.content_type)
        if payload is None:
            log.warning("payload refused: not what slack sends", bytes=len(body))
            return web.Response(status=400, text="not a payload of Slack")
        if not self.is_ready() and not _is_check(payload):
            return _not_yet(payload)
        task = asyncio.create_task(self._answered(payload, request.headers))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await asyncio.wait({task}, timeout=ANSWER_WITHIN_S)
        return task.result() if task.done() else web.Response()

    async def _answered(self, payload: dict[str, Any], headers: Mapping[str, str]) -> web.Response:
        """What Bolt answers; never 5xx, which would make Slack send again what fails again."""
        try:
            answer = await self._dispatched(payload, headers)
            if answer.status < 500:
                return answer
            error = None
        except Exception as caught:  # noqa: BLE001  # whatever Bolt makes of a payload, Slack gets an answer
            error = type(caught).__name__
        reference = secrets.token_hex(4)
        log.error("payload failed", reference=reference, error=error, type=str(payload.get("type"))[:40])
        return web.Response(status=400, text=f"not understood; the log has it as {reference}")

    async def _dispatched(self, payload: dict[str, Any], headers: Mapping[str, str]) -> web.Response:
        key = f"signed:{headers['X-Slack-Signature']}"
        came_before = await is_repeat(self.was_seen, key, SEEN_WITHIN_S)
        if came_before:
            return web.Response()
        passed_on = {name: headers[name] for name in PASSED_ON if name in headers}
        # As JSON, whatever it came as: Bolt's own reading of forms fails for some.
        request = AsyncBoltRequest(
            body=json.dumps(payload),
            headers={"content-type": JSON_TYPE, **passed_on},
            context={"is_remembered": came_before is not None},
        )
        return await to_aiohttp_response(await self.app.async_dispatch(request))


def _is_check(payload: dict[str, Any]) -> bool:
    """Whether Slack only looks if we are there, which Bolt answers by itself."""
    return payload.get("type") == "url_verification" or "ssl_check" in payload


def _not_yet(payload: dict[str, Any]) -> web.Response:
    """A command is answered in words. The rest is not taken: Slack sends events again, and marks clicks."""
    return web.json_response(
        {"response_type": "ephemeral", "text": NOT_YET}, status=200 if "command" in payload else TOO_EARLY
    )


@dataclass(frozen=True, slots=True)
class TelnyxRoute:
    """`POST /telnyx/webhooks`: nothing in it is believed, it only makes the bot poll at once."""

    public_key: str
    wake: Callable[[], None]
    now: Callable[[], datetime]
    bodies: Bodies = field(default_factory=Bodies)
    refusals: Refusals = field(default_factory=lambda: Refusals("Telnyx", "TELNYX_PUBLIC_KEY"))

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Wake the poller for what Telnyx signed."""
        refuse_large(request)
        if not webhooks.may_be_signed(request.headers, self.now()):
            return self.refusals.note(self.now())
        body = await self.bodies.read(request)
        if not webhooks.verify(body, request.headers, self.public_key, self.now()):
            return self.refusals.note(self.now())
        self.wake()
        return web.Response()


@dataclass(frozen=True, slots=True)
class Watch:
    """`GET /health`, `/ready`, `/metrics`."""

    health: Health
    database: Database
    metrics: Metrics
    now: Callable[[], datetime]

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
    app = web.Application(client_max_size=LARGEST_BODY + 1, middlewares=[_caught])
    app.router.add_get("/health", watch.alive)
    app.router.add_get("/ready", watch.ready)
    app.router.add_get("/metrics", watch.shown)
    if slack:
        app.router.add_post("/slack/events", slack.take)
    if telnyx:
        app.router.add_post("/telnyx/webhooks", telnyx.take)
    app.on_response_prepare.append(_sealed)
    return app


@web.middleware
async def _caught(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A bug of ours is logged once, and tells a stranger nothing."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a request failed", reference=reference, path=request.path)
        return web.Response(status=500, text=f"something went wrong; the log has it as {reference}")


async def _sealed(_: web.Request, response: web.StreamResponse) -> None:
    """Which software answers is nobody's business; nobody keeps an answer, or takes it for what it is not."""
    response.headers.pop("Server", None)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
