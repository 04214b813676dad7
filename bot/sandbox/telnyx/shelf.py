"""Events as they lie at Telnyx: sorted, listed when due, their payloads made when due, their JSON kept."""

import heapq
import json
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, eq=False)
class ShelfRow:
    """An event; `early` is what is shown until `payload_at`."""

    event_id: str
    order_id: str
    event_type: str
    created_at: datetime
    listed_at: datetime
    body: object
    early: object = None
    payload_at: datetime | None = None
    number: int = 0
    _encoded: dict[bool, bytes] = field(default_factory=dict)

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it lies in the list: by creation, then as put in."""
        return self.created_at, self.number

    def encoded(self, now: datetime) -> bytes:
        """JSON as it is shown now."""
        is_early = self.payload_at is not None and now < self.payload_at
        if is_early not in self._encoded:
            self._encoded[is_early] = json.dumps(self.early if is_early else self.body).encode()
        return self._encoded[is_early]


def _place(row: ShelfRow) -> tuple[datetime, int]:
    return row.place


@dataclass(slots=True)
class Shelf:
    """All events of one list."""

    _listed: list[ShelfRow] = field(default_factory=list)
    _of_order: defaultdict[str, list[ShelfRow]] = field(default_factory=lambda: defaultdict(list))
    _by_id: dict[str, ShelfRow] = field(default_factory=dict)
    _waiting: list[tuple[datetime, int, ShelfRow]] = field(default_factory=list)
    _count: int = 0

    def add(self, row: ShelfRow) -> None:
        """Put an event by; it is listed by the next `settle` after its time."""
        self._count += 1
        row.number = self._count
        heapq.heappush(self._waiting, (row.listed_at, row.number, row))

    def settle(self, now: datetime) -> list[ShelfRow]:
        """List what is due and return it."""
        due: list[ShelfRow] = []
        while self._waiting and self._waiting[0][0] <= now:
            row = heapq.heappop(self._waiting)[2]
            insort(self._listed, row, key=_place)
            insort(self._of_order[row.order_id], row, key=_place)
            self._by_id[row.event_id] = row
            due.append(row)
        return due

    def find(self, event_id: str) -> ShelfRow | None:
        """A listed event."""
        return self._by_id.get(event_id)

    def remove(self, event_id: str) -> None:
        """Take an event away, listed or not; those behind it move up."""
        self._waiting = [entry for entry in self._waiting if entry[2].event_id != event_id]
        heapq.heapify(self._waiting)
        row = self._by_id.pop(event_id, None)
        if row is not None:
            self._listed.remove(row)
            self._of_order[row.order_id].remove(row)

    def between(
        self, first: datetime = EARLIEST, last: datetime = LATEST, order_id: str | None = None
    ) -> list[ShelfRow]:
        """Listed events created within the bounds, both included, oldest first."""
        rows = self._listed if order_id is None else self._of_order.get(order_id, [])
        start = bisect_left(rows, first, key=lambda row: row.created_at)
        return rows[start : bisect_right(rows, last, key=lambda row: row.created_at)]
