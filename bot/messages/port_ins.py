"""What is said of a port-in's status: whole sentences without their sign."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.changes import Change
from bot.messages.exceptions import causes
from bot.messages.wording import (
    carrier_of,
    clock,
    full_name,
    messaging_words,
    numbers_of,
    possessive,
    status_words,
)
from bot.telnyx.events import Author
from bot.telnyx.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What stood there before the event that made the order's status; empty where the status is older."""

    status: str | None = None
    foc_at: datetime | None = None
    foc_lost: bool = False


def past_of(change: Change) -> Past:
    """The past that `change` tells."""
    return Past(status=change.status_before, foc_at=change.foc_before, foc_lost=change.foc_lost)


def port_in_sentence(order: Order, status: str | None, past: Past) -> str:
    """The status of a port-in, and what it means for the reader."""
    if status is None:
        return f"Status changed: {full_name(order)} has a new status, which Telnyx has not told yet."
    if past.foc_lost and status != "exception":
        return _foc_lost(order, status, past)
    tell = _SENTENCES.get(status)
    return tell(order, past) if tell else new_status(order, status, past)


def new_status(order: Order, status: str, past: Past) -> str:
    """For a status that came into the world after this was written."""
    was = f" (was {status_words(past.status)})" if past.status else ""
    return f"New status: {full_name(order)} is now {status_words(status)}{was}."


def is_answered(order: Order) -> bool:
    """Your team wrote after the order came into its status, and Telnyx has not written since."""
    comment = order.last_comment
    is_later = comment and comment.at and order.status_at and comment.at >= order.status_at
    return bool(is_later and comment and comment.author is Author.US)


def asked_for(order: Order) -> str:
    """` (asked for Mon 30 Nov)`, where another date was asked for than came."""
    asked = order.foc_requested_at
    return f" (asked for {clock(asked)})" if asked and asked != order.foc_at else ""


def _foc_lost(order: Order, status: str, past: Past) -> str:
    moved = f" It was to move {clock(past.foc_at)}." if past.foc_at else ""
    return f"FOC lost: {full_name(order)} is back to {status_words(status)}.{moved}"


def _draft(order: Order, _: Past) -> str:
    return f"Draft: {full_name(order)} is being filled in; nothing has been sent yet."


def _in_process(order: Order, _: Past) -> str:
    return f"In process: Telnyx checks {full_name(order)} before it goes to {carrier_of(order)}."


def _submitted(order: Order, past: Past) -> str:
    again = "Submitted again" if past.status == "exception" else "Submitted"
    return f"{again}: {full_name(order)} waits for {possessive(carrier_of(order))} answer."


def _exception(order: Order, past: Past) -> str:
    lost = ""
    if past.foc_lost:
        lost = f" It no longer moves {clock(past.foc_at)}." if past.foc_at else " Its FOC is lost."
    waits = "waits for Telnyx, you answered" if is_answered(order) else "needs you"
    return f"Exception: {full_name(order)} {waits}: {causes(order.details, order)}.{lost}"


def _foc_confirmed(order: Order, past: Past) -> str:
    name, now = full_name(order), order.foc_at
    if now is None:
        return f"FOC confirmed: {name} has a date, which Telnyx has not told yet."
    if past.foc_at and past.foc_at != now:
        return f"FOC moved: {name} now moves {clock(now)}. Before, it was {clock(past.foc_at)}."
    if past.status == "foc-date-confirmed":
        return f"FOC confirmed again: {name} still moves {clock(now)}."
    return f"FOC confirmed: {name} moves {clock(now)}{asked_for(order)}."


def _ported(order: Order, past: Past) -> str:
    are = "is" if order.size == 1 else "are"
    messaging = order.messaging_status
    is_open = past.status and messaging and messaging not in ("ported", "not_applicable")
    rest = f" Messaging follows: {messaging_words(messaging or '')}." if is_open else ""
    return f"Ported: {full_name(order)} is done, {numbers_of(order)} {are} at Telnyx.{rest}"


def _cancel_pending(order: Order, _: Past) -> str:
    return f"Cancel pending: {full_name(order)} stops as soon as Telnyx agrees."


def _cancelled(order: Order, past: Past) -> str:
    name = full_name(order)
    if past.status == "cancel-pending":
        return f"Cancelled: {name} is stopped, as was asked."
    if past.status:
        was = status_words(past.status)
        return f"Cancelled: {name} was stopped and nobody had asked for it (was {was}). It needs a new order."
    return f"Cancelled: {name} is stopped. To go on it needs a new order."


_SENTENCES: Mapping[str, Callable[[Order, Past], str]] = MappingProxyType(
    {
        "draft": _draft,
        "in-process": _in_process,
        "submitted": _submitted,
        "exception": _exception,
        "foc-date-confirmed": _foc_confirmed,
        "ported": _ported,
        "cancel-pending": _cancel_pending,
        "cancelled": _cancelled,
    }
)


def port_in_news(change: Change, *, brief: bool = False) -> str:
    """The change of status in short, without the order's name; `brief`: a new FOC stands beside it."""
    status, before = change.event.status, change.status_before
    if status == "foc-date-confirmed" and change.foc_moved and change.foc_before:
        return f"FOC moved: now {clock(change.foc_now or change.foc_before)}, was {clock(change.foc_before)}"
    step = _step(before, status)
    if change.foc_lost:
        lost = f"; FOC {clock(change.foc_before)} is lost" if change.foc_before else "; its FOC is lost"
    else:
        lost = ""
    is_told = brief and status == "foc-date-confirmed"
    return step + ("" if is_told else _detail(change)) + lost


def _step(before: str | None, status: str | None) -> str:
    if before == status:
        return f"{status_words(status)} again"
    return f"{status_words(before)} → {status_words(status)}" if before else f"now {status_words(status)}"


def _detail(change: Change) -> str:
    order, status = change.order, change.event.status
    if status == "exception":
        return f": {causes(change.event.details, order)}"
    if status == "foc-date-confirmed" and change.foc_now:
        return f": moves {clock(change.foc_now)}{asked_for(order)}"
    if status == "cancelled" and change.status_before not in (None, "cancel-pending"):
        return ", which nobody had asked for"
    return ""
