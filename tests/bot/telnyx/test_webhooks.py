"""Telnyx's signature."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from bot.telnyx.webhooks import may_be_signed, verify

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
        {"telnyx-signature-ed25519": base64.b64encode(b"0" * 65).decode()},
        {"telnyx-signature-ed25519": base64.b64encode(b"0" * 64).decode()},
        {"telnyx-signature-ed25519": signed()["telnyx-signature-ed25519"].rstrip("=")},
        {"telnyx-signature-ed25519": " " + signed()["telnyx-signature-ed25519"]},
        {"telnyx-timestamp": "1" + signed()["telnyx-timestamp"]},
        {"telnyx-timestamp": "-" + signed()["telnyx-timestamp"]},
        {"telnyx-timestamp": signed()["telnyx-timestamp"] + ".0"},
    ],
)
def test_malformed_headers_are_not_accepted(change):
    assert not verify(BODY, signed() | change, PUBLIC, NOW)


@pytest.mark.parametrize("missing", ["telnyx-timestamp", "telnyx-signature-ed25519"])
def test_a_header_that_is_missing_is_not_accepted(missing):
    headers = {name: value for name, value in signed().items() if name != missing}

    assert not may_be_signed(headers, NOW)
    assert not verify(BODY, headers, PUBLIC, NOW)


def test_what_may_be_signed_is_known_before_the_body():
    assert may_be_signed(signed(b"any other body"), NOW)
    assert not may_be_signed(signed(at=NOW - timedelta(minutes=6)), NOW)


@pytest.mark.parametrize("key", ["", "no base64 é", "QUJD"])
def test_malformed_key_accepts_nothing(key):
    assert not verify(BODY, signed(), key, NOW)


@given(
    st.dictionaries(st.sampled_from(["telnyx-timestamp", "telnyx-signature-ed25519"]), st.text()), st.binary()
)
def test_nothing_made_up_is_accepted_or_raises(headers, body):
    assert not verify(body, headers, PUBLIC, NOW)
