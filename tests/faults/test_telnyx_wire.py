"""Whatever Telnyx's wire brings: an answer is whole, or an error that says what to do, in time."""

import gzip
import socket
import tracemalloc
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError, UnclearAnswerError
from bot.telnyx.events import Source
from tests.faults.servers import End, Said, answer, faulty, free_port
from tests.faults.telnyx_answers import BROKEN, GZIP, LATE, OF_NO_MATTER, PACKED, PAGE, WHOLE


@asynccontextmanager
async def client(url, metrics, clock):
    async with Telnyx.open(url, "KEY_canary", metrics, clock) as telnyx:
        yield telnyx


async def trouble_of(call):
    """The error that a call ends with, as what counts: its kind, or its class; None for a success."""
    try:
        await call
    except TelnyxUnavailableError as error:
        return error.kind
    except (TelnyxRefusedError, UnclearAnswerError) as error:
        return type(error).__name__
    return None


CALLS = {
    "event page": lambda telnyx: telnyx.event_page(Source.PORT_IN),
    "event": lambda telnyx: telnyx.show_event(Source.PORT_OUT, "e1"),
    "orders": lambda telnyx: telnyx.orders(Source.PORT_OUT),
    "order": lambda telnyx: telnyx.order(Source.PORT_IN, "o1"),
}


@pytest.mark.parametrize("call", CALLS)
async def test_answer_that_breaks_is_never_a_success(metrics, clock, call):
    odd = {}
    async with faulty(path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        for name, (said, kind) in BROKEN.items():
            server.say(said)
            told = await trouble_of(CALLS[call](telnyx))
            alike = kind in OF_NO_MATTER and told in OF_NO_MATTER
            if told != kind and not (call != "event page" and alike):
                odd[name] = told
    assert odd == {}
    assert server.callers == len(BROKEN)


@pytest.mark.parametrize("said", LATE.values(), ids=LATE)
async def test_answer_that_takes_too_long_in_all_is_given_up(metrics, clock, monkeypatch, said):
    monkeypatch.setattr("bot.telnyx.transport.REQUEST_S", 0.05)
    async with faulty(said, path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        assert await trouble_of(telnyx.event_page(Source.PORT_IN)) == "timeout"
        assert await trouble_of(telnyx.republish(Source.PORT_IN, "e1")) == "UnclearAnswerError"


async def test_republish_whose_answer_breaks_is_unclear_and_asked_for_once(metrics, clock):
    gone = [said for said, kind in BROKEN.values() if kind in ("lost", "http_5xx")]
    async with faulty(path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        for said in gone:
            server.say(said)
            assert await trouble_of(telnyx.republish(Source.PORT_IN, "e1")) == "UnclearAnswerError", said

    assert server.callers == len(gone)


@pytest.mark.parametrize(
    "way", ["nobody listens", "an unknown name", "untrusted", "no TLS", "a reset in the handshake"]
)
async def test_what_could_not_be_sent_was_surely_not_done(metrics, clock, monkeypatch, way):
    said = Said(answer(PAGE), hears=False) if way == "no TLS" else Said(end=End.RESET, hears=False)
    async with faulty(said, tls=way == "untrusted", path="/v2") as server:
        url = server.url.replace("http:", "https:")
        if way == "nobody listens":
            url = f"http://127.0.0.1:{free_port()}/v2"
        if way == "an unknown name":
            url = "https://telnyx.invalid/v2"

            def unknown(host, *_, **__):
                raise socket.gaierror(socket.EAI_NONAME, f"{host} is unknown")

            monkeypatch.setattr(socket, "getaddrinfo", unknown)
        async with client(url, metrics, clock) as telnyx:
            assert await trouble_of(telnyx.event_page(Source.PORT_IN)) == "connect"
            assert await trouble_of(telnyx.republish(Source.PORT_IN, "e1")) == "connect"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_takes_nothing_elsewhere(metrics, clock, status):
    async with (
        faulty(answer(PAGE)) as elsewhere,
        faulty(path="/v2") as server,
        client(server.url, metrics, clock) as telnyx,
    ):
        server.say(answer("", f"{status} Elsewhere", headers=[f"Location: {elsewhere.url}"]))
        told = {await trouble_of(call(telnyx)) for call in CALLS.values()}
        told.add(await trouble_of(telnyx.republish(Source.PORT_IN, "e1")))

    assert told == {"TelnyxRefusedError"}
    assert (elsewhere.callers, server.callers) == (0, len(CALLS) + 1)


LIMITED = {
    "7": 7,
    "1.5": 1.5,
    "0": 0,
    "-3": 0,
    "1e9": 3600,
    "99999999999999": 3600,
    "nan": None,
    "soon": None,
    "Mon, 02 Mar 2026 09:00:30 GMT": 30,
    None: None,
}


@pytest.mark.parametrize("value", LIMITED)
@pytest.mark.parametrize("end", [End.CLOSE, End.RESET, End.DRIP, End.FLOOD])
async def test_429_is_obeyed_by_all_calls_whatever_its_body_is(metrics, clock, value, end):
    headers = ["Date: Mon, 02 Mar 2026 09:00:00 GMT"] + ([] if value is None else [f"Retry-After: {value}"])
    said = answer("{", "429 Too Many Requests", headers=headers, length=None if end is End.CLOSE else 10**9)
    async with faulty(path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        server.say(Said(said, end), answer(PAGE))
        with pytest.raises(TelnyxUnavailableError) as limited:
            await telnyx.event_page(Source.PORT_IN)
        rest_s = LIMITED[value] or 0
        for _ in range(2 if rest_s else 0):
            assert await trouble_of(telnyx.orders(Source.PORT_OUT)) == "rate_limited"
            clock.forward(seconds=rest_s / 2)
        asked = server.callers
        assert await trouble_of(telnyx.orders(Source.PORT_OUT)) is None

    wait = LIMITED[value]
    assert limited.value.kind == "rate_limited"
    assert limited.value.retry_after == (None if wait is None else timedelta(seconds=wait))
    assert (asked, server.callers) == (1, 2)


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "identity", ""])
async def test_whole_answer_is_believed_however_it_is_carried(metrics, clock, packing):
    body = PACKED if "gzip" in packing else WHOLE
    headers = [f"Content-Encoding: {packing}"]
    async with faulty(path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        for said in (answer(body, headers=headers), answer(body, headers=headers, length=-1)):
            server.say(said)
            page = await telnyx.event_page(Source.PORT_IN)
            assert [row.event_id for row in page.rows] == ["e1"]

    assert b"accept-encoding: gzip\r\n" in server.heard[0].lower()


async def test_body_without_an_end_is_not_read_to_it(metrics, clock, monkeypatch):
    monkeypatch.setattr("bot.telnyx.unpacking.LARGEST_BODY", 100_000)
    said = Said(answer(b"", length=10**12), End.FLOOD)
    async with faulty(said, path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        assert await trouble_of(telnyx.event_page(Source.PORT_IN)) == "too_large"

    assert server.poured < 30 * 2**20


async def test_body_that_unpacks_without_an_end_takes_no_memory(metrics, clock, monkeypatch):
    monkeypatch.setattr("bot.telnyx.unpacking.LARGEST_BODY", 100_000)
    said = answer(gzip.compress(bytes(50 * 2**20), 1), headers=GZIP)
    async with faulty(said, path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        tracemalloc.start()
        told = await trouble_of(telnyx.event_page(Source.PORT_IN))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert told == "too_large"
    assert most < 5 * 2**20


async def test_page_tells_nothing_before_its_last_byte(metrics, clock):
    async with faulty(path="/v2") as server, client(server.url, metrics, clock) as telnyx:
        for length, skipped in ((None, 0), (-1, len(answer(b"", length=-1)))):
            whole = answer(WHOLE, length=length)
            for end in range(skipped, len(whole)):
                server.say(whole[:end])
                assert await trouble_of(telnyx.event_page(Source.PORT_IN)) in ("lost", "not_json"), whole[
                    :end
                ]
            server.say(whole)
            assert len((await telnyx.event_page(Source.PORT_IN)).rows) == 1
