"""Which events a filter lets through, alone and among a thousand others."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes import Severity
from bot.filters import STATUSES, Index, parse
from bot.filters.facts import Facts
from bot.telnyx.events import KNOWN_KINDS
from tests.factories import NOW, ORDER_ID, make_bare_order, make_change, make_event, make_order


def matches(text, change):
    return parse(text).filter.matches(change)


def needs(text, change):
    """Whether the order must be fetched before the filter can tell."""
    return Index.build({1: parse(text).filter}).needs_facts(change)


def test_no_filter_is_everything():
    assert matches("", make_change(kind="loa_updated"))
    assert matches("", make_change(source="port_out", status="pending"))


def test_values_are_either_and_keys_are_both():
    exception = make_change(status="exception")

    assert matches("status:ported,exception kind:in", exception)
    assert not matches("status:ported,exception kind:out", exception)
    assert not matches("status:ported kind:in", exception)


def test_a_negation_lets_through_what_its_key_would_not():
    exception = make_change(status="exception")

    assert not matches("-status:ported,exception", exception)
    assert matches("-status:ported,draft", exception)
    assert not matches("kind:in -type:status_changed", exception)


def test_a_status_is_never_that_of_a_comment_and_its_negation_always_is():
    comment = make_change(kind="new_comment", order=make_order(status="exception"))

    assert not matches("status:exception", comment)
    assert not matches("status:*", comment)
    assert matches("-status:exception", comment)


@pytest.mark.parametrize("wanted", ["cancelled", "canceled", "CANCELLED", "cancel*"])
def test_a_cancellation_is_found_in_both_spellings(wanted):
    assert matches(f"status:{wanted}", make_change(status="cancelled"))
    assert matches(f"status:{wanted}", make_change(source="port_out", status="canceled"))
    assert not matches(f"-status:{wanted}", make_change(source="port_out", status="canceled"))


@pytest.mark.parametrize("wanted", ["ACME Dental", "acme  dental", "ACME*", "*dental", "a*e d*l", "*"])
def test_a_reference_matches_in_any_case_and_with_stars(wanted):
    change = make_change(order=make_order(customer_reference="ACME Dental"))

    assert matches(f'ref:"{wanted}"', change)
    assert not matches(f'-ref:"{wanted}"', change)


@pytest.mark.parametrize(
    "wanted",
    ["ACME", "ACME D", "*ACME", "dental*", "ACME*x", "ACME Dental*ACME Dental", "A*x*l", "*l*l*l*l*"],
)
def test_a_reference_is_compared_whole(wanted):
    change = make_change(order=make_order(customer_reference="ACME Dental"))

    assert not matches(f'ref:"{wanted}"', change)


def test_a_port_out_has_no_reference_and_nobody_is_asked_for_it():
    port_out = make_change(make_event(source="port_out"), make_bare_order(source="port_out"))

    assert not matches("ref:ACME*", port_out)
    assert matches("-ref:ACME*", port_out)
    assert not needs("ref:ACME*", port_out)


@pytest.mark.parametrize(
    "wanted", [ORDER_ID, ORDER_ID.upper(), ORDER_ID[:8], ORDER_ID[:20], "sr_98f022", "SR_98F022", "sr_*"]
)
def test_an_order_is_named_by_its_id_its_beginning_or_its_support_key(wanted):
    assert matches(f"order:{wanted}", make_change())


@pytest.mark.parametrize("wanted", [ORDER_ID[:7], "sr_98f02", "sr_98f0221", ORDER_ID + "0", "ACME"])
def test_an_order_is_not_named_by_less_or_more(wanted):
    assert not matches(f"order:{wanted}", make_change())


@pytest.mark.parametrize(
    "wanted", ["+13035550123", "303-555-0123", "(303) 555*", "+1303*", "*0123", "+1*55*"]
)
def test_a_number_matches_in_any_spelling(wanted):
    change = make_change(source="port_out", status="pending")

    assert matches(f"number:{wanted}", change)
    assert not matches(f"-number:{wanted}", change)


def test_a_number_that_telnyx_writes_without_plus_is_the_same():
    change = make_change(order=make_order(numbers=("13035550123",), numbers_count=1))

    assert matches("number:+13035550123", change)
    assert not matches("number:+13035550124", change)


def test_the_carrier_is_that_of_the_order():
    change = make_change(order=make_order(carrier="Onvoy, LLC"))

    assert matches('carrier:"onvoy, llc"', change)
    assert not matches("carrier:Onvoy", change)


def test_severity_is_that_of_the_change():
    assert matches("severity:critical", make_change(status="exception"))
    assert not matches("severity:critical,warning", make_change(status="submitted"))


@pytest.mark.parametrize("fact", ["ref:Bolt", "number:+1303*", "carrier:Lumen", "order:sr_000000"])
def test_what_is_not_known_yet_counts_as_a_match_both_ways_and_must_be_fetched(fact):
    unknown = make_change(make_event(), make_bare_order())

    assert matches(fact, unknown)
    assert matches(f"-{fact}", unknown)
    assert needs(fact, unknown)
    assert needs(f"-{fact}", unknown)


@pytest.mark.parametrize("fact", ["ref:*", "number:*", "carrier:*", "order:sr_*"])
@pytest.mark.parametrize("answer", [{"fetched_at": NOW}, {"is_missing": True}])
def test_what_telnyx_does_not_have_is_absent(fact, answer):
    empty = make_change(make_event(), make_bare_order(**answer))

    assert not matches(fact, empty)
    assert matches(f"-{fact}", empty)
    assert not needs(fact, empty)


def test_nothing_is_fetched_for_a_filter_that_the_event_does_not_pass_anyway():
    unknown = make_change(make_event(status="ported"), make_bare_order())

    assert not needs("kind:out carrier:Lumen", unknown)
    assert not needs("carrier:Lumen -status:ported", unknown)
    assert needs("kind:in carrier:Lumen", unknown)


def test_nothing_is_fetched_where_the_event_says_it_itself():
    event = make_event(customer_reference="ACME", support_key="sr_1")

    change = make_change(event, make_bare_order())

    assert not needs("ref:ACME order:sr_1", change)


def test_an_id_needs_no_support_key():
    unknown = make_change(make_event(), make_bare_order())

    assert not needs("order:0000000a", unknown)
    assert not matches("order:0000000a", unknown)


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        ("ACME dental", {"customer_reference": "ACME Dental"}),
        ("pr_1", {"parent_support_key": "PR_1"}),
        ("PON-77", {"pon": "PON-77"}),
        ("303-555-0123", {"numbers": ("+13035550123",)}),
        ("(303) 555-0123", {"numbers": ("13035550123",)}),
        ("303 555 0123", {"numbers": ("3035550123",)}),
        ("3035550123", {"customer_reference": "3035550123"}),
        ("2026-11-0001", {"customer_reference": "2026-11-0001"}),
        ("https://portal.telnyx.com/#/porting/f1486bae-f067-460c-ad43-73a92848f902", {}),
    ],
)
def test_an_order_is_named_by_all_that_it_goes_by(wanted, held):
    text = f'order:"{wanted}"'

    assert matches(text, make_change(order=make_order(**held)))
    assert not matches(f"-{text}", make_change(order=make_order(**held)))
    other = make_order(order_id="other", customer_reference="X", numbers=(), numbers_count=0)
    assert not matches(text, make_change(make_event(order_id="other"), other))


def test_a_number_of_an_order_may_be_written_with_blanks():
    assert parse("order:(303) 555-0123 kind:in") == parse('kind:in order:"(303) 555-0123"')


@pytest.mark.parametrize(
    ("wanted", "facts", "is_needed"),
    [
        ("sr_1", {}, True),
        ("sr_1", {"support_key": "sr_2"}, False),
        ("ACME", {"support_key": "sr_2"}, True),
        ("ACME", {"support_key": "sr_2", "fetched_at": NOW}, False),
        ("f1486bae", {}, False),
        ("20260001", {}, True),
    ],
)
def test_an_order_is_fetched_only_where_its_names_are_not_known(wanted, facts, is_needed):
    change = make_change(make_event(order_id="other"), make_bare_order(order_id="other", **facts))

    assert needs(f"order:{wanted}", change) is is_needed


def test_an_order_with_more_numbers_than_are_known_may_hold_the_wanted_one():
    large = make_order(order_id="other", numbers=("+13035550123",), numbers_count=60)
    change = make_change(make_event(order_id="other"), large)

    assert matches("order:+13125550199", change)
    assert not matches("order:ACME*Other", change)


def test_an_event_without_an_order_cannot_be_asked_about():
    orphan = make_change(make_event(order_id=""), make_bare_order(order_id=""))

    assert not needs("carrier:Lumen", orphan)
    assert matches("carrier:Lumen", orphan)


def test_numbers_beyond_those_that_telnyx_lists_may_be_the_wanted_ones():
    large = make_change(order=make_order(numbers=("+13035550123",), numbers_count=60))

    assert matches("number:+13125550199", large)
    assert matches("-number:+13125550199", large)
    assert not matches("-number:+13035550123", large)


def test_what_stopped_an_event_is_the_term_as_it_is_typed():
    wanted = parse('kind:in -status:PORTED carrier:"Onvoy, LLC"').filter

    assert wanted.stopped_by(make_change(source="port_out", status="pending")) == "kind:in"
    assert wanted.stopped_by(make_change(status="ported")) == "-status:ported"
    assert wanted.stopped_by(make_change(status="draft")) == 'carrier:"Onvoy, LLC"'


REFERENCES = ["ACME", "acme dental", "Bolt", "ACMEX", "straße"]
NUMBERS = ["+13035550123", "+13035550124", "+13125550199", "+442071838750", "13035550125"]
SUPPORT_KEYS = ["sr_98f022", "sr_98f023", "PO_764725", "f1486bae"]
IDS = [ORDER_ID, "f1486bae-0000-4000-8000-000000000001", "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0", ""]
VALUES_TRIED = {
    "kind": ["in", "out", "*"],
    "type": [*KNOWN_KINDS, "*_changed"],
    "status": [*STATUSES, "canceled", "cancel*", "*"],
    "order": [
        *(*IDS[:3], ORDER_ID[:8], ORDER_ID[:11], "f148", "*f902", *SUPPORT_KEYS, "sr_*"),
        *("ACME", "*0123", "3035550123", "+13125550199", "13035550*"),
    ],
    "ref": [*REFERENCES, "ACME*", "*dental", "a*e*", "*", "STRASSE"],
    "number": [*NUMBERS, "+1303*", "+1*", "*0123", "*555*", "*"],
    "carrier": ["Onvoy", "Lumen", "On*", "*"],
    "severity": [*Severity, "*"],
}
terms = st.sampled_from(sorted(VALUES_TRIED)).flatmap(
    lambda key: st.tuples(
        st.sampled_from(["", "", "-"]),
        st.just(key),
        st.lists(st.sampled_from(VALUES_TRIED[key]), min_size=1, max_size=3),
    )
)
filters = st.lists(terms, max_size=4).map(
    lambda made: (
        parse(
            " ".join(
                f"{sign}{key}:{','.join(f'{chr(34)}{value}{chr(34)}' for value in values)}"
                for sign, key, values in made
            )
        ).filter
    )
)


@st.composite
def changes(draw):
    source = draw(st.sampled_from(["port_in", "port_out"]))
    order_id = draw(st.sampled_from(IDS))
    event = make_event(
        source=source,
        order_id=order_id,
        kind=draw(st.sampled_from([*KNOWN_KINDS, "a_new_type"])),
        status=draw(st.sampled_from([*STATUSES, "canceled", "a-new-status"])),
        customer_reference=draw(st.sampled_from([None, *REFERENCES])),
        support_key=draw(st.sampled_from([None, *SUPPORT_KEYS])),
    )
    order = make_bare_order(
        source=source,
        order_id=order_id,
        customer_reference=draw(st.sampled_from([None, *REFERENCES])),
        numbers=tuple(draw(st.lists(st.sampled_from(NUMBERS), max_size=3))),
        numbers_count=draw(st.sampled_from([None, 1, 60])),
        carrier=draw(st.sampled_from([None, "Onvoy", "Lumen"])),
        fetched_at=draw(st.sampled_from([None, NOW])),
        is_missing=draw(st.booleans()),
    )
    return replace(make_change(event, order), severity=draw(st.sampled_from(Severity)))


@given(st.lists(filters, max_size=12), changes())
def test_the_index_finds_what_trying_each_filter_finds(wanted, change):
    index = Index.build(dict(enumerate(wanted, 1)))

    assert index.matching(change) == [number for number, one in enumerate(wanted, 1) if one.matches(change)]
    can_be_asked = change.event.order_id and not change.order.facts_are_known
    is_torn = any(one.is_torn(Facts(change)) for one in wanted)
    assert index.needs_facts(change) == bool(can_be_asked and is_torn)


@given(filters, changes())
def test_a_filter_matches_unless_a_term_stops_it(wanted, change):
    stopped_by = wanted.stopped_by(change)

    assert wanted.matches(change) == (stopped_by is None)
    assert stopped_by is None or stopped_by in wanted.canonical()


@given(terms, changes())
def test_of_a_term_and_its_negation_one_matches_and_both_only_when_nobody_knows(term, change):
    _, key, values = term
    text = f"{key}:{','.join(values)}" if " " not in "".join(values) else f'{key}:"{values[0]}"'
    known = replace(change, order=replace(change.order, fetched_at=NOW, numbers_count=None))

    assert matches(text, known) != matches(f"-{text}", known)
    assert matches(text, change) or matches(f"-{text}", change)
