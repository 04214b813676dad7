from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages.orders import card
from bot.telnyx.events import Author, Comment
from docs.reading import as_people_see
from tests.bot.messages.shapes import LOOK, everything
from tests.factories import NOW, make_change, make_event, make_order

EARLIER = NOW - timedelta(days=2)


def told(change):
    return as_people_see(card(change, LOOK).text)


def in_exception(**fields):
    return make_order(status="exception", status_at=EARLIER, **fields)


def test_a_card_shows_the_newest_state_and_then_the_event():
    change = make_change(order=in_exception(), kind="new_comment")

    assert told(change).startswith("🔴 Exception: port-in sr_98f022 (ACME Dental) needs you")
    assert told(change).endswith("Telnyx wrote: “Please confirm the BTN.”")


def test_an_older_event_does_not_turn_the_card_back():
    change = make_change(
        make_event(status="submitted", created_at=EARLIER - timedelta(days=1)), in_exception()
    )

    assert told(change).startswith("🔴 Exception")
    assert "Earlier: submitted." in told(change)


def test_an_exception_that_your_team_answered_waits_on_telnyx():
    answered = in_exception(last_comment=Comment("Sent.", Author.US, NOW - timedelta(hours=1)))

    message = card(make_change(order=answered, kind="loa_updated"), LOOK)

    assert "waits for Telnyx, you answered" in message.text
    assert '"text": "Telnyx", "style": {"bold": true}' in everything(message)
    assert '"text": "Your team: Sent."' in everything(message)


def test_an_answer_from_before_the_exception_does_not_count():
    older = in_exception(last_comment=Comment("Sent.", Author.US, EARLIER - timedelta(hours=1)))

    assert "needs you" in told(make_change(order=older, kind="loa_updated"))


FOC = NOW + timedelta(days=6)
STATEMENTS = [
    ("port_in", "cancelled", "submitted", "🔴 Cancelled: ", "nobody had asked for it (was submitted)"),
    ("port_in", "cancelled", "cancel-pending", "🔵 Cancelled: ", "as was asked"),
    ("port_in", "submitted", "foc-date-confirmed", "🔴 FOC lost: ", "It was to move Mon 7 Dec 2026"),
    ("port_in", "exception", "foc-date-confirmed", "🔴 Exception: ", "It no longer moves Mon 7 Dec 2026"),
    ("port_in", "exception", "submitted", "🔴 Exception: ", "account number differs"),
    ("port_out", "pending", None, "⏳ Port-out ", "objects before Wed 2 Dec 2026 13:52 UTC"),
    ("port_out", "pending", "rejected-pending", "⏳ Port-out ", "its rejection did not stand"),
    ("port_out", "authorized", "pending", "🔴 Authorized: ", "Nobody here reviewed it."),
    ("port_out", "rejected-pending", "pending", "🟡 Rejection pending: ", "checks the reason"),
]


@pytest.mark.parametrize(("source", "status", "was", "begins", "says"), STATEMENTS)
def test_a_comment_takes_nothing_from_what_the_state_asks_for(source, status, was, begins, says):
    before = make_order(source=source, status=was, status_at=EARLIER - timedelta(days=1), foc_at=FOC)
    reason = [("ACCOUNT_NUMBER_MISMATCH", "")]
    step = make_event(source=source, status=status, details=reason, created_at=EARLIER)
    now = make_change(step, before).order
    if source == "port_out":
        now = replace(now, foc_at=None)

    commented = told(make_change(order=now, source=source, kind="new_comment", author="system"))

    assert commented.startswith(begins)
    assert says in commented
    assert "wrote: “Please confirm the BTN.”" in commented or source == "port_out"


def test_what_only_the_orders_call_told_is_no_alarm():
    known = make_order(status="cancelled", status_at=None)

    assert told(make_change(order=known, kind="loa_updated")).startswith("🔵 Cancelled: ")


def test_the_same_status_told_by_an_older_event_is_not_told_twice():
    older = make_event(status="exception", created_at=EARLIER - timedelta(days=1))

    assert "Earlier" not in told(make_change(older, in_exception()))


def test_an_alarm_of_a_status_that_is_over_does_not_colour_the_card():
    late = make_event(status="exception", created_at=EARLIER - timedelta(days=1))

    assert told(make_change(late, make_order(status="ported", status_at=EARLIER))).startswith("🟢 Ported: ")


def test_a_warning_shows_in_the_sign_of_a_calm_card():
    change = make_change(order=make_order(status="ported", status_at=EARLIER), kind="messaging_changed",
                         messaging_status="exception")  # fmt: skip

    assert told(change).startswith("🟡 Ported: ")


def test_the_menu_of_a_card_leads_to_the_other_events():
    change = make_change(event_id="newest")

    message = card(change, LOOK, other_events=("newest", "older-1", "older-2"))

    menu = message.blocks[2]["elements"][-1]["options"]
    assert [option["value"] for option in menu][:2] == [
        "republish:port_in:older-1",
        "republish:port_in:older-2",
    ]


def test_a_card_always_has_the_same_four_blocks():
    for kind in ("status_changed", "new_comment", "deleted", "brand_new"):
        blocks = card(make_change(kind=kind), LOOK).blocks

        assert [block["type"] for block in blocks] == ["section", "rich_text", "actions", "context"]


def test_the_reviewer_of_a_port_out_stands_on_its_card():
    order = make_order(source="port_out", reviewed_by="U024BE7LH", reviewed_at=NOW)

    reviewed = card(make_change(order=order, source="port_out", status="pending"), LOOK)
    alone = card(make_change(source="port_out", status="pending"), LOOK)

    assert '"user_id": "U024BE7LH"' in everything(reviewed)
    assert "Reviewer: nobody" in everything(alone)


def test_a_lost_foc_is_not_shown_as_agreed():
    order = make_order(status="foc-date-confirmed", foc_at=NOW + timedelta(days=6), foc_requested_at=None)

    message = card(make_change(order=order, status="submitted"), LOOK)

    assert message.text.startswith("🔴 FOC lost")
    assert "FOC <!date" not in everything(message)
    assert '"text": "FOC "' not in everything(message)
