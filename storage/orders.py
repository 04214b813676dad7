"""Orders: their newest known facts, and the ways to find one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Order, OrderNumber

Key = tuple[str, str]
"""A source and an order id."""

NAMES = ("support_key", "customer_reference", "parent_support_key", "pon")
"""What an order goes by, each of them with an index."""
MOST_FOUND = 101
"""One more than are ever listed."""
KEYS_A_STATEMENT = 500
ABOVE_ALL_IDS = "\uffff"

_orders = table_of(Order)
_numbers = table_of(OrderNumber)
_forget_numbers = delete(_numbers).where(
    _numbers.c.source == bindparam("of_source"), _numbers.c.order_id == bindparam("of_order_id")
)

_facts_by_id = select(_orders.c.order_id, _orders.c.facts).where(
    _orders.c.source == bindparam("of_source"),
    _orders.c.order_id.in_(bindparam("of_order_ids", expanding=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """An order as the table keeps it; `facts` is JSON that storage does not read, the names are folded."""

    source: str
    order_id: str
    support_key: str | None
    customer_reference: str | None
    parent_support_key: str | None = None
    pon: str | None = None
    facts: str
    updated_at: datetime


async def find(tx: AsyncConnection, keys: Iterable[Key]) -> dict[Key, str]:
    """The facts (JSON) of those orders that are known."""
    facts: dict[Key, str] = {}
    for source, wanted in groupby(sorted(set(keys)), key=itemgetter(0)):
        ids = (order_id for _, order_id in wanted)
        while chunk := list(islice(ids, KEYS_A_STATEMENT)):
            rows = await tx.execute(_facts_by_id, {"of_source": source, "of_order_ids": chunk})
            facts |= {(source, order_id): found for order_id, found in rows}
    return facts


async def changed_since(tx: AsyncConnection, key: Key, moment: datetime) -> bool:
    """True when what we know of the order was written at `moment` or after it."""
    this = and_(_orders.c.source == key[0], _orders.c.order_id == key[1], _orders.c.updated_at >= moment)
    return (await tx.execute(select(_orders.c.order_id).where(this))).first() is not None


async def put(tx: AsyncConnection, rows: Sequence[StoredOrder]) -> None:
    """Insert the orders, or replace what is known of them."""
    if not rows:
        return
    statement = insert(tx, _orders)
    new = statement.excluded
    names = (*NAMES, "facts", "updated_at")
    replaced = {name: new[name] for name in names}
    upsert = statement.on_conflict_do_update(index_elements=["source", "order_id"], set_=replaced)
    await tx.execute(upsert, [_values(row) for row in rows])


async def put_numbers(tx: AsyncConnection, numbers: dict[Key, Sequence[str]]) -> None:
    """Let exactly these numbers (digits only) lead to these orders."""
    if not numbers:
        return
    forgotten = [{"of_source": source, "of_order_id": order_id} for source, order_id in numbers]
    await tx.execute(_forget_numbers, forgotten)
    rows = [
        {"digits": digits, "source": source, "order_id": order_id}
        for (source, order_id), held in numbers.items()
        for digits in set(held)
    ]
    if rows:
        await tx.execute(insert(tx, _numbers), rows)


async def by_name(tx: AsyncConnection, name: str) -> list[str]:
    """Facts of orders of which one of NAMES is `name` (folded), newest first."""
    return await _facts(tx, _newest(or_(*(_orders.c[column] == name for column in NAMES))))


async def by_id_beginning(tx: AsyncConnection, sources: Sequence[str], beginning: str) -> list[str]:
    """Facts of orders whose id begins so, newest first."""
    begins = and_(
        _orders.c.source.in_(sources),
        _orders.c.order_id >= beginning,
        _orders.c.order_id < beginning + ABOVE_ALL_IDS,
    )
    return await _facts(tx, _newest(begins))


async def by_number(tx: AsyncConnection, digits: Sequence[str]) -> list[str]:
    """Facts of orders that move a number with one of these digits, newest first."""
    holding = _numbers.c.digits.in_(digits)
    found = select(_numbers.c.source, _numbers.c.order_id).where(holding).limit(MOST_FOUND)
    keys = [(row.source, row.order_id) for row in await tx.execute(found)]
    if not keys:
        return []
    # SQLite searches no index for a list of pairs; it does for each of them apart.
    any_of = or_(
        *(and_(_orders.c.source == source, _orders.c.order_id == order_id) for source, order_id in keys)
    )
    return await _facts(tx, _newest(any_of))


def _newest(wanted: ColumnElement[bool]) -> Select[str]:
    return select(_orders.c.facts).where(wanted).order_by(_orders.c.updated_at.desc()).limit(MOST_FOUND)


async def _facts(tx: AsyncConnection, statement: Select[str]) -> list[str]:
    return list((await tx.execute(statement)).scalars())


def _values(row: StoredOrder) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
