"""Finding what a person named: among what we have seen, then at Telnyx."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from bot import known_orders
from bot.changes import Change, change_of, severity_of
from bot.errors import UserError
from bot.known_orders import Key, key_of
from bot.names import folded
from bot.orders.facts import has_all_numbers, newest_of, why_unknown
from bot.recall import change_of_row
from bot.references import Reference, read_reference
from bot.results import Found, Place
from bot.telnyx.client import Telnyx, is_id
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order
from bot.telnyx.retrying import retried
from storage import event_ids, events
from storage.database import Database

T = TypeVar("T")
BUDGET_S = 20
OTHERS_WITHIN_S = 3
TRIES = 2
NEWEST_PAGES = 4
"""Pages of 250 orders: the newest 1,000."""
SHARED_FILTERS = ("filter[customer_reference]", "filter[parent_support_key]")
"""For names that several orders go by."""
MOST_LISTED = 100
MOST_LARGE = 5
"""Port-ins of a search whose numbers beyond the fiftieth are asked for."""


@dataclass(slots=True)
class _Search:
    """One search under way: what it has found so far, and where it has been."""

    reference: Reference
    orders: dict[Key, Order] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    has_more: bool = False

    @property
    def is_over(self) -> bool:
        return bool(self.orders or self.changes)

    @property
    def may_be_one_of_many(self) -> bool:
        """What was found goes by a name that orders share, and Telnyx may have some that we never saw."""
        shared = (
            name
            for each in self.orders.values()
            for name in (each.customer_reference, each.parent_support_key)
        )
        typed = {folded(name) for name in self.reference.names}
        return not self.changes and any(folded(name) in typed for name in shared if name)

    def went(self, place: Place) -> None:
        self.places.append(place)

    def take(self, orders: Iterable[Order]) -> None:
        """Keep those that were meant; Telnyx may have ignored a filter."""
        self.orders |= {key_of(order): order for order in orders if self.reference.fits(order)}

    def result(self) -> Found:
        orders = tuple(self.orders.values())
        has_more = self.has_more or len(orders) > MOST_LISTED
        return Found(
            self.reference, orders[:MOST_LISTED], tuple(self.changes), tuple(self.places), has_more=has_more
        )


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks things up for `Orders`."""

    database: Database
    telnyx: Telnyx

    async def look_up(self, typed: str) -> Found:
        """The orders and the event that `typed` names, in any spelling."""
        reference = read_reference(typed)
        if not reference.typed:
            raise UserError("Name an order or an event: an id, a support key, a reference or a phone number.")
        search = _Search(reference)
        await self._look_among_seen(search)
        if not search.is_over:
            await self._look_at_telnyx(search)
        elif search.may_be_one_of_many:
            await self._look_for_others(search)
        return search.result()

    async def event(self, event_id: str) -> Change | None:
        """The event as we stored it, else as Telnyx shows it; None if neither knows it."""
        if not is_id(event_id):
            return None
        found = await self._seen_event(event_id)
        return found or await self._fetch_event(event_id)

    async def current(self, order: Order) -> tuple[Order, Place | None]:
        """The order as Telnyx shows it this moment; as we know it, and why, where Telnyx does not tell."""
        try:
            async with asyncio.timeout(BUDGET_S / 2):
                fetched = await self._ask(partial(self.telnyx.order, order.source, order.order_id))
        except (TelnyxUnavailableError, TelnyxRefusedError, TimeoutError) as error:
            return order, why_unknown(error)
        return (newest_of(order, fetched) if fetched else replace(order, is_missing=True)), None

    async def _look_among_seen(self, search: _Search) -> None:
        search.went(Place.SEEN)
        reference = search.reference
        search.changes += await self.seen_events(reference)
        async with self.database.reading() as tx:
            keys = [(source, wanted_id) for wanted_id in reference.ids for source in Source]
            search.orders |= await known_orders.find(tx, keys)
            for reading in (reference, *(Reference(name) for name in reference.names[1:])):
                search.orders |= await known_orders.named(tx, reading)

    async def seen_events(self, reference: Reference) -> list[Change]:
        """The events that we have seen of which the id, or its beginning, was typed."""
        ids = (*reference.ids, *await self._event_ids(reference.beginning))
        return [change for each in ids if (change := await self._seen_event(each))]

    async def _event_ids(self, beginning: str | None) -> list[str]:
        """Whole ids of seen events, of which only the beginning was typed."""
        if beginning is None:
            return []
        async with self.database.reading() as tx:
            found = [await event_ids.beginning_with(tx, source, beginning) for source in Source]
        return [event_id for ids in found for event_id in ids]

    async def _look_at_telnyx(self, search: _Search) -> None:
        try:
            async with asyncio.timeout(BUDGET_S):
                search.went(Place.BY_ID if search.reference.ids else Place.TELNYX)
                await self._look_by_filters(search)
                if not search.is_over and not search.reference.ids:
                    search.went(Place.NEWEST)
                    await self._look_among_newest(search)
        except (TelnyxUnavailableError, TelnyxRefusedError, TimeoutError) as error:
            search.went(why_unknown(error))

    async def _look_for_others(self, search: _Search) -> None:
        """Orders of before we watched that go by the same name: worth a moment, not a long wait."""
        seen = dict(search.orders)
        search.went(Place.TELNYX)
        try:
            async with asyncio.timeout(OTHERS_WITHIN_S):
                for name in search.reference.names:
                    for key in SHARED_FILTERS:
                        page = await self._ask(partial(self.telnyx.orders, Source.PORT_IN, {key: name}))
                        search.take(page.orders)
                        search.has_more |= (page.total_pages or 1) > 1
        except (TelnyxUnavailableError, TelnyxRefusedError, TimeoutError) as error:
            search.went(why_unknown(error))
        search.orders |= seen

    async def _look_by_filters(self, search: _Search) -> None:
        for wanted_id in search.reference.ids:
            for source in Source:
                if order := await self._ask(partial(self.telnyx.order, source, wanted_id)):
                    search.take([order])
            if not search.is_over and (change := await self._fetch_event(wanted_id)):
                search.changes.append(change)
        for source, filters in _filters(search.reference):
            page = await self._ask(partial(self.telnyx.orders, source, filters))
            search.take(page.orders)
            search.has_more |= search.is_over and (page.total_pages or 1) > 1
            if search.reference.digits:
                await self._take_large(search, page.orders)

    async def _take_large(self, search: _Search, orders: Iterable[Order]) -> None:
        """Keep those whose wanted number is not among the first fifty, which are all that a list shows."""
        large = [order for order in orders if not has_all_numbers(order) and not search.reference.fits(order)]
        for order in large[:MOST_LARGE]:
            listed = await self._ask(partial(self.telnyx.order_numbers, order.order_id))
            search.take([replace(order, numbers=(*order.numbers, *listed))])

    async def _look_among_newest(self, search: _Search) -> None:
        for source in Source:
            for number in range(1, NEWEST_PAGES + 1):
                page = await self._ask(partial(self.telnyx.orders, source, number=number))
                search.take(page.orders)
                if not page.orders or (page.total_pages is not None and number >= page.total_pages):
                    break

    async def _seen_event(self, event_id: str) -> Change | None:
        async with self.database.reading() as tx:
            for source in Source:
                for row in await events.find(tx, event_id, source):
                    key = (source, row.order_id)
                    order = (await known_orders.find(tx, [key])).get(key) or Order(
                        source=source, order_id=row.order_id
                    )
                    change = change_of_row(row, order)
                    return change if row.severity else replace(change, severity=severity_of(change))
        return None

    async def _fetch_event(self, event_id: str) -> Change | None:
        for source in Source:
            if event := await self._ask(partial(self.telnyx.show_event, source, event_id)):
                return await self.change_of_unseen(event)
        return None

    async def change_of_unseen(self, event: Event) -> Change:
        """The change that an event of Telnyx's was which is not in our tables."""
        key = (event.source, event.order_id)
        async with self.database.reading() as tx:
            known = (await known_orders.find(tx, [key])).get(key)
        change = change_of(event, Order(source=event.source, order_id=event.order_id))
        return replace(change, order=known) if known else change

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """What Telnyx answers; a person waits for it, so no longer than BUDGET_S."""
        try:
            async with asyncio.timeout(BUDGET_S):
                return await retried(call, sleep=self.telnyx.sleep, tries=TRIES)
        except TimeoutError as error:
            raise TelnyxUnavailableError("Telnyx did not answer in time.", kind="timeout") from error


_NAME_FILTERS = (
    *((Source.PORT_IN, each) for each in SHARED_FILTERS),
    (Source.PORT_OUT, "filter[support_key]"),
    (Source.PORT_OUT, "filter[pon]"),
)


def _filters(reference: Reference) -> list[tuple[Source, dict[str, str]]]:
    """Telnyx's own filters that may find the reference. There is none for a port-in's support key."""
    asked: list[tuple[Source, dict[str, str]]] = []
    for name in reference.names:
        asked += [(source, {key: name}) for source, key in _NAME_FILTERS]
    if reference.digits:
        number = reference.digits[0]
        contains = "filter[phone_numbers][phone_number][contains]"
        asked += [
            (Source.PORT_IN, {contains: number}),
            (Source.PORT_OUT, {"filter[phone_number]": f"+{number}"}),
        ]
    return asked
