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
    """Takes what is due and what messages carry, in any order. In a good run the lists below stay empty."""

    def __init__(self) -> None:
        self.due: dict[str, Due] = {}
        self._times: Counter[str] = Counter()
        self._places: dict[str, int] = {}
        self._messages = 0

    def add(self, due: Due) -> None:
        """An event is due."""
        self.due[due.event_id] = due

    def forgive(self, due: Due) -> None:
        """An event need not appear any more."""
        self.due.pop(due.event_id, None)

    def carry(self, event_ids: Iterable[str]) -> None:
        """A message with these events appeared, below all others."""
        for event_id in event_ids:
            self._times[event_id] += 1
            self._messages += 1
            self._places.setdefault(event_id, self._messages)

    def take_back(self, event_ids: Iterable[str]) -> None:
        """A message with these events was deleted."""
        self._times.subtract(event_ids)

    def is_posted(self, due: Due) -> bool:
        return self._times[due.event_id] > 0

    @property
    def missing(self) -> list[Due]:
        """Due, and in no message."""
        return [due for due in self.due.values() if not self.is_posted(due)]

    @property
    def repeated(self) -> list[str]:
        """Events that several messages carry."""
        return [event_id for event_id, times in self._times.items() if times > 1]

    @property
    def disordered(self) -> list[tuple[str, str]]:
        """Pairs of one order that appear the wrong way round though the older one was listed no later."""
        orders: defaultdict[str, list[Due]] = defaultdict(list)
        for due in self.due.values():
            if self.is_posted(due):
                orders[due.order_id].append(due)
        return [
            (older.event_id, younger.event_id)
            for events in orders.values()
            for older in events
            for younger in events
            if older.created_at < younger.created_at
            and older.visible_at <= younger.visible_at
            and self._places[older.event_id] > self._places[younger.event_id]
        ]
