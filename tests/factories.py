"""Valid events, orders and changes; a test names only what matters to it.

`make_event(status="exception", details=[("ACCOUNT_NUMBER_MISMATCH", "Account # not found")])`,
`make_event(kind="new_comment", body="Please confirm the BTN.")`,
`make_event(source="port_out", status="pending")`.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from bot.changes import Change, change_of
from bot.telnyx.events import WITHOUT_PAYLOAD, Event, Source
from bot.telnyx.orders import Order

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
ORDER_ID = "f1486bae-f067-460c-ad43-73a92848f902"
PORT_OUT_ID = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0"
PREFIXES = {Source.PORT_IN: "porting_order", Source.PORT_OUT: "portout"}
_numbers = count(1)


def make_id() -> str:
    """A new uuid; its first eight characters differ from every other's."""
    return str(UUID(int=(next(_numbers) << 96) | 0x4000_8000_0000_0000_0000))


def stamp(moment: datetime) -> str:
    """A moment as Telnyx writes it."""
    return moment.isoformat().replace("+00:00", "Z")


def make_event(
    *,
    kind="status_changed",
    source=Source.PORT_IN,
    status="submitted",
    details=(),
    body="Please confirm the BTN.",
    author="admin",
    messaging_status="activating",
    foc_at=None,
    split_count=3,
    customer_reference=None,
    support_key=None,
    payload=...,
    **fields,
):
    """An Event whose payload fits its type; `payload=` replaces it (None: Telnyx has not made it yet)."""
    source = Source(source)
    event_type = fields.pop("event_type", f"{PREFIXES[source]}.{kind}")
    order_id = fields.pop("order_id", ORDER_ID if source is Source.PORT_IN else PORT_OUT_ID)
    created_at = fields.pop("created_at", NOW - timedelta(minutes=5))
    made = _payloads(
        source,
        order_id,
        created_at,
        status=status,
        details=details,
        body=body,
        author=author,
        messaging_status=messaging_status,
        foc_at=foc_at,
        split_count=split_count,
        extra=fields.pop("extra", {}),
    ).get(event_type.rpartition(".")[2], {"id": order_id})
    keys = {"support_key": support_key, "customer_reference": customer_reference}
    made = made | {key: value for key, value in keys.items() if value}
    return Event(
        source=source,
        event_id=fields.pop("event_id", None) or make_id(),
        event_type=event_type,
        order_id=order_id,
        created_at=created_at,
        payload=_no_payload_or(made, event_type) if payload is ... else payload,
        payload_status=fields.pop("payload_status", "completed"),
        methods=tuple(fields.pop("methods", ("email", "webhook"))),
        **fields,
    )


def _no_payload_or(made, event_type):
    return None if event_type in WITHOUT_PAYLOAD else made


def _payloads(source, order_id, created_at, **facts):
    of_source = _port_in_payloads if source is Source.PORT_IN else _port_out_payloads
    return of_source(order_id, created_at, **facts)


def _port_in_payloads(
    order_id, created_at, *, status, details, body, author, messaging_status, split_count, extra, **_
):
    reasons = [{"code": code, "description": text} for code, text in details]
    comment = {"id": make_id(), "body": body, "user_type": author, "inserted_at": stamp(created_at)}
    messaging = {"messaging_capable": True, "messaging_port_status": messaging_status}
    moved = [{"id": make_id()} for _ in range(split_count)]
    return {
        "status_changed": {"id": order_id, "status": {"value": status, "details": reasons}} | extra,
        "new_comment": {"porting_order_id": order_id, "comment": comment} | extra,
        "split": {"from": {"id": order_id}, "to": {"id": make_id()}, "porting_phone_numbers": moved} | extra,
        "messaging_changed": {"id": order_id, "messaging": messaging} | extra,
        "deleted": {"id": order_id, "deleted_at": stamp(created_at)} | extra,
    }


def _port_out_payloads(order_id, created_at, *, status, body, foc_at, extra, **_):
    numbers = ["+13035550123", "+13035550124"]
    gaining = {"carrier_name": "Onvoy", "spid": "987H", "subscriber_name": "John Doe"}
    status_changed = {"id": order_id, "status": status, "phone_numbers": numbers, **gaining}
    foc = stamp(foc_at or created_at + timedelta(days=5))
    return {
        "status_changed": status_changed | extra,
        "new_comment": {"id": make_id(), "portout_id": order_id, "comment": body} | extra,
        "foc_date_changed": {"id": order_id, "foc_date": foc} | extra,
    }


def make_order(*, source=Source.PORT_IN, **fields):
    """An Order whose facts are known: `sr_98f022` of ACME Dental, or port-out `PO_764725`.

    With a `status`, an event told it a day ago; `status_at=None`: only the orders call did.
    """
    facts = _port_in_facts() if Source(source) is Source.PORT_IN else _port_out_facts()
    facts |= {"status_at": NOW - timedelta(days=1)} if fields.get("status") else {}
    return Order(source=Source(source), **(facts | fields))


def make_bare_order(*, source=Source.PORT_IN, **fields):
    """An Order of which nothing is known but its id."""
    order_id = ORDER_ID if Source(source) is Source.PORT_IN else PORT_OUT_ID
    return Order(source=Source(source), **({"order_id": order_id} | fields))


def _port_in_facts():
    return {
        "order_id": ORDER_ID,
        "support_key": "sr_98f022",
        "customer_reference": "ACME Dental",
        "numbers": ("+13125550123", "+13125550124"),
        "numbers_count": 12,
        "carrier": "Onvoy",
        "foc_requested_at": datetime(2026, 12, 1, 15, tzinfo=UTC),
        "created_at": NOW - timedelta(days=6),
        "fetched_at": NOW,
    }


def _port_out_facts():
    return {
        "order_id": PORT_OUT_ID,
        "support_key": "PO_764725",
        "numbers": ("+13035550123", "+13035550124"),
        "numbers_count": 2,
        "carrier": "Onvoy",
        "spid": "987H",
        "created_at": NOW - timedelta(minutes=10),
        "fetched_at": NOW,
    }


def make_change(event=None, order=None, *, severity=None, **event_fields) -> Change:
    """The change that `event` (or one made of the other arguments) is to `order`, by the bot's own rules."""
    event = event or make_event(**event_fields)
    before = order or make_order(source=event.source, order_id=event.order_id)
    change = change_of(event, before)
    return replace(change, severity=severity) if severity else change
