"""How a payload reaches the app: over an open socket, else as a signed request to its address."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.records import Json
from bot.sandbox.slack.socket import NotAcknowledged, Sockets

ACK_WITHIN_S = 3.0
RETRY_WAITS_S = (0.0, 60.0, 300.0)
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one delivery; `body` is what the app sent along with its acknowledgement."""

    acked: bool
    after_s: float
    body: Json | str | None = None
    reason: str = ""  # why not: http_timeout, connection_failed, http_error, no_destination
    again: bool = True  # False: the app asked not to be told again

    @property
    def wants_repeat(self) -> bool:
        return self.again and not self.acked


class Courier:
    """Delivers payloads; `ack_within_s` and `retry_waits_s` are Slack's unless a test shortens them."""

    def __init__(self, sockets: Sockets, signing_secret: str) -> None:
        self.sockets = sockets
        self.request_url: str | None = None
        self.ack_within_s = ACK_WITHIN_S
        self.retry_waits_s: tuple[float, ...] = RETRY_WAITS_S
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Receipt:
        """One delivery. `retry` counts from 1 for a repeat, for which `reason` says why."""
        began = time.monotonic()
        if len(self.sockets) or self.request_url is None:
            receipt = await self._by_socket(kind, payload, retry, reason)
        else:
            receipt = await self._by_http(self.request_url, kind, payload, retry, reason)
        return Receipt(receipt.acked, time.monotonic() - began, receipt.body, receipt.reason, receipt.again)

    async def repeat(self, payload: Json, receipt: Receipt) -> None:
        """An event that was not acknowledged comes again, with Slack's waits."""
        for attempt, wait_s in enumerate(self.retry_waits_s, start=1):
            if not receipt.wants_repeat:
                return
            await asyncio.sleep(wait_s)
            receipt = await self.deliver("events_api", payload, retry=attempt, reason=receipt.reason)

    async def _by_socket(self, kind: str, payload: Json, retry: int, reason: str) -> Receipt:
        again = {"retry_attempt": retry, "retry_reason": reason} if kind == "events_api" or retry else {}
        try:
            body = await self.sockets.send(kind, payload, wait_s=self.ack_within_s, again=again)
        except NotAcknowledged:
            return Receipt(acked=False, after_s=0, reason="connection_failed")
        except TimeoutError:
            return Receipt(acked=False, after_s=0, reason="timeout")
        return Receipt(acked=True, after_s=0, body=body)

    async def _by_http(self, url: str, kind: str, payload: Json, retry: int, reason: str) -> Receipt:
        body, content_type = _encoded(kind, payload)
        headers = self.signed_headers(body) | {"Content-Type": content_type, "User-Agent": USER_AGENT}
        if retry:
            headers |= {"x-slack-retry-num": str(retry), "x-slack-retry-reason": reason}
        timeout = aiohttp.ClientTimeout(total=self.ack_within_s)
        try:
            async with self._http().post(url, data=body, headers=headers, timeout=timeout) as response:
                answer = await response.text()
        except TimeoutError:
            return Receipt(acked=False, after_s=0, reason="http_timeout")
        except aiohttp.ClientError:
            return Receipt(acked=False, after_s=0, reason="connection_failed")
        again = response.headers.get("x-slack-no-retry") != "1"
        if not 200 <= response.status < 300:
            return Receipt(acked=False, after_s=0, body=answer, reason="http_error", again=again)
        return Receipt(acked=True, after_s=0, body=_decoded(answer, response.content_type))

    def signed_headers(self, body: str) -> dict[str, str]:
        """Slack's signature over a body, by the real clock, since the app compares it with its own."""
        timestamp = str(int(time.time()))
        base = f"v0:{timestamp}:{body}".encode()
        signature = hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


def _encoded(kind: str, payload: Json) -> tuple[str, str]:
    """Body and content type: commands are forms, interactions a form with one JSON field, events JSON."""
    if kind == "slash_commands":
        return urlencode(payload), "application/x-www-form-urlencoded"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
    return json.dumps(payload), "application/json"


def _decoded(answer: str, content_type: str) -> Json | str | None:
    if not answer.strip():
        return None
    if content_type != "application/json":
        return answer
    try:
        body = json.loads(answer)
    except ValueError:
        return answer
    return body if isinstance(body, dict) else None
