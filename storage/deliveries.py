"""Messages: what is being posted, what became of it, and what has to be looked up or edited."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, one_of, table_of
from storage.tables import Delivery, DeliveryEvent

_table = table_of(Delivery)
_promises = table_of(DeliveryEvent)
MOST_OPEN = 1000
OPEN = ("pending", "sending", "uncertain")
"""States of messages that are not settled."""
_is_open = one_of(_table.c.state, *OPEN)
_is_in_flight = one_of(_table.c.state, "sending", "uncertain")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is owed or was posted. See `storage.tables.Delivery` for its words."""

    id: str
    team_id: str
    channel_id: str
    kind: str
    created_at: datetime
    due_at: datetime
    shape: str = "flat"
    state: str = "pending"
    attempt: int = 0
    refusals: int = 0
    plainness: int = 0
    started_at: datetime | None = None
    looks: int = 0
    sent_again: bool = False
    """After a post of unknown fate was not found: it may stand twice after all."""
    verify_at: datetime | None = None
    posted_at: datetime | None = None
    ts: str | None = None
    thread_ts: str | None = None
    target: str | None = None
    source: str | None = None
    order_id: str | None = None
    broadcast: bool = False
    may_repeat: bool = False
    body: str | None = None
    error: str | None = None
    stale_at: datetime | None = None
    dedupe_key: str | None = None


_columns = tuple(_table.c[name] for name in Message.__dataclass_fields__)


async def add(tx: AsyncConnection, message: Message) -> bool:
    """Keep a message that is owed; False where its dedupe key says that it is already."""
    statement = (
        insert(tx, _table).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(_table.c.id)
    )
    return bool((await tx.execute(statement, [asdict(message)])).all())


async def head(tx: AsyncConnection, channel_id: str) -> Message | None:
    """The channel's message that is being sent or whose fate is unknown; else the oldest that is formed."""
    wanted = and_(_table.c.channel_id == channel_id, _is_open)
    in_order = (one_of(_table.c.state, "pending"), _table.c.created_at, _table.c.id)
    row = (await tx.execute(select(*_columns).where(wanted).order_by(*in_order).limit(1))).first()
    return _message(row) if row else None


async def find(tx: AsyncConnection, delivery_id: str) -> Message | None:
    """The message with this id."""
    row = (await tx.execute(select(*_columns).where(_table.c.id == delivery_id))).first()
    return _message(row) if row else None


async def change(
    tx: AsyncConnection, delivery_id: str, *, at_attempt: int | None = None, **values: Any
) -> bool:
    """Set columns of a message; with `at_attempt`, only while it is still at that attempt."""
    wanted = _table.c.id == delivery_id
    if at_attempt is not None:
        wanted = and_(wanted, _table.c.attempt == at_attempt)
    return (await tx.execute(update(_table).where(wanted).values(**values))).rowcount > 0


async def orphaned(tx: AsyncConnection, look_at: datetime) -> int:
    """At the start: what was being sent when the process died may or may not have been posted."""
    was_sending = update(_table).where(_is_in_flight, one_of(_table.c.state, "sending"))
    uncertain = was_sending.values(state="uncertain", due_at=look_at, looks=0, error="the process ended")
    return (await tx.execute(uncertain)).rowcount


async def to_verify(tx: AsyncConnection, now: datetime) -> list[Message]:
    """Messages that were sent again and may stand twice after all."""
    wanted = and_(_table.c.verify_at.is_not(None), _table.c.verify_at <= now)
    return [_message(row) for row in await tx.execute(select(*_columns).where(wanted).limit(20))]


async def posted_since(tx: AsyncConnection, channel_id: str, since: datetime, *, at_most: int) -> int:
    """How many messages the channel got since then; counting stops at `at_most`."""
    some = select(_table.c.id).where(_table.c.channel_id == channel_id, _table.c.posted_at > since)
    limited = some.limit(at_most).subquery()
    return (await tx.execute(select(func.count()).select_from(limited))).scalar_one()


async def mark_stale(tx: AsyncConnection, event_keys: Sequence[int], now: datetime) -> None:
    """A payload came late: messages that went out without it are to be edited. Cards are by their order."""
    carrying = select(_promises.c.delivery_id).where(
        _promises.c.event_key.in_(list(event_keys)), _promises.c.delivery_id.is_not(None)
    )
    sent = and_(_table.c.id.in_(carrying), _table.c.state.in_(("sending", "uncertain", "posted")))
    no_card = and_(_table.c.kind.in_(("event", "roll_up")), _table.c.shape != "card")
    await tx.execute(update(_table).where(sent, no_card).values(stale_at=now))


async def first_stale(tx: AsyncConnection, now: datetime) -> Message | None:
    """The posted message that has waited longest for its edit, of those that are not put off."""
    wanted = select(*_columns).where(_table.c.stale_at <= now, _table.c.state == "posted")
    row = (await tx.execute(wanted.order_by(_table.c.stale_at).limit(1))).first()
    return _message(row) if row else None


async def fresh_again(tx: AsyncConnection, delivery_id: str, as_of: datetime | None) -> None:
    """The message was edited; it stays stale if it became so again meanwhile."""
    wanted = and_(_table.c.id == delivery_id, _table.c.stale_at == as_of)
    await tx.execute(update(_table).where(wanted).values(stale_at=None))


async def open_messages(tx: AsyncConnection) -> list[Message]:
    """Messages that are formed and not settled, each channel's oldest first; not more than a person reads."""
    ordered = select(*_columns).where(_is_open).order_by(_table.c.channel_id, _table.c.created_at)
    return [_message(row) for row in await tx.execute(ordered.limit(MOST_OPEN))]


async def open_counts(tx: AsyncConnection) -> tuple[int, datetime | None]:
    """How many formed messages are not settled, and since when the oldest one is not."""
    wanted = select(func.count(), func.min(_table.c.created_at)).where(_is_open)
    row = (await tx.execute(wanted)).one()
    return row[0], row[1]


async def parked(tx: AsyncConnection, since: datetime, *, shown: int) -> tuple[int, list[Message]]:
    """How many messages for channels were given up since then, and the newest of them."""
    given_up = and_(one_of(_table.c.state, "parked"), _table.c.created_at >= since, _table.c.kind != "direct")
    count = (await tx.execute(select(func.count()).select_from(_table).where(given_up))).scalar_one()
    newest = select(*_columns).where(given_up).order_by(_table.c.created_at.desc()).limit(shown)
    return count, [_message(row) for row in await tx.execute(newest)]


async def cancel_unfollowed(tx: AsyncConnection, channel_id: str) -> None:
    """Formed messages of the channel that are not on their way and that nobody asks for any more."""
    still_wanted = select(_promises.c.event_key).where(
        _promises.c.delivery_id == _table.c.id, _promises.c.subscriptions != ","
    )
    formed = and_(
        _table.c.channel_id == channel_id,
        _is_open,
        one_of(_table.c.state, "pending"),
        _table.c.kind.in_(("event", "roll_up")),
    )
    await tx.execute(update(_table).where(formed, ~still_wanted.exists()).values(state="cancelled"))


async def remove_before(tx: AsyncConnection, moment: datetime) -> int:
    """Remove finished messages that were made before `moment` and whose events are gone."""
    carried = select(_promises.c.event_key).where(_promises.c.delivery_id == _table.c.id)
    finished = and_(_table.c.created_at < moment, _table.c.state.not_in(OPEN), ~carried.exists())
    return (await tx.execute(delete(_table).where(finished))).rowcount


def _message(row: Iterable[Any]) -> Message:
    return Message(*row)
