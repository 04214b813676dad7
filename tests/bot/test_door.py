"""The door, fuzzed: whatever a stranger sends, nothing of ours fails and nothing forged gets in."""

import asyncio
import gzip
import hashlib
import hmac
import json
import logging
import tracemalloc
from datetime import timedelta

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import listening
from bot.listening import LARGEST_BODY, Bodies
from tests.bot.test_web import FORM, KEY, NOW, SECRET, Bench, signed

PATHS = ("/slack/events", "/telnyx/webhooks", "/health", "/ready", "/metrics", "/", "//", "*", "/slack/events?a=%zz")
METHODS = ("GET", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "PATCH", "BREW", "post")
NOWISH = int(NOW.timestamp())
STAMPS = st.one_of(
    st.sampled_from(["NaN", "1e400", "inf", "-1", "", " ", "0x65", "1_764_597_720", "٣" * 10, "9" * 5000, f"+{NOWISH}"]),
    st.integers(NOWISH - 400, NOWISH + 400).map(str),
    st.text(max_size=12),
)
SIGNATURES = st.one_of(
    st.sampled_from(["v0=", "v1=" + "0" * 64, "v0=" + "g" * 64, "v0=" + "A" * 64, "v0=" + "0" * 63, "é" * 64, "=" * 88]),
    st.binary(min_size=64, max_size=64).map(lambda raw: f"v0={raw[:32].hex()}"),
    st.text(max_size=70),
)
NAMES = st.sampled_from(
    ["X-Slack-Signature", "X-Slack-Request-Timestamp", "telnyx-signature-ed25519", "telnyx-timestamp", "Content-Type",
     "Content-Encoding", "Content-Length", "Transfer-Encoding", "Expect", "Host", "Connection", "X-Slack-Retry-Num", "Cookie"]
)  # fmt: skip
VALUES = st.one_of(
    STAMPS,
    SIGNATURES,
    st.sampled_from(["application/json", FORM, "gzip", "br", "chunked", "identity", ";;;", "text/plain; charset=\xff",
                     "100-continue", "x" * 9000, "-5", "4", "4, 5", "upgrade", "\x00"]),
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([b"", b"{", b"[" * 5000, b"payload=%7B", b"command=/port", b"\xff" * 50, b"0\r\n\r\n", b"5\r\nhello\r\n",
                     b"ffffffffffffffff\r\n", gzip.compress(b"x" * 5000)]),
)  # fmt: skip


def raw(method, path, headers, body):
    lines = [f"{method} {path} HTTP/1.1", "Host: here", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


async def said(bench, words):
    """All that the door answers to the words, which are the whole request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(bench.address.rpartition(":")[2]))
    try:
        writer.write(words)
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), 60)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.fixture
async def door(database):
    bench = Bench(database)
    bench.bodies = Bodies(within_s=0.05)
    async with bench.served():
        yield bench


def assert_refused(bench, answer, caplog):
    for status in (line[9:12] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")):
        assert status[:1] != b"5"
    assert b"Traceback" not in answer
    assert (bench.ran, bench.woken) == ([], [])
    assert [each for each in caplog.records if each.exc_info or each.name.startswith("aiohttp")] == []


@settings(max_examples=150)
@given(st.sampled_from(METHODS), st.sampled_from(PATHS), st.lists(st.tuples(NAMES, VALUES), max_size=8), BODIES)
async def test_whatever_a_stranger_sends_nothing_fails_and_nothing_gets_in(door, caplog, method, path, headers, body):
    caplog.set_level(logging.INFO)
    if path == "/ready":
        door.health.slack_accepted(NOW)  # that a part is not ready is 503, and nobody's failure

    answer = await said(door, raw(method, path, headers, body))

    assert_refused(door, answer.replace(b"HTTP/1.1 503 Service Unavailable", b""), caplog)
