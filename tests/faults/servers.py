"""Servers that misbehave on the wire, byte by byte: whoever asks them gets exactly what a test wants.

They are real sockets on this machine, and are waited for by events only.
"""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

UNTRUSTED = Path(__file__).with_name("untrusted.pem")
"""A certificate for this machine that nobody trusts, with its key: made for these tests, a secret of none."""
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: on, for no time; what is closed so is reset."""
NOW_AND_THEN_S = 0.001


class End(StrEnum):
    """What comes after the bytes of an answer."""

    CLOSE = "close"
    RESET = "reset"
    DRIP = "drip"
    """Spaces without end, one at a time: no read ever waits for long."""
    FLOOD = "flood"
    """As many spaces as the other side takes."""
    SILENCE = "silence"
    """Nothing, until the other side gives up."""


@dataclass(frozen=True)
class Said:
    """The bytes of an answer and how it ends. Without `hears` it ends before the request was read."""

    data: bytes = b""
    end: End = End.CLOSE
    hears: bool = True
    forms: Callable[[bytes], Awaitable["Said"]] | None = None
    """Makes the answer of the request."""


def answer(body, status="200 OK", kind="application/json; charset=utf-8", headers=(), length=None):
    """An HTTP answer as bytes; a `length` over the body's own makes it end too soon."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}"]
    size = len(raw) if length is None else length
    lines += [f"Content-Length: {size}"] if size >= 0 else []
    return "\r\n".join([*lines, *headers, "Connection: close", "", ""]).encode() + raw


def chunked(body, *, ends=True, kind="application/json"):
    """The same in one chunk, with or without the last one that says that all is there."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + f"{len(body):x}\r\n".encode() + body + (b"\r\n0\r\n\r\n" if ends else b"\r\n")


@dataclass
class FaultServer:
    """Answers each request with the next thing in `says`, with the last one for ever."""

    says: list[Said] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    """The requests, whole."""
    callers: int = 0
    called: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    talks: set[asyncio.Task] = field(default_factory=set)
    poured: int = 0
    """Bytes that a flood or a drip brought."""

    def say(self, *what):
        self.says = [each if isinstance(each, Said) else Said(each) for each in what]
        self.heard.clear()

    async def serve(self, reader, writer):
        self.callers += 1
        self.called.set()
        self.talks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
            if said.hears:
                self.heard.append(await _request(reader))
            if said.forms:
                said = await said.forms(self.heard[-1])
            writer.write(said.data)
            await writer.drain()
            await self._end(said.end, reader, writer)
            writer.close()
            await writer.wait_closed()
        writer.transport.abort()

    async def until_called(self, times):
        """Wait until so many have come."""
        while self.callers < times:
            self.called.clear()
            await self.called.wait()

    async def hang_up(self):
        """End whatever is still being said."""
        for talk in self.talks:
            talk.cancel()
        await asyncio.gather(*self.talks, return_exceptions=True)

    async def _end(self, end, reader, writer):
        if end is End.RESET:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            writer.transport.abort()
        elif end is End.SILENCE:
            await reader.read()
        elif end in (End.DRIP, End.FLOOD):
            piece, pause_s = (b" ", NOW_AND_THEN_S) if end is End.DRIP else (b" " * 2**16, 0)
            while True:
                writer.write(piece)
                await writer.drain()
                self.poured += len(piece)
                await asyncio.sleep(pause_s)


async def _request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line[15:] for line in head.splitlines() if line.lower().startswith(b"content-length")]
    return head + await reader.readexactly(int(lengths[0]) if lengths else 0)


@asynccontextmanager
async def faulty(*says, tls=False, path="/api/"):
    """A server for the block that says `says`."""
    made, context = FaultServer(), None
    made.say(*says or [b""])
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(UNTRUSTED)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=context)
    scheme = "https" if tls else "http"
    made.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}{path}"
    try:
        yield made
    finally:
        server.close()
        await made.hang_up()
        await server.wait_closed()


def free_port():
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
