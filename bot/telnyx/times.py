"""Telnyx's dates: `Z` or an offset, with 0, 3 or 6 fraction digits; port-out dates have no declared form."""

import re
from datetime import UTC, datetime, timedelta

_LEAP_SECOND = re.compile(r"(?<=[T ]\d\d:\d\d):60(?!\d)")


def parse_time(value: object) -> datetime | None:
    """An aware UTC moment, or None for what is no date. A date without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    leap = _LEAP_SECOND.search(value)
    try:
        if leap:  # Python knows none: it is the second that follows
            before = parse_time(value[: leap.start()] + ":59" + value[leap.end() :])
            return before + timedelta(seconds=1) if before else None
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is UTC:
            return moment
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
