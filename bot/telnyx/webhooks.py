"""Telnyx's signature on its webhooks: Ed25519 over the timestamp, a bar and the raw body."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

TOLERANCE = timedelta(minutes=5)
LONGEST_TIMESTAMP = 12
"""Digits; Unix seconds have ten."""
SIGNATURE_BYTES = 64


def may_be_signed(headers: Mapping[str, str], now: datetime) -> bool:
    """True if the headers have a signature's form and a time within five minutes of `now`. Never raises.

    `headers` by lower-case name or from a mapping that ignores case.
    """
    timestamp = headers.get("telnyx-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        return False
    is_timely = abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()
    return is_timely and len(_decoded(headers.get("telnyx-signature-ed25519", ""))) == SIGNATURE_BYTES


def verify(body: bytes, headers: Mapping[str, str], public_key: str, now: datetime) -> bool:
    """True if Telnyx signed `body` within five minutes of `now`. Never raises.

    `public_key` is base64 of 32 bytes.
    """
    if not may_be_signed(headers, now):
        return False
    signed = headers["telnyx-timestamp"].encode() + b"|" + body
    try:
        VerifyKey(_decoded(public_key)).verify(signed, _decoded(headers["telnyx-signature-ed25519"]))
    except (CryptoError, ValueError):  # a signature that does not fit, a key that is none
        return False
    return True


def _decoded(text: str) -> bytes:
    """What the base64 stands for; empty where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
