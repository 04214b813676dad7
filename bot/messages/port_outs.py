"""What is said of a port-out's status. An unanswered port-out is a clock: telnyx-api.md §9.3."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from bot.changes import Change
from bot.messages.port_ins import Past, new_status
from bot.messages.wording import (
    carrier_of,
    clock,
    full_name,
    numbers_of,
    quoted,
    sentence_start,
    status_words,
)
from bot.telnyx.orders import Order

EARLIEST = timedelta(hours=24)
LATEST = timedelta(hours=48)
"""Telnyx authorises an unanswered port-out by itself between these ages."""


def port_out_sentence(change: Change, status: str | None, past: Past, now: datetime) -> str:
    """The status of a port-out, and what it means for the reader."""
    order = change.order
    if status is None:
        return f"Status changed: {full_name(order)} has a new status, which Telnyx has not told yet."
    if status == "pending":
        return _pending(order, past, began_at(change), now)
    tell = _SENTENCES.get(status)
    return tell(order) if tell else new_status(order, status, past)


def began_at(change: Change) -> datetime:
    """When the port-out's clock began: no field of Telnyx's gives the deadline itself.

    Where its making is not known, the earliest that is: a comment later on does not move the clock.
    """
    order, event = change.order, change.event
    return order.created_at or min(order.status_at or event.created_at, event.created_at)


def _pending(order: Order, past: Past, began: datetime, now: datetime) -> str:
    leave = "leaves" if order.size == 1 else "leave"
    numbers = f"{numbers_of(order)} {leave} for {carrier_of(order)}"
    again = "pending again, its rejection did not stand. " if past.status == "rejected-pending" else ""
    start = f"{sentence_start(full_name(order))}: {again}"
    numbers = sentence_start(numbers) if again else numbers
    earliest, latest = _after(EARLIEST, began), _after(LATEST, began)
    if now < earliest:
        by_itself = f"Telnyx may approve it from then on, at latest {clock(latest)}."
        return f"{start}{numbers} unless somebody objects before {clock(earliest)}. {by_itself}"
    if now < latest:
        by_itself = f"Telnyx may approve it at any moment, at latest {clock(latest)}."
        ended = f"the first 24 hours ended {clock(earliest)}"
        return f"{start}{numbers} unless somebody objects now: {ended}. {by_itself}"
    return f"{start}{numbers}: the 48 hours ended {clock(latest)}, Telnyx may have approved it. Check it now."


def _after(wait: timedelta, began: datetime) -> datetime:
    """So long after it; an order may be dated on the last day of all."""
    try:
        return began + wait
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _authorized(order: Order) -> str:
    name, numbers, carrier = full_name(order), numbers_of(order), carrier_of(order)
    when = f", FOC {clock(order.foc_at)}" if order.foc_at else ""
    may = "may leave for"
    return f"Authorized: {name}, {numbers} {may} {carrier}{when}. {_review(order)}"


def _ported(order: Order) -> str:
    have = "has" if order.size == 1 else "have"
    name, numbers, carrier = full_name(order), numbers_of(order), carrier_of(order)
    return f"Ported away: {name}, {numbers} {have} left for {carrier}. {_review(order)}"


def _review(order: Order) -> str:
    return "It was reviewed here." if order.reviewed_by else "Nobody here reviewed it."


def _rejection_pending(order: Order) -> str:
    return f"Rejection pending: {full_name(order)} waits while Telnyx checks the reason.{_reason(order)}"


def _rejected(order: Order) -> str:
    return f"Rejected: {full_name(order)} is stopped, {_stay(order)}.{_reason(order)}"


def _cancelled(order: Order) -> str:
    return f"Cancelled: {full_name(order)} was withdrawn, {_stay(order)}."


def _stay(order: Order) -> str:
    return f"{numbers_of(order)} {'stays' if order.size == 1 else 'stay'}"


def _reason(order: Order) -> str:
    return f" Reason: {quoted(order.rejection_reason)}." if order.rejection_reason else ""


_SENTENCES: Mapping[str, Callable[[Order], str]] = MappingProxyType(
    {
        "authorized": _authorized,
        "ported": _ported,
        "rejected-pending": _rejection_pending,
        "rejected": _rejected,
        "canceled": _cancelled,
        "cancelled": _cancelled,
    }
)


def port_out_news(change: Change, now: datetime) -> str:
    """The change of status in short, without the order's name."""
    status, before = change.event.status, change.status_before
    step = f"{status_words(before)} → {status_words(status)}" if before else f"now {status_words(status)}"
    return step + _detail(change, now)


def _detail(change: Change, now: datetime) -> str:
    order, status = change.order, change.event.status
    if status == "pending":
        return f": {_object_by(began_at(change), now)}"
    if status in ("authorized", "ported") and not order.reviewed_by:
        return ", and nobody here reviewed it"
    if status in ("rejected", "rejected-pending"):
        return f", reason: {quoted(order.rejection_reason)}" if order.rejection_reason else ""
    return ""


def _object_by(began: datetime, now: datetime) -> str:
    earliest, latest = _after(EARLIEST, began), _after(LATEST, began)
    if now >= latest:
        return f"the 48 hours ended {clock(latest)}, check it now"
    object_by = f"object before {clock(earliest)}" if now < earliest else "object now"
    return f"{object_by}, Telnyx approves it at latest {clock(latest)}"


def foc_change_sentence(change: Change) -> str:
    """A `foc_date_changed`: the new date, and the one before."""
    name = full_name(change.order)
    if change.event.foc_at is None:
        return f"FOC changed: {name} has another date, which Telnyx has not told yet."
    return f"FOC changed: {name} now leaves {clock(change.event.foc_at)}. {_date_before(change)}"


def _date_before(change: Change) -> str:
    if change.foc_before is None:
        return "The date before is not known."
    if change.foc_before == change.event.foc_at:
        return "That is the date it had."
    return f"Before, it was {clock(change.foc_before)}."


def foc_change_news(change: Change) -> str:
    if change.event.foc_at is None:
        return "FOC changed, to a date that Telnyx has not told yet"
    before = f"was {clock(change.foc_before)}" if change.foc_before else "the date before is not known"
    return f"FOC changed: now {clock(change.event.foc_at)}, {before}"
