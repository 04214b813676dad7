"""Subscriptions of channels: rows as they are stored, the filter as its canonical text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from storage import audit
from storage.statements import insert, table_of
from storage.tables import Subscription

_table = table_of(Subscription)
_active = _table.c.removed_at.is_(None)
_version = select(func.count(), func.coalesce(func.sum(_table.c.revision), 0)).select_from(_table)


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A row before it has its number."""

    team_id: str
    channel_id: str
    filters: str
    style: str
    broadcast: str
    owner_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredSubscription(NewSubscription):
    """A row; times are aware UTC."""

    id: int


_columns = tuple(_table.c[name] for name in StoredSubscription.__dataclass_fields__)


async def add(tx: AsyncConnection, new: NewSubscription) -> int:
    """Keep a new subscription; return its number, which is never used again."""
    row = {name: getattr(new, name) for name in NewSubscription.__dataclass_fields__}
    result = await tx.execute(insert(tx, _table).returning(_table.c.id), row)
    number = int(result.scalar_one())
    await _record(tx, number, "subscribe", by=new.owner_id, at=new.created_at, detail=new.filters)
    return number


async def set_options(
    tx: AsyncConnection, number: int, *, style: str, broadcast: str, by: str, now: datetime
) -> None:
    """Change how a subscription's events are shown, from the next event on."""
    await _change(tx, _table.c.id == number, style=style, broadcast=broadcast)
    await _record(tx, number, "subscribe", by=by, at=now, detail=f"style:{style} broadcast:{broadcast}")


async def remove(tx: AsyncConnection, numbers: Collection[int], *, by: str, now: datetime) -> None:
    """End subscriptions; their rows stay, for `trace`."""
    await _change(tx, _table.c.id.in_(numbers) & _active, removed_at=now)
    for number in numbers:
        await _record(tx, number, "unsubscribe", by=by, at=now)


async def move(tx: AsyncConnection, old: str, new: str) -> None:
    """A channel got another id: its subscriptions go with it."""
    await _change(tx, _table.c.channel_id == old, channel_id=new)


async def active(tx: AsyncConnection) -> list[StoredSubscription]:
    """Every subscription that is not removed, by number."""
    return await _found(tx, _active)


async def in_channel(tx: AsyncConnection, channel_id: str) -> list[StoredSubscription]:
    """The channel's subscriptions, by number."""
    return await _found(tx, _active & (_table.c.channel_id == channel_id))


async def of_owner(tx: AsyncConnection, owner_id: str) -> list[StoredSubscription]:
    """The subscriptions that a person made, by number."""
    return await _found(tx, _active & (_table.c.owner_id == owner_id))


async def version(tx: AsyncConnection) -> tuple[int, int]:
    """Differs after every change of a subscription: who keeps them in memory reads them anew then.

    A new one is one more, and each change counts its row's revision up, in whatever order they are committed.
    """
    row = (await tx.execute(_version)).one()
    return row[0], row[1]


async def _change(tx: AsyncConnection, wanted: ColumnElement[bool], **values: Any) -> None:
    counted = update(_table).where(wanted).values(revision=_table.c.revision + 1, **values)
    await tx.execute(counted)


async def _found(tx: AsyncConnection, wanted: ColumnElement[bool]) -> list[StoredSubscription]:
    rows = await tx.execute(select(*_columns).where(wanted).order_by(_table.c.id))
    return [StoredSubscription(**row) for row in rows.mappings()]


async def _record(
    tx: AsyncConnection, number: int, action: str, *, by: str, at: datetime, detail: str = ""
) -> None:
    await audit.add(tx, at=at, actor_id=by, action=action, target=f"S{number}", outcome="done", detail=detail)
