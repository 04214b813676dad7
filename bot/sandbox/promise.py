"""The promise, watched live: what Telnyx lists must appear in #porting, once, in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.ledger import Due, Ledger
from bot.sandbox.slack.records import Ephemeral, Message
from bot.sandbox.telnyx.payloads import ORDER_FIELD
from bot.sandbox.telnyx.wire import Json, Source, moment_of

GRACE = timedelta(minutes=3)
"""So long nothing may stand in the way of an event before it counts as lost."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How the promise stands. `waiting` are neither posted nor lost; `in_the_way` says why they may be."""

    due: int
    posted: int
    waiting: int
    lost: int
    repeated: int
    disordered: int
    follows_everything: bool
    in_the_way: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        return not (self.lost or self.repeated or self.disordered)


class Promise:
    """Hears of every event and of every message in one channel; `look` tells it what stands in the way.

    Events are due from `now` on, and only while the channel follows everything.
    """

    def __init__(self, channel: str, now: Callable[[], datetime]) -> None:
        self._channel = channel
        self._now = now
        self.since = now()
        self._ledger = Ledger()
        self._follows = True
        self._in_the_way: tuple[str, ...] = ()
        self._clear_since = now()

    def hear(self, source: Source, event: Json) -> None:
        """Telnyx lists an event."""
        made_at = moment_of(event)
        if not self._follows or made_at is None or made_at < self.since:
            return
        order_id = str(event[ORDER_FIELD[source]])
        self._ledger.add(Due(str(event["id"]), order_id, made_at, self._now()))

    def see(self, channel: str, message: Message | Ephemeral, kind: str) -> None:
        """Something appeared in a channel or went; an edit carries nothing new."""
        if channel != self._channel or not isinstance(message, Message):
            return
        if kind == "post":
            self._ledger.carry(_events_of(message))
        elif kind == "delete":
            self._ledger.take_back(_events_of(message))

    def look(self, *, follows_everything: bool, in_the_way: Sequence[str]) -> None:
        """What holds now. Where the channel stops following everything, what waits need not come any more."""
        if not follows_everything:
            for due in self._ledger.missing:
                self._ledger.forgive(due)
        if in_the_way:
            self._clear_since = self._now()
        self._follows = follows_everything
        self._in_the_way = tuple(in_the_way)

    def counts(self) -> Counts:
        """How it stands now."""
        missing, due = self._ledger.missing, len(self._ledger.due)
        lost = sum(self._now() - max(each.visible_at, self._clear_since) >= GRACE for each in missing)
        return Counts(
            due=due,
            posted=due - len(missing),
            waiting=len(missing) - lost,
            lost=lost,
            repeated=len(self._ledger.repeated),
            disordered=len(self._ledger.disordered),
            follows_everything=self._follows,
            in_the_way=self._in_the_way,
        )


def _events_of(message: Message) -> list[str]:
    payload = (message.metadata or {}).get("event_payload") or {}
    return [str(each) for each in payload.get("event_ids", ())]
