"""The fan-out's side of events: which are promised to nobody yet, and what it found out about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.events import StoredEvent, columns, stored
from storage.statements import table_of
from storage.tables import Event

_table = table_of(Event)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FannedOut:
    """What the fan-out found out about an event."""

    key: int
    status_before: str | None
    foc_before: datetime | None
    foc_after: datetime | None
    severity: str


async def to_fan_out(
    tx: AsyncConnection,
    limit: int,
    *,
    after: tuple[datetime, int] | None = None,
    of: Collection[str] | None = None,
) -> list[StoredEvent]:
    """The oldest events that are not promised to anybody yet, in the order in which channels see them; with
    `of`, only those of these lists."""
    place = {} if after is None else {"after_created_at": after[0], "after_key": after[1]}
    wanted = _to_fan_out if after is None else _to_fan_out_after
    if of is not None:
        wanted = wanted.where(_table.c.source.in_(of))
    return [stored(row) for row in await tx.execute(wanted, {"at_most": limit, **place})]


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


async def payloads(tx: AsyncConnection, keys: Collection[int]) -> dict[int, str | None]:
    """The payloads of events as they are now, by our own numbers."""
    wanted = select(_table.c.id, _table.c.payload).where(_table.c.id.in_(list(keys)))
    return {row.id: row.payload for row in await tx.execute(wanted)}
