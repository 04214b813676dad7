"""What can go wrong between us and Telnyx, and how its answers say so."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import isfinite

import msgspec

from bot.errors import PermanentError, TemporaryError
from bot.masking import mask_secrets
from bot.telnyx.events import mapping, text

LONGEST_WAIT_S = 3600
A_MOMENT_S = 10**9
"""So many seconds are no wait but a moment, counted since 1970."""
DETAIL_LIMIT = 200
TOO_LARGE = "too_large"
TEMPORARY_STATUSES = frozenset({408, 425, 429})


class TelnyxUnavailableError(TemporaryError):
    """Telnyx does not answer properly just now.

    `kind` is a word for the metric: timeout, connect, lost, http_5xx, rate_limited, not_json, wrong_shape,
    too_large …
    """

    def __init__(
        self, message: str | None = None, *, kind: str, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.kind = kind


class TelnyxRefusedError(PermanentError):
    """Telnyx refused the request."""

    def __init__(self, message: str | None = None, *, status: int, detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail


class UnclearAnswerError(PermanentError):
    """Telnyx may or may not have done what was asked: its answer was lost. Trying again could do it twice."""


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long `Retry-After` asks us to wait: seconds, or a date, which is compared with `now`.

    At most an hour, so that no odd header stops us for a day.
    """
    asked = _seconds(headers.get("retry-after"), now)
    if asked is None:
        asked = _seconds_until(headers.get("retry-after"), now)
    return None if asked is None else timedelta(seconds=min(max(asked, 0.0), LONGEST_WAIT_S))


def header_date(value: str | None) -> datetime | None:
    """The aware UTC moment of an HTTP date, or None for what is none."""
    try:
        moment = parsedate_to_datetime(value or "")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None


def error_for(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Exception:
    """Our error for an answer of Telnyx that is no success."""
    wait = retry_after(headers, header_date(headers.get("date")) or now)
    if status == 429:
        # Every answer tells when the limit is counted anew; only here it is a reason to wait.
        reset = retry_after({"retry-after": headers.get("x-ratelimit-reset", "")}, now)
        return TelnyxUnavailableError(
            "Telnyx limits our requests (429).",
            kind="rate_limited",
            retry_after=reset if wait is None else wait,
        )
    if status >= 500 or status in TEMPORARY_STATUSES:
        kind = "http_5xx" if status >= 500 else f"http_{status}"
        return TelnyxUnavailableError(
            f"Telnyx answered with an error ({status}).", kind=kind, retry_after=wait
        )
    if status < 400:
        return TelnyxRefusedError(
            "Telnyx's address redirects elsewhere: check TELNYX_BASE_URL.", status=status
        )
    if status == 401:
        return TelnyxRefusedError("Telnyx does not accept our key: check TELNYX_API_KEY.", status=status)
    detail = detail_of(body)
    said = f": {detail}" if detail else "."
    return TelnyxRefusedError(f"Telnyx refused the request ({status}){said}", status=status, detail=detail)


def detail_of(body: bytes) -> str:
    """What Telnyx says is wrong, short and without secrets; empty where it says nothing readable."""
    try:
        errors = mapping(msgspec.json.decode(body)).get("errors")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    first = mapping(errors[0]) if isinstance(errors, list) and errors else {}
    said = text(first.get("detail")) or text(first.get("title")) or ""
    return mask_secrets(" ".join(said.split()))[:DETAIL_LIMIT]


def _seconds(value: str | None, now: datetime) -> float | None:
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    if seconds > A_MOMENT_S:
        seconds -= now.timestamp()
    return seconds if isfinite(seconds) else None


def _seconds_until(value: str | None, now: datetime) -> float | None:
    moment = header_date(value)
    return (moment - now).total_seconds() if moment else None
