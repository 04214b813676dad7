"""A sample of each kind of message that the bot posts, for `portwire doctor` to have Slack check. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.changes import Change, change_of
from bot.messages import events, orders, rollups
from bot.messages.help import help_on
from bot.messages.timelines import timeline
from bot.messages.wording import Look
from bot.slack.blocks import Message
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order

_BEGIN = datetime(2026, 3, 2, 15, tzinfo=UTC)
_PORT_IN = Order(
    source=Source.PORT_IN,
    order_id="00000000-0000-4000-8000-000000000001",
    support_key="sr_000001",
    customer_reference="Sample & Sons <1>",
    numbers=("+13125550123", "+13125550124"),
    numbers_count=2,
    carrier="Onvoy",
    foc_requested_at=_BEGIN + timedelta(days=9),
    fetched_at=_BEGIN,
)
_PORT_OUT = Order(
    source=Source.PORT_OUT,
    order_id="00000000-0000-4000-8000-000000000002",
    support_key="PO_000002",
    numbers=("+13035550123",),
    numbers_count=1,
    carrier="Onvoy",
    spid="987H",
    fetched_at=_BEGIN,
)


def samples(look: Look) -> dict[str, Message]:
    """Messages by name."""
    changes = list(_story())
    problem, comment, pending = changes[1], changes[2], changes[-1]
    return {
        "order card": orders.card(problem, look, subscriptions=("S1",), other_events=("e1",)),
        "port-out card": orders.card(pending, look, subscriptions=("S1",)),
        "thread reply": events.reply(comment, look),
        "flat message": events.flat(problem, look, subscriptions=("S1", "S2"), may_repeat=True),
        "roll-up": rollups.roll_up(changes * 3, look, delivery_id="d1"),
        "timeline": timeline(problem.order, changes[:3], look),
        "help": help_on("severity", look.command),
    }


def _story() -> list[Change]:
    reasons = [{"code": "ACCOUNT_NUMBER_MISMATCH", "description": "Account # not found"}]
    body = {"body": "Please confirm the <!channel> & BTN.", "user_type": "admin"}
    return [
        _change(_PORT_IN, 1, "porting_order.status_changed", {"status": {"value": "submitted"}}),
        _change(
            _PORT_IN,
            2,
            "porting_order.status_changed",
            {"status": {"value": "exception", "details": reasons}},
        ),
        _change(_PORT_IN, 3, "porting_order.new_comment", {"comment": body}),
        _change(_PORT_IN, 4, "porting_order.status_changed", {"status": {"value": "ported"}}),
        _change(_PORT_OUT, 5, "portout.status_changed", {"status": "pending"}),
    ]


def _change(order: Order, number: int, event_type: str, payload: Mapping[str, Any]) -> Change:
    event = Event(
        source=order.source,
        event_id=f"00000000-0000-4000-9000-00000000000{number}",
        event_type=event_type,
        order_id=order.order_id,
        created_at=_BEGIN + timedelta(hours=number),
        payload={"id": order.order_id, **payload},
        methods=("webhook", "email"),
    )
    return change_of(event, order)
