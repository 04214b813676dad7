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
    _known_until: dict[Source, datetime] = field(default_factory=dict)

    @contextmanager
    def reading(self, source: Source, since: datetime) -> Iterator[None]:
        """The list is being read from there on; at the end of the block all that was read is known."""
        self._known_until[source] = since
        try:
            yield
        finally:
            del self._known_until[source]

    def advance(self, source: Source, until: datetime) -> None:
        """All that was created before `until` has been read."""
        self._known_until[source] = until

    def is_known(self, source: Source, created_at: datetime) -> bool:
        """Whether all older events of the list are known too."""
        until = self._known_until.get(source)
        return until is None or created_at < until
