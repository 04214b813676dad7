from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.rollups import roll_up
from bot.slack.blocks import check_message
from bot.slack.plain import classic, only_text
from tests.bot.messages.shapes import LOOK, assert_sendable, everything
from tests.factories import NOW, make_change, make_event, make_order

EVENTS = [
    *({"status": status} for status in ("submitted", "exception", "cancelled", "ported", "cancel-pending")),
    *({"kind": kind} for kind in ("new_comment", "split", "loa_updated")),
    *({"source": "port_out", "status": status} for status in ("pending", "authorized", "rejected")),
]


def on_order(number, **event):
    order = make_order(
        source=event.get("source", "port_in"),
        order_id=f"order-{number}",
        support_key=f"sr_{number:06}",
        status="in-process",
    )
    return make_change(make_event(order_id=order.order_id, **event), order)


def rows_of(message):
    return next(block["rows"] for block in message.blocks if block["type"] == "table")


def test_a_roll_up_says_what_it_comes_to():
    changes = [on_order(number, status="submitted") for number in range(11)]
    changes += [on_order(number, status="ported") for number in range(11, 14)]

    assert roll_up(changes, LOOK).text == "🔵 14 orders moved: 11 submitted and 3 ported. Nothing needs you."


def test_a_roll_up_counts_what_is_worth_a_look_and_what_is_urgent():
    comments = [on_order(number, kind="new_comment") for number in range(2)]

    assert roll_up(comments, LOOK).text == "🟡 2 events on 2 orders: 2 comments. 2 worth a look, none urgent."
    assert roll_up([*comments, on_order(9, status="exception")], LOOK).text.endswith("1 needs you.")


def at(order, **fields):
    return replace(order, status_at=NOW - timedelta(minutes=1), **fields)


def test_a_roll_up_looks_at_what_its_orders_need_now():
    red = at(on_order(1, kind="loa_updated").order, status="exception")
    calm = replace(on_order(2, kind="loa_updated"), order=red)

    message = roll_up([calm], LOOK)

    assert message.text == "🔴 1 event on port-in sr_000001 (ACME Dental): 1 LOA update. It needs you."
    assert rows_of(message)[1][2]["text"] == "🔵 LOA updated; 🔴 now exception"


def test_what_has_a_message_of_its_own_after_it_is_not_said_before():
    change = on_order(1, kind="loa_updated")
    red = replace(change, order=at(change.order, status="exception"))
    key, made = ("port_in", "order-1"), change.event.created_at

    before = roll_up([red], LOOK, alarms={key: made + timedelta(seconds=1)})
    after = roll_up([red], LOOK, alarms={key: made - timedelta(seconds=1)})

    assert before.text.startswith("🔵 1 event on port-in sr_000001")
    assert before.text.endswith("What needs you comes next.")
    assert rows_of(before)[1][2]["text"] == "🔵 LOA updated"
    assert after.text.endswith("It needs you.")
    other = replace(on_order(2, kind="loa_updated"), order=at(on_order(2).order, status="exception"))
    assert roll_up([red, other], LOOK, alarms={key: made}).text.endswith("1 needs you.")


def test_an_alarm_that_is_settled_is_told_as_one():
    alarm = on_order(1, status="exception")
    settled = [replace(alarm, order=at(alarm.order, status="foc-date-confirmed"))]

    assert roll_up(settled, LOOK).text.startswith("🟡 1 order moved")
    assert roll_up(settled, LOOK).text.endswith("1 was urgent, and settled since.")
    assert roll_up(settled * 2, LOOK).text.endswith("2 were urgent, and settled since.")


def test_an_alarm_that_is_about_no_status_is_not_settled_by_one():
    order = at(make_order(source="port_out"), status="rejected")
    changed = make_change(order=order, source="port_out", kind="foc_date_changed")

    assert roll_up([changed], LOOK).text.endswith("It needs you.")
    assert roll_up([changed, on_order(1)], LOOK).text.endswith("1 needs you.")


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(EVENTS)), min_size=1, max_size=8))
def test_nothing_needs_you_is_never_said_beside_something_red(told):
    changes = [on_order(number, **event) for number, event in told]

    message = roll_up(changes, LOOK)

    if "Nothing needs you" in message.text:
        assert not {"🔴", "⏳"} & set(everything(message))


def test_what_needs_somebody_stands_first():
    message = roll_up([on_order(1), on_order(2), on_order(3, status="exception")], LOOK)

    assert rows_of(message)[1][0]["text"] == "sr_000003"


def test_an_order_has_one_row_with_its_events_in_order():
    changes = [on_order(1, status="submitted"), on_order(1, kind="new_comment"), on_order(2)]

    rows = rows_of(roll_up(changes, LOOK))

    assert len(rows) == 3
    happened = next(row[2]["text"] for row in rows if row[0]["text"] == "sr_000001")
    assert happened.index("submitted") < happened.index("Telnyx wrote")


def test_no_event_is_dropped_when_there_are_more_than_the_table_holds():
    changes = [
        on_order(number % 25, kind="new_comment", body=f"word{number:02} " * 40) for number in range(60)
    ]

    message = roll_up(changes, LOOK)

    assert_sendable(message)
    assert len(rows_of(message)) == 21
    for made in (message, classic(message)):
        assert not [number for number in range(60) if f"word{number:02}" not in everything(made)]


@pytest.mark.parametrize("piece", ["&<>", "word ", "x", "*_~`"])
def test_the_longest_roll_up_fits_in_every_shape(piece):
    long = piece * 400
    changes = [
        replace(
            change := on_order(number, kind="new_comment", body=long),
            order=replace(change.order, support_key=f"{number}{long}", customer_reference=long),
        )
        for number in range(60)
    ]

    message = roll_up(changes, LOOK, delivery_id="d" * 36, may_repeat=True)

    assert_sendable(message)
    assert_sendable(classic(message))
    assert check_message(only_text(message)) == []


def test_show_all_asks_for_the_delivery():
    button = roll_up([on_order(1)], LOOK, delivery_id="d1").blocks[-1]["elements"][0]

    assert (button["action_id"], button["value"]) == ("show_all", "d1")


def test_an_order_with_the_same_id_in_both_lists_has_two_rows():
    changes = [
        make_change(make_event(order_id="same")),
        make_change(make_event(source="port_out", order_id="same")),
    ]

    assert len(rows_of(roll_up(changes, LOOK))) == 3


def test_a_moved_foc_is_counted_apart():
    changes = [
        replace(
            on_order(number, status="foc-date-confirmed"), foc_before=NOW, status_before="foc-date-confirmed"
        )
        for number in range(2)
    ]
    moved = [
        replace(change, order=replace(change.order, foc_at=NOW + timedelta(days=1))) for change in changes
    ]

    message = roll_up(moved, LOOK)

    assert "2 orders moved: 2 FOC moved." in message.text
    assert rows_of(message)[1][2]["type"] == "rich_text"
