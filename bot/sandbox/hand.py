"""What a person does to the orders at Telnyx by hand, beside the stories."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import PortwireError
from bot.sandbox.script import DECIDED_BY, Script
from bot.sandbox.telnyx.orders import (
    EXCEPTION_TYPES,
    PORT_IN_STATUSES,
    PORT_OUT_STATUSES,
    REJECTIONS,
    PortIn,
    PortOut,
)
from bot.sandbox.telnyx.world import Author, TelnyxWorld

MESSAGING = (
    "not_applicable",
    "pending",
    "activating",
    "exception",
    "partial_port_complete",
    "ported",
    "canceled",
)
EARLIEST_AFTER = timedelta(hours=24)
CONFIRMED = "foc-date-confirmed"
REFUSING = frozenset({"rejected-pending", "rejected"})


class ImpossibleError(PortwireError):
    """This cannot be done to the order as it is now."""


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as a person reads it. `earliest` and `latest`: when Telnyx may and will let a port-out go."""

    order_id: str
    is_port_in: bool
    reference: str
    support_key: str
    carrier: str
    status: str
    numbers: int
    messaging: str | None
    foc: datetime | None
    earliest: datetime | None
    latest: datetime | None


class Hand:
    """Acts on any order; what can't be done raises ImpossibleError, which says why."""

    def __init__(self, telnyx: TelnyxWorld, script: Script, now: Callable[[], datetime]) -> None:
        self._telnyx = telnyx
        self._script = script
        self._now = now
        self._places: dict[str, int] = {}

    def orders(self) -> list[OrderSeen]:
        """All orders, the newest first."""
        seen = [_port_in(each) for each in self._telnyx.port_ins.values()]
        seen += [_port_out(each) for each in self._telnyx.port_outs.values()]
        for each in seen:
            self._places.setdefault(each.order_id, len(self._places))
        return sorted(seen, key=lambda each: self._places[each.order_id], reverse=True)

    def statuses(self, order_id: str) -> tuple[str, ...]:
        """What the order can be moved to: first what usually comes next."""
        order = self._order(order_id)
        known = PORT_IN_STATUSES if isinstance(order, PortIn) else PORT_OUT_STATUSES
        here = known.index(order.status)
        return known[here + 1 :] + known[:here]

    def reasons(self, order_id: str, status: str) -> dict[str, str]:
        """Why it may take that status, by code; empty where no reason is given."""
        if isinstance(self._order(order_id), PortIn):
            return EXCEPTION_TYPES if status == "exception" else {}
        return {str(code): text for code, (text, _) in REJECTIONS.items()} if status in REFUSING else {}

    def comment(self, order_id: str, body: str, author: Author = "admin") -> None:
        """Somebody writes on the order."""
        self._order(order_id)
        if not body.strip():
            raise ImpossibleError("A comment needs some words.")
        self._telnyx.comment(order_id, body.strip(), author=author)

    def move(self, order_id: str, status: str, reason: str | None = None) -> None:
        """The order takes a status of its kind. Its story ends, but for a refusal, which Telnyx confirms."""
        if status not in self.statuses(order_id):
            raise ImpossibleError(f"The order is {status} already, or orders of its kind never are.")
        reasons = self.reasons(order_id, status)
        code = reason if reason in reasons else next(iter(reasons), None)
        if status != "rejected-pending":
            self._script.take_over(order_id)
        self._telnyx.set_status(order_id, status, details=((code, reasons[code]),) if code else ())

    def split(self, order_id: str, numbers: int) -> None:
        """The last so many numbers move to an order of their own."""
        order = self._order(order_id)
        if not isinstance(order, PortIn):
            raise ImpossibleError("Only a port-in can be split.")
        if not 0 < numbers < len(order.numbers):
            raise ImpossibleError(f"It has {len(order.numbers)} numbers: at least one stays and one leaves.")
        self._script.take_over(order_id)
        self._telnyx.split(order_id, [each.e164 for each in order.numbers[-numbers:]])

    def change_foc(self, order_id: str, foc: datetime) -> None:
        """The FOC moves: a port-in's is confirmed anew, a port-out's carrier asks for another."""
        if isinstance(self._order(order_id), PortIn):
            self._telnyx.set_status(order_id, CONFIRMED, foc=foc)
        else:
            self._telnyx.set_foc(order_id, foc)

    def set_messaging(self, order_id: str, status: str) -> None:
        """The messaging of a port-in takes a status of its own."""
        if not isinstance(self._order(order_id), PortIn):
            raise ImpossibleError("Messaging has a status of its own only on a port-in.")
        self._telnyx.set_messaging(order_id, status)

    def _order(self, order_id: str) -> PortIn | PortOut:
        order = self._telnyx.port_ins.get(order_id) or self._telnyx.port_outs.get(order_id)
        if order is None:
            raise ImpossibleError("The order is gone.")
        return order


def _port_in(order: PortIn) -> OrderSeen:
    return OrderSeen(
        order_id=order.order_id,
        is_port_in=True,
        reference=order.reference or order.order_id[:8],
        support_key=order.support_key or order.order_id[:8],
        carrier=order.carrier,
        status=order.status,
        numbers=len(order.numbers),
        messaging=order.messaging_status,
        foc=order.foc_actual or order.foc_requested,
        earliest=None,
        latest=None,
    )


def _port_out(order: PortOut) -> OrderSeen:
    is_open = order.status == "pending"
    return OrderSeen(
        order_id=order.order_id,
        is_port_in=False,
        reference=order.pon or order.order_id[:8],
        support_key=order.support_key,
        carrier=order.carrier,
        status=order.status,
        numbers=len(order.numbers),
        messaging=None,
        foc=order.foc,
        earliest=order.created_at + EARLIEST_AFTER if is_open else None,
        latest=order.created_at + DECIDED_BY if is_open else None,
    )
