"""Telnyx's dates: `Z` or an offset, with 0, 3 or 6 fraction digits; port-out dates have no declared form."""

from datetime import UTC, datetime


def parse_time(value: object) -> datetime | None:
    """An aware UTC moment, or None for what is no date. A date without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is UTC:
            return moment
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
