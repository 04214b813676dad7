"""What somebody may see: everything, or only the orders that the channel follows from which they ask."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.filters import Filter
from bot.masking import mask_secrets
from bot.results import EventQuery, Found
from bot.telnyx.orders import Order
from handlers.desk import Desk
from handlers.exchanges import Exchange
from handlers.people import Role

MOST_ASKED = 5
"""Orders of which too little is known to say whether they are followed, and that Telnyx is asked for."""
AUDITED_OF_A_NAME = 100
WHOSE = {
    Role.UNKNOWN: "Slack did not tell me who you are, so I show you only what this channel follows.",
    Role.STRANGER: "People of other organisations see only the orders that their channel follows.",
    Role.GUEST: "Guests see only the orders that their channel follows.",
}
IN_A_CHANNEL = "Ask me in that channel, with my name before it."
ASK_A_MEMBER = "A full member can look up the others."
ONLY_HERE = "I list only this channel's subscriptions for you."


@dataclass(frozen=True, slots=True)
class Sight:
    """Of one person who asks something; `filters` are those of the channel where they ask."""

    desk: Desk
    exchange: Exchange
    role: Role
    filters: Sequence[Filter] = ()

    @property
    def is_whole(self) -> bool:
        """They may see everything."""
        return self.role > Role.GUEST

    async def of(self, found: Found, action: str, suggestion: str | None = None) -> Found:
        """What they may see of it. Raises UserError where that is nothing; the audit has what is hidden."""
        if self.is_whole:
            return found
        orders = tuple([each for each in found.orders[:MOST_ASKED] if await self._sees(each)])
        orders += tuple(each for each in found.orders[MOST_ASKED:] if self._follows(each))
        events = tuple([each for each in found.events if await self._sees(each.order)])
        seen = replace(found, orders=orders, events=events, has_more=False)
        if (seen.orders, seen.events) != (found.orders, found.events):
            await self.desk.note_denied(self.exchange, action, _named(found.reference.typed), self.role)
        if not seen.orders and not seen.events:
            named = f"Nothing that this channel follows goes by “{found.reference.typed[:60]}”."
            raise UserError(f"{named} {self.why}", suggestion=suggestion)
        return seen

    async def check(self, order: Order, action: str) -> None:
        """Raise UserError where they may not see the order."""
        if self.is_whole or await self._sees(order):
            return
        target = f"{order.source.value}:{order.order_id}"
        await self.desk.note_denied(self.exchange, action, _named(target), self.role)
        raise UserError(f"This channel does not follow that order. {self.why}")

    def narrowed(self, query: EventQuery) -> EventQuery:
        """The query for events of no certain order: those that their channel was told."""
        return query if self.is_whole else replace(query, told_to=self.exchange.channel_id)

    @property
    def why(self) -> str:
        """What they may see, in words."""
        remedy = IN_A_CHANNEL if self.exchange.is_direct else ASK_A_MEMBER
        return f"{WHOSE[self.role]} {remedy}"

    async def _sees(self, order: Order) -> bool:
        if any(each.follows(order) is None for each in self.filters) and not self._follows(order):
            order, _ = await self.desk.parts.orders.current(order)
        return self._follows(order)

    def _follows(self, order: Order) -> bool:
        return any(each.follows(order) for each in self.filters)


async def sight_of(desk: Desk, exchange: Exchange) -> Sight:
    """What the person may see who asks."""
    role = await desk.parts.people.reader_of(exchange.user_id, exchange.team_id)
    if role > Role.GUEST:
        return Sight(desk, exchange, role)
    here = await desk.parts.subscriptions.in_channel(exchange.channel_id)
    return Sight(desk, exchange, role, tuple(each.wish.filter for each in here))


def _named(typed: str) -> str:
    return mask_secrets(typed)[:AUDITED_OF_A_NAME]
