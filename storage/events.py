"""Events of Telnyx: each stored once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
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
_to_fan_out = (
    select(*columns)
    .where(_table.c.fanned_out_at.is_(None))
    .order_by(_table.c.created_at, _table.c.id)
    .limit(bindparam("at_most"))
)
# Written so that the search begins at that place of the index: SQLite walks through an OR of both columns.
_to_fan_out_after = _to_fan_out.where(
    _table.c.created_at >= bindparam("after_created_at"),
    or_(_table.c.created_at > bindparam("after_created_at"), _table.c.id > bindparam("after_key")),
)
_note_fan_out = (
    update(_table)
    .where(_table.c.id == bindparam("of_key"))
    .values(
        fanned_out_at=bindparam("new_fanned_out_at"),
        status_before=bindparam("new_status_before"),
        foc_before=bindparam("new_foc_before"),
        foc_after=bindparam("new_foc_after"),
        severity=bindparam("new_severity"),
    )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FannedOut:
    """What the fan-out found out about an event."""

    key: int
    status_before: str | None
    foc_before: datetime | None
    foc_after: datetime | None
    severity: str


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


async def to_fan_out(
    tx: AsyncConnection, limit: int, *, after: tuple[datetime, int] | None = None
) -> list[StoredEvent]:
    """The oldest events that are not promised to anybody yet, in the order in which channels see them."""
    if after is None:
        rows = await tx.execute(_to_fan_out, {"at_most": limit})
    else:
        place = {"after_created_at": after[0], "after_key": after[1]}
        rows = await tx.execute(_to_fan_out_after, {"at_most": limit, **place})
    return [_stored(row) for row in rows]


async def oldest_to_fan_out(
    tx: AsyncConnection, orders: Collection[tuple[str, str]], *, seen_since: datetime
) -> dict[tuple[str, str], datetime]:
    """When the oldest event of each of these orders was made that is not promised to anybody yet.

    Only of those that were first seen since then: what is stuck for longer holds nothing up.
    """
    wanted = (
        select(_table.c.source, _table.c.order_id, func.min(_table.c.created_at))
        .where(
            _table.c.source.in_({source for source, _ in orders}),
            _table.c.order_id.in_({order_id for _, order_id in orders}),
            _table.c.fanned_out_at.is_(None),
            _table.c.is_baseline.is_(False),
            _table.c.first_seen_at > seen_since,
        )
        .group_by(_table.c.source, _table.c.order_id)
    )
    rows = await tx.execute(wanted) if orders else ()
    return {(source, order_id): created_at for source, order_id, created_at in rows}


async def note_fan_out(tx: AsyncConnection, rows: Sequence[FannedOut], now: datetime) -> None:
    """Mark events as promised, with what stood before them."""
    if not rows:
        return
    values = [
        {
            "of_key": row.key,
            "new_fanned_out_at": now,
            "new_status_before": row.status_before,
            "new_foc_before": row.foc_before,
            "new_foc_after": row.foc_after,
            "new_severity": row.severity,
        }
        for row in rows
    ]
    await tx.execute(_note_fan_out, values)


async def by_keys(tx: AsyncConnection, keys: Collection[int]) -> dict[int, StoredEvent]:
    """Events by our own numbers."""
    rows = await tx.execute(select(*columns).where(_table.c.id.in_(list(keys))))
    return {row.id: _stored(row) for row in rows}


async def find(tx: AsyncConnection, event_id: str, source: str) -> list[StoredEvent]:
    """The source's event with this id: at most one."""
    statement = select(*columns).where(_table.c.event_id == event_id, _table.c.source == source)
    return [_stored(row) for row in await tx.execute(statement)]


async def payloads(tx: AsyncConnection, keys: Collection[int]) -> dict[int, str | None]:
    """The payloads of events as they are now, by our own numbers."""
    wanted = select(_table.c.id, _table.c.payload).where(_table.c.id.in_(list(keys)))
    return {row.id: row.payload for row in await tx.execute(wanted)}


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


def _stored(row: Iterable[Any]) -> StoredEvent:
    return StoredEvent(*row)
