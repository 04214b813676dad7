"""Who dawdles, crowds or babbles at our port is turned away, and costs the others nothing."""

import asyncio
import logging
import re
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import listening
from bot.listening import Bodies, Connections, serving

ASKED = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Hands:
    """A clock turned by hand, in seconds."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


class Server(web.Server):
    """Says when it has met a new connection."""

    def __init__(self, handler):
        super().__init__(handler)
        self.met, self.serving, self.goes_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def connection_made(self, handler, transport):
        super().connection_made(handler, transport)
        self.met.set()


class Door:
    """A port with `Connections` before it, on a clock turned by hand."""

    def __init__(self, server, connections, clock, port):
        self.server, self.connections, self.clock, self.port = server, connections, clock, port
        self._writers = []

    async def knock(self, words=b""):
        """A new connection that has said `words`, once the server knows of it."""
        self.server.met.clear()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers.append(writer)
        writer.write(words)
        await self.server.met.wait()
        return reader, writer

    def later(self, seconds):
        self.clock.at += seconds
        self.connections.look()

    def close(self):
        for writer in self._writers:
            writer.close()


@pytest.fixture
async def door():
    async def answered(request):
        if request.path == "/slow":
            server.serving.set()
            await server.goes_on.wait()
        return web.Response(text="here")

    server, clock = Server(answered), Hands()
    connections = Connections(server, clock)
    listener = await asyncio.get_running_loop().create_server(connections.accept, "127.0.0.1", 0)
    made = Door(server, connections, clock, listener.sockets[0].getsockname()[1])
    yield made
    made.close()
    listener.close()
    await server.shutdown(1)


async def ended(reader):
    """Whether the other side has closed the connection; waits for it, or for an answer."""
    try:
        return await asyncio.wait_for(reader.read(1), 60) == b""
    except ConnectionError:
        return True


async def answer_of(reader):
    """An answer's status line, the rest of it read too."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    await reader.readexactly(4)
    return head.splitlines()[0]


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\nHost: he"])
async def test_a_connection_that_asks_nothing_whole_is_closed_in_time(door, words):
    reader, writer = await door.knock(words)
    door.later(0)

    door.later(listening.FIRST_REQUEST_WITHIN_S - 1)
    writer.write(b"r")
    still_open = list(door.server.connections)
    door.later(1)

    assert len(still_open) == 1
    assert await ended(reader)


async def test_one_that_has_asked_may_wait_for_its_next_request(door):
    reader, writer = await door.knock(ASKED)
    await answer_of(reader)

    door.later(listening.NEXT_REQUEST_WITHIN_S - 1)
    writer.write(ASKED)

    assert await answer_of(reader) == b"HTTP/1.1 200 OK"
    door.later(listening.NEXT_REQUEST_WITHIN_S)
    assert await ended(reader)


async def test_the_newest_gets_the_place_of_the_one_that_has_asked_nothing_for_longest(door, monkeypatch):
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 2)
    asking, writer = await door.knock(ASKED)
    await answer_of(asking)
    door.later(1)
    silent, _ = await door.knock()
    door.later(0)
    door.later(1)
    writer.write(ASKED)
    await answer_of(asking)

    newest, _ = await door.knock(ASKED)

    assert await answer_of(newest) == b"HTTP/1.1 200 OK"
    assert await ended(silent)
    writer.write(ASKED)
    assert await answer_of(asking) == b"HTTP/1.1 200 OK"


async def test_one_that_is_being_served_gives_way_to_nobody(door, monkeypatch):
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 2)
    served, _ = await door.knock(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
    await door.server.serving.wait()
    door.later(listening.NEXT_REQUEST_WITHIN_S + 1)
    silent, _ = await door.knock()

    newest, _ = await door.knock(ASKED)
    door.server.goes_on.set()

    assert await answer_of(newest) == b"HTTP/1.1 200 OK"
    assert await ended(silent)
    assert await answer_of(served) == b"HTTP/1.1 200 OK"


async def test_newest_finds_no_room_while_all_are_being_served(door, monkeypatch):
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 1)
    served, _ = await door.knock(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
    await door.server.serving.wait()

    newest, writer = await asyncio.open_connection("127.0.0.1", door.port)
    refused = await ended(newest)
    writer.close()
    door.server.goes_on.set()

    assert refused
    assert await answer_of(served) == b"HTTP/1.1 200 OK"


async def test_nobody_gives_way_where_somebody_is_late_anyway(door, monkeypatch):
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 2)
    late, _ = await door.knock()
    door.later(0)
    door.clock.at += listening.FIRST_REQUEST_WITHIN_S
    asking, writer = await door.knock(ASKED)
    await answer_of(asking)

    newest, _ = await door.knock(ASKED)

    assert await answer_of(newest) == b"HTTP/1.1 200 OK"
    assert await ended(late)
    writer.write(ASKED)
    assert await answer_of(asking) == b"HTTP/1.1 200 OK"


@asynccontextmanager
async def served(bodies=None):
    """A bare application that reads what is posted to `/`; gives its port."""

    async def read(request):
        return web.Response(text=str(len(await bodies.read(request))))

    app = web.Application()
    app.router.add_post("/", read)
    async with serving(app, "127.0.0.1", 0) as port:
        yield port


async def exchanged(port, words):
    """The head of the answer to `words`; empty where there is none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(words)
        return (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).decode(errors="replace")
    except (asyncio.IncompleteReadError, ConnectionError):
        return ""
    finally:
        writer.close()


async def test_a_body_that_does_not_come_in_time_is_not_waited_for():
    async with served(Bodies(within_s=0.01)) as port:
        said = await exchanged(port, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf")

    assert said.startswith("HTTP/1.1 408 ")


OF_NO_TOLD_SIZE = b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"


async def test_while_too_many_large_bodies_are_read_the_next_one_waits_for_its_turn():
    full = asyncio.Semaphore(0)
    async with served(Bodies(within_s=0.01, _slots=full)) as port:
        late = await exchanged(port, OF_NO_TOLD_SIZE)
        small = await exchanged(port, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nhi")
        full.release()
        read = await exchanged(port, OF_NO_TOLD_SIZE)

    assert late.startswith("HTTP/1.1 408 ")
    assert small.startswith("HTTP/1.1 200 ")
    assert read.startswith("HTTP/1.1 200 ")


async def test_a_half_open_connection_is_closed_by_itself(monkeypatch):
    monkeypatch.setattr(listening, "FIRST_REQUEST_WITHIN_S", 0)
    monkeypatch.setattr(listening, "LOOK_EVERY_S", 0)

    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ended(reader)
        writer.close()


NO_HTTP = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 32,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET  / HTTP/1.1\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET //[ HTTP/1.1\r\nHost: [\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n\r\nnope",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ;;;\r\nContent-Length: 4\r\n\r\nnope",
    b"GET / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\n\r\n",
    b"CONNECT here:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%ff%00 HTTP/1.1\r\nHost: \xff\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81",
]


@pytest.mark.parametrize("words", NO_HTTP, ids=lambda words: repr(words[:200]))
async def test_what_is_no_http_costs_no_line_in_the_log_and_is_no_failure_of_ours(words, caplog):
    caplog.set_level(logging.DEBUG)

    async with served(Bodies(within_s=0.01)) as port:
        said = await exchanged(port, words)

    assert not re.match("HTTP/1.[01] 5", said)
    assert "Traceback" not in caplog.text
    assert [each.name for each in caplog.records if each.name.startswith("aiohttp")] == []


@pytest.fixture
async def port():
    async with served(Bodies(within_s=0.01)) as port:
        yield port


WORDS = st.sampled_from(
    [
        b"GET",
        b"POST",
        b" ",
        b"/",
        b" HTTP/1.1",
        b"\r\n",
        b"\r\n\r\n",
        b":",
        b"Host",
        b"Content-Length",
        b"9" * 30,
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(WORDS | st.binary(max_size=8), max_size=12)
    .map(b"".join)
    .filter(lambda words: words.strip(b"\r\n"))
)
async def test_no_babble_is_answered_with_a_failure_of_ours(port, words):
    said = await exchanged(port, words + b"\r\n\r\n")

    assert re.match("HTTP/1.[01] [24]", said)
