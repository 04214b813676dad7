"""What an event changes on its order, and how much that matters: the contract's severity table row by row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes import Change, Severity, after, change_of
from bot.telnyx.events import Author, Source
from bot.telnyx.orders import Order, with_fetched
from tests.factories import NOW, ORDER_ID, make_bare_order, make_change, make_event, make_order

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
PORT_OUT = Source.PORT_OUT
FIRST_FOC = datetime(2026, 12, 10, 15, tzinfo=UTC)
SECOND_FOC = datetime(2026, 12, 12, 15, tzinfo=UTC)
PORT_IN_STATUSES = [
    "draft",
    "in-process",
    "submitted",
    "exception",
    "foc-date-confirmed",
    "ported",
    "cancel-pending",
    "cancelled",
]


@pytest.mark.parametrize(
    ("before", "status", "severity"),
    [
        ("submitted", "exception", CRITICAL),
        ("submitted", "cancelled", CRITICAL),
        (None, "cancelled", CRITICAL),
        ("submitted", "canceled", CRITICAL),
        ("cancel-pending", "cancelled", INFO),
        ("foc-date-confirmed", "submitted", CRITICAL),
        ("foc-date-confirmed", "in-process", CRITICAL),
        ("foc-date-confirmed", "draft", CRITICAL),
        ("foc-date-confirmed", "ported", INFO),
        ("foc-date-confirmed", "cancel-pending", WARNING),
        ("submitted", "cancel-pending", WARNING),
        ("submitted", "foc-date-confirmed", INFO),
        ("foc-date-confirmed", "foc-date-confirmed", INFO),
        ("submitted", "ported", INFO),
        ("exception", "submitted", INFO),
        (None, "in-process", INFO),
        (None, "a-new-status", INFO),
    ],
)
def test_severity_of_a_port_ins_status_depends_on_what_stood_before(before, status, severity):
    order = make_order(status=before) if before else make_order()

    assert make_change(order=order, status=status).severity is severity


@pytest.mark.parametrize(
    ("status", "reviewer", "severity"),
    [
        ("pending", None, CRITICAL),
        ("pending", "U1", CRITICAL),
        ("authorized", None, CRITICAL),
        ("authorized", "U1", WARNING),
        ("ported", None, CRITICAL),
        ("ported", "U1", WARNING),
        ("rejected-pending", None, WARNING),
        ("rejected", None, INFO),
        ("canceled", None, INFO),
        ("exception", None, INFO),
    ],
)
def test_severity_of_a_port_outs_status_depends_on_who_reviewed_it(status, reviewer, severity):
    order = make_order(source=PORT_OUT, reviewed_by=reviewer)

    assert make_change(order=order, source=PORT_OUT, status=status).severity is severity


def test_new_foc_date_of_a_port_out_is_critical():
    assert make_change(source=PORT_OUT, kind="foc_date_changed").severity is CRITICAL


@pytest.mark.parametrize(
    ("author", "severity"), [("admin", WARNING), ("robot", WARNING), ("user", INFO), ("system", INFO)]
)
def test_comment_of_telnyx_or_of_an_unknown_is_a_warning(author, severity):
    assert make_change(kind="new_comment", author=author).severity is severity


@pytest.mark.parametrize("source", list(Source))
def test_comment_whose_author_is_not_told_is_a_warning(source):
    bare = make_change(source=source, kind="new_comment", payload=None)

    assert make_change(source=PORT_OUT, kind="new_comment").severity is WARNING
    assert bare.severity is WARNING


@pytest.mark.parametrize(("status", "severity"), [("exception", WARNING), ("ported", INFO)])
def test_messaging_that_is_stuck_is_a_warning(status, severity):
    assert make_change(kind="messaging_changed", messaging_status=status).severity is severity


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("split", WARNING),
        ("deleted", INFO),
        ("loa_updated", INFO),
        ("sharing_token_expired", INFO),
        ("brand_new_kind", INFO),
    ],
)
def test_severity_of_what_has_no_status(kind, severity):
    assert make_change(kind=kind).severity is severity


def test_status_without_its_payload_is_info_until_it_is_known():
    assert make_change(payload=None).severity is INFO


def confirmed(before, fetched_foc):
    event = make_event(status="foc-date-confirmed")
    return change_of(event, before, replace(make_order(), foc_at=fetched_foc))


def test_foc_of_a_port_in_that_is_set_is_news_but_no_warning():
    change = confirmed(make_order(), FIRST_FOC)

    assert (change.foc_before, change.foc_now, change.foc_moved) == (None, FIRST_FOC, False)
    assert change.severity is INFO


def test_foc_of_a_port_in_that_moved_is_a_warning():
    change = confirmed(make_order(foc_at=FIRST_FOC, status="foc-date-confirmed"), SECOND_FOC)

    assert (change.foc_before, change.foc_now, change.foc_moved) == (FIRST_FOC, SECOND_FOC, True)
    assert (change.severity, change.order.foc_at) == (WARNING, SECOND_FOC)


def test_foc_that_telnyx_no_longer_tells_stays_as_it_was():
    change = confirmed(make_order(foc_at=FIRST_FOC), None)

    assert (change.foc_now, change.foc_moved) == (FIRST_FOC, False)


def test_answer_of_the_orders_call_moves_no_foc_unless_the_event_confirms_one():
    event = make_event(status="submitted")
    fetched = make_order(foc_at=SECOND_FOC)

    change = change_of(event, make_order(foc_at=FIRST_FOC), fetched)

    assert (change.order.foc_at, change.foc_moved) == (FIRST_FOC, False)


def test_port_outs_foc_is_the_events_own():
    change = make_change(
        make_event(source=PORT_OUT, kind="foc_date_changed", foc_at=SECOND_FOC),
        make_order(source=PORT_OUT, foc_at=FIRST_FOC),
    )

    assert (change.foc_before, change.foc_now, change.foc_moved) == (FIRST_FOC, SECOND_FOC, True)


def test_foc_of_a_stored_change_is_the_one_that_stood_then():
    change = make_change(order=make_order(foc_at=FIRST_FOC))
    later = replace(change, order=replace(change.order, foc_at=SECOND_FOC))

    assert later.foc_now == FIRST_FOC


def test_lost_foc_is_a_matter_of_port_ins_alone():
    port_in = make_change(order=make_order(status="foc-date-confirmed"), status="exception")
    port_out = make_change(
        order=make_order(source=PORT_OUT, status="foc-date-confirmed"), source=PORT_OUT, status="exception"
    )

    assert (port_in.foc_lost, port_out.foc_lost) == (True, False)


def test_status_before_is_what_an_older_event_told():
    change = make_change(order=make_order(status="submitted"), status="exception")

    assert (change.status_before, change.order.status) == ("submitted", "exception")


def test_status_that_only_the_orders_call_told_is_not_what_stood_before():
    ahead = make_order(status="exception", status_at=None)

    assert make_change(order=ahead, status="submitted").status_before is None


def test_status_of_a_younger_event_is_not_what_stood_before():
    younger = make_order(status="ported", status_at=NOW)

    assert make_change(order=younger, status="submitted").status_before is None


def test_comment_has_no_status_before():
    assert make_change(order=make_order(status="submitted"), kind="new_comment").status_before is None


def test_older_event_that_comes_late_overrides_nothing():
    order = make_order(status="ported", status_at=NOW)

    change = make_change(order=order, status="exception", details=[("CODE", "why")])

    assert (change.order.status, change.order.status_at, change.order.details) == ("ported", NOW, ())


def test_events_of_the_same_moment_are_taken_as_they_come():
    order = make_order(status="submitted", status_at=NOW)

    assert make_change(order=order, status="exception", created_at=NOW).order.status == "exception"


def test_event_tells_facts_that_the_order_lacks_and_keeps_those_it_does_not_tell():
    before = make_bare_order(source=PORT_OUT, rejection_reason="early", support_key="PO_1")
    event = make_event(source=PORT_OUT, extra={"rejection_reason": "late"})

    order = after(before, event)

    assert (order.carrier, order.spid, order.subscriber_name) == ("Onvoy", "987H", "John Doe")
    assert (order.numbers_count, order.support_key, order.rejection_reason) == (2, "PO_1", "late")


def test_deleted_order_knows_when():
    event = make_event(kind="deleted")

    assert after(make_order(), event).deleted_at == event.created_at


@pytest.mark.parametrize(("author", "kept"), [("user", Author.US), ("system", Author.TELNYX)])
def test_system_comment_does_not_change_whose_turn_it_is(author, kept):
    order = after(make_order(), make_event(kind="new_comment", author="admin"))

    assert after(order, make_event(kind="new_comment", author=author)).last_comment.author is kept


events_of_an_order = st.lists(
    st.tuples(st.sampled_from(PORT_IN_STATUSES), st.integers(0, 5)), min_size=1, max_size=8
).map(
    lambda made: [
        make_event(status=status, created_at=NOW + timedelta(minutes=minute)) for status, minute in made
    ]
)


@given(events=events_of_an_order)
def test_order_ends_at_the_newest_status_in_whatever_order_events_come(events):
    order = make_bare_order()
    for event in events:
        order = change_of(event, order).order

    newest = max(event.created_at for event in events)
    assert order.status_at == newest
    assert order.status in {event.status for event in events if event.created_at == newest}


@given(event=events_of_an_order.map(lambda made: made[0]), before=st.sampled_from(PORT_IN_STATUSES))
def test_change_depends_on_nothing_but_what_it_is_given(event, before):
    order: Order = make_order(status=before)

    first: Change = change_of(event, order)

    assert change_of(event, order) == first
    assert order.status == before


def test_the_status_before_is_kept_until_another_comes():
    confirmed = make_order(status="foc-date-confirmed", status_at=NOW - timedelta(days=2))
    lost = after(confirmed, make_event(status="submitted", created_at=NOW - timedelta(days=1)))
    again = after(lost, make_event(status="submitted", created_at=NOW))

    assert (lost.status_was, again.status_was) == ("foc-date-confirmed", "foc-date-confirmed")
    assert with_fetched(again, make_order(status="exception")).status_was == "foc-date-confirmed"
    assert after(make_order(status="draft", status_at=None), make_event()).status_was is None


@pytest.mark.parametrize(
    ("known", "went", "from_id", "left"),
    [
        ({}, 3, ORDER_ID, 9),
        ({"fetched_at": NOW - timedelta(days=1)}, 3, ORDER_ID, 9),
        ({"fetched_at": NOW}, 3, ORDER_ID, 12),  # Telnyx was asked after the split
        ({}, 3, "another", 12),
        ({}, 12, ORDER_ID, 12),  # not all of them: the count was of later already
        ({"numbers_count": None}, 3, ORDER_ID, None),
    ],
)
def test_a_split_takes_its_numbers_from_the_order_that_gives_them(known, went, from_id, left):
    order = make_order(**{"fetched_at": None, "numbers_count": 12} | known)
    event = make_event(kind="split", split_count=went, extra={"from": {"id": from_id}})

    assert after(order, event).numbers_count == left
