"""Stored rows back into the values that messages and filters work with."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from bot.changes import Change, Severity
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order
from storage.events import NewEvent, StoredEvent

FAR_AHEAD = timedelta(days=1)


def event_of(row: StoredEvent) -> Event:
    """The event of a stored row."""
    return Event(
        source=Source(row.source),
        event_id=row.event_id,
        event_type=row.event_type,
        order_id=row.order_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        payload=msgspec.json.decode(row.payload) if row.payload is not None else None,
        payload_status=row.payload_status,
        methods=tuple(row.methods.split(",")) if row.methods else (),
    )


def change_of_row(row: StoredEvent, order: Order) -> Change:
    """What the event changed, as the fan-out found it; `order` is the order as it is known now."""
    return Change(
        event=event_of(row),
        # A later event may have moved the FOC meanwhile: this one tells its own.
        order=replace(order, foc_at=row.foc_after) if row.foc_after else order,
        status_before=row.status_before,
        foc_before=row.foc_before,
        foc_after=row.foc_after,
        severity=Severity(row.severity) if row.severity else Severity.INFO,
    )


def row_of(event: Event, baseline_at: datetime, seen_at: datetime) -> NewEvent:
    """The event as it is stored; what was created before `baseline_at` is kept but never posted.

    A date that is far ahead is no date: nothing of the order would ever be newer.
    """
    is_odd = event.created_at > seen_at + FAR_AHEAD
    return NewEvent(
        event_id=event.event_id,
        event_type=event.event_type,
        order_id=event.order_id,
        created_at=seen_at if is_odd else event.created_at,
        updated_at=event.updated_at,
        payload=msgspec.json.encode(event.payload).decode() if event.payload is not None else None,
        payload_status=event.payload_status,
        methods=",".join(event.methods),
        is_baseline=event.created_at < baseline_at,
    )
