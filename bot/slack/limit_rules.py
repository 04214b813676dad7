"""The kinds of limits that Slack sets on a part of a block; each rule yields what is wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
Breaches = Iterator[str]
Rule = Callable[[Json, str], Breaches]

MESSAGE_TEXT = 3000
MESSAGE_TOTAL = 12_000
"""Characters that a message may show: Slack refuses a little over 13,000 and documents nothing."""
CELLS_TOTAL = 10_000

_TOKEN = re.compile(
    r"<(?:!date\^\d+\^[^<>]+|!subteam\^[^<>]+|@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|https?://[^<>\s]+)>"
)
_SHOWN = ("text", "title", "caption", "label", "alt_text", "fallback")


def check_text(text: str, at: str = "text", most: int = MESSAGE_TEXT) -> Breaches:
    """Length and escaping of mrkdwn."""
    if len(text) > most:
        yield f"{at}: {len(text)} characters, at most {most}"
    if re.search("[<>]", _TOKEN.sub("", text)):
        yield f"{at}: < or > is not escaped"


def shown(value: object) -> int:
    """How many characters the blocks show."""
    if isinstance(value, Mapping):
        own = sum(len(value[name]) for name in _SHOWN if isinstance(value.get(name), str))
        return own + sum(shown(item) for item in value.values())
    return sum(shown(item) for item in value) if isinstance(value, list | tuple) else 0


def text_at(key: str, most: int, *, needed: bool = False) -> Rule:
    """A text object at `key`: not empty, at most so long."""

    def rule(value: Json, at: str) -> Breaches:
        found = value.get(key)
        if found is None:
            if needed:
                yield f"{at}.{key}: is missing"
            return
        written = found.get("text", "") if isinstance(found, Mapping) else found
        if not written.strip():
            yield f"{at}.{key}: is empty"
        if len(written) > most:
            yield f"{at}.{key}: {len(written)} characters, at most {most}"

    return rule


def string_at(key: str, most: int, *, empty: bool = False, needed: bool = False) -> Rule:
    def rule(value: Json, at: str) -> Breaches:
        found = value.get(key)
        if found is None and not needed:
            return
        if not found and not empty:
            yield f"{at}.{key}: is empty"
        if len(found or "") > most:
            yield f"{at}.{key}: {len(found or '')} characters, at most {most}"

    return rule


def count_at(key: str, least: int, most: int) -> Rule:
    def rule(value: Json, at: str) -> Breaches:
        if key in value and not least <= len(value[key]) <= most:
            yield f"{at}.{key}: {len(value[key])}, {least} to {most}"

    return rule


def each_text_at(key: str, most: int) -> Rule:
    def rule(value: Json, at: str) -> Breaches:
        for place, item in enumerate(value.get(key, [])):
            yield from text_at("text", most)(item, f"{at}.{key}[{place}]")

    return rule


def mrkdwn_is_escaped(value: Json, at: str) -> Breaches:
    yield from check_text(value.get("text", ""), f"{at}.text", most=MESSAGE_TOTAL)


def something_at(*keys: str) -> Rule:
    def rule(value: Json, at: str) -> Breaches:
        if not any(value.get(key) for key in keys):
            yield f"{at}: needs {' or '.join(keys)}"

    return rule


def table_fits(value: Json, at: str) -> Breaches:
    rows = value.get("rows", [])
    if not 1 <= len(rows) <= 100:
        yield f"{at}.rows: {len(rows)}, 1 to 100"
    if len({len(row) for row in rows}) > 1:
        yield f"{at}.rows: not all equally long"
    if any(len(row) > 20 for row in rows):
        yield f"{at}.rows: over 20 cells in a row"
    if shown(rows) > CELLS_TOTAL:
        yield f"{at}.rows: {shown(rows)} characters, at most {CELLS_TOTAL}"


def data_table_fits(value: Json, at: str) -> Breaches:
    if not 2 <= len(value.get("rows", [])) <= 101:
        yield f"{at}.rows: {len(value.get('rows', []))}, 2 to 101"
    yield from table_fits({"rows": value.get("rows", [])[1:]}, at)


def date_can_be_shown(value: Json, at: str) -> Breaches:
    if not 0 < value.get("timestamp", 0) < 10_000_000_000:
        yield f"{at}.timestamp: {value.get('timestamp')} can not be shown"
