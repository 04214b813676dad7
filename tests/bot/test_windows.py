"""How wide a window of an event list may be, and what reading its pages tells, without any list."""

from datetime import timedelta

import pytest

from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.telnyx.pages import Page, PortInRow
from bot.windows import MOST_GAPS, Window, fits, width_after
from tests.clock import START

HOUR = timedelta(hours=1)


def row(number, *, seconds=None):
    created = (START + timedelta(seconds=number if seconds is None else seconds)).isoformat()
    return PortInRow(event_id=f"e{number}", created=created)


def window():
    return Window(Source.PORT_IN, START, None)


def full(**facts):
    return Page(rows=[row(number) for number in range(250)], **facts)


@pytest.mark.parametrize(
    ("page", "fitting"),
    [
        (Page(rows=[row(1)]), True),
        (full(total_pages=10), True),
        (full(total_pages=11), False),
        (full(total_results=2500), True),
        (full(total_results=2501), False),
        (full(total_pages=1, total_results=2501), False),
        (full(total_results=500, page_size=50), True),
        (full(total_results=501, page_size=50), False),
        (full(), False),
    ],
)
def test_window_of_at_most_ten_pages_is_read_at_one_go(page, fitting):
    assert fits(page) is fitting


@pytest.mark.parametrize(
    ("page", "width"),
    [
        (Page(), 4 * HOUR),
        (full(total_pages=3), 2.5 * HOUR),
        (full(total_pages=10), 0.75 * HOUR),
        (full(total_pages=11), 0.5 * HOUR),
        (full(total_pages=30), 0.25 * HOUR),
        (full(total_pages=10_000), 0.02 * HOUR),
        (full(), 0.5 * HOUR),
    ],
)
def test_next_window_is_aimed_at_seven_and_a_half_pages(page, width):
    assert width_after(HOUR, page) == width


def test_window_is_never_narrower_than_a_second_and_of_whole_seconds():
    assert width_after(timedelta(seconds=1), full(total_pages=99)) == timedelta(seconds=1)
    assert width_after(timedelta(seconds=3), full(total_pages=11)) == timedelta(seconds=1)


def test_window_knows_its_newest_row_and_how_many_were_new():
    seen = window()

    new = [seen.take(Page(rows=rows, odd=2)) for rows in ([row(1), row(3)], [row(3), row(2)], [])]

    assert (new, seen.odd) == ([2, 1, 0], 6)
    assert seen.newest == START + timedelta(seconds=3)


def test_window_shifts_when_a_row_comes_again_or_the_count_changes():
    steady, again, grown = window(), window(), window()
    for each, second in ((steady, [row(2)]), (again, [row(1)]), (grown, [row(2)])):
        each.take(Page(rows=[row(1)], total_results=2))
        each.take(Page(rows=second, total_results=3 if each is grown else 2))
        each.take(Page(rows=[row(3)], total_results=2))

    assert (steady.shifted, again.shifted, grown.shifted) == (False, True, True)
    assert grown.total == 2


def test_window_lacks_rows_that_telnyx_counted_and_did_not_show():
    lacking, whole, odd, missed = window(), window(), window(), window()
    for each in (lacking, odd, missed):
        each.take(Page(rows=[row(1)], total_results=2, odd=1 if each is odd else 0))
    whole.take(Page(rows=[row(1), row(2)], total_results=2))
    missed.miss(TelnyxUnavailableError("page", kind="timeout"))

    assert [each.lacks_rows for each in (lacking, whole, odd, missed, window())] == [True] + 4 * [False]


@pytest.mark.parametrize(
    ("error", "is_of_one_page"),
    [
        (TelnyxUnavailableError("slow", kind="timeout"), True),
        (TelnyxUnavailableError("gone", kind="connect"), False),
        (TelnyxUnavailableError("slower", kind="rate_limited"), False),
        (TelnyxRefusedError("odd", status=422), True),
        (TelnyxRefusedError("key", status=401), False),
    ],
)
def test_only_trouble_of_one_page_is_a_gap(error, is_of_one_page):
    read = window()

    if is_of_one_page:
        read.miss(error)
    else:
        with pytest.raises(type(error)):
            read.miss(error)

    assert bool(read.gaps) is is_of_one_page


def test_of_more_gaps_than_three_the_reading_ends():
    read = window()
    for _ in range(MOST_GAPS):
        read.miss(TelnyxUnavailableError("slow", kind="timeout"))

    with pytest.raises(TelnyxUnavailableError):
        read.miss(TelnyxUnavailableError("slow", kind="timeout"))
