"""How Telnyx writes things: names of the two event lists, dates, masks for what tests must never see leak."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

Source: TypeAlias = Literal["port_in", "port_out"]
Json: TypeAlias = dict[str, object]

CANARY = "CANARY-"
"""Begins every secret of the stand-in's orders: a text that holds it has leaked one."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def utc_now() -> datetime:
    """The real clock, aware and in UTC."""
    return datetime.now(UTC)


def micros(moment: datetime) -> str:
    """Six fraction digits and Z, as events have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def millis(moment: datetime) -> str:
    """Three fraction digits and Z, as payloads and orders have it."""
    return micros(moment)[:-4] + "Z"


def seconds(moment: datetime) -> str:
    """No fraction and Z, as FOC dates have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_with_offset(moment: datetime) -> str:
    """No fraction and `+00:00`, as port-outs have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def parse_moment(text: object) -> datetime | None:
    """An ISO 8601 date and time; without a zone it is UTC; None for anything else."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_day(text: str) -> date | None:
    """The UTC day of a date, or of a date and time."""
    if moment := parse_moment(text):
        return moment.date()
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def moment_of(event: object) -> datetime | None:
    """When an event says it was created: on top, else in its payload, where `deleted` events have it."""
    if not isinstance(event, Mapping):
        return None
    payload = event.get("payload")
    nested = payload.get("created_at") if isinstance(payload, Mapping) else None
    return parse_moment(event.get("created_at")) or parse_moment(nested)


def digits(text: str) -> str:
    """Only the digits: Telnyx shows numbers with and without a plus."""
    return re.sub(r"\D", "", text)
