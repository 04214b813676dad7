"""Who follows what, kept in memory and matched by an index; read anew when a subscription changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.changes import Change
from bot.filters import Index, Key, Plan, Subscription, combined
from bot.filters.terms import Named
from bot.subscriptions import Subscriptions
from storage import subscriptions
from storage.database import Tx

_FACTS_OF_ORDERS = frozenset({Key.ORDER, Key.REF, Key.NUMBER, Key.CARRIER})
"""Keys whose values an event may leave out; all others it always tells."""


@dataclass(slots=True)
class Followers:
    """The active subscriptions; `refresh` before matching, so that a new one gets what comes after it."""

    subscriptions: Subscriptions
    _version: object = None
    _index: Index = field(default_factory=lambda: Index.build({}))
    _by_id: dict[int, Subscription] = field(default_factory=dict)
    asks_for_facts: bool = False
    """False where no filter asks for what only the order tells: no event needs a look then."""
    asks_for_severity: bool = False

    async def refresh(self, tx: Tx) -> None:
        """Read the subscriptions again if their newest version is not the one that we have."""
        newest = await subscriptions.version(tx)
        if newest == self._version:
            return
        self._by_id = {each.id: each for each in await self.subscriptions.active_in(tx)}
        self._index = Index.build({each.id: each.wish.filter for each in self._by_id.values()})
        wishes = self._by_id.values()
        self.asks_for_facts = any(map(_asks_for_facts, wishes))
        self.asks_for_severity = any(
            term.key is Key.SEVERITY for each in wishes for term in each.wish.filter.terms
        )
        self._version = newest

    @property
    def any(self) -> bool:
        """True when at least one channel follows something."""
        return bool(self._by_id)

    def need_facts(self, change: Change) -> bool:
        """True when a filter asks for a fact that neither the event nor what we know of its order tells."""
        return self._index.needs_facts(change)

    def plans(self, change: Change) -> Iterator[tuple[Subscription, Plan]]:
        """For each channel that follows the change: one of its subscriptions, and how it is shown there."""
        by_channel: dict[str, list[Subscription]] = {}
        for number in self._index.matching(change):
            subscription = self._by_id[number]
            by_channel.setdefault(subscription.channel_id, []).append(subscription)
        for matching in by_channel.values():
            yield matching[0], combined(matching, change)


def _asks_for_facts(subscription: Subscription) -> bool:
    terms = subscription.wish.filter.terms
    return any(term.key in _FACTS_OF_ORDERS and term.named is not Named.ID for term in terms)
