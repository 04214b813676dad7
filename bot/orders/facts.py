"""Facts of orders, asked of Telnyx within a time budget."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.known_orders import Key, key_of
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.telnyx.orders import Order
from bot.telnyx.retrying import retried

FEW = 8
"""Up to so many orders are asked for one by one."""
AT_ONCE = 4
LIST_PAGES = 4


async def fetch_facts(telnyx: Telnyx, keys: Collection[Key], budget_s: float) -> dict[Key, Order]:
    """What Telnyx answers for these orders; what could not be asked within `budget_s` seconds is left out.

    A 404 is an answer: the order `is_missing`. Many orders are looked for in the lists of the newest first.
    """
    found: dict[Key, Order] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(budget_s):
            await _fetch(telnyx, set(keys), found)
    return found


async def _fetch(telnyx: Telnyx, wanted: set[Key], found: dict[Key, Order]) -> None:
    if len(wanted) > FEW:
        for source in Source:
            await _fetch_listed(telnyx, {key for key in wanted if key[0] is source}, source, found)
    turns = asyncio.Semaphore(AT_ONCE)
    rest = sorted(wanted - set(found))
    async with asyncio.TaskGroup() as group:
        for key in rest:
            group.create_task(_fetch_one(telnyx, key, found, turns))


async def _fetch_listed(telnyx: Telnyx, wanted: set[Key], source: Source, found: dict[Key, Order]) -> None:
    number = 1
    with suppress(TelnyxUnavailableError, TelnyxRefusedError):
        while number <= LIST_PAGES and wanted - set(found):
            page = await retried(partial(telnyx.orders, source, number=number), sleep=telnyx.sleep)
            listed = {key_of(order): order for order in page.orders if has_all_numbers(order)}
            found.update((key, listed[key]) for key in wanted & set(listed))
            if not page.orders or (page.total_pages is not None and number >= page.total_pages):
                return
            number += 1


async def _fetch_one(telnyx: Telnyx, key: Key, found: dict[Key, Order], turns: asyncio.Semaphore) -> None:
    source, order_id = key
    with suppress(TelnyxUnavailableError, TelnyxRefusedError):
        async with turns:
            order = await retried(partial(telnyx.order, source, order_id), sleep=telnyx.sleep)
            found[key] = await with_all_numbers(telnyx, order) if order else _missing(key, telnyx)


def _missing(key: Key, telnyx: Telnyx) -> Order:
    return Order(source=key[0], order_id=key[1], is_missing=True, fetched_at=telnyx.now())


def has_all_numbers(order: Order) -> bool:
    """False where Telnyx showed the first fifty numbers of a port-in and there are more."""
    return order.source is not Source.PORT_IN or (order.numbers_count or 0) <= len(order.numbers)


async def with_all_numbers(telnyx: Telnyx, order: Order) -> Order:
    """The order with the numbers that Telnyx's own answer about it left out."""
    if has_all_numbers(order):
        return order
    listed = await retried(partial(telnyx.order_numbers, order.order_id), sleep=telnyx.sleep)
    return replace(order, numbers=tuple(dict.fromkeys((*order.numbers, *listed))))
