"""Orders and their events: looked up among what we have seen, and at Telnyx."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.changes import Change
from bot.orders.histories import Histories
from bot.orders.search import Finder
from bot.references import read_reference
from bot.results import EventQuery, EventsPage, Found, Place
from bot.telnyx.client import Telnyx
from bot.telnyx.orders import Order
from storage.database import Database

__all__ = ["EventQuery", "Orders"]


@dataclass(frozen=True, slots=True)
class Orders:
    """What is asked about orders. `retention`: how long our tables keep events."""

    database: Database
    telnyx: Telnyx
    now: Callable[[], datetime]
    retention: timedelta = timedelta(days=400)

    async def look_up(self, typed: str) -> Found:
        """The orders or the event that somebody named, in any spelling. Raises UserError for no name."""
        return await self._finder.look_up(typed)

    async def current(self, order: Order) -> tuple[Order, Place | None]:
        """The order as Telnyx shows it now; the one that was given, and why, where Telnyx does not tell."""
        return await self._finder.current(order)

    async def event(self, event_id: str) -> Change | None:
        """The event, from our tables or from Telnyx. May raise TelnyxUnavailableError."""
        return await self._finder.event(event_id)

    async def seen_event(self, typed: str) -> Change | None:
        """The one event among those that we have seen that `typed` is the id of, or its beginning."""
        found = await self._finder.seen_events(read_reference(typed))
        return found[0] if len(found) == 1 else None

    async def events(self, query: EventQuery, page: int = 1) -> EventsPage:
        """A page of events, newest first."""
        return await self._histories.page(query, page)

    async def timeline(self, order: Order) -> list[Change]:
        """All that happened to the order, oldest first."""
        return await self._histories.timeline(order)

    @property
    def _finder(self) -> Finder:
        return Finder(self.database, self.telnyx)

    @property
    def _histories(self) -> Histories:
        return Histories(self.database, self.telnyx, self._finder, self.now, self.retention)
