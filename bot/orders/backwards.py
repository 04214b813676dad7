"""Reading one of Telnyx's event lists backwards, though it says nothing of its own order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.telnyx.client import Telnyx
from bot.telnyx.events import Event, Source
from bot.telnyx.redaction import PAYLOADS
from bot.telnyx.retrying import retried

TRIES = 2
WINDOW_PAGES = 8
FIRST_WINDOW = timedelta(days=2)
SMALLEST_WINDOW = timedelta(minutes=1)
WINDOW_GROWTH = 4
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
"""Before anything that Telnyx may list."""
PREFIXES = {Source.PORT_IN: "porting_order", Source.PORT_OUT: "portout"}


def age(event: Event) -> tuple[datetime, str]:
    """What events are sorted by: the moment, then the id."""
    return event.created_at, event.event_id


@dataclass(frozen=True, slots=True)
class OlderEvents:
    """Reads the list of a source (or of one of its orders), window by window."""

    telnyx: Telnyx
    source: Source
    order_id: str | None
    kinds: tuple[str, ...]
    now: datetime
    found: dict[str, Event] = field(default_factory=dict)

    async def read(self, since: datetime, until: datetime, wanted: int) -> dict[str, Event]:
        """Events of the newest windows that hold `wanted` of them together."""
        if self.kinds and not any(self._type(kind) in PAYLOADS for kind in self.kinds):
            return self.found
        since = max(since, EARLIEST)
        width = until - since if self.order_id else FIRST_WINDOW
        while len(self.found) < wanted and until > since:
            lower = max(since, until - width)
            if not await self._read_window(lower, until) and width > SMALLEST_WINDOW:
                width /= WINDOW_GROWTH
                continue
            until, width = lower, width * WINDOW_GROWTH
        return self.found

    async def _read_window(self, since: datetime, until: datetime) -> bool:
        """Read all of the window; False if it holds too much."""
        one_kind = self._type(self.kinds[0]) if len(self.kinds) == 1 else None
        ask = partial(
            self.telnyx.event_page,
            self.source,
            since=since,
            until=until,
            event_type=one_kind,
            order_id=self.order_id,
        )
        for number in range(1, WINDOW_PAGES + 1):
            page = await retried(partial(ask, number=number), sleep=self.telnyx.sleep, tries=TRIES)
            read = [row.to_event(self.now) for row in page.rows]
            self.found.update((event.event_id, event) for event in read if self._fits(event, since, until))
            if not page.rows or (page.total_pages is not None and number >= page.total_pages):
                return True
            if (page.total_pages or 0) > WINDOW_PAGES:
                return False
        return False

    def _type(self, kind: str) -> str:
        return f"{PREFIXES[self.source]}.{kind}"

    def _fits(self, event: Event, since: datetime, until: datetime) -> bool:
        """Telnyx may have ignored a filter."""
        if (self.order_id and event.order_id != self.order_id) or not since <= event.created_at <= until:
            return False
        return not self.kinds or event.kind in self.kinds
