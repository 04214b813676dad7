"""Whatever Slack's wire brings: a post is posted, surely not posted or unclear, and it is sent once."""

import gzip
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.slack.errors import (
    Posted,
    Refusal,
    Refused,
    SlackUnavailableError,
    Unclear,
)
from tests.faults.servers import End, Said, answer, chunked, faulty, free_port
from tests.faults.slack_answers import BROKEN, GZIP, HTML, LATE, NO, OK, PACKED, WHOLE
from tests.faults.slack_calls import client, cuts, post


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

    assert outcome == Unclear("no answer in time")
    assert server.callers == 1


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

    assert outcome == Unclear("an answer that is too large")
    assert server.poured < 30 * 2**20


async def test_body_that_unpacks_without_an_end_is_not_unpacked_to_it(metrics, monkeypatch):
    monkeypatch.setattr("bot.slack.transport.LARGEST_BODY", 100_000)
    bomb = gzip.compress(bytes(50 * 2**20), 1)
    async with faulty(answer(bomb, headers=GZIP)) as server, client(server.url, metrics) as slack:
        assert await post(slack) == Unclear("an answer that is too large")


@pytest.mark.parametrize(
    ("body", "outcome"), [(OK, Posted("17.1")), (NO, Refused("channel_not_found", Refusal.CHANNEL))]
)
async def test_answer_to_a_post_tells_nothing_before_its_last_byte(metrics, body, outcome):
    async with faulty() as server, client(server.url, metrics) as slack:
        for said, is_whole in cuts(body):
            server.say(said)
            told = await post(slack)
            assert told == outcome if is_whole else isinstance(told, Unclear), said
