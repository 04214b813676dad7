"""The door, fuzzed: whatever a stranger sends, nothing of ours fails and nothing forged gets in."""

import asyncio
import gzip
import json
import re
import tracemalloc
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.listening import LARGEST_BODY, Bodies
from storage import watermarks
from tests.bot.test_web import FORM, NOW, Bench, signed

PATHS = (
    "/slack/events",
    "/telnyx/webhooks",
    "/health",
    "/ready",
    "/metrics",
    "/",
    "//",
    "*",
    "/slack/events?a=%zz",
)
METHODS = ("GET", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "PATCH", "BREW", "post")
NOWISH = int(NOW.timestamp())
STAMPS = st.one_of(
    st.sampled_from(
        ["NaN", "1e400", "inf", "-1", "", " ", "0x65", "1_764_597_720", "٣" * 10, "9" * 5000, f"+{NOWISH}"]
    ),
    st.integers(NOWISH - 400, NOWISH + 400).map(str),
    st.text(max_size=12),
)
SIGNATURES = st.one_of(
    st.sampled_from(
        ["v0=", "v1=" + "0" * 64, "v0=" + "g" * 64, "v0=" + "A" * 64, "v0=" + "0" * 63, "é" * 64, "=" * 88]
    ),
    st.binary(min_size=64, max_size=64).map(lambda raw: f"v0={raw[:32].hex()}"),
    st.text(max_size=70),
)
NAMES = st.sampled_from(
    [
        "X-Slack-Signature",
        "X-Slack-Request-Timestamp",
        "telnyx-signature-ed25519",
        "telnyx-timestamp",
        "Content-Type",
        "Content-Encoding",
        "Content-Length",
        "Transfer-Encoding",
        "Expect",
        "Host",
        "Connection",
        "X-Slack-Retry-Num",
        "Cookie",
    ]
)
VALUES = st.one_of(
    STAMPS,
    SIGNATURES,
    st.sampled_from(
        [
            "application/json",
            FORM,
            "gzip",
            "br",
            "chunked",
            "identity",
            ";;;",
            "text/plain; charset=\xff",
            "100-continue",
            "x" * 9000,
            "-5",
            "4",
            "4, 5",
            "upgrade",
            "\x00",
        ]
    ),
)
FIELDS = st.sampled_from(
    [
        "type",
        "command",
        "text",
        "team_id",
        "user_id",
        "user",
        "team",
        "channel",
        "event",
        "view",
        "actions",
        "payload",
        "ssl_check",
        "challenge",
        "trigger_id",
        "response_url",
        "action_id",
        "callback_id",
        "authorizations",
        "id",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"{",
            b"[" * 5000,
            b"payload=%7B",
            b"command=/port",
            b"\xff" * 50,
            b"0\r\n\r\n",
            b"5\r\nhello\r\n",
            b"ffffffffffffffff\r\n",
            gzip.compress(b"x" * 5000),
        ]
    ),
)


def raw(method, path, headers, body):
    lines = [f"{method} {path} HTTP/1.1", "Host: here", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


async def said(door, words):
    """The door's answer to a request: its head and its body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(door.address.rpartition(":")[2]))
    try:
        writer.write(words)
        answer = b"HTTP/1.1 100 "
        while answer.startswith(b"HTTP/1.1 100 "):
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        length = None if words.startswith(b"HEAD") else re.search(rb"Content-Length: (\d+)", answer)
        return answer + (await reader.readexactly(int(length[1])) if length else b"")
    except asyncio.IncompleteReadError as cut:
        return cut.partial
    finally:
        writer.transport.abort()


@pytest.fixture
async def door(database):
    bench = Bench(database)
    bench.bodies = Bodies(within_s=0.05)
    bench.health.slack_accepted(NOW)
    async with database.transaction() as tx:
        for source in ("port_in", "port_out"):
            await watermarks.begin(tx, source, watermark=NOW, baseline_at=NOW)
    async with bench.served():
        yield bench


def status_of(answer):
    return int(answer[9:12])


def assert_sound(answer, caplog):
    """No failure of ours, and nobody is told what we are made of."""
    assert 200 <= status_of(answer) < 500
    assert b"Traceback" not in answer
    assert b"\nServer:" not in answer
    assert [each for each in caplog.records if each.exc_info or each.name.startswith("aiohttp")] == []


@settings(max_examples=100)
@given(
    st.sampled_from(METHODS), st.sampled_from(PATHS), st.lists(st.tuples(NAMES, VALUES), max_size=8), BODIES
)
async def test_whatever_a_stranger_sends_nothing_fails_and_nothing_gets_in(
    door, caplog, method, path, headers, body
):
    answer = await said(door, raw(method, path, headers, body))

    assert_sound(answer, caplog)
    assert (door.ran, door.woken) == ([], [])


def signed_for(door, path, body):
    return signed(body) if path == "/slack/events" else door.signed_by_telnyx(body)


SPOILED = {
    "a byte of the body": lambda headers, body, at: (headers, flipped(body, at)),
    "the body's end": lambda headers, body, at: (headers, body[: at % len(body)]),
    "more body": lambda headers, body, at: (headers, body + b"&" * at),
    "a sign of the signature": lambda headers, body, at: (respelt(headers, "ignature", at), body),
    "a digit of the time": lambda headers, body, at: (respelt(headers, "imestamp", at), body),
    "a signature in front": lambda headers, body, at: ([(headers[1][0], f"{at:064x}"), *headers], body),
}


def flipped(content, at):
    at %= len(content)
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def respelt(headers, part, at):
    return [
        (name, flipped(value.encode(), at).decode() if part in name else value) for name, value in headers
    ]


@pytest.mark.parametrize("path", ["/slack/events", "/telnyx/webhooks"])
@pytest.mark.parametrize("what", SPOILED)
@settings(max_examples=6)
@given(at=st.integers(3, 85))
async def test_what_was_signed_gets_in_only_as_it_was_signed(door, caplog, path, what, at):
    body = b'{"command":"/port","text":"help","team_id":"T1"}'
    headers, spoiled = SPOILED[what](list(signed_for(door, path, body).items()), body, at)
    headers += [("Content-Type", "application/json"), ("Content-Length", str(len(spoiled)))]

    answer = await said(door, raw("POST", path, headers, spoiled))

    assert status_of(answer) == 401
    assert_sound(answer, caplog)
    assert (door.ran, door.woken) == ([], [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(FIELDS | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=15,
)


@settings(max_examples=50)
@given(st.dictionaries(FIELDS, JSON, max_size=7), st.booleans())
async def test_nothing_that_slack_signs_makes_us_fail(door, caplog, payload, is_form):
    body = json.dumps(payload).encode()
    body = urlencode({"payload": body}).encode() if is_form else body
    kind = FORM if is_form else "application/json"
    headers = [*signed(body).items(), ("Content-Type", kind), ("Content-Length", str(len(body)))]

    answer = await said(door, raw("POST", "/slack/events", headers, body))

    assert status_of(answer) in (200, 400, 404)
    assert_sound(answer, caplog)


@pytest.mark.parametrize("path", ["/slack/events", "/telnyx/webhooks"])
async def test_what_swells_when_it_is_unpacked_fills_no_memory(door, path):
    bomb = gzip.compress(bytes(96 * LARGEST_BODY))
    headers = [*signed_for(door, path, b"{}").items(), ("Content-Encoding", "gzip")]
    door.bodies = Bodies()

    tracemalloc.start()
    answer = await said(door, raw("POST", path, [*headers, ("Content-Length", str(len(bomb)))], bomb))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert status_of(answer) == 413
    assert most < 16 * LARGEST_BODY
