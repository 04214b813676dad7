"""Socket Mode as Slack serves it: up to ten sockets, each envelope to one of them."""

import asyncio
import contextlib
import json
import secrets
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.slack.records import Json

SOCKETS_ALLOWED = 10
LIFETIME_S = 18_060
HEARTBEAT_S = 20.0
GRACE_S = 1.0  # after a disconnect message the app may close the socket itself, as slack_sdk does


class NotAcknowledged(Exception):  # noqa: N818 - an outcome that the sender weighs, not a failure of ours
    """No socket was open, or the one with the envelope closed before the app acknowledged it."""


@dataclass(slots=True)
class Socket:
    """One open connection and the envelopes that wait for an answer on it."""

    ws: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def acknowledge(self, text: str) -> None:
        answer = json.loads(text)
        future = self.waiting.pop(str(answer.get("envelope_id")), None)
        if future is not None and not future.done():
            future.set_result(answer.get("payload"))

    def give_up(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(NotAcknowledged())
        self.waiting.clear()


class Sockets:
    """All open sockets of the app."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self.grace_s = GRACE_S
        self._tickets: set[str] = set()
        self._open: list[Socket] = []

    def __len__(self) -> int:
        return len(self._open)

    def ticket(self) -> str:
        """A ticket for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Keep one connection until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.remove(ticket)
        ws = web.WebSocketResponse(heartbeat=HEARTBEAT_S, timeout=1.0)
        await ws.prepare(request)
        if len(self._open) >= SOCKETS_ALLOWED:
            await _say_goodbye(ws, "too_many_websockets")
            await ws.close()
            return ws
        socket = Socket(ws)
        self._open.append(socket)
        try:
            with contextlib.suppress(ConnectionError):  # the app may go away while it is greeted
                await ws.send_json(self._hello())
                await _listen(socket)
        finally:
            self._drop(socket)
        return ws

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": LIFETIME_S},
        }

    def _drop(self, socket: Socket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        socket.give_up()
        socket.gone.set()

    async def send(self, kind: str, payload: Json, *, wait_s: float, again: Json) -> Json | None:
        """Send an envelope to the socket that waited longest; return what came with the acknowledgement.

        `again` is retry_attempt and retry_reason. Raises NotAcknowledged, TimeoutError.
        """
        if not self._open:
            raise NotAcknowledged
        socket = self._open.pop(0)
        self._open.append(socket)
        envelope_id = str(uuid.uuid4())
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload} | again
        envelope["accepts_response_payload"] = kind != "events_api"
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope_id] = future
        try:
            await socket.ws.send_json(envelope)
            return await asyncio.wait_for(future, wait_s)
        except ConnectionError as error:
            self._drop(socket)
            raise NotAcknowledged from error
        finally:
            socket.waiting.pop(envelope_id, None)

    async def refresh(self, reason: str, *, only: int | None = None) -> None:
        """Send a disconnect to all sockets, or to the one at that place, and close them."""
        chosen = list(self._open) if only is None else self._open[only : only + 1]
        await asyncio.gather(*(self._retire(socket, reason) for socket in chosen))

    async def _retire(self, socket: Socket, reason: str) -> None:
        """No new envelope goes to the socket, but those on it may still be acknowledged."""
        if socket in self._open:
            self._open.remove(socket)
        await _say_goodbye(socket.ws, reason)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(socket.gone.wait(), self.grace_s)
        await socket.ws.close()

    async def cut(self) -> None:
        """Close all sockets without a word."""
        for socket in list(self._open):
            self._drop(socket)
            await socket.ws.close()


async def _listen(socket: Socket) -> None:
    async for message in socket.ws:
        if message.type is WSMsgType.TEXT and message.data.startswith("{"):
            socket.acknowledge(message.data)


async def _say_goodbye(ws: web.WebSocketResponse, reason: str) -> None:
    with contextlib.suppress(ConnectionError):  # the app may have been quicker
        await ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
