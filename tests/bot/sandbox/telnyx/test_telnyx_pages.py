from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telnyx.faults import Faults
from bot.sandbox.telnyx.pages import page_of
from bot.sandbox.telnyx.query import Query


def all_pages(rows, size, faults):
    first = page_of(rows, Query(size=size), faults)
    return [
        row
        for number in range(1, first.meta["total_pages"] + 1)
        for row in page_of(rows, Query(page=number, size=size), faults).rows
    ]


@given(st.integers(0, 300), st.integers(1, 250))
def test_pages_of_any_size_give_each_row_once(count, size):
    rows = list(range(count))

    assert all_pages(rows, size, Faults()) == rows


@given(st.integers(0, 300), st.integers(2, 250))
def test_rows_repeated_across_pages_still_all_come(count, size):
    rows = list(range(count))

    seen = all_pages(rows, size, Faults(duplicate_across_pages=True))

    assert sorted(set(seen)) == rows
    assert len(seen) > count or count <= size
