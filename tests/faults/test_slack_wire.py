"""Whatever Slack's wire brings: a post is posted, surely not posted or unclear, and it is sent once."""

import gzip
import json
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.blocks import Message
from bot.slack.client import Slack
from bot.slack.errors import Posted, Refusal, Refused, SlackRefusedError, SlackUnavailableError, Unclear
from bot.slack.transport import session, web_client
from tests.faults.servers import End, Said, answer, chunked, faulty, free_port

HELLO = Message(text="Hello", blocks=[])
METADATA = {"event_type": "porting_event", "event_payload": {"event_ids": ["e1"]}}
WHEN = {"oldest": datetime(2026, 12, 1, tzinfo=UTC), "latest": datetime(2026, 12, 2, tzinfo=UTC)}
OK = {"ok": True, "channel": "C1", "ts": "17.1", "message": {"ts": "17.1", "text": "Hello"}}
NO = {"ok": False, "error": "channel_not_found"}
SHOWN = {"ts": "17.1", "bot_id": "B1", "metadata": METADATA}
HISTORY = {"ok": True, "messages": [SHOWN], "has_more": False}
HTML = "<html><h1>Bad gateway</h1></html>"
WHOLE = json.dumps(OK).encode()
DEEP = b'{"ok": true, "ts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
PACKED = gzip.compress(WHOLE, mtime=0)
GZIP = ["Content-Encoding: gzip"]


@asynccontextmanager
async def client(url, metrics):
    async with session() as http:
        yield Slack(web_client("xoxb-canary", url, http), metrics)


async def post(slack):
    return await slack.post("C1", HELLO, metadata=METADATA)


CALLS = {
    "chat.update": lambda slack: slack.edit("C1", "17.1", HELLO, metadata=METADATA),
    "chat.delete": lambda slack: slack.delete("C1", "17.1"),
    "conversations.history": lambda slack: slack.history("C1", **WHEN),
    "conversations.replies": lambda slack: slack.replies("C1", "17.0", **WHEN),
    "conversations.info": lambda slack: slack.info("C1"),
    "conversations.join": lambda slack: slack.join("C1"),
    "conversations.open": lambda slack: slack.open_direct("U1"),
    "auth.test": lambda slack: slack.identity(),
}
"""What the delivery asks of Slack beside posts."""

BROKEN = {
    "reset before it was heard": Said(end=End.RESET, hears=False),
    "reset when it was heard": Said(end=End.RESET),
    "reset in the head": Said(b"HTTP/1.1 200 OK\r\nContent-Ty", End.RESET),
    "reset in the body": Said(answer(OK)[:-9], End.RESET),
    "end before it was heard": Said(hears=False),
    "html with 200": Said(answer(HTML, kind="text/html")),
    "html with 502": Said(answer(HTML, "502 Bad Gateway", "text/html")),
    "html with 504": Said(answer(HTML, "504 Gateway Timeout", "text/html")),
    "503 and when to come again": Said(answer("", "503 Service Unavailable", headers=["Retry-After: 9"])),
    "500 that says yes": Said(answer(OK, "500 Internal Server Error")),
    "502 that says no": Said(answer(NO, "502 Bad Gateway")),
    "400 that says yes": Said(answer(OK, "400 Bad Request")),
    "yes as plain text": Said(answer(OK, kind="text/plain")),
    "yes as a packed file": Said(answer(OK, kind="application/gzip")),
    "no as html": Said(answer(NO, kind="text/html")),
    "another charset": Said(answer(OK, kind="application/json; charset=utf-16")),
    "a charset that is none of texts": Said(answer(OK, kind="application/json; charset=zlib")),
    "plain, said to be packed": Said(answer(OK, headers=GZIP)),
    "packed and cut": Said(answer(PACKED[:-12], headers=GZIP)),
    "packed and damaged": Said(answer(PACKED[:20] + b"\x00" + PACKED[21:], headers=GZIP)),
    "packed in a way that nobody knows": Said(answer(WHOLE[::-1], headers=["Content-Encoding: zip"])),
    "longer than it is": Said(answer(OK, length=4000)),
    "shorter than it is": Said(answer(OK, length=len(WHOLE) - 1)),
    "of no length": Said(answer(OK).replace(b"Content-Length: ", b"Content-Length: x")),
    "of two lengths": Said(answer(OK, headers=["Content-Length: 3"])),
    "chunks without an end": Said(chunked(WHOLE[:-1], ends=False)),
    "a chunk of no size": Said(chunked(WHOLE).replace(b"\r\n\r\n", b"\r\n\r\nxyz", 1)),
    "a list": Said(answer([OK])),
    "a text": Said(answer('"ok"')),
    "null": Said(answer("null")),
    "true": Said(answer("true")),
    "deep": Said(answer(DEEP)),
    "two answers": Said(answer(WHOLE * 2)),
    "no ok": Said(answer({"ts": "17.1"})),
    "no error": Said(answer({"ok": False})),
    "an error that is no word": Said(answer({"ok": False, "error": ["channel_not_found"]})),
    "no HTTP": Said(b"220 mail.example.com ESMTP\r\n\r\n"),
    "an endless head": Said(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000, End.RESET),
}
LATE = {
    "silence": Said(end=End.SILENCE),
    "silence in the body": Said(answer(OK)[:-9], End.SILENCE),
    "a head that drips": Said(b"HTTP/1.1 200 OK\r\nX-Slow:", End.DRIP),
    "a body that drips": Said(answer(OK, length=10**6), End.DRIP),
}


@pytest.mark.parametrize("said", BROKEN.values(), ids=BROKEN)
async def test_post_whose_answer_breaks_is_unclear_and_sent_once(metrics, said):
    async with faulty(said) as server, client(server.url, metrics) as slack:
        outcome = await post(slack)

    assert isinstance(outcome, Unclear), outcome
    assert outcome.is_outage
    assert server.callers == 1


@pytest.mark.parametrize("said", LATE.values(), ids=LATE)
async def test_post_whose_answer_takes_too_long_in_all_is_unclear(metrics, monkeypatch, said):
    monkeypatch.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.05)
    async with faulty(said) as server, client(server.url, metrics) as slack:
        outcome = await post(slack)

    assert outcome == Unclear("TimeoutError")
    assert server.callers == 1


@pytest.mark.parametrize("method", CALLS)
async def test_call_whose_answer_breaks_is_worth_another_try(metrics, monkeypatch, method):
    odd = {}
    async with faulty() as server, client(server.url, metrics) as slack:
        for name, said in BROKEN.items() | LATE.items():
            monkeypatch.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.02 if name in LATE else 10)
            server.say(said)
            try:
                outcome = await CALLS[method](slack)
            except SlackUnavailableError:
                continue
            except SlackRefusedError as error:
                outcome = error
            if not (isinstance(outcome, Unclear) and outcome.is_outage):
                odd[name] = outcome

    assert odd == {}


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
async def test_history_that_is_no_list_is_not_taken_for_an_empty_one(metrics, method):
    async with faulty(answer({"ok": True})) as server, client(server.url, metrics) as slack:
        with pytest.raises(SlackRefusedError):
            await CALLS[method](slack)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=latin-1", "application/json; charset=unheard-of"]
)
@pytest.mark.parametrize("packing", [WHOLE, PACKED], ids=["plain", "packed"])
async def test_odd_but_whole_answer_is_believed(metrics, kind, packing):
    said = answer(packing, kind=kind, headers=GZIP if packing == PACKED else ())
    async with faulty(said) as server, client(server.url, metrics) as slack:
        assert await post(slack) == Posted("17.1")


async def test_chunks_that_are_whole_are_believed(metrics):
    async with faulty(chunked(WHOLE)) as server, client(server.url, metrics) as slack:
        assert await post(slack) == Posted("17.1")


@asynccontextmanager
async def unreached(way, monkeypatch):
    """An address at which nothing can be sent."""
    if way == "nobody listens":
        yield f"http://127.0.0.1:{free_port()}/api/"
    elif way == "an unknown name":

        def unknown(host, *_, **__):
            raise socket.gaierror(socket.EAI_NONAME, f"{host} is unknown")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        yield "https://slack.invalid/api/"
    elif way == "a certificate that nobody trusts":
        async with faulty(answer(OK), tls=True) as server:
            yield server.url
    else:
        said = {
            "plain HTTP where TLS was meant": Said(answer(OK), hears=False),
            "a reset in the handshake": Said(end=End.RESET, hears=False),
            "silence in the handshake": Said(end=End.SILENCE, hears=False),
        }[way]
        async with faulty(said) as server:
            yield server.url.replace("http:", "https:")


WAYS = [
    "nobody listens",
    "an unknown name",
    "a certificate that nobody trusts",
    "plain HTTP where TLS was meant",
    "a reset in the handshake",
    "silence in the handshake",
]


@pytest.mark.parametrize("way", WAYS)
async def test_post_that_could_not_be_sent_was_surely_not_posted(metrics, monkeypatch, way):
    if way.startswith("silence"):
        monkeypatch.setattr("bot.slack.transport.CONNECT_TIMEOUT_S", 0.05)
    async with unreached(way, monkeypatch) as url, client(url, metrics) as slack:
        outcome = await post(slack)
        with pytest.raises(SlackUnavailableError):
            await slack.identity()

    assert isinstance(outcome, Refused), outcome
    assert outcome.kind is Refusal.UNREACHED


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_takes_nothing_elsewhere(metrics, status):
    async with faulty(answer(OK)) as elsewhere, faulty() as server, client(server.url, metrics) as slack:
        server.say(answer("", f"{status} Elsewhere", headers=[f"Location: {elsewhere.url}chat.postMessage"]))

        outcome = await post(slack)
        for call in CALLS.values():
            try:
                await call(slack)
            except SlackUnavailableError:
                continue

    assert outcome == Unclear("RedirectRefusedError")
    assert elsewhere.callers == 0
    assert server.callers == 1 + len(CALLS)


LIMITED = {
    "30": 30,
    "0": 0,
    "1.5": 1.5,
    "1e9": 3600,
    "-3": None,
    "nan": None,
    "soon": None,
    None: None,
}


@pytest.mark.parametrize("value", LIMITED)
@pytest.mark.parametrize("body", ["json", "html", "nothing", "cut", "drips", "floods"])
async def test_429_is_definite_whatever_its_body_is(metrics, value, body):
    headers = [] if value is None else [f"Retry-After: {value}"]
    kind = "text/html" if body == "html" else "application/json"
    told = {"html": HTML, "nothing": ""}.get(body, {"ok": False, "error": "ratelimited"})
    length = None if body in ("json", "html", "nothing") else 10**9
    said = answer(told, "429 Too Many Requests", kind, headers, length)
    end = {"drips": End.DRIP, "floods": End.FLOOD}.get(body, End.CLOSE)
    async with faulty(Said(said, end)) as server, client(server.url, metrics) as slack:
        outcome = await post(slack)

    wait = LIMITED[value]
    expected = None if wait is None else timedelta(seconds=wait)
    assert outcome == Refused("ratelimited", Refusal.RATE, expected)


@pytest.mark.parametrize("head", [answer(b"", length=-1), answer(b"", length=10**12)])
async def test_body_without_an_end_is_not_read_to_it(metrics, monkeypatch, head):
    monkeypatch.setattr("bot.slack.transport.LARGEST_BODY", 100_000)
    async with faulty(Said(head, End.FLOOD)) as server, client(server.url, metrics) as slack:
        outcome = await post(slack)

    assert outcome == Unclear("TooLargeError")
    assert server.poured < 30 * 2**20


async def test_body_that_unpacks_without_an_end_is_not_unpacked_to_it(metrics, monkeypatch):
    monkeypatch.setattr("bot.slack.transport.LARGEST_BODY", 100_000)
    bomb = gzip.compress(bytes(50 * 2**20), 1)
    async with faulty(answer(bomb, headers=GZIP)) as server, client(server.url, metrics) as slack:
        assert await post(slack) == Unclear("TooLargeError")


def cuts(body):
    """The answer as it is cut at each of its bytes, with a length and without, and whether all is there."""
    raw = json.dumps(body).encode()
    for length, skipped in ((None, 0), (-1, len(answer(raw, length=-1)) - len(raw))):
        whole = answer(raw, length=length)
        for end in range(skipped, len(whole) + 1):
            yield whole[:end], end == len(whole)


@pytest.mark.parametrize(
    ("body", "outcome"), [(OK, Posted("17.1")), (NO, Refused("channel_not_found", Refusal.CHANNEL))]
)
async def test_answer_to_a_post_tells_nothing_before_its_last_byte(metrics, body, outcome):
    async with faulty() as server, client(server.url, metrics) as slack:
        for said, is_whole in cuts(body):
            server.say(said)
            told = await post(slack)
            assert told == outcome if is_whole else isinstance(told, Unclear), said


async def test_history_tells_nothing_before_its_last_byte(metrics):
    async with faulty() as server, client(server.url, metrics) as slack:
        for said, is_whole in cuts(HISTORY):
            server.say(said)
            if is_whole:
                assert [seen.ts for seen in await slack.history("C1", **WHEN)] == ["17.1"]
                continue
            with pytest.raises(SlackUnavailableError):
                await slack.history("C1", **WHEN)
