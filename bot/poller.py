"""Reads what Telnyx lists since the watermark, so that no event is ever missed.

A pass looks from `overlap` behind the watermark to the server's own time at its first answer (T0). The lists
are numbered pages over a changing set without a promised order, so one pass may miss rows; what it missed
lies in the next pass's window. The watermark moves only after a whole window is stored, and never past T0: an
event that was not listable yet was created after T0 - lateness, which is inside the next overlap.

A backlog is cut into windows that follow one another. The overlap is applied once per pass and not once per
window: T0 is fixed at the pass's start and no window's watermark passes it, so what a window missed still
lies within the overlap of the pass that comes after it; and a backlog of a dense hour is read once, not once
per window.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from bot.errors import TemporaryError
from bot.failpoints import reached
from bot.intake import Intake
from bot.metrics import Metrics
from bot.telnyx.client import Telnyx
from bot.telnyx.events import Source
from bot.telnyx.pages import Page
from bot.telnyx.retrying import retried
from storage import watermarks
from storage.database import Database
from storage.watermarks import Progress

log = structlog.get_logger()

PAGE_SIZE = 250
WINDOW_PAGES = 10
IN_FLIGHT = 4
SKEW = timedelta(seconds=60)
"""How far our clock may be ahead of Telnyx's where an answer carries no Date."""
SHORTEST_WINDOW = timedelta(seconds=1)
REREADS = 3


@dataclass(frozen=True, slots=True)
class Span:
    """How far behind the watermark a pass looks, and how often it looks deep."""

    overlap: timedelta
    deep: timedelta
    deep_every: timedelta


@dataclass(slots=True)
class Window:
    """What reading one window brought: the ids seen, the newest `created_at`, whether the pages shifted."""

    source: Source
    since: datetime
    until: datetime | None
    progress: Progress
    total: int | None = None
    seen: set[str] = field(default_factory=set)
    newest: datetime | None = None
    shifted: bool = False
    odd: int = 0

    def take(self, page: Page) -> int:
        """Note a page; return how many of its rows are new to this window."""
        ids = {row.event_id for row in page.rows}
        again = ids & self.seen
        self.shifted |= bool(again) or (self.total is not None and page.total_results != self.total)
        self.total = page.total_results if self.total is None else self.total
        self.seen |= ids
        newest = max((row.created_at for row in page.rows if row.created_at), default=None)
        if newest and (self.newest is None or newest > self.newest):
            self.newest = newest
        return len(ids) - len(again)


@dataclass(frozen=True, slots=True)
class Poller:
    """Takes in both event lists. `sleep` is what waits between tries of a page."""

    database: Database
    telnyx: Telnyx
    intake: Intake
    metrics: Metrics
    span: Span
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _rest_until: dict[Source, datetime] = field(default_factory=dict)
    _odd: dict[Source, int] = field(default_factory=dict)

    async def begin(self, poll_start: datetime | None) -> None:
        """Keep where watching begins, before Telnyx is asked for the first time: a Telnyx that is down then
        moves nothing. Only the first start writes."""
        now = self.now()
        baseline = poll_start or now
        async with self.database.transaction() as tx:
            for source in Source:
                await watermarks.begin(tx, source, watermark=min(baseline, now), baseline_at=baseline)

    async def poll(self, source: Source) -> bool:
        """One pass over a list; False while Telnyx asked us to rest, and nothing was read."""
        if self.now() < self._rest_until.get(source, datetime.min.replace(tzinfo=UTC)):
            return False
        try:
            with self.metrics.poll_duration_seconds.time():
                await self._pass(source)
        except TemporaryError as error:
            if error.retry_after:
                self._rest_until[source] = self.now() + error.retry_after
            raise
        self.metrics.poll_last_success_timestamp_seconds.labels(source=source).set(self.now().timestamp())
        reached("poll.done")
        return True

    async def _pass(self, source: Source) -> None:
        async with self.database.reading() as tx:
            progress = await watermarks.find(tx, source)
        if progress is None:
            raise RuntimeError(f"{source} has no watermark: Poller.begin was not called")
        reached("poll.begun")
        now = self.now()
        deep = progress.last_deep_at is None or now - progress.last_deep_at >= self.span.deep_every
        since = _whole_second(progress.watermark - (self.span.deep if deep else self.span.overlap))
        first = await self._page(source, since, None, 1)
        server_time = first.server_time or now - SKEW
        if _pages(first) <= WINDOW_PAGES:
            await self._read_to_end(Window(source, since, None, progress), first, server_time)
        else:
            await self._read_backlog(source, since, server_time, progress)
        if deep:
            async with self.database.transaction() as tx:
                await watermarks.note_deep_sweep(tx, source, now)

    async def _read_to_end(self, window: Window, first: Page, server_time: datetime) -> None:
        await self._read(window, first)
        newest = min(window.newest, server_time) if window.newest else None
        await self._move(window, newest)

    async def _read_backlog(
        self, source: Source, since: datetime, server_time: datetime, progress: Progress
    ) -> None:
        """Windows of at most ten pages, one behind the other, up to the server's time at the start."""
        end = _whole_second(server_time)
        width = end - since
        while since < end:
            until = min(since + width, end)
            until, first = await self._fitting(source, since, until)
            window = Window(source, since, until, progress)
            await self._read(window, first)
            await self._move(window, until)
            await self.intake.fan_out()
            width = max((until - since) * 2, SHORTEST_WINDOW)
            since = until
        latest = await self._page(source, since, None, 1)
        await self._read_to_end(Window(source, since, None, progress), latest, server_time)

    async def _fitting(self, source: Source, since: datetime, until: datetime) -> tuple[datetime, Page]:
        while True:
            first = await self._page(source, since, until, 1)
            width = until - since
            if _pages(first) <= WINDOW_PAGES or width <= SHORTEST_WINDOW:
                return until, first
            until = since + max(_whole_seconds(width / 2), SHORTEST_WINDOW)

    async def _read(self, window: Window, first: Page) -> None:
        """Read a window, again while its pages shift under us, and store each page as it comes."""
        await self._read_pages(window, first)
        for _ in range(REREADS):
            if not window.shifted:
                break
            before = len(window.seen)
            again = Window(window.source, window.since, window.until, window.progress)
            await self._read_pages(again, await self._page(window.source, window.since, window.until, 1))
            window.newest = max(filter(None, (window.newest, again.newest)), default=None)
            window.seen |= again.seen
            window.shifted = len(window.seen) > before
        reached("poll.window_read")

    async def _read_pages(self, window: Window, first: Page) -> None:
        await self._take(window, first)
        number, last = 1, first
        while number < (first.total_pages or 1) and last.rows:
            numbers = range(number + 1, min(number + IN_FLIGHT, first.total_pages or 1) + 1)
            pages = await _all_or_none(
                [self._page(window.source, window.since, window.until, each) for each in numbers]
            )
            for page in pages:
                await self._take(window, page)
            number, last = numbers[-1], pages[-1]
        # A full last page may hide more than `meta` says; without `meta` only an empty page is the end.
        while last.rows and (first.total_pages is None or not last.is_short(PAGE_SIZE)):
            number += 1
            last = await self._page(window.source, window.since, window.until, number)
            if await self._take(window, last) == 0:
                break

    async def _take(self, window: Window, page: Page) -> int:
        new = window.take(page)
        reached("poll.page_read")
        window.odd += page.odd
        await self.intake.store(window.source, page.rows, window.progress, self._routine_since(window))
        reached("poll.page_stored")
        return new

    def _routine_since(self, window: Window) -> datetime | None:
        """From when on a routine poll would have found an event; None on the first pass ever."""
        first_pass = window.progress.last_deep_at is None
        return None if first_pass else window.progress.watermark - self.span.overlap

    def _note_odd(self, window: Window) -> None:
        """Rows without an id are told once, though every overlap reads them again."""
        more = window.odd - self._odd.get(window.source, 0)
        self._odd[window.source] = window.odd
        if more > 0:
            self.metrics.poll_failures_total.labels(source=window.source, kind="odd_row").inc(more)
            log.warning("rows without an id were left out", source=window.source, rows=more)

    async def _move(self, window: Window, to: datetime | None) -> None:
        self._note_odd(window)
        if to is not None and to > window.progress.watermark:
            async with self.database.transaction() as tx:
                await watermarks.advance(tx, window.source, to)
        reached("poll.watermark_moved")
        mark = max(filter(None, (to, window.progress.watermark)))
        self.metrics.watermark_timestamp_seconds.labels(source=window.source).set(mark.timestamp())

    async def _page(self, source: Source, since: datetime, until: datetime | None, number: int) -> Page:
        async def ask() -> Page:
            return await self.telnyx.event_page(
                source, since=since, until=until, number=number, size=PAGE_SIZE
            )

        return await retried(ask, sleep=self.sleep)


async def _all_or_none(requests: Sequence[Coroutine[None, None, Page]]) -> list[Page]:
    """All pages, asked for at once; when one can't be had, none goes on being asked for."""
    tasks = [asyncio.ensure_future(request) for request in requests]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _pages(page: Page) -> int:
    """How many pages there are, by whichever of `meta`'s figures says more; a short page is the only one."""
    if page.page_size and page.is_short(page.page_size):
        return 1
    by_rows = -(-(page.total_results or 0) // (page.page_size or PAGE_SIZE))
    return max(page.total_pages or 0, by_rows)


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _whole_seconds(width: timedelta) -> timedelta:
    return timedelta(seconds=int(width.total_seconds()))
