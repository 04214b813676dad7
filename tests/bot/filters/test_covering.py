"""A filter that holds all of another is recognised, and never wrongly."""

import pytest
from hypothesis import given

from bot.filters import parse
from bot.filters.covering import covers
from tests.bot.filters.test_matching import changes, filters


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("", "kind:in"),
        ("kind:in", "kind:in status:exception"),
        ("kind:in,out", "kind:in"),
        ("ref:ACME*", "ref:ACME,ACMEX kind:in"),
        ("ref:AC*", "ref:ACME*"),
        ("ref:*", "ref:*dental"),
        ("-status:draft", "-status:draft,ported"),
        ("-kind:out", "kind:in"),
        ("-ref:A*", "ref:Bolt"),
        ("-type:split", "type:deleted"),
        ("number:+1303*", "number:+13035550123"),
        ("order:sr_1,sr_2", "order:sr_1"),
    ],
)
def test_a_wider_filter_covers_a_narrower_one_and_not_the_other_way_round(wider, narrower):
    first, second = parse(wider).filter, parse(narrower).filter

    assert covers(first, second)
    assert not covers(second, first)
    assert covers(first, first)


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("kind:in", "status:exception"),
        ("ref:*A", "ref:*BA"),
        ("-ref:A*", "ref:*"),
        ("-ref:A*", "ref:*A"),
        ("-number:+13035550123", "number:+13035550124"),
        ("-status:draft", "-type:split"),
        ("-kind:in", "kind:in"),
    ],
)
def test_what_is_not_surely_covered_is_not_said_to_be(wider, narrower):
    assert not covers(parse(wider).filter, parse(narrower).filter)


@given(filters, filters, changes())
def test_what_passes_a_covered_filter_passes_the_wider_one(wider, narrower, change):
    if covers(wider, narrower) and narrower.matches(change):
        assert wider.matches(change)
