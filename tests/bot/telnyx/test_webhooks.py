"""Telnyx's signature."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from bot.telnyx.webhooks import verify

NOW = datetime(2026, 12, 1, tzinfo=UTC)
KEY = SigningKey(b"k" * 32)
PUBLIC = base64.b64encode(bytes(KEY.verify_key)).decode()
BODY = b'{"data": {"id": "e1"}}'


def signed(body=BODY, at=NOW):
    timestamp = str(int(at.timestamp()))
    signature = KEY.sign(timestamp.encode() + b"|" + body).signature
    return {"telnyx-timestamp": timestamp, "telnyx-signature-ed25519": base64.b64encode(signature).decode()}


def test_what_telnyx_signed_is_accepted():
    assert verify(BODY, signed(), PUBLIC, NOW)


def test_other_body_is_not():
    assert not verify(BODY + b" ", signed(), PUBLIC, NOW)


@pytest.mark.parametrize(("minutes", "accepted"), [(-5.1, False), (-4.9, True), (4.9, True), (5.1, False)])
def test_only_five_minutes_either_way_are_accepted(minutes, accepted):
    assert verify(BODY, signed(at=NOW + timedelta(minutes=minutes)), PUBLIC, NOW) is accepted


@pytest.mark.parametrize(
    "change",
    [
        {"telnyx-timestamp": ""},
        {"telnyx-timestamp": "soon"},
        {"telnyx-timestamp": "9" * 400},
        {"telnyx-timestamp": "١٢٣"},
        {"telnyx-signature-ed25519": ""},
        {"telnyx-signature-ed25519": "é"},
        {"telnyx-signature-ed25519": "QUJD"},
    ],
)
def test_malformed_headers_are_not_accepted(change):
    assert not verify(BODY, signed() | change, PUBLIC, NOW)


@pytest.mark.parametrize("key", ["", "no base64 é", "QUJD"])
def test_malformed_key_accepts_nothing(key):
    assert not verify(BODY, signed(), key, NOW)


@given(
    st.dictionaries(st.sampled_from(["telnyx-timestamp", "telnyx-signature-ed25519"]), st.text()), st.binary()
)
def test_nothing_made_up_is_accepted_or_raises(headers, body):
    assert not verify(body, headers, PUBLIC, NOW)
