"""After a backup was put back: what stands in channels that the tables have no record of.

Whatever was posted since the backup is neither lost nor owed, but the tables say that it is. So each channel
is read before anything is posted to it, and what stands there (a sighting) is matched with what is owed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import deliveries, promises
from storage.statements import insert, one_of, table_of
from storage.tables import (
    Audit,
    Card,
    Channel,
    Delivery,
    DeliveryEvent,
    Event,
    Rereading,
    Sighting,
    Subscription,
    Watermark,
    Workspace,
)

CLOCKS_DIFFER = timedelta(hours=1)
"""So much is read beyond both ends of what is unknown: our clock and Slack's may differ."""
LATE_BY = timedelta(days=1)
"""How long after a restore a list's deep sweep has to begin to show that all of before is known again."""

_workspaces, _channels, _cards = table_of(Workspace), table_of(Channel), table_of(Card)
_deliveries, _promises, _events = table_of(Delivery), table_of(DeliveryEvent), table_of(Event)
_watermarks, _sightings, _rereadings = table_of(Watermark), table_of(Sighting), table_of(Rereading)
_signs = (
    _events.c.first_seen_at,
    _deliveries.c.created_at,
    _deliveries.c.started_at,
    _deliveries.c.posted_at,
    _watermarks.c.last_deep_at,
    _watermarks.c.read_at,
    table_of(Subscription).c.created_at,
    table_of(Audit).c.at,
)
"""What a bot at work writes now and then: the latest of it is not later than the backup."""
_is_open = one_of(_deliveries.c.state, *deliveries.OPEN)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of ours that stands in a channel, with one event that it carries (none: a notice)."""

    delivery_id: str
    event_id: str
    ts: str
    thread_ts: str | None


_columns = tuple(_sightings.c[name] for name in Seen.__dataclass_fields__)


async def mark(tx: AsyncConnection, now: datetime) -> datetime:
    """This is a backup, or was one: nothing is posted to a channel before that was read.

    Gives the moment since when posts may be unknown: the last sign of life in the tables.
    """
    since = min(await _last_sign(tx) or now, now)
    await tx.execute(delete(_rereadings))
    before = _workspaces.c.unsure_since
    known = case((before < since, before), else_=since)
    await tx.execute(update(_workspaces).values(restored_at=None, unsure_since=known))
    unsure = _channels.c.unsure_since
    await tx.execute(
        update(_channels).where(or_(unsure.is_(None), unsure > since)).values(unsure_since=since)
    )
    # A message that was under way at the time of the backup may have come before its outcome was known.
    began = (
        select(func.min(func.coalesce(_deliveries.c.started_at, _deliveries.c.created_at)))
        .where(_deliveries.c.channel_id == _channels.c.id, _is_open)
        .scalar_subquery()
    )
    await tx.execute(update(_channels).where(unsure > began).values(unsure_since=began))
    return since


async def is_blank(tx: AsyncConnection) -> bool:
    """Whether no bot ever worked on this database."""
    return await _last_sign(tx) is None


async def begin(tx: AsyncConnection, team_id: str, now: datetime) -> bool:
    """At each start: whether it is the first on a backup that was put back. From then on we know ourselves
    what is posted."""
    first = and_(_workspaces.c.unsure_since.is_not(None), _workspaces.c.restored_at.is_(None))
    started = update(_workspaces).where(_workspaces.c.team_id == team_id, first)
    return (await tx.execute(started.values(restored_at=now))).rowcount > 0


def unknown_until(restored_at: datetime | None, now: datetime) -> datetime:
    """Up to when posts may have been made that the tables know nothing of."""
    return (restored_at or now) + CLOCKS_DIFFER


async def _last_sign(tx: AsyncConnection) -> datetime | None:
    latest = [(await tx.execute(select(func.max(sign)))).scalar() for sign in _signs]
    return max((moment for moment in latest if moment), default=None)


async def next_place(
    tx: AsyncConnection, channel_id: str, until: datetime
) -> tuple[str, datetime | None] | None:
    """What of the channel is to be read up to `until` before anything is posted there, and how far it was
    read; None when nothing is left. A thread by its parent's ts, the channel itself as an empty text."""
    done = select(_rereadings.c.thread_ts, _rereadings.c.read_until)
    rows = await tx.execute(done.where(_rereadings.c.channel_id == channel_id))
    read = {row.thread_ts: row.read_until for row in rows}
    if "" not in read or read[""] < until:
        return "", read.get("")
    left = sorted(await _threads(tx, channel_id) - read.keys())
    return (left[0], None) if left else None


async def _threads(tx: AsyncConnection, channel_id: str) -> set[str]:
    """Threads in which what the channel is owed may stand: of its orders, of notices, of what was sighted."""
    same_order = and_(
        _cards.c.channel_id == _promises.c.channel_id,
        _cards.c.source == _promises.c.source,
        _cards.c.order_id == _promises.c.order_id,
    )
    open_ones = and_(_deliveries.c.channel_id == channel_id, _is_open)
    formed = select(_deliveries.c.id).where(open_ones)
    waiting = and_(_promises.c.channel_id == channel_id, promises.waits)
    of_orders = select(_cards.c.ts).join(_promises, same_order)
    wanted = (
        of_orders.where(waiting),
        of_orders.where(_promises.c.delivery_id.in_(formed)),
        select(_deliveries.c.thread_ts).where(open_ones, _deliveries.c.thread_ts.is_not(None)),
        select(_sightings.c.ts).where(
            _sightings.c.channel_id == channel_id, _sightings.c.thread_ts.is_(None)
        ),
    )
    return {ts for each in wanted for ts in (await tx.execute(each.distinct())).scalars()}


async def note_read(
    tx: AsyncConnection,
    channel_id: str,
    place: str,
    until: datetime,
    found: Sequence[Seen] = (),
    *,
    lonely: Iterable[str] = (),
) -> int:
    """Keep what was found where the tables have no record of it; return how many messages that are.

    `lonely`: messages without replies, whose threads need not be read.
    """
    ids = sorted({each.delivery_id for each in found})
    posted = select(_deliveries.c.id).where(_deliveries.c.id.in_(ids), _deliveries.c.state == "posted")
    known = set((await tx.execute(posted)).scalars())
    fresh = [{"channel_id": channel_id, **asdict(each)} for each in found if each.delivery_id not in known]
    if fresh:
        await tx.execute(insert(tx, _sightings).on_conflict_do_nothing(), fresh)
    read = [
        {"channel_id": channel_id, "thread_ts": thread_ts, "read_until": until}
        for thread_ts in dict.fromkeys((place, *lonely))
    ]
    statement = insert(tx, _rereadings)
    keys = ["channel_id", "thread_ts"]
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={"read_until": statement.excluded.read_until}
        ),
        read,
    )
    return len(set(ids) - known)


async def sightings(tx: AsyncConnection, channel_id: str) -> dict[str, list[Seen]]:
    """What stands in the channel without a record, by the delivery that it was, oldest first."""
    wanted = select(*_columns).where(_sightings.c.channel_id == channel_id).order_by(_sightings.c.ts)
    found: dict[str, list[Seen]] = {}
    for row in await tx.execute(wanted):
        found.setdefault(row.delivery_id, []).append(Seen(*row))
    return found


async def recorded(
    tx: AsyncConnection, channel_id: str, delivery_id: str, event_ids: Collection[str]
) -> None:
    """These sightings of a message are on record now."""
    of_it = and_(_sightings.c.channel_id == channel_id, _sightings.c.delivery_id == delivery_id)
    await tx.execute(delete(_sightings).where(of_it, _sightings.c.event_id.in_(list(event_ids))))


async def end(tx: AsyncConnection) -> None:
    """Look whether all that was known before the restore is known again, and forget it then.

    It is when each list was swept deeply a good while after, and no event of before is still to be promised.
    A channel that something waits for stays as it is until that is posted.
    """
    sweeps = (await tx.execute(select(func.min(_watermarks.c.last_deep_at)))).scalar()
    if sweeps is None:
        return
    unpromised = exists().where(_events.c.fanned_out_at.is_(None), _events.c.created_at < sweeps)
    is_over = and_(_workspaces.c.restored_at < sweeps - LATE_BY, ~unpromised)
    await tx.execute(update(_workspaces).where(is_over).values(unsure_since=None))
    unsure = select(_workspaces.c.team_id).where(_workspaces.c.unsure_since.is_not(None))
    owed = or_(
        exists().where(_deliveries.c.channel_id == _channels.c.id, _is_open),
        exists().where(_promises.c.channel_id == _channels.c.id, promises.waits),
    )
    sure = and_(_channels.c.unsure_since.is_not(None), _channels.c.team_id.not_in(unsure), ~owed)
    await tx.execute(update(_channels).where(sure).values(unsure_since=None))
    known = select(_channels.c.id).where(_channels.c.unsure_since.is_(None))
    for table in (_sightings, _rereadings):
        await tx.execute(delete(table).where(table.c.channel_id.in_(known)))
