"""The facts of an order or an event, as labelled fields for the one who asked. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages.wording import clock, code, counted, messaging_words, quoted, status_words
from bot.slack.blocks import Block, mrkdwn
from bot.slack.escaping import inline
from bot.telnyx.events import Source
from bot.telnyx.orders import Order

FIELDS_A_BLOCK = 10
NAME_LIMIT = 80
NUMBERS_SHOWN = 10


def facts_of(order: Order) -> list[tuple[str, str]]:
    """Labels and safe mrkdwn; empty where nothing is known."""
    is_port_in = order.source is Source.PORT_IN
    return [
        ("Order id", code(order.order_id)),
        ("Support key", named(order.support_key)),
        ("Part of", named(order.parent_support_key)),
        ("Customer reference", named(order.customer_reference)),
        ("Status", status_words(order.status) if order.status else ""),
        ("FOC asked", _moment(order.foc_requested_at)),
        ("FOC confirmed" if is_port_in else "FOC", _moment(order.foc_at)),
        ("Losing carrier" if is_port_in else "Gaining carrier", named(order.carrier)),
        ("SPID", named(order.spid)),
        ("PON", named(order.pon)),
        ("Numbers", _numbers(order)),
        ("Messaging", messaging_words(order.messaging_status) if order.messaging_status else ""),
        ("Subscriber", named(order.subscriber_name)),
        ("Rejection reason", quoted(order.rejection_reason) if order.rejection_reason else ""),
        ("Reviewed", _moment(order.reviewed_at)),
        ("Created", _moment(order.created_at)),
        ("Deleted", _moment(order.deleted_at)),
    ]


def _numbers(order: Order) -> str:
    shown = [inline(number, 20) for number in order.numbers[:NUMBERS_SHOWN]]
    more = (order.size or 0) - len(shown)
    if not shown:
        return counted(order.size, "number") if order.size else ""
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def fields(facts: Sequence[tuple[str, str]]) -> list[Block]:
    """The facts that are known, in as many blocks as they need."""
    known = [mrkdwn(f"*{label}*\n{value}") for label, value in facts if value]
    starts = range(0, len(known), FIELDS_A_BLOCK)
    return [{"type": "section", "fields": known[start : start + FIELDS_A_BLOCK]} for start in starts]


def named(text: str | None) -> str:
    """A name from outside; empty where there is none."""
    return inline(text, NAME_LIMIT) if text else ""


def _moment(moment: datetime | None) -> str:
    return clock(moment) if moment else ""
