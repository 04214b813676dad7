"""Stored events on their way to the channels, and those that a fan-out holds back."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.frontier import Frontier
from bot.known_orders import Key
from bot.telnyx.events import Event
from bot.telnyx.orders import Order
from storage.clocks import CLOCKS_DIFFER
from storage.events import StoredEvent

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored event on its way to the channels."""

    row: StoredEvent
    event: Event

    @property
    def key(self) -> Key:
        return self.event.source, self.event.order_id

    @property
    def bare_order(self) -> Order:
        """The order of which nothing is known yet."""
        return Order(source=self.event.source, order_id=self.event.order_id)

    def seen_at(self, now: datetime) -> datetime:
        """When we first saw the event; a clock that has been set back since says less than Telnyx's.

        Where that is ahead of ours too, nobody knows how long the event has waited: long enough.
        """
        first_seen_at, created_at = self.row.first_seen_at, self.event.created_at
        if first_seen_at <= now + CLOCKS_DIFFER:
            return first_seen_at
        return created_at if created_at <= now else LONG_AGO

    def as_sure(self, order: Order) -> Order:
        """What is sure of the order for this event: what Telnyx did not know before it may be known now."""
        if order.fetched_at is None or order.fetched_at >= self.row.first_seen_at:
            return order
        return replace(order, fetched_at=None, is_missing=False)

    def is_confirmed_anew(self, order: Order) -> bool:
        """A FOC was confirmed since Telnyx was last asked for the order, which alone tells the date."""
        asked = order.fetched_at
        is_newer = asked is None or asked < self.row.first_seen_at
        return is_newer and self.event.status == "foc-date-confirmed"


@dataclass(slots=True)
class Held:
    """What one fan-out holds back: events, and with them the younger ones of their orders."""

    since: Frontier
    """As it stood when the fan-out began."""
    orders: set[Key] = field(default_factory=set)
    count: int = 0

    def hold(self, candidate: Candidate) -> None:
        self.count += 1
        if candidate.event.order_id:
            self.orders.add(candidate.key)
