"""JSON of Telnyx, read so that one odd character or row spoils nothing else."""

import json
import re
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def repaired(body: bytes) -> bytes:
    """The body with what is no text (broken UTF-8, half surrogates) replaced by U+FFFD."""
    return _LONE_SURROGATE.sub(r"\\ufffd", body.decode("utf-8-sig", "replace")).encode()


def json_of(body: bytes | msgspec.Raw) -> Any:
    """The value, or None for what is no JSON even after a repair."""
    try:
        return msgspec.json.decode(body)
    except UNREADABLE:
        pass
    try:
        return json.loads(repaired(bytes(body)))
    except (ValueError, RecursionError):
        return None
