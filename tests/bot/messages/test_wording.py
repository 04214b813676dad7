from datetime import UTC, datetime

import pytest

from bot.messages.wording import (
    clock,
    code,
    counted,
    full_name,
    listed,
    name_of,
    possessive,
    quoted,
    status_words,
)
from tests.factories import make_bare_order, make_order


def test_the_best_name_of_an_order_comes_first():
    assert name_of(make_order()) == "sr_98f022 (ACME Dental)"
    assert name_of(make_order(customer_reference=None)) == "sr_98f022"
    assert name_of(make_order(support_key=None)) == "ACME Dental"
    assert name_of(make_bare_order()) == "f1486bae"
    assert full_name(make_bare_order(order_id="")) == "port-in unknown"
    assert full_name(make_bare_order(support_key="\x00")) == "port-in without a name"


def test_a_clock_is_the_readers_own_and_its_fallback_names_utc():
    assert clock(datetime(2026, 12, 1, 15, tzinfo=UTC)) == (
        "<!date^1796137200^{date_short_pretty} at {time}|Tue 1 Dec 2026 15:00 UTC>"
    )


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcdefg"), "a, b, c and 4 more"),
    ],
)
def test_lists_are_cut_sensibly(items, shown):
    assert listed(items) == shown


def test_counts_have_their_plural_and_their_thousands():
    assert [counted(1, "number"), counted(1200, "number"), counted(2, "draft deleted", "drafts deleted")] == [
        "1 number",
        "1,200 numbers",
        "2 drafts deleted",
    ]


def test_an_unknown_status_is_shown_as_it_came():
    assert status_words("activation-in-progress") == "“activation-in-progress”"
    assert status_words("<!here>") == "“&lt;!here&gt;”"


def test_possessives_of_names_in_s():
    assert [possessive("Onvoy"), possessive("Sons")] == ["Onvoy's", "Sons'"]


def test_a_command_to_copy_is_exact():
    assert (
        code('subscribe ref:ACME* carrier:"A & B" `x`') == "`subscribe ref:ACME* carrier:\"A &amp; B\" 'x'`"
    )


def test_a_quote_that_is_cut_ends_with_a_whole_word():
    assert quoted("Please send the invoice", 20) == "“Please send the…”"
    assert quoted("Invoice-of-the-customer", 20) == "“Invoice-of-the-cust…”"
    assert quoted("Please send the…", 20) == "“Please send the…”"


def test_a_secret_is_masked_in_a_command_too():
    assert code('subscribe ref:"PIN 4821"') == '`subscribe ref:"PIN ••••"`'
