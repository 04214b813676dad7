"""Who follows what, kept in memory and matched by an index; read anew when a subscription changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.changes import Change
from bot.filters import Index, Plan, Subscription, combined
from bot.subscriptions import Subscriptions
from storage.subscriptions import version


@dataclass(slots=True)
class Followers:
    """The active subscriptions; `refresh` before matching, so that a new one gets what comes after it."""

    subscriptions: Subscriptions
    _version: object = None
    _index: Index = field(default_factory=lambda: Index.build({}))
    _by_id: dict[int, Subscription] = field(default_factory=dict)

    async def refresh(self) -> None:
        """Read the subscriptions again if one changed since."""
        async with self.subscriptions.database.reading() as tx:
            newest = await version(tx)
        if newest == self._version:
            return
        self._by_id = {each.id: each for each in await self.subscriptions.active()}
        self._index = Index.build({each.id: each.wish.filter for each in self._by_id.values()})
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
