"""What may pass Telnyx's door: an allow-list for what we know, patterns for what we do not.

Secrets (`attempted_pin`, `pin_passcode`, `account_number`, `tax_identifier`, `webhook_url`, tokens) are in no
list, so they end here. People also write secrets into comments: digits after a telling word are masked.
Source: telnyx-api.md §1.4, §3.3, §8.2, §9.2 and §11.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.masking import mask_secrets
from bot.telnyx.events import JsonObject, Source

_SECRET_KEY = re.compile(
    r"(?:^|_)(?:pin|pins|pincode|passcode|password|passwd|secret|token|ssn|tax|tin|ein|authorization|key|otp)(?:_|$)"
    r"|account_n|tax_?id|social_sec|webhook|url|delivered_to|(?:^|_)lsr|credential|verification|access_code"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


Filter = Callable[[object], object]
"""Reads one value; returns what may stay, or None for what may not."""


def literal(value: object) -> object:
    """Scalars and lists of scalars as they are; objects, which could hide anything, not."""
    if isinstance(value, list):
        return [item for item in value if _is_scalar(item)]
    return value if _is_scalar(value) else None


def prose(value: object) -> object:
    """Text that a person wrote, masked."""
    return mask_secrets(value) if isinstance(value, str) else literal(value)


def only(**fields: Filter) -> Filter:
    """Of an object the named fields; a bare text in its place stays, masked."""

    def filtered(value: object) -> object:
        return _filtered(value, fields) if isinstance(value, dict) else prose(value)

    return filtered


def each(item: Filter) -> Filter:
    """Every item of a list."""

    def filtered(value: object) -> object:
        return [item(entry) for entry in value] if isinstance(value, list) else None

    return filtered


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _filtered(data: Mapping[str, object], fields: Mapping[str, Filter]) -> dict[str, object]:
    return {name: fields[name](value) for name, value in data.items() if name in fields}


_STATUS = only(value=literal, details=each(only(code=literal, description=prose)))
_MESSAGING = only(
    messaging_capable=literal,
    enable_messaging=literal,
    messaging_port_status=literal,
    messaging_port_completed=literal,
)
_NAMED = {"id": literal, "customer_reference": prose, "support_key": literal}
_COMMENT = only(id=literal, body=prose, user_id=literal, user_type=literal, inserted_at=literal)
_STAMPS = {"record_type": literal, "created_at": literal, "updated_at": literal}

PAYLOADS: Mapping[str, Mapping[str, Filter]] = {
    "porting_order.status_changed": {**_NAMED, "status": _STATUS, "updated_at": literal},
    "porting_order.new_comment": {"porting_order_id": literal, "support_key": literal, "comment": _COMMENT},
    "porting_order.split": {
        "from": only(id=literal),
        "to": only(id=literal),
        "porting_phone_numbers": each(only(id=literal)),
    },
    "porting_order.messaging_changed": {**_NAMED, "messaging": _MESSAGING},
    "porting_order.deleted": {**_NAMED, "deleted_at": literal, **_STAMPS},
    "porting_order.loa_updated": _NAMED,
    "porting_order.sharing_token_expired": _NAMED,
    "portout.status_changed": {
        "id": literal,
        "status": literal,
        "phone_numbers": literal,
        "carrier_name": prose,
        "spid": literal,
        "user_id": literal,
        "subscriber_name": prose,
        "rejection_reason": prose,
    },
    "portout.new_comment": {"id": literal, "portout_id": literal, "user_id": literal, "comment": prose},
    "portout.foc_date_changed": {"id": literal, "user_id": literal, "foc_date": literal},
}

_ORDERS: Mapping[Source, Mapping[str, Filter]] = {
    Source.PORT_IN: {
        **_NAMED,
        "status": _STATUS,
        "parent_support_key": literal,
        "phone_numbers": each(only(phone_number=literal)),
        "porting_phone_numbers_count": literal,
        "old_service_provider_ocn": prose,
        "activation_settings": only(foc_datetime_requested=literal, foc_datetime_actual=literal),
        "messaging": _MESSAGING,
        **_STAMPS,
    },
    Source.PORT_OUT: {
        "id": literal,
        "status": literal,
        "support_key": literal,
        "phone_numbers": literal,
        "carrier_name": prose,
        "spid": literal,
        "pon": literal,
        "end_user_name": prose,
        "requested_foc_date": literal,
        "foc_date": literal,
        "reason": prose,
        "inserted_at": literal,
        **_STAMPS,
    },
}


DEEPEST = 30
"""What is nested deeper in a payload of a new type is left out."""


def safe_payload(event_type: str, payload: JsonObject) -> dict[str, Any]:
    """An event's payload without secrets: by the type's allow-list, or by pattern where the type is new."""
    fields = PAYLOADS.get(event_type)
    return _filtered(payload, fields) if fields else _without_secrets(payload)


def safe_order(source: Source, data: JsonObject) -> dict[str, Any]:
    """Of an order's answer what we read, and nothing else."""
    return _filtered(data, _ORDERS[source])


def _without_secrets(data: Mapping[str, object], depth: int = 0) -> dict[str, object]:
    return {name: _scrubbed(value, depth + 1) for name, value in data.items() if not _is_secret(name)}


def _is_secret(name: str) -> bool:
    return bool(_SECRET_KEY.search(_CAMEL.sub("_", name).lower().replace("-", "_")))


def _scrubbed(value: object, depth: int) -> object:
    if depth > DEEPEST:
        return None
    if isinstance(value, dict):
        return _without_secrets(value, depth)
    if isinstance(value, list):
        return [_scrubbed(item, depth + 1) for item in value]
    return prose(value)
