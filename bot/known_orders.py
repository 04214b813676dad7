"""Orders in our tables, as the rest of the bot sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
import structlog

import storage.orders
from bot.names import folded
from bot.references import Reference, digits_of
from bot.telnyx.events import Source
from bot.telnyx.orders import Order, decode, encode
from storage.database import Tx
from storage.orders import StoredOrder

log = structlog.get_logger()

Key = tuple[Source, str]


def key_of(order: Order) -> Key:
    """What tells an order from all others."""
    return order.source, order.order_id


def as_asked(order: Order, before: Order | None) -> Order:
    """The order as it is kept: when Telnyx was asked last stays, if it was not asked for this event."""
    if order.fetched_at is not None or before is None:
        return order
    return replace(order, fetched_at=before.fetched_at, is_missing=before.is_missing)


async def find(tx: Tx, keys: Iterable[Key]) -> dict[Key, Order]:
    """Those of the orders that we know."""
    wanted = {(source.value, order_id): (source, order_id) for source, order_id in keys}
    found = await storage.orders.find(tx, wanted)
    read = {wanted[key]: _read(facts) for key, facts in found.items()}
    return {key: order for key, order in read.items() if order}


async def named(tx: Tx, reference: Reference) -> dict[Key, Order]:
    """The orders that go by a name, a number or the beginning of an id, newest first of each."""
    facts: list[str] = []
    if reference.name:
        facts += await storage.orders.by_name(tx, folded(reference.name))
    if reference.digits:
        facts += await storage.orders.by_number(tx, reference.digits)
    if reference.beginning:
        facts += await storage.orders.by_id_beginning(tx, list(Source), reference.beginning)
    return {key_of(order): order for order in map(_read, facts) if order}


async def save(
    tx: Tx, orders: Iterable[Order], now: datetime, before: Mapping[Key, Order] | None = None
) -> None:
    """Keep the orders' facts; `before` is what was known, so that unchanged numbers are not written again."""
    known = before or {}
    changed = {key_of(order): order for order in orders if known.get(key_of(order)) != order}
    await storage.orders.put(tx, [_row(order, now) for order in changed.values()])
    numbers: dict[storage.orders.Key, Sequence[str]] = {
        (key[0].value, key[1]): [digits_of(number) for number in order.numbers]
        for key, order in changed.items()
        if order.numbers != (known[key].numbers if key in known else ())
    }
    await storage.orders.put_numbers(tx, numbers)


def _read(facts: str) -> Order | None:
    """The order, or None for facts that can't be read: it is unknown then, which stops nothing."""
    try:
        return decode(facts)
    except msgspec.ValidationError as error:
        log.warning("an order's facts can't be read, they are asked for anew", reason=str(error))
        return None


def _compared(name: str | None) -> str | None:
    return folded(name) if name else None


def _row(order: Order, now: datetime) -> StoredOrder:
    return StoredOrder(
        source=order.source.value,
        order_id=order.order_id,
        support_key=_compared(order.support_key),
        customer_reference=_compared(order.customer_reference),
        parent_support_key=_compared(order.parent_support_key),
        pon=_compared(order.pon),
        facts=encode(order),
        updated_at=now,
    )
