"""Events as people look them up: newest first, by order, by kind and by time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.events import StoredEvent, columns
from storage.statements import table_of
from storage.tables import DeliveryEvent, Event

_table = table_of(Event)
_promises = table_of(DeliveryEvent)


async def of_orders(
    tx: AsyncConnection,
    orders: Sequence[tuple[str, str]],
    *,
    limit: int,
    offset: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    types: Sequence[str] = (),
) -> list[StoredEvent]:
    """The newest events of some orders (or only of those types), newest first."""
    stretches = [
        and_(_table.c.source == source, _table.c.order_id == order_id) for source, order_id in orders
    ]
    if types:
        stretches = [and_(each, _table.c.event_type.in_(types)) for each in stretches]
    return await _merged(tx, stretches, limit=limit, offset=offset, since=since, until=until)


async def newest(
    tx: AsyncConnection,
    *,
    sources: Sequence[str],
    limit: int,
    offset: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    types: Sequence[str] = (),
) -> list[StoredEvent]:
    """The newest events of some lists (or only of those types, which belong to them), newest first."""
    of_types = [_table.c.event_type == each for each in types]
    stretches = of_types or [_table.c.source == each for each in sources]
    return await _merged(tx, stretches, limit=limit, offset=offset, since=since, until=until)


async def told_to(
    tx: AsyncConnection,
    channel_id: str,
    *,
    limit: int,
    offset: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    types: Sequence[str] = (),
) -> list[StoredEvent]:
    """The events (or only those of some types) that a channel was promised, those first that came last."""
    promised = and_(_promises.c.channel_id == channel_id, _promises.c.cancelled_at.is_(None))
    statement = select(*columns).join(_promises, _promises.c.event_key == _table.c.id).where(promised)
    if types:
        # Not by the index of types, which would read every channel's events of that kind.
        statement = statement.where(_table.c.event_type.concat("").in_(types))
    ordered = _between(statement, since, until).order_by(_promises.c.event_key.desc())
    return [StoredEvent(*row) for row in await tx.execute(ordered.limit(limit).offset(offset))]


async def _merged(
    tx: AsyncConnection,
    stretches: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    offset: int,
    since: datetime | None,
    until: datetime | None,
) -> list[StoredEvent]:
    """The newest of several stretches of an index: asked for together, SQLite would search none."""
    found: list[StoredEvent] = []
    for wanted in stretches:
        found += await _newest(tx, wanted, limit=limit + offset, since=since, until=until)
    found.sort(key=lambda event: (event.created_at, event.key), reverse=True)
    return found[offset : offset + limit]


async def _newest(
    tx: AsyncConnection,
    wanted: ColumnElement[bool],
    *,
    limit: int,
    since: datetime | None,
    until: datetime | None,
) -> list[StoredEvent]:
    statement = _between(select(*columns).where(wanted), since, until)
    ordered = statement.order_by(_table.c.created_at.desc(), _table.c.id.desc())
    return [StoredEvent(*row) for row in await tx.execute(ordered.limit(limit))]


def _between(statement: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        statement = statement.where(_table.c.created_at >= since)
    return statement if until is None else statement.where(_table.c.created_at <= until)


async def fanned_out_since(tx: AsyncConnection, order: tuple[str, str], moment: datetime) -> bool:
    """True when an event of the order was fanned out at `moment` or after it."""
    of_order = and_(_table.c.source == order[0], _table.c.order_id == order[1])
    wanted = select(_table.c.id).where(of_order, _table.c.fanned_out_at >= moment).limit(1)
    return (await tx.execute(wanted)).first() is not None
