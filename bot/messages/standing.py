"""What an order's present state asks of people, whatever event came last. Pure."""

from bot.changes import cancelled, fell_back
from bot.messages.port_ins import Past, is_answered
from bot.telnyx.events import Source
from bot.telnyx.orders import Order

_SIGNS = {
    "pending": "⏳",
    "cancel-pending": "🟡",
    "rejected-pending": "🟡",
    "foc-date-confirmed": "🟢",
    "rejected": "🟢",
}


def past_of_state(order: Order) -> Past:
    """What has to be said with the state for as long as it stands: an alarm does not end with a comment."""
    was = order.status_was
    if fell_back(was, order.status):
        return Past(status=was, foc_at=order.foc_at, foc_lost=True)
    return Past(status=was) if cancelled(order.status) or order.status == "pending" else Past()


def sign_of_state(order: Order) -> str:
    """🔴 and ⏳ need somebody now, 🟡 should be known."""
    if order.source is Source.PORT_OUT:
        return _sign_of_port_out(order)
    if order.status == "exception":
        return "🟡" if is_answered(order) else "🔴"
    was_not_asked = order.status_at is not None and order.status_was != "cancel-pending"
    if fell_back(order.status_was, order.status) or (cancelled(order.status) and was_not_asked):
        return "🔴"
    return "🟢" if order.status == "ported" else _SIGNS.get(order.status or "", "🔵")


def _sign_of_port_out(order: Order) -> str:
    if order.status in ("authorized", "ported"):
        return "🟡" if order.reviewed_by else "🔴"
    return _SIGNS.get(order.status or "", "🔵")


def needs_you(order: Order) -> bool:
    """Somebody has to act, as far as events tell."""
    return sign_of_state(order) in ("🔴", "⏳")
