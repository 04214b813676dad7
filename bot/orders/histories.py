"""Events newest first: ours, and what is older asked of Telnyx."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import known_orders
from bot.changes import Change, change_of, severity_of
from bot.known_orders import Key, key_of
from bot.orders.backwards import EARLIEST, PREFIXES, OlderEvents, age
from bot.orders.facts import why_unknown
from bot.orders.search import Finder
from bot.recall import change_of_row
from bot.results import EventQuery, EventsPage, Found, Place
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order
from storage import event_history, watermarks
from storage.database import Database
from storage.events import StoredEvent

PAGE_SIZE = 10
BUDGET_S = 20
LAST_PAGE = 100
MOST_ASKED = 10
"""Orders whose older events are asked of Telnyx, a request or more each."""
LONGEST_TIMELINE = 200


@dataclass(frozen=True, slots=True)
class _Wish:
    """A query with its reference resolved."""

    query: EventQuery
    keys: tuple[Key, ...] | None
    sources: tuple[Source, ...]
    complete_since: datetime

    @property
    def is_within_our_tables(self) -> bool:
        if self.query.told_to:
            return True
        return self.query.since is not None and self.query.since >= self.complete_since

    def lists(self) -> Iterable[tuple[Source, str | None]]:
        """What to ask Telnyx's lists: an order each, or all of a source."""
        return (
            self.keys[:MOST_ASKED] if self.keys is not None else [(source, None) for source in self.sources]
        )

    @property
    def unasked(self) -> int:
        """How many of the orders are too many to ask for."""
        return max(0, len(self.keys or ()) - MOST_ASKED)


@dataclass(frozen=True, slots=True)
class Histories:
    """Lists events for `Orders`. `retention`: how long our tables keep them."""

    database: Database
    telnyx: Telnyx
    finder: Finder
    now: Callable[[], datetime]
    retention: timedelta

    async def page(self, query: EventQuery, number: int = 1) -> EventsPage:
        """A page of the events that fit; what is older than our tables is asked of Telnyx."""
        number = min(max(number, 1), LAST_PAGE)
        found = query.found or (await self.finder.look_up(query.ref) if query.ref else None)
        keys = _keys_of(found, query.source) if found else None
        if keys is not None and not keys:
            return EventsPage(found=found)
        sources = (query.source,) if query.source else tuple(Source)
        wish = _Wish(query, keys, sources, await self._complete_since(sources))
        page = await self._page(wish, number)
        is_last = page.has_more and number == LAST_PAGE
        has_more = page.has_more and not is_last
        return replace(page, number=number, found=found, has_more=has_more, is_last=is_last)

    async def timeline(self, order: Order) -> list[Change]:
        """All that happened to the order, oldest first."""
        since = await self._complete_since((order.source,))
        async with self.database.reading() as tx:
            key = (order.source.value, order.order_id)
            rows = await event_history.of_orders(tx, [key], limit=LONGEST_TIMELINE)
        seen = {row.event_id: change_of_row(row, order) for row in rows if row.severity}
        happened = {row.event_id: change_of_row(row, order).event for row in rows}
        if order.created_at is None or order.created_at < since:
            happened = await self._older_of(order) | happened
        replayed = _replayed(order, sorted(happened.values(), key=age))
        return [seen.get(change.event.event_id, change) for change in replayed][-LONGEST_TIMELINE:]

    async def _older_of(self, order: Order) -> dict[str, Event]:
        wish = _Wish(EventQuery(), (key_of(order),), (order.source,), self.now())
        try:
            return await self._fetch_older(wish, self.now(), LONGEST_TIMELINE)
        except (TelnyxUnavailableError, TelnyxRefusedError):
            return {}

    async def _page(self, wish: _Wish, number: int) -> EventsPage:
        skipped = (number - 1) * PAGE_SIZE
        rows = await self._stored(wish, wish.complete_since, skipped, PAGE_SIZE + 1)
        if len(rows) > PAGE_SIZE or wish.is_within_our_tables:
            return EventsPage(await self._changes(rows[:PAGE_SIZE]), has_more=len(rows) > PAGE_SIZE)
        passed = (
            len(await self._stored(wish, wish.complete_since, 0, skipped))
            if skipped and not rows
            else skipped
        )
        wanted = skipped - passed + PAGE_SIZE - len(rows)
        until = min(wish.complete_since, wish.query.until or wish.complete_since)
        try:
            fetched = await self._fetch_older(wish, until, wanted + 1)
        except (TelnyxUnavailableError, TelnyxRefusedError) as error:
            return await self._page_of_ours(wish, skipped, why_unknown(error))
        older = [event for event in fetched.values() if event.created_at < wish.complete_since]
        older.sort(key=age, reverse=True)
        unseen = [await self.finder.change_of_unseen(event) for event in older[skipped - passed : wanted]]
        changes = (*await self._changes(rows), *unseen)
        return EventsPage(changes, has_more=len(older) > wanted, has_older=bool(unseen), unasked=wish.unasked)

    async def _page_of_ours(self, wish: _Wish, skipped: int, failed: Place) -> EventsPage:
        rows = await self._stored(wish, EARLIEST, skipped, PAGE_SIZE + 1)
        changes = await self._changes(rows[:PAGE_SIZE])
        return EventsPage(changes, has_more=len(rows) > PAGE_SIZE, failed=failed)

    async def _complete_since(self, sources: Sequence[Source]) -> datetime:
        """From when on our tables hold all events of these lists."""
        kept_since = self.now() - self.retention
        async with self.database.reading() as tx:
            lists = [await watermarks.find(tx, source.value) for source in sources]
        return max(kept_since, *(each.baseline_at if each else self.now() for each in lists))

    async def _stored(self, wish: _Wish, since: datetime, skipped: int, limit: int) -> list[StoredEvent]:
        query = wish.query
        if query.told_to:
            since = EARLIEST
        bounds = {"since": max(since, query.since or since), "until": query.until}
        types = [f"{PREFIXES[source]}.{kind}" for source in wish.sources for kind in query.kinds]
        async with self.database.reading() as tx:
            if query.told_to:
                return await event_history.told_to(
                    tx, query.told_to, limit=limit, offset=skipped, types=types, **bounds
                )
            if wish.keys is not None:
                keys = [(source.value, order_id) for source, order_id in wish.keys]
                return await event_history.of_orders(
                    tx, keys, limit=limit, offset=skipped, types=types, **bounds
                )  # fmt: skip
            return await event_history.newest(
                tx, sources=wish.sources, limit=limit, offset=skipped, types=types, **bounds
            )

    async def _changes(self, rows: Sequence[StoredEvent]) -> tuple[Change, ...]:
        async with self.database.reading() as tx:
            known = await known_orders.find(tx, {(Source(row.source), row.order_id) for row in rows})
        return tuple(_change_of(row, known) for row in rows)

    async def _fetch_older(self, wish: _Wish, until: datetime, wanted: int) -> dict[str, Event]:
        """At least `wanted` of Telnyx's events up to `until`, the newest of them, where there are so many."""
        older: dict[str, Event] = {}
        try:
            async with asyncio.timeout(BUDGET_S):
                for source, order_id in wish.lists():
                    reader = OlderEvents(self.telnyx, source, order_id, wish.query.kinds, self.now())
                    older |= await reader.read(wish.query.since or EARLIEST, until, wanted)
        except TimeoutError as error:
            raise TelnyxUnavailableError("Telnyx did not answer in time.", kind="timeout") from error
        return older


def _keys_of(found: Found, source: Source | None) -> tuple[Key, ...]:
    keys = [key_of(order) for order in found.orders]
    keys += [(change.event.source, change.event.order_id) for change in found.events]
    return tuple(key for key in dict.fromkeys(keys) if key[1] and source in (None, key[0]))


def _change_of(row: StoredEvent, known: dict[Key, Order]) -> Change:
    source = Source(row.source)
    order = known.get((source, row.order_id)) or Order(source=source, order_id=row.order_id)
    change = change_of_row(row, order)
    return change if row.severity else replace(change, severity=severity_of(change))


def _replayed(order: Order, happened: Iterable[Event]) -> list[Change]:
    """The events as changes, each against the state that those before it left."""
    state = Order(source=order.source, order_id=order.order_id)
    changes = []
    for event in happened:
        change = change_of(event, state)
        state = change.order
        changes.append(replace(change, order=order))
    return changes
