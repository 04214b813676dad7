"""Cards: which message shows an order in a channel, and whether it is behind."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Card

_table = table_of(Card)


@dataclass(frozen=True, slots=True)
class CardRow:
    """The message `ts` of a channel shows an order; stale since `stale_at`."""

    channel_id: str
    source: str
    order_id: str
    team_id: str
    ts: str
    delivery_id: str
    stale_at: datetime | None = None
    tries: int = 0


_columns = tuple(_table.c[name] for name in CardRow.__dataclass_fields__)
_mark_stale = (
    update(_table)
    .where(
        _table.c.source == bindparam("of_source"),
        _table.c.order_id.in_(bindparam("of_order_ids", expanding=True)),
    )
    .values(stale_at=bindparam("new_stale_at"), tries=0)
)


async def find(tx: AsyncConnection, channel_id: str, source: str, order_id: str) -> CardRow | None:
    """The order's card in the channel."""
    row = (await tx.execute(select(*_columns).where(_key(channel_id, source, order_id)))).first()
    return CardRow(*row) if row else None


async def put(tx: AsyncConnection, card: CardRow) -> None:
    """This message is the order's card from now on."""
    values = asdict(card)
    statement = insert(tx, _table)
    renewed = {name: values[name] for name in ("ts", "delivery_id", "stale_at", "tries")}
    keys = ["channel_id", "source", "order_id"]
    await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=renewed), [values])


async def drop(tx: AsyncConnection, card: CardRow) -> None:
    """The card's message is gone: the order's next event begins a new one."""
    this = and_(_key(card.channel_id, card.source, card.order_id), _table.c.ts == card.ts)
    await tx.execute(delete(_table).where(this))


async def drop_any(tx: AsyncConnection, channel_id: str, source: str, order_id: str) -> None:
    """The order has no card in the channel any more, whichever message it was."""
    await tx.execute(delete(_table).where(_key(channel_id, source, order_id)))


async def mark_stale(tx: AsyncConnection, orders: Collection[tuple[str, str]], now: datetime) -> None:
    """These orders (source, id) changed: their cards are behind, in every channel.

    Also cards that are stale already: an edit that is under way does not settle them.
    """
    for source in sorted({source for source, _ in orders}):
        ids = [order_id for of_source, order_id in orders if of_source == source]
        await tx.execute(_mark_stale, {"of_source": source, "of_order_ids": ids, "new_stale_at": now})


async def first_stale(tx: AsyncConnection, now: datetime) -> CardRow | None:
    """The card that has been behind longest, of those that are not put off."""
    wanted = select(*_columns).where(_table.c.stale_at <= now).order_by(_table.c.stale_at).limit(1)
    row = (await tx.execute(wanted)).first()
    return CardRow(*row) if row else None


async def fresh_again(tx: AsyncConnection, card: CardRow) -> None:
    """The card was edited; it stays stale if the order changed again meanwhile."""
    this = and_(_key(card.channel_id, card.source, card.order_id), _table.c.stale_at == card.stale_at)
    await tx.execute(update(_table).where(this).values(stale_at=None, tries=0))


async def put_off(tx: AsyncConnection, card: CardRow, until: datetime | None, *, tries: int) -> None:
    """The edit failed: it is tried again after others (`until`), or given up until the next change (None).

    `tries`: how often Slack refused the way it was drawn.
    """
    this = and_(_key(card.channel_id, card.source, card.order_id), _table.c.stale_at == card.stale_at)
    await tx.execute(update(_table).where(this).values(stale_at=until, tries=tries))


def _key(channel_id: str, source: str, order_id: str) -> ColumnElement[bool]:
    return and_(_table.c.channel_id == channel_id, _table.c.source == source, _table.c.order_id == order_id)
