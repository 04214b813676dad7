"""Port-in and port-out orders: the newest facts we know of each."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from bot.telnyx.events import Comment, Detail, JsonObject, Source, count, details, mapping, text, texts
from bot.telnyx.times import parse_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known of an order. Every fact but the key may be absent; all times are aware UTC."""

    source: Source
    order_id: str
    status: str | None = None
    status_at: datetime | None = None
    status_was: str | None = None
    """The status before, where an event told it."""
    details: tuple[Detail, ...] = ()
    support_key: str | None = None
    parent_support_key: str | None = None
    customer_reference: str | None = None
    numbers: tuple[str, ...] = ()
    """E.164; Telnyx gives the first 50 of a port-in."""
    numbers_count: int | None = None
    carrier: str | None = None
    """Port-in: the losing carrier. Port-out: the gaining one."""
    spid: str | None = None
    pon: str | None = None
    subscriber_name: str | None = None
    """Only for answers that the asker alone sees."""
    foc_requested_at: datetime | None = None
    foc_at: datetime | None = None
    messaging_status: str | None = None
    rejection_reason: str | None = None
    last_comment: Comment | None = None
    created_at: datetime | None = None
    deleted_at: datetime | None = None
    reviewed_by: str | None = None
    """Slack user who pressed *I'll check* on a port-out."""
    reviewed_at: datetime | None = None
    fetched_at: datetime | None = None
    """When Telnyx was last asked for the order; None: known from events alone."""
    is_missing: bool = False
    """Telnyx answered 404: what we do not know is absent, not unknown."""

    @property
    def name(self) -> str:
        """The best human name: support key, else customer reference, else 8 characters of the id."""
        return self.support_key or self.customer_reference or self.order_id[:8] or "unknown"

    @property
    def facts_are_known(self) -> bool:
        """True when Telnyx has been asked: an absent fact is absent then, not unknown."""
        return self.is_missing or self.fetched_at is not None

    @property
    def size(self) -> int | None:
        """How many numbers the order moves, where it is known."""
        return self.numbers_count or len(self.numbers) or None


def port_in_order(data: JsonObject, fetched_at: datetime) -> Order:
    """An order of `GET /porting_orders`; PIN, account number and tax id are never read."""
    status = mapping(data.get("status"))
    activation = mapping(data.get("activation_settings"))
    listed = data.get("phone_numbers")
    numbers = [mapping(row).get("phone_number") for row in listed] if isinstance(listed, list) else []
    return Order(
        source=Source.PORT_IN,
        order_id=text(data.get("id")) or "",
        status=text(status.get("value")),
        details=details(status.get("details")),
        support_key=text(data.get("support_key")),
        parent_support_key=text(data.get("parent_support_key")),
        customer_reference=text(data.get("customer_reference")),
        numbers=texts(numbers),
        numbers_count=count(data.get("porting_phone_numbers_count")),
        carrier=text(data.get("old_service_provider_ocn")),
        foc_requested_at=parse_time(activation.get("foc_datetime_requested")),
        foc_at=parse_time(activation.get("foc_datetime_actual")),
        messaging_status=text(mapping(data.get("messaging")).get("messaging_port_status")),
        created_at=parse_time(data.get("created_at")),
        fetched_at=fetched_at,
    )


def port_out_order(data: JsonObject, fetched_at: datetime) -> Order:
    """A port-out of `GET /portouts`."""
    numbers = texts(data.get("phone_numbers"))
    return Order(
        source=Source.PORT_OUT,
        order_id=text(data.get("id")) or "",
        status=text(data.get("status")),
        support_key=text(data.get("support_key")),
        numbers=numbers,
        numbers_count=len(numbers) or None,
        carrier=text(data.get("carrier_name")),
        spid=text(data.get("spid")),
        pon=text(data.get("pon")),
        subscriber_name=text(data.get("end_user_name")),
        foc_requested_at=parse_time(data.get("requested_foc_date")),
        foc_at=parse_time(data.get("foc_date")),
        rejection_reason=text(data.get("reason")),
        created_at=parse_time(data.get("created_at")) or parse_time(data.get("inserted_at")),
        fetched_at=fetched_at,
    )


def with_fetched(known: Order, fetched: Order) -> Order:
    """`known` with what Telnyx answered; status, FOC, comments and reviews stay as our events tell them.

    Telnyx's status and FOC are only taken where no event has told us one: events come in order, an answer
    of the orders call may be ahead of the events that we have yet to post.
    """
    return replace(
        fetched,
        status=known.status or fetched.status,
        status_at=known.status_at,
        status_was=known.status_was,
        details=known.details if known.status else fetched.details,
        support_key=fetched.support_key or known.support_key,
        parent_support_key=fetched.parent_support_key or known.parent_support_key,
        customer_reference=fetched.customer_reference or known.customer_reference,
        numbers=fetched.numbers or known.numbers,
        numbers_count=fetched.numbers_count or known.numbers_count,
        carrier=fetched.carrier or known.carrier,
        spid=fetched.spid or known.spid,
        subscriber_name=fetched.subscriber_name or known.subscriber_name,
        foc_at=known.foc_at or fetched.foc_at,
        messaging_status=fetched.messaging_status or known.messaging_status,
        rejection_reason=fetched.rejection_reason or known.rejection_reason,
        last_comment=known.last_comment,
        created_at=fetched.created_at or known.created_at,
        deleted_at=known.deleted_at,
        reviewed_by=known.reviewed_by,
        reviewed_at=known.reviewed_at,
    )


def encode(order: Order) -> str:
    """The order as JSON, for our tables."""
    return _ENCODER.encode(order).decode()


def decode(facts: str) -> Order:
    """The order that `encode` wrote, by this version or an older one."""
    return _DECODER.decode(facts)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Order)
