"""Moments as people type them: `2d`, `12h`, `today`, `2026-12-01`. Pure."""

import re
from datetime import UTC, datetime, timedelta

from bot.errors import UserError

_PERIOD = r"(\d{1,5})\s*(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?:\s+ago)?"
_AGO = re.compile(rf"[-–—−]?{_PERIOD}")
_SPACED = re.compile(rf"\b(since|until):\s*{_PERIOD}(?=\s|$)", re.IGNORECASE)
DAYS = ("today", "yesterday", "tomorrow", "now")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_REST_OF_DAY = timedelta(days=1) - timedelta(microseconds=1)
_LONGEST = timedelta(days=3650)


def joined(line: str) -> str:
    """The line with `since:2 days ago` as one word, as a person means it."""
    return _SPACED.sub(r"\1:\2\3", line)


def moment(text: str, now: datetime, *, ends_day: bool = False) -> datetime:
    """The aware UTC time that `text` means at `now`; a whole day begins, or ends where `ends_day`.

    Raises UserError for what is no time.
    """
    lower = text.strip().lower()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if lower in DAYS[:3]:
        day = midnight + timedelta(days=(lower == "tomorrow") - (lower == "yesterday"))
        return day + _REST_OF_DAY if ends_day else day
    if lower == "now":
        return now
    ago = _AGO.fullmatch(lower)
    if ago:
        return now - min(timedelta(**{_UNITS[ago.group(2)[0]]: int(ago.group(1))}), _LONGEST)
    at = _written_out(text)
    return at + _REST_OF_DAY if ends_day and re.fullmatch(r"[\d-]{8,10}", lower) else at


def _written_out(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip().upper())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UserError(
            f"“{text[:40]}” is not a time that I know. Write 30m, 12h, 2d, 1w, today, yesterday, "
            "2026-12-01 or 2026-12-01T14:00."
        ) from error
