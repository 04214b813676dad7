"""Notifications as Telnyx sends them: both envelopes, signed with Ed25519 over timestamp, pipe and body."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from nacl.signing import SigningKey

from bot.sandbox.telnyx.wire import Json, micros, moment_of

NOT_IN_NOTIFICATIONS = frozenset({"attempted_pin", "porting_phone_numbers", "record_type", "created_at"})
DELIVERED_TO = "https://example.com/telnyx/webhooks"


def public_key_of(private_key: SigningKey) -> str:
    """The key's public half as Telnyx's portal shows it: Base64 of 32 bytes."""
    return base64.b64encode(bytes(private_key.verify_key)).decode()


def signed_notification(
    event: Mapping[str, object], *, flat: bool, private_key: SigningKey, at: datetime
) -> tuple[dict[str, str], bytes]:
    """Headers and raw body of the notification about an event, sent at `at`."""
    body = json.dumps(_flat(event, at) if flat else _standard(event, at)).encode()
    stamp = str(int(at.timestamp()))
    signature = private_key.sign(f"{stamp}|".encode() + body).signature
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "telnyx-webhooks",
        "telnyx-timestamp": stamp,
        "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
    }
    return headers, body


def _facts(event: Mapping[str, object], at: datetime) -> Json:
    payload = event.get("payload")
    if isinstance(payload, Mapping):
        payload = {name: value for name, value in payload.items() if name not in NOT_IN_NOTIFICATIONS}
    return {
        "id": event.get("id"),
        "event_type": event.get("event_type"),
        "occurred_at": micros(moment_of(event) or at),
        "payload": payload,
    }


def _standard(event: Mapping[str, object], at: datetime) -> Json:
    return {
        "data": _facts(event, at) | {"record_type": "event"},
        "meta": {"attempt": 1, "delivered_to": DELIVERED_TO},
    }


def _flat(event: Mapping[str, object], at: datetime) -> Json:
    return _facts(event, at) | {"urls": [DELIVERED_TO], "organization_id": "org-sandbox", "format": "v2"}
