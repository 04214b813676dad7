"""Since when each event list is watched, and up to where it is known without gaps while it is being read.

Pages come newest first: an event that was promised as soon as its page was stored would overtake older ones
of its order that stand on the next page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.telnyx.events import Source


@dataclass(frozen=True, slots=True)
class Frontier:
    """Moved by the poller, heeded by the fan-out."""

    watched_since: dict[Source, datetime] = field(default_factory=dict)
    """What came before, our tables do not tell."""
    known_until: dict[Source, datetime] = field(default_factory=dict)
    begun: dict[Source, int] = field(default_factory=dict)
    """How often each list has begun to be read."""

    @contextmanager
    def reading(self, source: Source, since: datetime) -> Iterator[None]:
        """The list is being read from there on; at the end of the block all that was read is known."""
        self.known_until[source] = since
        self.begun[source] = self.begun.get(source, 0) + 1
        try:
            yield
        finally:
            del self.known_until[source]

    def advance(self, source: Source, until: datetime) -> None:
        """All that was created before `until` has been read."""
        self.known_until[source] = until

    def now(self) -> "Frontier":
        """As it stands, to compare with later."""
        return Frontier(self.watched_since, dict(self.known_until), dict(self.begun))

    def is_known(self, source: Source, created_at: datetime, since: "Frontier") -> bool:
        """Whether all older events of the list are known too, and were already at `since`.

        Who goes through the events in their order has passed by what was stored behind their back.
        """
        if self.begun.get(source) != since.begun.get(source):
            return False
        limits = (self.known_until.get(source), since.known_until.get(source))
        return all(until is None or created_at < until for until in limits)
