"""Events as people look them up: newest first, by order, by kind and by time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.events import StoredEvent, columns
from storage.statements import table_of
from storage.tables import Event

_table = table_of(Event)


async def of_orders(
    tx: AsyncConnection,
    orders: Sequence[tuple[str, str]],
    *,
    limit: int,
    offset: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Sequence[str] = (),
) -> list[StoredEvent]:
    """The newest events of some orders, newest first."""
    # SQLite searches no index for a list of pairs; it does for a list of one source's ids.
    ids: dict[str, list[str]] = {}
    for source, order_id in orders:
        ids.setdefault(source, []).append(order_id)
    of_source = (and_(_table.c.source == key, _table.c.order_id.in_(held)) for key, held in ids.items())
    wanted = or_(false(), *of_source)
    return await _newest(tx, wanted, limit=limit, offset=offset, since=since, until=until, kinds=kinds)


async def newest(
    tx: AsyncConnection,
    *,
    limit: int,
    offset: int = 0,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Sequence[str] = (),
) -> list[StoredEvent]:
    """The newest events of all orders (or of one list), newest first."""
    wanted = _table.c.source == source if source else _table.c.id > 0
    return await _newest(tx, wanted, limit=limit, offset=offset, since=since, until=until, kinds=kinds)


async def _newest(
    tx: AsyncConnection,
    wanted: ColumnElement[bool],
    *,
    limit: int,
    offset: int,
    since: datetime | None,
    until: datetime | None,
    kinds: Sequence[str],
) -> list[StoredEvent]:
    statement = select(*columns).where(wanted)
    if since is not None:
        statement = statement.where(_table.c.created_at >= since)
    if until is not None:
        statement = statement.where(_table.c.created_at <= until)
    if kinds:
        types = [f"{prefix}.{kind}" for kind in kinds for prefix in ("porting_order", "portout")]
        statement = statement.where(_table.c.event_type.in_(types))
    ordered = statement.order_by(_table.c.created_at.desc(), _table.c.id.desc())
    rows = await tx.execute(ordered.limit(limit).offset(offset))
    return [StoredEvent(*row) for row in rows]


async def fanned_out_since(tx: AsyncConnection, order: tuple[str, str], moment: datetime) -> bool:
    """True when an event of the order was fanned out at `moment` or after it."""
    of_order = and_(_table.c.source == order[0], _table.c.order_id == order[1])
    wanted = select(_table.c.id).where(of_order, _table.c.fanned_out_at >= moment).limit(1)
    return (await tx.execute(wanted)).first() is not None
