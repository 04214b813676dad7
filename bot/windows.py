"""Reads one window of an event list to its end, whatever its pages do meanwhile."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.failpoints import reached
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.telnyx.large_pages import whole_page
from bot.telnyx.pages import Page

PAGE_SIZE = 250
WINDOW_PAGES = 10
WISHED_PAGES = 7.5
"""What a window is aimed at: events are never spread quite evenly."""
IN_FLIGHT = 4
REREADS = 3
MOST_GAPS = 3
MOST_OLD = 3
"""Pages without anything new, one behind the other: more are there only by a count that lies."""
SHORTEST = timedelta(seconds=1)
OF_EVERY_PAGE = frozenset({"connect", "rate_limited"})
NO_SUCH_PAGE = (400, 404, 422)
PageError = TelnyxUnavailableError | TelnyxRefusedError


@dataclass(frozen=True, slots=True)
class Span:
    """How far behind the watermark a pass looks, and how far and how often the deep sweep does."""

    overlap: timedelta
    deep: timedelta
    deep_every: timedelta

    @property
    def farthest(self) -> timedelta:
        """How far behind where it stood at the last deep sweep a list may be read again."""
        return self.deep + max(self.overlap, self.deep_every)


@dataclass(slots=True)
class Window:
    """A stretch of an event list, and what reading it brought. `until` None: its end is open."""

    source: Source
    since: datetime
    until: datetime | None
    total: int | None = None
    seen: set[str] = field(default_factory=set)
    newest: datetime | None = None
    shifted: bool = False
    odd: int = 0
    """Rows without an id."""
    opened_at: int = 1
    """The first page that could be had."""
    gaps: list[PageError] = field(default_factory=list)
    """Why pages are missing: the window has to be read again."""

    def take(self, page: Page) -> int:
        """Note a page; return how many of its rows are new to this window."""
        ids = {row.event_id for row in page.rows}
        again = ids & self.seen
        self.shifted |= bool(again) or (self.total is not None and page.total_results != self.total)
        self.total = page.total_results if self.total is None else self.total
        self.seen |= ids
        self.odd += page.odd
        newest = max((row.created_at for row in page.rows if row.created_at), default=None)
        if newest and (self.newest is None or newest > self.newest):
            self.newest = newest
        return len(ids) - len(again)

    @property
    def lacks_rows(self) -> bool:
        """Whether Telnyx counted more than it has shown; a page that is missing is counted too."""
        return not self.gaps and len(self.seen) + self.odd < (self.total or 0)

    def miss(self, error: PageError) -> None:
        """Note a page that can't be had; raise where that is not the page's trouble, or of too many."""
        if _is_of_every_page(error) or len(self.gaps) == MOST_GAPS:
            raise error
        self.gaps.append(error)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads windows; `keep` stores each page as it comes."""

    telnyx: Telnyx
    keep: Callable[[Page], Awaitable[None]]

    async def open(self, window: Window) -> Page:
        """The window's first page, or its second where only the first can't be had."""
        try:
            return await self._page(window, 1)
        except (TelnyxUnavailableError, TelnyxRefusedError) as error:
            window.miss(error)
        window.opened_at = 2
        return await self._page(window, 2)

    async def read(self, window: Window, first: Page) -> None:
        """Read all of the window, again while its pages shift under us. `first` is what `open` gave."""
        await self._read_pages(window, first)
        for _ in range(REREADS):
            if not window.shifted or window.gaps:
                break
            before = len(window.seen)
            again = Window(window.source, window.since, window.until)
            await self._read_pages(again, await self.open(again))
            window.newest = max(filter(None, (window.newest, again.newest)), default=None)
            window.seen |= again.seen
            window.gaps += again.gaps
            window.shifted = len(window.seen) > before
        reached("poll.window_read")

    async def _read_pages(self, window: Window, first: Page) -> None:
        await self._take(window, first)
        last, number = first, max(first.total_pages or 1, window.opened_at)
        window.shifted |= first.is_empty and number > window.opened_at  # and yet something behind it
        async with aclosing(self._ahead(window, range(window.opened_at + 1, number + 1))) as pages:
            old = 0
            async for last in pages:
                new = await self._take(window, last)
                if last.is_empty:  # behind the end, or it says so wrongly: once more
                    window.shifted |= window.lacks_rows
                    break
                old = 0 if new or last.odd else old + 1
                if old == MOST_OLD:
                    break
        # A full last page may hide more than `meta` says; without `meta` only an empty page is the end.
        while last.rows and (first.total_pages is None or not last.is_short(PAGE_SIZE) or window.lacks_rows):
            number += 1
            try:
                last = await self._page(window, number)
            except TelnyxRefusedError as error:
                if error.status not in NO_SUCH_PAGE:
                    raise
                break
            if await self._take(window, last) == 0:
                break

    async def _ahead(self, window: Window, numbers: Iterable[int]) -> AsyncGenerator[Page, None]:
        """The pages in their order, a few asked for at the same time."""
        left, asked = iter(numbers), deque[asyncio.Task[Page]]()
        try:
            while True:
                while len(asked) < IN_FLIGHT and (number := next(left, None)) is not None:
                    asked.append(asyncio.create_task(self._page(window, number)))
                if not asked:
                    return
                try:
                    yield await asked.popleft()
                except (TelnyxUnavailableError, TelnyxRefusedError) as error:
                    window.miss(error)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _take(self, window: Window, page: Page) -> int:
        new = window.take(page)
        reached("poll.page_read")
        await self.keep(page)
        reached("poll.page_stored")
        return new

    async def _page(self, window: Window, number: int) -> Page:
        return await whole_page(
            self.telnyx, window.source, since=window.since, until=window.until, number=number, size=PAGE_SIZE
        )


def fits(page: Page) -> bool:
    """Whether a window can be read at one go, by the first page that came of it."""
    pages = _pages(page)
    return pages is not None and pages <= WINDOW_PAGES


def width_after(width: timedelta, page: Page) -> timedelta:
    """How wide the next window should be, or this one where it did not fit; in whole seconds."""
    pages = _pages(page)
    factor = 0.5 if pages is None else min(max(WISHED_PAGES / max(pages, 1), 0.02), 4)
    if not fits(page):
        factor = min(factor, 0.5)
    return max(timedelta(seconds=int(width.total_seconds() * factor)), SHORTEST)


def _pages(page: Page) -> int | None:
    """How many pages there are, by whichever of `meta`'s figures says more; a short page is the only one.

    None where nothing tells: there may be any number.
    """
    if page.is_short(PAGE_SIZE):
        return 1
    if page.total_pages is None and page.total_results is None:
        return None
    by_rows = -(-(page.total_results or 0) // (page.page_size or PAGE_SIZE))
    return max(page.total_pages or 0, by_rows)


def _is_of_every_page(error: PageError) -> bool:
    """Whether the trouble is one that no other page is without."""
    if isinstance(error, TelnyxRefusedError):
        return error.status not in NO_SUCH_PAGE
    return error.kind in OF_EVERY_PAGE
