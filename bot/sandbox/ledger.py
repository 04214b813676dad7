"""What was due and what stands in a channel, compared by somebody who is not the bot."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Due:
    """An event that has to appear: when it was made, and from when on Telnyx lists it with its payload."""

    event_id: str
    order_id: str
    created_at: datetime
    visible_at: datetime


class Ledger:
    """Takes what is due and what messages carry, in any order. In a good run the lists below stay empty.

    Each look takes the time of what changed since the last, for somebody looks every second, for days.
    """

    def __init__(self) -> None:
        self.due: dict[str, Due] = {}
        self._missing: dict[str, Due] = {}
        self._repeated: dict[str, None] = {}
        self._orders: defaultdict[str, list[Due]] = defaultdict(list)
        self._changed: set[str] = set()  # orders to look at again
        self._disordered: dict[str, list[tuple[str, str]]] = {}
        self._times: Counter[str] = Counter()
        self._places: dict[str, int] = {}

    def add(self, due: Due) -> None:
        """An event is due."""
        self.forgive(due)
        self.due[due.event_id] = due
        self._orders[due.order_id].append(due)
        self._look_at(due.event_id)

    def forgive(self, due: Due) -> None:
        """An event need not appear any more."""
        known = self.due.pop(due.event_id, None)
        if known is not None:
            self._missing.pop(known.event_id, None)
            self._orders[known.order_id].remove(known)
            self._changed.add(known.order_id)

    def carry(self, event_ids: Iterable[str]) -> None:
        """A message with these events appeared, below all others."""
        for event_id in event_ids:
            self._times[event_id] += 1
            self._places.setdefault(event_id, len(self._places))
            self._look_at(event_id)

    def take_back(self, event_ids: Iterable[str]) -> None:
        """A message with these events was deleted."""
        for event_id in event_ids:
            self._times[event_id] -= 1
            self._look_at(event_id)

    @property
    def missing(self) -> list[Due]:
        """Due, and in no message."""
        return list(self._missing.values())

    @property
    def repeated(self) -> list[str]:
        """Events that several messages carry."""
        return list(self._repeated)

    @property
    def disordered(self) -> list[tuple[str, str]]:
        """Pairs of one order that appear the wrong way round though the older one was listed no later."""
        while self._changed:
            order_id = self._changed.pop()
            self._disordered.pop(order_id, None)
            if pairs := self._wrong_pairs(self._orders[order_id]):
                self._disordered[order_id] = pairs
        return [pair for pairs in self._disordered.values() for pair in pairs]

    def _look_at(self, event_id: str) -> None:
        self._repeated.pop(event_id, None)
        if self._times[event_id] > 1:
            self._repeated[event_id] = None
        if (due := self.due.get(event_id)) is None:
            return
        self._changed.add(due.order_id)
        self._missing.pop(event_id, None)
        if not self._is_posted(due):
            self._missing[event_id] = due

    def _is_posted(self, due: Due) -> bool:
        return self._times[due.event_id] > 0

    def _wrong_pairs(self, events: list[Due]) -> list[tuple[str, str]]:
        posted = [each for each in events if self._is_posted(each)]
        return [
            (older.event_id, younger.event_id)
            for older in posted
            for younger in posted
            if older.created_at < younger.created_at
            and older.visible_at <= younger.visible_at
            and self._places[older.event_id] > self._places[younger.event_id]
        ]
