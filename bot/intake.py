"""Each event of Telnyx's once: what the poller reads is stored, and what a known event says anew."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.leases import Leases, of_list
from bot.metrics import Metrics
from bot.recall import row_of
from bot.telnyx.events import Event, Source
from bot.telnyx.pages import ListedEvent
from storage import events
from storage.database import Database
from storage.events import Known

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Intake:
    """Storing and promising are two durable steps: an event that is not promised yet is itself the queue."""

    database: Database
    leases: Leases
    metrics: Metrics
    now: Callable[[], datetime]
    _unreadable: set[str] = field(default_factory=set)
    """Events that we could not read at all, which are listed again and again."""

    async def store(
        self, source: Source, listed: Sequence[ListedEvent], baseline_at: datetime, *, is_deep: bool = False
    ) -> None:
        """Store what is new of a page, and what a known event says anew. Nothing new writes nothing.

        What was created before `baseline_at` is never posted. `is_deep`: the deep sweep came upon the page.
        """
        if not listed:
            return
        rows = {row.event_id: row for row in listed}
        async with self.database.reading() as tx:
            known = await events.known(tx, source, list(rows))
        now = self.now()
        fresh = self._read([row for row in rows.values() if row.event_id not in known], now)
        renewed = self._read([row for row in rows.values() if _says_more(row, known.get(row.event_id))], now)
        if known:
            self.metrics.events_duplicate_total.labels(source=source).inc(len(known))
        if not fresh and not renewed:
            return
        async with self.leases.unit(of_list(source)) as tx:
            await events.store(tx, source, [row_of(event, baseline_at, now) for event in fresh], now)
            await events.renew(tx, source, [row_of(event, baseline_at, now) for event in renewed])
        self._count(fresh, now, [event for event in fresh if event.created_at >= baseline_at])
        if is_deep:
            self.metrics.deep_sweep_finds_total.inc(len(fresh))

    def _read(self, rows: Sequence[ListedEvent], now: datetime) -> list[Event]:
        """The rows' events; one that can't be read at all must not stop the others."""
        read = []
        for row in rows:
            try:
                read.append(row.to_event(now))
            except Exception:  # a bug in reading, met by a row that nobody thought of
                if row.event_id not in self._unreadable:
                    log.exception("an event could not be read, it is left out", event_id=row.event_id)
                self._unreadable.add(row.event_id)
        return read

    def _count(self, fresh: Sequence[Event], now: datetime, watched: Sequence[Event]) -> None:
        counts = Counter((event.source, event.event_type) for event in fresh)
        for (source, event_type), count in counts.items():
            self.metrics.events_ingested_total.labels(source=source, type=event_type).inc(count)
        for event in watched:
            self.metrics.event_lateness_seconds.observe(max((now - event.created_at).total_seconds(), 0))


def _says_more(row: ListedEvent, known: Known | None) -> bool:
    if known is None:
        return False
    if row.has_payload and not known.has_payload:
        return True
    newer = row.updated_at is not None and (known.updated_at is None or row.updated_at > known.updated_at)
    return newer and row.has_payload == known.has_payload
