"""What an event changes on its order, and how much that matters. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.telnyx.events import Author, Comment, Event, Source
from bot.telnyx.orders import Order, with_fetched


class Severity(StrEnum):
    """What needs a person is critical, what should be known a warning, the rest info."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An event with the order as it is known, and what stood there before the event."""

    event: Event
    order: Order
    status_before: str | None = None
    foc_before: datetime | None = None
    foc_after: datetime | None = None
    """The order's FOC when the event was taken in; the order may be further by now."""
    severity: Severity = Severity.INFO

    @property
    def foc_now(self) -> datetime | None:
        """The FOC that this event is about: its own (port-out), else the order's."""
        return self.event.foc_at or self.foc_after or self.order.foc_at

    @property
    def foc_moved(self) -> bool:
        """A date stood there before and another stands there now."""
        return bool(self.foc_before and self.foc_now and self.foc_before != self.foc_now)

    @property
    def foc_lost(self) -> bool:
        """A confirmed port-in fell back to a status that comes before the confirmation."""
        return self.event.source is Source.PORT_IN and fell_back(self.status_before, self.event.status)


def cancelled(status: str | None) -> bool:
    """`cancelled` (port-in) and `canceled` (port-out) are one value."""
    return status in ("cancelled", "canceled")


def fell_back(before: str | None, status: str | None) -> bool:
    """A port-in's date had been confirmed, and holds no longer."""
    return before == "foc-date-confirmed" and status in ("draft", "in-process", "submitted", "exception")


def severity_of(change: Change) -> Severity:
    """The table of interface.md, the only place where it stands in code."""
    if _is_critical(change):
        return Severity.CRITICAL
    return Severity.WARNING if _is_warning(change) else Severity.INFO


def _is_critical(change: Change) -> bool:
    event, status = change.event, change.event.status
    if event.source is Source.PORT_OUT:
        unreviewed = status in ("authorized", "ported") and not change.order.reviewed_by
        return status == "pending" or unreviewed or event.kind == "foc_date_changed"
    unasked = cancelled(status) and change.status_before != "cancel-pending"
    return status == "exception" or unasked or change.foc_lost


def _is_warning(change: Change) -> bool:
    event, status = change.event, change.event.status
    if event.kind == "new_comment":
        written_by = event.comment.author if event.comment else Author.UNKNOWN
        return written_by in (Author.TELNYX, Author.UNKNOWN)
    if event.source is Source.PORT_OUT:
        return status in ("rejected-pending", "authorized", "ported")
    moved = status == "foc-date-confirmed" and change.foc_moved
    stuck = event.kind == "messaging_changed" and event.messaging_status == "exception"
    return status == "cancel-pending" or event.kind == "split" or stuck or moved


def change_of(event: Event, before: Order, fetched: Order | None = None) -> Change:
    """The event seen against its order as it was, with its severity and the order as it is now.

    `fetched` is what Telnyx answered for the order just now: the only source of a port-in's FOC.
    """
    order = after(with_fetched(before, fetched) if fetched else before, event)
    if fetched and event.status == "foc-date-confirmed":
        order = replace(order, foc_at=fetched.foc_at or order.foc_at)
    # A status that only the orders call told may be ahead of the events that we have yet to see.
    came_before = before.status_at is not None and before.status_at <= event.created_at
    change = Change(
        event=event,
        order=order,
        status_before=before.status if event.status and came_before else None,
        foc_before=before.foc_at,
        foc_after=order.foc_at,
    )
    severity = severity_of(change)
    return change if severity is change.severity else replace(change, severity=severity)


def after(order: Order, event: Event) -> Order:
    """The order with what the event says; an older event never overrides a newer status."""
    said = {name: value for name, value in _facts(event).items() if value}
    if order.numbers_count:
        said.pop("numbers_count", None)
    if event.status and (order.status_at is None or event.created_at >= order.status_at):
        said |= {"status": event.status, "status_at": event.created_at, "details": event.details}
        if event.status != order.status:
            said["status_was"] = order.status if order.status_at else None
    said |= _numbers_left(order, event)
    # One copy at most: an order has many fields, and this runs for every event.
    return replace(order, **said) if said else order


def _numbers_left(order: Order, event: Event) -> dict[str, int]:
    """What a split leaves to the order that gives numbers away, unless Telnyx was asked for it since."""
    size, gone = order.numbers_count or 0, event.split_count or 0 if event.kind == "split" else 0
    is_told = order.fetched_at is not None and order.fetched_at >= event.created_at
    gives = gone and event.split_from == order.order_id
    return {"numbers_count": size - gone} if gives and size > gone and not is_told else {}


def _facts(event: Event) -> dict[str, Any]:
    """What the event says of its order besides the status, by the names of Order's fields."""
    return {
        "support_key": event.support_key,
        "customer_reference": event.customer_reference,
        "numbers": event.numbers,
        "numbers_count": len(event.numbers),
        "carrier": event.carrier,
        "spid": event.spid,
        "subscriber_name": event.subscriber_name,
        "messaging_status": event.messaging_status,
        "foc_at": event.foc_at,
        "rejection_reason": event.rejection_reason,
        "deleted_at": event.created_at if event.kind == "deleted" else None,
        "last_comment": _said_last(event),
    }


def _said_last(event: Event) -> Comment | None:
    """The event's comment where a person wrote it: a system comment does not change whose turn it is."""
    comment = event.comment
    return comment if comment and comment.author is not Author.SYSTEM else None
