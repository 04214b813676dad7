"""The severity table as people read it: each row is an example that the bot itself has judged. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.changes import Change, Severity, change_of
from bot.telnyx.events import Event, JsonObject, Source
from bot.telnyx.orders import Order

_AT = datetime(2026, 1, 5, tzinfo=UTC)
_IN = Order(source=Source.PORT_IN, order_id="in")
_CONFIRMED = replace(_IN, status="foc-date-confirmed", status_at=_AT, foc_at=_AT)
_ENDING = replace(_IN, status="cancel-pending", status_at=_AT)
_MOVED = replace(_IN, foc_at=_AT + timedelta(days=1), fetched_at=_AT)
_OUT = Order(source=Source.PORT_OUT, order_id="out")
_REVIEWED = replace(_OUT, reviewed_by="somebody")


def table() -> dict[Severity, list[str]]:
    """What is critical, what a warning and what info, worked out by the rules that events go through."""
    rows: dict[Severity, list[str]] = {severity: [] for severity in Severity}
    for words, change in _examples():
        rows[change.severity].append(words)
    return rows


def _examples() -> list[tuple[str, Change]]:
    return [*_port_ins(), *_port_outs()]


def _port_ins() -> list[tuple[str, Change]]:
    return [
        ("a port-in in `exception`", _status(_IN, "exception")),
        ("a port-in `cancelled` that nobody asked to cancel", _status(_IN, "cancelled")),
        ("a port-in that lost its FOC", _status(_CONFIRMED, "submitted")),
        ("a comment of Telnyx's staff on a port-in", _comment("admin")),
        ("a comment on a port-in whose author is not known", _comment("somebody")),
        ("a port-in in `cancel-pending`", _status(_IN, "cancel-pending")),
        ("a port-in that was split", _event(_IN, "split", {})),
        ("messaging of a port-in in `exception`", _messaging("exception")),
        ("the FOC of a port-in moved", _status(_CONFIRMED, "foc-date-confirmed", _MOVED)),
        ("a port-in `cancelled` as asked", _status(_ENDING, "cancelled")),
        ("the FOC of a port-in set", _status(_IN, "foc-date-confirmed")),
        ("a port-in `ported`, `submitted`, `in-process` or `draft`", _status(_IN, "ported")),
        ("your own comments and the system's", _comment("user")),
        ("other changes of messaging", _messaging("ported")),
    ]


def _port_outs() -> list[tuple[str, Change]]:
    return [
        ("a port-out `pending`", _status(_OUT, "pending")),
        ("a port-out `authorized` or `ported` that nobody here reviewed", _status(_OUT, "authorized")),
        ("the FOC of a port-out changed", _event(_OUT, "foc_date_changed", {})),
        ("a comment on a port-out", _event(_OUT, "new_comment", {"comment": "text"})),
        ("a port-out in `rejected-pending`", _status(_OUT, "rejected-pending")),
        ("a port-out `authorized` or `ported` that was reviewed", _status(_REVIEWED, "authorized")),
        ("a port-out `rejected`", _status(_OUT, "rejected")),
    ]


def _status(before: Order, status: str, fetched: Order | None = None) -> Change:
    value = {"value": status} if before.source is Source.PORT_IN else status
    return _event(before, "status_changed", {"status": value}, fetched)


def _comment(author: str) -> Change:
    return _event(_IN, "new_comment", {"comment": {"body": "text", "user_type": author}})


def _messaging(status: str) -> Change:
    return _event(_IN, "messaging_changed", {"messaging": {"messaging_port_status": status}})


def _event(before: Order, kind: str, payload: JsonObject, fetched: Order | None = None) -> Change:
    event = Event(
        source=before.source,
        event_id="example",
        event_type=f"porting.{kind}",
        order_id=before.order_id,
        created_at=_AT,
        payload=payload,
    )
    return change_of(event, before, fetched)
