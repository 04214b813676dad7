from datetime import timedelta

import pytest

from bot.messages.events import flat, reply
from bot.messages.orders import card
from bot.messages.rollups import roll_up
from bot.slack.plain import classic
from tests.bot.messages.shapes import LOOK
from tests.factories import NOW, make_change, make_event, make_order

ID = "8179f546-d479-42be-822b-8c78e1e89a59"
EXCEPTION = make_change(
    make_event(status="exception", details=[("ACCOUNT_NUMBER_MISMATCH", "Account # not found")], event_id=ID),
    make_order(status="submitted"),
)
PENDING = make_change(source="port_out", status="pending", event_id=ID)
COMMENT = make_change(
    make_event(kind="new_comment", body="PIN 1234\n<!here> *now*", event_id=ID),
    make_order(status="submitted", status_at=NOW - timedelta(days=1)),
)


@pytest.mark.parametrize("change", [EXCEPTION, PENDING, COMMENT], ids=["exception", "pending", "comment"])
def test_what_is_sent_to_slack(change, snapshot):
    assert {
        "flat": flat(change, LOOK, subscriptions=("S12",)),
        "card": card(change, LOOK, subscriptions=("S12",), other_events=("77e5c1a0-1",)),
        "reply": reply(change, LOOK, may_repeat=True),
    } == snapshot


def test_a_roll_up_as_it_is_sent(snapshot):
    made = roll_up([EXCEPTION, PENDING, COMMENT], LOOK, delivery_id="d1")

    assert {"roll-up": made, "classic": classic(made)} == snapshot
