"""What Telnyx tells of orders that are known by their id: one by one, or many from the lists."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.known_orders import Key, key_of
from bot.results import Place
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.telnyx.orders import Order, with_fetched
from bot.telnyx.retrying import retried

KEY_REFUSED = (401, 403)
STATUS_CHANGED = "porting_order.status_changed"
LIST_PAGES = 4
WORTH_A_PAGE = 5
"""So many wanted orders on a page make the next one worth reading: each would be a request of its own."""


def why_unknown(error: Exception) -> Place:
    """What an answer says of a search that Telnyx had no part in: waiting does not mend a key."""
    is_key = isinstance(error, TelnyxRefusedError) and error.status in KEY_REFUSED
    return Place.LOCKED_OUT if is_key else Place.UNREACHED


def newest_of(known: Order, fetched: Order) -> Order:
    """For an answer to a person: Telnyx's word of this moment goes before our events."""
    return replace(
        with_fetched(known, fetched),
        status=fetched.status or known.status,
        details=fetched.details if fetched.status else known.details,
        foc_at=fetched.foc_at or known.foc_at,
    )


async def fetch_order(telnyx: Telnyx, key: Key) -> Order:
    """The order with all its numbers. A 404 is an answer: it `is_missing`. May raise Telnyx's errors."""
    source, order_id = key
    order = await telnyx.order(source, order_id)
    if order is None:
        return Order(source=source, order_id=order_id, is_missing=True, fetched_at=telnyx.now())
    return await with_all_numbers(telnyx, order)


async def with_past(telnyx: Telnyx, order: Order, watched_since: datetime | None) -> Order:
    """A port-in that is older than our watch, with the last status that it had before: our tables lack it.

    What a status means depends on the one before it. May raise Telnyx's errors.
    """
    is_old = watched_since and order.created_at and order.created_at < watched_since
    if order.source is not Source.PORT_IN or not is_old:
        return order
    page = await telnyx.event_page(
        order.source, order_id=order.order_id, event_type=STATUS_CHANGED, until=watched_since
    )
    events = [row.to_event(telnyx.now()) for row in page.rows]
    told = [event for event in events if event.status and event.order_id == order.order_id]
    last = max(told, key=lambda event: event.created_at, default=None)
    return replace(order, status=last.status, status_at=last.created_at) if last else order


async def fetch_listed(telnyx: Telnyx, wanted: Collection[Key]) -> dict[Key, Order]:
    """Those of the orders that stand among the newest of their lists. May raise Telnyx's errors."""
    found: dict[Key, Order] = {}
    for source in Source:
        found |= await _fetch_listed(telnyx, source, {key for key in wanted if key[0] is source})
    return found


async def _fetch_listed(telnyx: Telnyx, source: Source, wanted: set[Key]) -> dict[Key, Order]:
    found: dict[Key, Order] = {}
    number, last_found = 1, 0
    while wanted - set(found) and (number <= LIST_PAGES or last_found >= WORTH_A_PAGE):
        page = await telnyx.orders(source, number=number)
        listed = {key_of(order): order for order in page.orders if has_all_numbers(order)}
        here = wanted & set(listed)
        found |= {key: listed[key] for key in here}
        if not page.orders or (page.total_pages is not None and number >= page.total_pages):
            break
        number, last_found = number + 1, len(here)
    return found


def has_all_numbers(order: Order) -> bool:
    """False where Telnyx showed the first fifty numbers of a port-in and there are more."""
    return order.source is not Source.PORT_IN or (order.numbers_count or 0) <= len(order.numbers)


async def with_all_numbers(telnyx: Telnyx, order: Order) -> Order:
    """The order with the numbers that Telnyx's own answer about it left out, where it tells them."""
    if has_all_numbers(order):
        return order
    listed: list[str] = []
    with suppress(TelnyxUnavailableError, TelnyxRefusedError):
        listed = await retried(partial(telnyx.order_numbers, order.order_id), sleep=telnyx.sleep)
    return replace(order, numbers=tuple(dict.fromkeys((*order.numbers, *listed))))
