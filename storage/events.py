"""Events of Telnyx: each stored once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import deliveries
from storage.statements import insert, one_of, table_of
from storage.tables import Delivery, DeliveryEvent, Event

_table = table_of(Event)
_promises = table_of(DeliveryEvent)
_deliveries = table_of(Delivery)
IN_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to store; `payload` is JSON with secrets removed, `methods` are joined by commas."""

    event_id: str
    event_type: str
    order_id: str
    created_at: datetime
    updated_at: datetime | None
    payload: str | None
    payload_status: str | None
    methods: str
    is_baseline: bool


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is stored; `key` is its number in our table."""

    key: int
    source: str
    event_id: str
    event_type: str
    order_id: str
    created_at: datetime
    updated_at: datetime | None
    first_seen_at: datetime
    payload: str | None
    payload_status: str | None
    methods: str
    is_baseline: bool
    fanned_out_at: datetime | None
    status_before: str | None
    foc_before: datetime | None
    foc_after: datetime | None
    severity: str | None


columns = tuple(_table.c["id" if name == "key" else name] for name in StoredEvent.__dataclass_fields__)
_known = select(_table.c.event_id, _table.c.updated_at, _table.c.payload.is_not(None)).where(
    _table.c.source == bindparam("of_source"),
    _table.c.event_id.in_(bindparam("of_events", expanding=True)),
)


_this = and_(_table.c.source == bindparam("of_source"), _table.c.event_id == bindparam("of_event"))
_fan_out_again = (
    update(_table)
    .where(
        _this,
        or_(
            _table.c.payload.is_(None),
            and_(_table.c.payload_status == "created", _table.c.payload != bindparam("new_payload")),
        ),
    )
    .values(fanned_out_at=None)
)
_renew = (
    update(_table)
    .where(_this)
    .values(
        payload=bindparam("new_payload"),
        payload_status=bindparam("new_payload_status"),
        updated_at=bindparam("new_updated_at"),
        methods=bindparam("new_methods"),
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """What has to be known of a stored event to see whether a listed one says more."""

    updated_at: datetime | None
    has_payload: bool


async def known(tx: AsyncConnection, source: str, event_ids: Sequence[str]) -> dict[str, Known]:
    """Those of `event_ids` that are stored already."""
    found: dict[str, Known] = {}
    for start in range(0, len(event_ids), IN_CHUNK):
        chunk = event_ids[start : start + IN_CHUNK]
        rows = await tx.execute(_known, {"of_source": source, "of_events": chunk})
        found.update((event_id, Known(updated, bool(has))) for event_id, updated, has in rows)
    return found


async def store(tx: AsyncConnection, source: str, rows: Sequence[NewEvent], now: datetime) -> int:
    """Store what is new; return how many were. An event that is there already is left as it is."""
    if not rows:
        return 0
    statement = insert(tx, _table).on_conflict_do_nothing(index_elements=["source", "event_id"])
    values = [
        {
            "source": source,
            "event_id": row.event_id,
            "event_type": row.event_type,
            "order_id": row.order_id,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "first_seen_at": now,
            "payload": row.payload,
            "payload_status": row.payload_status,
            "methods": row.methods,
            "is_baseline": row.is_baseline,
        }
        for row in sorted(rows, key=lambda row: row.event_id)
    ]
    # Without RETURNING the driver takes the rows as they are: no statement is built for each batch.
    return (await tx.execute(statement, values, execution_options={"preserve_rowcount": True})).rowcount


async def renew(tx: AsyncConnection, source: str, rows: Sequence[NewEvent]) -> None:
    """Take in what Telnyx says anew of stored events.

    A payload that came, or was completed, after all sends the event through the fan-out again: its keys keep
    the promises from repeating, and a message that was posted without the payload is edited.
    """
    ordered = sorted(rows, key=lambda row: row.event_id)
    came = [
        {"of_source": source, "of_event": row.event_id, "new_payload": row.payload}
        for row in ordered
        if row.payload is not None
    ]
    if came:
        await tx.execute(_fan_out_again, came)
    values = [
        {
            "of_source": source,
            "of_event": row.event_id,
            "new_payload": row.payload,
            "new_payload_status": row.payload_status,
            "new_updated_at": row.updated_at,
            "new_methods": row.methods,
        }
        for row in ordered
    ]
    if values:
        await tx.execute(_renew, values)


async def by_keys(tx: AsyncConnection, keys: Collection[int]) -> dict[int, StoredEvent]:
    """Events by our own numbers."""
    rows = await tx.execute(select(*columns).where(_table.c.id.in_(list(keys))))
    return {row.id: stored(row) for row in rows}


async def find(tx: AsyncConnection, event_id: str, source: str) -> list[StoredEvent]:
    """The source's event with this id: at most one."""
    statement = select(*columns).where(_table.c.event_id == event_id, _table.c.source == source)
    return [stored(row) for row in await tx.execute(statement)]


async def remove_before(tx: AsyncConnection, source: str, moment: datetime) -> int:
    """Remove a list's events created before `moment` that no channel still waits for, and their promises."""
    formed = select(_deliveries.c.id).where(
        _deliveries.c.id == _promises.c.delivery_id,
        one_of(_deliveries.c.state, *deliveries.OPEN),
    )
    awaited = select(_promises.c.event_key).where(
        _promises.c.event_key == _table.c.id,
        _promises.c.cancelled_at.is_(None),
        or_(_promises.c.delivery_id.is_(None), formed.exists()),
    )
    old = and_(
        _table.c.source == source,
        _table.c.created_at < moment,
        _table.c.fanned_out_at.is_not(None),
        ~awaited.exists(),
    )
    await tx.execute(delete(_promises).where(_promises.c.event_key.in_(select(_table.c.id).where(old))))
    return (await tx.execute(delete(_table).where(old))).rowcount


def stored(row: Iterable[Any]) -> StoredEvent:
    """The event that a row of `columns` is."""
    return StoredEvent(*row)
