"""Telnyx's signature on its webhooks: Ed25519 over the timestamp, a bar and the raw body."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.signing import VerifyKey

TOLERANCE = timedelta(minutes=5)
LONGEST_TIMESTAMP = 12
"""Digits; Unix seconds have ten."""


def verify(body: bytes, headers: Mapping[str, str], public_key: str, now: datetime) -> bool:
    """True if Telnyx signed `body` within five minutes of `now`. Never raises.

    `headers` by lower-case name or from a mapping that ignores case; `public_key` is base64 of 32 bytes.
    """
    timestamp = headers.get("telnyx-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    try:
        signature = base64.b64decode(headers.get("telnyx-signature-ed25519", ""), validate=True)
        key = VerifyKey(base64.b64decode(public_key, validate=True))
        key.verify(timestamp.encode() + b"|" + body, signature)
    except (BadSignatureError, CryptoError, binascii.Error, ValueError, TypeError):
        return False
    return True
