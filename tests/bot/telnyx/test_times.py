"""Telnyx's dates."""

from datetime import UTC, datetime

import pytest

from bot.telnyx.times import parse_time

MOMENT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01T15:00:00Z",
        "2026-12-01T15:00:00.000Z",
        "2026-12-01T15:00:00.000000Z",
        "2026-12-01T15:00:00+00:00",
        "2026-12-01T10:00:00-05:00",
        "2026-12-01T15:00:00",
        "2026-12-01T20:45:00+05:45",
        "2026-12-01T14:59:60Z",  # a leap second
        "2026-12-01T09:59:60.000-05:00",
    ],
)
def test_every_spelling_is_the_same_moment_in_utc(text):
    assert parse_time(text) == MOMENT
    assert parse_time(text).utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    "value",
    [
        *(None, 5, "", "soon", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", []),
        *("2026-12-01T14:59:61Z", "2026-13-01T14:59:60Z", "9999-12-31T23:59:60Z"),
    ],
)
def test_what_is_no_date_is_none(value):
    assert parse_time(value) is None
