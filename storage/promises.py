"""Promises: which channel is owed which event. A promise without a message waits in its channel's queue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from storage import deliveries
from storage.statements import insert, one_of, table_of
from storage.tables import Delivery, DeliveryEvent, Event

_table = table_of(DeliveryEvent)
_deliveries = table_of(Delivery)
_events = table_of(Event)
NESTED = 20
"""Calls within calls that SQLite reads in one statement; about a hundred are too many."""
# That a promise is critical or not is no news to us, but tells SQLite's planner which index to search.
waits = and_(
    _table.c.delivery_id.is_(None), _table.c.cancelled_at.is_(None), _table.c.is_critical.in_((False, True))
)
_in_order = (_table.c.created_at, _table.c.event_key)


@dataclass(frozen=True, slots=True)
class Promise:
    """A channel is owed an event. `subscriptions`: the numbers of those that asked for it, like `,3,12,`."""

    channel_id: str
    event_key: int
    team_id: str
    source: str
    order_id: str
    created_at: datetime
    promised_at: datetime
    is_critical: bool
    style: str
    broadcast: bool
    subscriptions: str

    @property
    def subscription_names(self) -> tuple[str, ...]:
        """The subscriptions as people see them: S3, S12."""
        return tuple(f"S{number}" for number in self.subscriptions.strip(",").split(",") if number)


@dataclass(frozen=True, slots=True)
class Fate:
    """A promise, the message that carries it (None while it waits), and when it was cancelled."""

    promise: Promise
    delivery_id: str | None
    cancelled_at: datetime | None


_names = tuple(Promise.__dataclass_fields__)
_columns = tuple(_table.c[name] for name in _names)
_values = attrgetter(*_names)
"""A promise's values in the order of `_names`; `asdict` copies each deeply, at the cost of the insert."""


async def make(tx: AsyncConnection, promises: Sequence[Promise]) -> None:
    """Keep the promises; one that was made already stays as it is."""
    if not promises:
        return
    statement = insert(tx, _table).on_conflict_do_nothing(index_elements=["channel_id", "event_key"])
    await tx.execute(statement, [dict(zip(_names, _values(promise), strict=True)) for promise in promises])


async def make_critical(tx: AsyncConnection, event_keys: Sequence[int]) -> None:
    """A payload that came late shows these events to be critical: those that still wait go first."""
    await tx.execute(update(_table).where(_table.c.event_key.in_(event_keys), waits).values(is_critical=True))


async def oldest(tx: AsyncConnection, channel_id: str, limit: int) -> list[Promise]:
    """The oldest waiting promises that are not critical, in the channel's order."""
    wanted = _table.c.is_critical.is_(False)
    return await _waiting(tx, channel_id, wanted, limit)


async def first_critical(tx: AsyncConnection, channel_id: str) -> Promise | None:
    """The oldest waiting critical promise."""
    found = await _waiting(tx, channel_id, _table.c.is_critical.is_(True), 1)
    return found[0] if found else None


async def older_of_order(tx: AsyncConnection, promise: Promise, limit: int) -> list[Promise]:
    """What waits of the promise's order and comes before it in the channel's order."""
    wanted = and_(
        _table.c.source == promise.source,
        _table.c.order_id == promise.order_id,
        _table.c.is_critical.is_(False),
        (_table.c.created_at < promise.created_at)
        | and_(_table.c.created_at == promise.created_at, _table.c.event_key < promise.event_key),
    )
    return await _waiting(tx, promise.channel_id, wanted, limit)


async def newest_alarms(
    tx: AsyncConnection, channel_id: str, orders: Collection[tuple[str, str]]
) -> dict[tuple[str, str], datetime]:
    """When the newest critical event of each of these orders was made that the channel was promised."""
    promised = and_(
        _table.c.channel_id == channel_id,
        _table.c.event_key == _events.c.id,
        _table.c.is_critical.is_(True),
        _table.c.cancelled_at.is_(None),
    )
    wanted = (
        select(_events.c.source, _events.c.order_id, func.max(_events.c.created_at))
        .join(_table, promised)
        .where(
            _events.c.source.in_({source for source, _ in orders}),
            _events.c.order_id.in_({order_id for _, order_id in orders if order_id}),
        )
        .group_by(_events.c.source, _events.c.order_id)
    )
    return {(source, order_id): made for source, order_id, made in await tx.execute(wanted)}


async def _waiting(
    tx: AsyncConnection, channel_id: str, wanted: ColumnElement[bool], limit: int
) -> list[Promise]:
    statement = select(*_columns).where(_table.c.channel_id == channel_id, waits, wanted)
    rows = await tx.execute(statement.order_by(*_in_order).limit(limit))
    return [Promise(**row) for row in rows.mappings()]


async def some_waiting(tx: AsyncConnection, channel_id: str, at_most: int) -> list[Promise]:
    """What waits for the channel, in its order: all of it, or any `at_most` where there is more."""
    some = select(*_columns).where(_table.c.channel_id == channel_id, waits).limit(at_most)
    found = [Promise(**row) for row in (await tx.execute(some)).mappings()]
    return sorted(found, key=attrgetter("created_at", "event_key"))


async def carry(tx: AsyncConnection, delivery_id: str, promises: Sequence[Promise]) -> None:
    """Fix the members of a message: these promises are carried by it, for good."""
    statement = (
        update(_table)
        .where(_table.c.channel_id == bindparam("of_channel"), _table.c.event_key == bindparam("of_key"))
        .values(delivery_id=delivery_id)
    )
    values = [{"of_channel": promise.channel_id, "of_key": promise.event_key} for promise in promises]
    await tx.execute(statement, values)


async def carried_by(tx: AsyncConnection, delivery_id: str) -> list[Promise]:
    """The members of a message, in the channel's order."""
    statement = select(*_columns).where(_table.c.delivery_id == delivery_id).order_by(*_in_order)
    return [Promise(**row) for row in (await tx.execute(statement)).mappings()]


async def owed_of(tx: AsyncConnection, channel_id: str, event_ids: Collection[str]) -> dict[str, Promise]:
    """What the channel is still owed of these events of Telnyx, by their ids; formed or not."""
    formed = select(_deliveries.c.id).where(
        _deliveries.c.channel_id == channel_id, one_of(_deliveries.c.state, *deliveries.OPEN)
    )
    owed = and_(
        _table.c.channel_id == channel_id,
        _table.c.cancelled_at.is_(None),
        or_(_table.c.delivery_id.is_(None), _table.c.delivery_id.in_(formed)),
    )
    wanted = select(_events.c.event_id, *_columns).join(_table, _table.c.event_key == _events.c.id)
    rows = await tx.execute(wanted.where(_events.c.event_id.in_(list(event_ids)), owed))
    return {row[0]: Promise(*row[1:]) for row in rows}


async def cancel_followers(
    tx: AsyncConnection, channel_id: str, subscription_ids: Sequence[int], now: datetime
) -> int:
    """These subscriptions are gone: cancel what only they waited for; return how many promises that were."""
    formed = select(_deliveries.c.id).where(
        _deliveries.c.channel_id == channel_id,
        one_of(_deliveries.c.state, *deliveries.OPEN),
        one_of(_deliveries.c.state, "pending"),
    )
    cancelled = 0
    waiting = and_(_table.c.channel_id == channel_id, waits)
    carried = and_(_table.c.delivery_id.in_(formed), _table.c.cancelled_at.is_(None))
    for not_posted in (waiting, carried):
        for start in range(0, len(subscription_ids), NESTED):
            rest = _without(subscription_ids[start : start + NESTED])
            await tx.execute(update(_table).where(not_posted).values(subscriptions=rest))
        nobody = update(_table).where(not_posted, _table.c.subscriptions == ",")
        cancelled += (await tx.execute(nobody.values(cancelled_at=now))).rowcount
    return cancelled


def _without(subscription_ids: Sequence[int]) -> ColumnElement[str]:
    rest: ColumnElement[str] = _table.c.subscriptions
    for number in subscription_ids:
        rest = func.replace(rest, f",{number},", ",")
    return rest


async def of_event(tx: AsyncConnection, event_key: int) -> list[Fate]:
    """Every promise of an event and what became of it."""
    statement = select(*_columns, _table.c.delivery_id, _table.c.cancelled_at)
    found = await tx.execute(statement.where(_table.c.event_key == event_key).order_by(_table.c.channel_id))
    size = len(_columns)
    return [Fate(Promise(*row[:size]), row[size], row[size + 1]) for row in found]


async def waiting_by_channel(tx: AsyncConnection) -> dict[str, int]:
    """How many promises wait for each channel that some wait for."""
    wanted = select(_table.c.channel_id, func.count()).where(waits).group_by(_table.c.channel_id)
    return {row.channel_id: row[1] for row in await tx.execute(wanted)}


async def backlog(tx: AsyncConnection) -> tuple[int, datetime | None]:
    """How many promises wait, and since when the oldest one does."""
    row = (await tx.execute(select(func.count(), func.min(_table.c.promised_at)).where(waits))).one()
    return row[0], row[1]
