"""Reads what Telnyx lists since the watermark, so that no event is ever missed.

A pass looks from `overlap` behind the watermark to the server's own time at its first answer (T0). The lists
are numbered pages over a changing set without a promised order, so one pass may miss rows; what it missed
lies in the next pass's window. The watermark moves only after a whole window is stored, and never past T0: an
event that was not listable yet was created after T0 - lateness, which is inside the next overlap.

A backlog is cut into windows that follow one another. The overlap is applied once per pass and not once per
window: T0 is fixed at the pass's start and no window's watermark passes it, so what a window missed still
lies within the overlap of the pass that comes after it; and a backlog of a dense hour is read once, not once
per window. A page that can't be had stops nothing but the watermark, at the window that it lies in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.failpoints import reached
from bot.frontier import Frontier
from bot.intake import Intake
from bot.leases import LeaseLostError, Leases, of_list
from bot.metrics import Metrics
from bot.telnyx.client import Telnyx
from bot.telnyx.events import Source
from bot.telnyx.pages import Page
from bot.windows import MOST_GAPS, SHORTEST, PageError, Reader, Span, Window, fits, width_after
from storage import watermarks
from storage.database import Database
from storage.watermarks import Progress

log = structlog.get_logger()

SKEW = timedelta(seconds=60)
"""How far our clock may be ahead of Telnyx's where an answer carries no Date."""
MOST_AHEAD = timedelta(minutes=10)
NOT_THE_SAME = timedelta(seconds=5)
"""Less than this between two clocks is the way of an answer, and the second that a Date is cut to."""


@dataclass(frozen=True, slots=True)
class Poller:
    """Takes in both event lists. `on_stored` is told when there is something to promise to channels."""

    database: Database
    telnyx: Telnyx
    leases: Leases
    intake: Intake
    metrics: Metrics
    span: Span
    now: Callable[[], datetime]
    frontier: Frontier
    on_stored: Callable[[], None]
    _odd: dict[tuple[Source, bool], int] = field(default_factory=dict)

    async def begin(self, poll_start: datetime | None) -> datetime:
        """Keep where watching begins, before Telnyx is asked for the first time: a Telnyx that is down then
        moves nothing. Only the first start writes. Gives the moment since when created events are posted."""
        now = self.now()
        baseline = poll_start or now
        async with self.database.transaction() as tx:
            for source in Source:
                await watermarks.begin(
                    tx,
                    source,
                    watermark=min(baseline, now),
                    baseline_at=baseline,
                    is_by_our_clock=poll_start is None,
                )
            kept = [await watermarks.find(tx, source) for source in Source]
        return min(each.baseline_at for each in kept if each)

    async def poll(self, source: Source) -> bool:
        """One pass over a list; False where another process is at it.

        Raises Telnyx's errors; what could be read before is stored.
        """
        with self.metrics.poll_duration_seconds.time():
            if not await self._pass(source):
                return False
        self.metrics.poll_last_success_timestamp_seconds.labels(source=source).set(self.now().timestamp())
        reached("poll.done")
        return True

    async def note_read(self, source: Source) -> None:
        """Keep that the list was read to its end: the next start asks, and processes that only answer."""
        async with self.leases.unit(of_list(source), alone=False) as tx:
            await watermarks.note_read(tx, source, self.now())

    async def _pass(self, source: Source) -> bool:
        progress, now = await self._progress(source), self.now()
        reached("poll.begun")
        is_first = progress.last_deep_at is None
        behind = self.span.deep if is_first else self.span.overlap
        window = Window(source, _whole_second(progress.watermark - behind), None)
        self.frontier.watched_since[source] = progress.baseline_at
        with self.frontier.reading(source, window.since):
            # Only here: until the list is being read anew, nothing that its last reader stored may go on.
            if not await self.leases.hold(of_list(source)):
                return False
            await self._read(source, await self._progress(source), window)
        if is_first:
            await self._note_deep(source, now)
        return True

    async def _read(self, source: Source, progress: Progress, window: Window) -> None:
        reader = Reader(self.telnyx, partial(self._keep, source, progress, is_deep=False))
        first = await reader.open(window)
        # A Date from the future would carry the watermark past events that are yet to come.
        server_time = min(first.server_time or self.now() - SKEW, self.now() + MOST_AHEAD)
        if progress.is_by_our_clock:
            progress = await self._by_telnyxs_clock(source, progress, first.server_time)
            reader = replace(reader, keep=partial(self._keep, source, progress, is_deep=False))
        gap = None
        if not fits(first):
            end = max(_whole_second(server_time), window.since)  # our clock may have been set far back
            gap = await self._read_stretch(reader, source, window.since, end, progress)
            window = Window(source, end, None)
            first = await reader.open(window)
        await reader.read(window, first)
        self._note_odd(window, is_deep=False)
        if gap := gap or next(iter(window.gaps), None):
            raise gap
        await self._move(source, min(window.newest, server_time) if window.newest else None, progress)

    async def sweep(self, source: Source) -> bool:
        """Look far behind the watermark for events that were listed very late; False where none is due.

        Apart from the polls, so that whatever ails old pages never keeps new events waiting.
        """
        progress, now = await self._progress(source), self.now()
        if not await self.leases.renewed(of_list(source)):
            return False
        if (
            progress.last_deep_at is None
            or timedelta(0) <= now - progress.last_deep_at < self.span.deep_every
        ):
            return False
        reader = Reader(self.telnyx, partial(self._keep, source, progress, is_deep=True))
        # So far back that what was not listed yet at the last sweep, and late by `deep`, is still within.
        # Where the watermark has gone on since an outage, what came late meanwhile lies behind where it was.
        since = min(progress.watermark, progress.last_deep_at) - self.span.deep - self.span.deep_every
        until = progress.watermark - self.span.overlap
        gap = await self._read_stretch(reader, source, _whole_second(since), until, progress, is_deep=True)
        if gap:
            raise gap
        await self._note_deep(source, now)
        return True

    async def _read_stretch(
        self,
        reader: Reader,
        source: Source,
        since: datetime,
        end: datetime,
        progress: Progress,
        *,
        is_deep: bool = False,
    ) -> PageError | None:
        """Windows of at most ten pages, one behind the other; return why there is a gap, if there is one."""
        width, gaps = max(end - since, SHORTEST), list[PageError]()
        while since < end:
            width = min(width, end - since)
            window = Window(source, since, since + width)
            first = await reader.open(window)
            if not fits(first) and width > SHORTEST:
                width = width_after(width, first)
                continue
            await reader.read(window, first)
            self._note_odd(window, is_deep=is_deep)
            gaps += window.gaps
            if len(gaps) > MOST_GAPS:
                raise gaps[0]
            if not gaps:
                await self._move(source, window.until, progress)
            since += width
            if not is_deep:
                self.frontier.advance(source, since)
            self.on_stored()
            width = width_after(width, first)
        return gaps[0] if gaps else None

    async def _keep(self, source: Source, progress: Progress, page: Page, *, is_deep: bool) -> None:
        if not await self.leases.renewed(of_list(source)):
            raise LeaseLostError(f"Another process reads the {source} events by now.")
        await self.intake.store(source, page.rows, progress.baseline_at, is_deep=is_deep)

    async def _by_telnyxs_clock(
        self, source: Source, progress: Progress, server_time: datetime | None
    ) -> Progress:
        """At the first answer ever: where our clock is ahead, events of the first minutes would lie before
        the moment since which we watch, and never be posted."""
        ahead = self.now() - server_time if server_time else timedelta(0)
        if ahead > NOT_THE_SAME:
            log.warning("our clock is ahead of Telnyx's", seconds=ahead.total_seconds())
        off = ahead if ahead > NOT_THE_SAME else timedelta(0)
        moved = replace(progress, watermark=progress.watermark - off, baseline_at=progress.baseline_at - off)
        async with self.leases.unit(of_list(source)) as tx:
            await watermarks.set_clock(tx, source, moved.watermark, moved.baseline_at)
        reached("poll.clock_set")
        return moved

    def _note_odd(self, window: Window, *, is_deep: bool) -> None:
        """Rows without an id are told once, though every overlap reads them again."""
        place = (window.source, is_deep)
        more = window.odd - self._odd.get(place, 0)
        self._odd[place] = max(window.odd, self._odd.get(place, 0))
        if more > 0:
            self.metrics.poll_failures_total.labels(source=window.source, kind="odd_row").inc(more)
            log.warning("rows without an id were left out", source=window.source, rows=more)

    async def _move(self, source: Source, to: datetime | None, progress: Progress) -> None:
        if to is not None and to > progress.watermark:
            async with self.leases.unit(of_list(source)) as tx:
                await watermarks.advance(tx, source, to)
        reached("poll.watermark_moved")
        mark = max(filter(None, (to, progress.watermark)))
        self.metrics.watermark_timestamp_seconds.labels(source=source).set(mark.timestamp())

    async def _progress(self, source: Source) -> Progress:
        async with self.database.reading() as tx:
            progress = await watermarks.find(tx, source)
        if progress is None:
            raise RuntimeError(f"{source} has no watermark: Poller.begin was not called")
        return progress

    async def _note_deep(self, source: Source, now: datetime) -> None:
        async with self.leases.unit(of_list(source)) as tx:
            await watermarks.note_deep_sweep(tx, source, now)
        reached("poll.deep_noted")


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
