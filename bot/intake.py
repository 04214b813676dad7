"""Each event of Telnyx's once: what the poller reads is stored, and what a known event says anew."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.metrics import Metrics
from bot.promising import Promising
from bot.recall import row_of
from bot.telnyx.events import Event, Source
from bot.telnyx.pages import ListedEvent
from storage import events
from storage.database import Database
from storage.events import Known
from storage.watermarks import Progress

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Intake:
    """Storing and promising are two durable steps: an event that is not promised yet is itself the queue."""

    database: Database
    promising: Promising
    metrics: Metrics
    now: Callable[[], datetime]

    async def fan_out(self) -> int:
        """Promise what is stored to the channels that follow it; return how many promises were made."""
        return await self.promising.fan_out()

    async def store(
        self,
        source: Source,
        listed: Sequence[ListedEvent],
        progress: Progress,
        routine_since: datetime | None,
    ) -> None:
        """Store what is new of a page, and what a known event says anew. Nothing new writes nothing.

        `routine_since`: only the deep sweep looks for events created before it (None: the first pass).
        """
        if not listed:
            return
        rows = {row.event_id: row for row in listed}
        async with self.database.reading() as tx:
            known = await events.known(tx, source, list(rows))
        now = self.now()
        fresh = [event for row in rows.values() if row.event_id not in known for event in _read(row, now)]
        more = [row for row in rows.values() if _says_more(row, known.get(row.event_id))]
        renewed = [event for row in more for event in _read(row, now)]
        if known:
            self.metrics.events_duplicate_total.labels(source=source).inc(len(known))
        if not fresh and not renewed:
            return
        async with self.database.transaction() as tx:
            baseline_at = progress.baseline_at
            await events.store(tx, source, [row_of(event, baseline_at) for event in fresh], now)
            await events.renew(tx, source, [row_of(event, baseline_at) for event in renewed])
        self._count(fresh, now, routine_since)

    def _count(self, fresh: Sequence[Event], now: datetime, routine_since: datetime | None) -> None:
        counts = Counter((event.source, event.event_type) for event in fresh)
        for (source, event_type), count in counts.items():
            self.metrics.events_ingested_total.labels(source=source, type=event_type).inc(count)
        for event in fresh:
            self.metrics.event_lateness_seconds.observe(max((now - event.created_at).total_seconds(), 0))
        if routine_since is not None:
            late = sum(event.created_at < routine_since for event in fresh)
            self.metrics.deep_sweep_finds_total.inc(late)


def _read(row: ListedEvent, now: datetime) -> list[Event]:
    """The row's event, or nothing: one that can't be read at all must not stop the others."""
    try:
        return [row.to_event(now)]
    except Exception:  # a bug in reading, met by a row that nobody thought of
        log.exception("an event could not be read, it is left out", event_id=row.event_id)
        return []


def _says_more(row: ListedEvent, known: Known | None) -> bool:
    if known is None:
        return False
    if row.has_payload and not known.has_payload:
        return True
    newer = row.updated_at is not None and (known.updated_at is None or row.updated_at > known.updated_at)
    return newer and row.has_payload == known.has_payload
