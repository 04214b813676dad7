"""Who follows what: follow, unfollow, list. A change is a row, an audit row, and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

import structlog

from bot.errors import UserError
from bot.filters import Broadcast, Plan, Style, Subscription, Wish, combined, parse
from bot.masking import mask_secrets
from storage import channels, deliveries, promises
from storage import subscriptions as rows
from storage.database import Database, Tx
from storage.subscriptions import NewSubscription, StoredSubscription

__all__ = ["MOST_IN_A_CHANNEL", "Followed", "Plan", "Subscription", "Subscriptions", "combined"]

log = structlog.get_logger()

MOST_IN_A_CHANNEL = 200
"""More filters than anybody can keep in mind; a script gone wild stops here."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a wish. `before`: the subscription with the same filter whose options it replaced."""

    subscription: Subscription
    before: Subscription | None = None

    @property
    def was_same(self) -> bool:
        """True when the channel had exactly this already: nothing changed."""
        return self.before is not None and self.before.wish == self.subscription.wish


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The channels' wishes; every change is seen by the next fan-out."""

    database: Database
    now: Callable[[], datetime]
    _unreadable: set[int] = field(default_factory=set)
    """Rows whose filter this version does not know any more."""

    async def follow(self, channel_id: str, team_id: str, user_id: str, wish: Wish) -> Followed:
        """Follow `wish` in a channel; the same filter again replaces its options. May raise UserError."""
        _check_secrets(wish)
        now = self.now()
        async with self.database.transaction() as tx:
            here = self._read(await rows.in_channel(tx, channel_id))
            before = next((one for one in here if one.wish.filter == wish.filter), None)
            if before is None:
                _check_room(here)
                await channels.ensure(tx, channel_id, team_id)
                new = _new(channel_id, team_id, user_id, wish, now)
                return Followed(
                    subscription_of(StoredSubscription(**asdict(new), id=await rows.add(tx, new)))
                )
            now_wished = replace(before, wish=replace(wish, filter=before.wish.filter))
            if now_wished != before:
                await rows.set_options(
                    tx, before.id, style=wish.style, broadcast=wish.broadcast, by=user_id, now=now
                )
            return Followed(now_wished, before)

    async def unfollow(self, channel_id: str, number: int | None, user_id: str) -> list[Subscription]:
        """End one subscription of the channel, or all (None); return what was ended.

        What waits to be posted only for them is not posted any more.
        """
        now = self.now()
        async with self.database.transaction() as tx:
            here = self._read(await rows.in_channel(tx, channel_id))
            gone = [one for one in here if number in (None, one.id)]
            if gone:
                numbers = [one.id for one in gone]
                await rows.remove(tx, numbers, by=user_id, now=now)
                await promises.cancel_followers(tx, channel_id, numbers, now)
                await deliveries.cancel_unfollowed(tx, channel_id)
        return gone

    async def active(self) -> list[Subscription]:
        """Every subscription, by number: what events are matched against."""
        async with self.database.reading() as tx:
            return await self.active_in(tx)

    async def active_in(self, tx: Tx) -> list[Subscription]:
        """As `active`, within a unit of work: one that asks for a second connection may wait for itself."""
        return self._read(await rows.active(tx))

    async def in_channel(self, channel_id: str) -> list[Subscription]:
        """The channel's subscriptions, by number."""
        async with self.database.reading() as tx:
            return self._read(await rows.in_channel(tx, channel_id))

    async def of_owner(self, user_id: str) -> list[Subscription]:
        """The subscriptions that a person made, by number."""
        async with self.database.reading() as tx:
            return self._read(await rows.of_owner(tx, user_id))

    def _read(self, stored: Sequence[StoredSubscription]) -> list[Subscription]:
        """The rows' subscriptions; one that can't be read must not stop the others."""
        read = []
        for row in stored:
            try:
                read.append(subscription_of(row))
            except UserError as error:
                if row.id not in self._unreadable:
                    log.warning("a subscription can't be read, it is left out", id=row.id, reason=str(error))
                self._unreadable.add(row.id)
        return read


def subscription_of(row: StoredSubscription) -> Subscription:
    """The subscription that a row is."""
    return Subscription(
        id=row.id,
        team_id=row.team_id,
        channel_id=row.channel_id,
        owner_id=row.owner_id,
        wish=Wish(parse(row.filters).filter, Style(row.style), Broadcast(row.broadcast)),
        created_at=row.created_at,
    )


def _check_room(here: Sequence[Subscription]) -> None:
    if len(here) >= MOST_IN_A_CHANNEL:
        raise UserError(
            f"This channel has {len(here)} subscriptions already, the most it can have. Remove one first.",
            suggestion="subs here",
        )


def _check_secrets(wish: Wish) -> None:
    """Raise UserError for a filter that holds a secret: it would be kept, and no stored text has it."""
    text = wish.filter.canonical()
    if mask_secrets(text) != text:
        raise UserError(
            "Behind a word such as PIN or account number stands a secret, which I neither keep nor compare:"
            " put * in its place."
        )


def _new(channel_id: str, team_id: str, user_id: str, wish: Wish, now: datetime) -> NewSubscription:
    return NewSubscription(
        team_id=team_id,
        channel_id=channel_id,
        filters=wish.filter.canonical(),
        style=wish.style,
        broadcast=wish.broadcast,
        owner_id=user_id,
        created_at=now,
    )
