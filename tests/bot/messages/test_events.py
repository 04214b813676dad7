from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.changes import change_of
from bot.messages.events import flat, reply
from bot.messages.orders import card
from bot.messages.wording import Look
from docs.reading import as_people_see
from tests.bot.messages.shapes import LOOK, assert_sendable, everything, shapes
from tests.factories import NOW, ORDER_ID, make_bare_order, make_change, make_event, make_order

FOC = datetime(2026, 12, 8, 15, tzinfo=UTC)
OLD_FOC = datetime(2026, 12, 7, 15, tzinfo=UTC)
PORT_IN_STATUSES = ("draft", "in-process", "submitted", "exception", "foc-date-confirmed", "ported",
                    "cancel-pending", "cancelled", "brand-new")  # fmt: skip
PORT_OUT_STATUSES = ("pending", "authorized", "ported", "rejected", "rejected-pending", "canceled", "new")
PORT_IN_KINDS = ("status_changed", "new_comment", "split", "messaging_changed", "deleted", "loa_updated",
                 "sharing_token_expired", "brand_new")  # fmt: skip


def told(message):
    return as_people_see(message.text)


@pytest.mark.parametrize("payload", [..., None, {}, {"id": 5}])
@pytest.mark.parametrize("order", [make_order(), make_bare_order()])
@pytest.mark.parametrize("kind", PORT_IN_KINDS)
def test_every_port_in_event_has_a_message_in_every_shape(kind, order, payload):
    for message in shapes(make_change(make_event(kind=kind, payload=payload), order)).values():
        assert_sendable(message)
        assert order.name in message.text


@pytest.mark.parametrize("payload", [..., None, {}, {"id": 5}])
@pytest.mark.parametrize("kind", ["status_changed", "new_comment", "foc_date_changed", "brand_new"])
def test_every_port_out_event_has_a_message_in_every_shape(kind, payload):
    event = make_event(kind=kind, source="port_out", payload=payload)

    for message in shapes(make_change(event)).values():
        assert_sendable(message)


@pytest.mark.parametrize("before", [None, *PORT_IN_STATUSES])
@pytest.mark.parametrize("status", PORT_IN_STATUSES)
def test_every_step_of_a_port_in_names_the_order_on_the_lock_screen(status, before):
    change = make_change(order=make_order(status=before, foc_at=OLD_FOC), status=status)

    for name, message in shapes(change).items():
        assert_sendable(message)
        assert "sr_98f022 (ACME Dental)" in message.text or "roll-up" in name


@pytest.mark.parametrize("before", [None, *PORT_OUT_STATUSES])
@pytest.mark.parametrize("status", PORT_OUT_STATUSES)
def test_every_step_of_a_port_out_names_the_order_on_the_lock_screen(status, before):
    change = make_change(order=make_order(source="port_out", status=before), source="port_out", status=status)

    for name, message in shapes(change).items():
        assert_sendable(message)
        assert "PO_764725" in message.text or "roll-up" in name


def test_an_exception_says_what_is_wrong_and_what_to_do():
    message = flat(
        make_change(status="exception", details=[("ACCOUNT_NUMBER_MISMATCH", "Acct not found")]), LOOK
    )

    assert told(message).startswith(
        "🔴 Exception: port-in sr_98f022 (ACME Dental) needs you: account number differs"
    )
    assert "send the account number" in everything(message)
    assert "Acct not found" in everything(message)


def test_a_reason_that_is_not_known_comes_through_as_it_is():
    message = flat(make_change(status="exception", details=[("ODD_NEW_CODE", "Call *us*")]), LOOK)

    assert told(message).endswith("needs you: “Call ∗us∗” (ODD_NEW_CODE).")
    assert "Telnyx: “Call *us*”." in everything(message)


def test_a_moved_foc_says_what_it_was_before():
    before = make_order(status="foc-date-confirmed", foc_at=OLD_FOC)
    event = make_event(status="foc-date-confirmed")
    change = change_of(event, before, make_order(foc_at=FOC))

    for message in (flat(change, LOOK), reply(change, LOOK)):
        assert "FOC moved" in message.text
        assert "Tue 8 Dec 2026 15:00 UTC" in told(message)
        assert "Mon 7 Dec 2026 15:00 UTC" in told(message)


def test_a_first_foc_says_what_was_asked_for():
    change = change_of(
        make_event(status="foc-date-confirmed"),
        make_order(status="submitted", foc_requested_at=OLD_FOC),
        make_order(foc_at=FOC, foc_requested_at=OLD_FOC),
    )

    assert told(flat(change, LOOK)).endswith(
        "moves Tue 8 Dec 2026 15:00 UTC (asked for Mon 7 Dec 2026 15:00 UTC)."
    )


def test_a_changed_foc_of_a_port_out_says_what_it_was_before():
    change = make_change(
        order=make_order(source="port_out", foc_at=OLD_FOC),
        source="port_out",
        kind="foc_date_changed",
        foc_at=FOC,
    )

    assert told(flat(change, LOOK)) == (
        "🔴 FOC changed: port-out PO_764725 now leaves Tue 8 Dec 2026 15:00 UTC. "
        "Before, it was Mon 7 Dec 2026 15:00 UTC."
    )


def pending(age, **fields):
    order = make_order(source="port_out", created_at=NOW - age, **fields)
    return make_change(order=order, source="port_out", status="pending")


def test_a_pending_port_out_says_its_earliest_and_latest_moment():
    change = pending(timedelta(0))

    for message in (flat(change, LOOK), reply(change, LOOK)):
        assert "before Wed 2 Dec 2026 14:02 UTC" in told(message)
        assert "at latest Thu 3 Dec 2026 14:02 UTC" in told(message)


def test_the_clock_of_a_port_out_of_unknown_age_begins_with_its_event():
    event = make_event(source="port_out", status="pending", created_at=NOW)
    change = make_change(event, make_bare_order(source="port_out"))

    assert "before Wed 2 Dec 2026 14:02 UTC" in told(flat(change, LOOK))


def test_a_later_comment_does_not_move_the_clock_of_a_port_out():
    order = replace(make_bare_order(source="port_out"), status="pending", status_at=NOW - timedelta(hours=40))
    event = make_event(source="port_out", kind="new_comment", created_at=NOW - timedelta(hours=1))

    assert "at latest Tue 1 Dec 2026 22:02 UTC" in told(card(make_change(event, order), LOOK))


def test_a_port_out_whose_hours_are_over_asks_for_a_look_at_once():
    assert "objects now" in told(flat(pending(timedelta(hours=25)), LOOK))
    assert "may have approved it. Check it now." in told(flat(pending(timedelta(hours=49)), LOOK))


def test_an_approval_that_nobody_reviewed_says_so():
    unreviewed = make_change(source="port_out", status="authorized")
    reviewed = make_change(
        order=make_order(source="port_out", reviewed_by="U1"), source="port_out", status="authorized"
    )

    assert "Nobody here reviewed it." in flat(unreviewed, LOOK).text
    assert "It was reviewed here." in flat(reviewed, LOOK).text


def test_a_comment_is_quoted_with_its_authors_kind():
    assert told(flat(make_change(kind="new_comment"), LOOK)) == (
        "💬 Telnyx wrote on port-in sr_98f022 (ACME Dental): “Please confirm the BTN.”"
    )
    assert "Your team wrote" in flat(make_change(kind="new_comment", author="user"), LOOK).text
    assert "Telnyx's system wrote" in flat(make_change(kind="new_comment", author="system"), LOOK).text
    assert "New comment on port-out" in flat(make_change(kind="new_comment", source="port_out"), LOOK).text


@pytest.mark.parametrize("tell", [flat, reply])
def test_a_comment_that_the_sentence_can_not_hold_follows_literally(tell):
    body = "First line\n<!channel> *now*\n" + "x" * 300

    message = tell(make_change(kind="new_comment", body=body), LOOK)

    assert "&lt;!channel&gt; ∗now∗" in message.text
    quotes = [part for block in message.blocks if block["type"] == "rich_text" for part in block["elements"]]
    assert quotes[-1] == {"type": "rich_text_quote", "elements": [{"type": "text", "text": body}]}


def test_a_comment_that_the_sentence_holds_is_not_told_twice():
    assert (
        everything(flat(make_change(kind="new_comment"), LOOK)).count("Please confirm the BTN.") == 2
    )  # text, block 1


def test_an_event_that_may_repeat_says_so():
    change = make_change()

    assert "may be a repeat" in everything(flat(change, LOOK, may_repeat=True))
    assert "may be a repeat" in everything(reply(change, LOOK, may_repeat=True))
    assert "may be a repeat" not in everything(flat(change, LOOK)) + everything(reply(change, LOOK))


def buttons(message):
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {element["action_id"]: element for row in rows for element in row}


def test_the_dialog_of_republish_names_the_event_and_where_it_goes():
    event = make_event(status="exception", methods=["email", "webhook"], event_id="8179f546-d479-42be")
    again = buttons(flat(make_change(event), LOOK))["republish"]

    text = again["confirm"]["text"]["text"]

    assert again["value"] == "port_in:8179f546-d479-42be"
    for part in ("“Exception” of sr_98f022", "8179f546", "email and webhook", "set up at Telnyx now",
                 "No new event", "Email may take minutes"):  # fmt: skip
        assert part in text


def test_the_dialog_says_when_telnyx_names_no_destination():
    again = buttons(flat(make_change(methods=[]), LOOK))["republish"]

    assert "names no destination" in again["confirm"]["text"]["text"]


def test_a_reply_has_its_own_republish():
    accessory = reply(make_change(event_id="e-1"), LOOK).blocks[0]["accessory"]

    assert (accessory["action_id"], accessory["value"]) == ("republish", "port_in:e-1")
    assert "confirm" in accessory


def test_only_a_port_out_that_waits_unreviewed_has_the_review_button():
    assert buttons(flat(pending(timedelta(0)), LOOK))["review"]["value"].startswith("port_out:")
    assert "review" not in buttons(flat(pending(timedelta(0), reviewed_by="U1"), LOOK))
    assert "review" not in buttons(flat(make_change(status="exception"), LOOK))


def test_the_menu_leads_to_the_portal_only_where_a_template_is_set():
    change = make_change()
    url = f"https://portal.example/port_in/{change.event.order_id}"

    with_portal = buttons(flat(change, LOOK))["more"]["options"]
    without = buttons(flat(change, Look(now=NOW)))["more"]["options"]

    assert [option.get("url") for option in with_portal] == [None, url]
    assert [option["value"].partition(":")[0] for option in without] == ["ids"]


def test_an_event_of_no_order_has_no_way_to_one():
    change = make_change(make_event(order_id=""), make_bare_order(order_id=""))

    assert set(buttons(flat(change, LOOK))) == {"republish"}


def test_an_address_that_slack_does_not_take_is_left_out():
    long = Look(now=NOW, portal_order_url="https://portal.example/{id}/" + "x" * 3000)

    assert [each["value"][:3] for each in buttons(flat(make_change(), long))["more"]["options"]] == ["ids"]


def test_subscriptions_are_named_below_a_message():
    assert "S12, S15 · event" in everything(flat(make_change(), LOOK, subscriptions=("S12", "S15")))


def test_a_split_tells_the_direction():
    away = make_change(kind="split", extra={"to": {"id": "1a2b3c4d-5"}})
    here = make_change(kind="split", extra={"from": {"id": "1a2b3c4d-5"}, "to": {"id": ORDER_ID}})

    assert told(flat(away, LOOK)) == (
        "🟡 Split: 3 numbers of port-in sr_98f022 (ACME Dental) went to order 1a2b3c4d, 12 stay."
    )
    assert told(flat(here, LOOK)).startswith(
        "🟡 Split: 3 numbers came from order 1a2b3c4d to port-in sr_98f022"
    )
    assert "came from order 1a2b3c4d" in reply(here, LOOK).text


@pytest.mark.parametrize(
    ("known", "went", "said"),
    [
        ({"numbers_count": 12, "fetched_at": None}, 3, "3 numbers went to order 1a2b3c4d, 9 stay."),
        ({"numbers_count": 12}, 3, "3 numbers went to order 1a2b3c4d, 12 stay."),
        ({"numbers_count": 2, "fetched_at": None}, 1, "1 number went to order 1a2b3c4d, 1 stays."),
        ({"numbers_count": None, "numbers": ()}, 3, "3 numbers went to order 1a2b3c4d."),
        ({"numbers_count": 12, "fetched_at": None}, 0, "numbers went to order 1a2b3c4d."),
    ],
)
def test_a_split_tells_how_many_numbers_went_and_how_many_stay(known, went, said):
    change = make_change(
        order=make_order(**known), kind="split", split_count=went, extra={"to": {"id": "1a2b3c4d-5"}}
    )

    assert told(reply(change, LOOK)).endswith(said)


def test_an_empty_comment_is_said_to_be_empty():
    assert (
        "Telnyx wrote on port-in sr_98f022 (ACME Dental): (no text)."
        in flat(make_change(kind="new_comment", body=" "), LOOK).text
    )


def test_more_reasons_than_fit_are_counted_with_their_codes():
    details = [(f"CODE_{number}", "") for number in range(8)]

    assert "And 3 more reasons: CODE_5, CODE_6, CODE_7" in everything(
        flat(make_change(status="exception", details=details), LOOK)
    )


def test_a_port_out_after_its_hours_says_so_in_its_thread_too():
    assert "object now" in reply(pending(timedelta(hours=25)), LOOK).text
    assert "the 48 hours ended" in reply(pending(timedelta(hours=49)), LOOK).text


def test_an_approval_says_when_the_numbers_leave():
    order = make_order(source="port_out", foc_at=FOC)

    assert "FOC Tue 8 Dec 2026" in told(
        flat(make_change(order=order, source="port_out", status="authorized"), LOOK)
    )


def test_a_foc_change_to_the_same_date_says_so():
    change = make_change(
        order=make_order(source="port_out", foc_at=FOC),
        source="port_out",
        kind="foc_date_changed",
        foc_at=FOC,
    )

    assert told(flat(change, LOOK)).endswith("That is the date it had.")
