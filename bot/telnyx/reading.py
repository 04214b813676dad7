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


_NUL = re.compile(rb"(?<!\\)((?:\\\\)*+)\\u0000")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A text that never ends is one token: looking for its end from each quote within would take for ever."""


def without_nul(body: bytes) -> bytes:
    """The body without NUL characters, plain or escaped: no database of ours keeps them."""
    if b"\x00" in body:
        body = body.replace(b"\x00", b"")
    return _NUL.sub(rb"\1", body) if b"\\u0000" in body else body


def repaired(body: bytes) -> bytes:
    """The body with what is no text (broken UTF-8, half surrogates) replaced by U+FFFD."""
    return _LONE_SURROGATE.sub(r"\\ufffd", body.decode("utf-8-sig", "replace")).encode()


def json_of(body: bytes | msgspec.Raw) -> Any:
    """The value, or None for what is no JSON even after a repair; NaN and control characters are taken."""
    whole = without_nul(bytes(body))
    try:
        return msgspec.json.decode(whole)
    except UNREADABLE:
        pass
    try:
        return json.loads(repaired(whole), strict=False)
    except (ValueError, RecursionError):
        return None


def rows_of(body: bytes) -> list[bytes] | None:
    """The texts of the items of the list `data`, however deep one nests; None where there is no such list,
    or where the body breaks off: what is behind the list is needed too.

    It looks at brackets only, so that one item spoils no other.
    """
    text = body.decode()
    depth, begin, name = 0, -1, ""
    rows: list[str] = []
    for found in _TOKEN.finditer(text):
        sign = found.group()
        if sign in "[{":
            depth += 1
            if depth == 2 and f"{name}{sign}" == '"data"[':
                begin = found.end()
        elif sign in "]}":
            depth -= 1
        elif depth == 1:
            name = sign
        is_end = (sign, depth) == ("]", 1)
        if begin >= 0 and (is_end or (sign, depth) == (",", 2)):
            rows.append(text[begin : found.start()])
            begin = -1 if is_end else found.end()
        if depth == 0:
            is_whole = begin < 0 and not text[found.end() :].strip()
            return [row.encode() for row in rows if row.strip()] if is_whole and rows else None
    return None
