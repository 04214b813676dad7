"""What buttons and menus do. A value may be old or of an old message: all it says is looked up again."""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.delivery import drafts
from bot.errors import UserError
from bot.messages import lookups
from bot.messages.answers import order_ids
from bot.slack.blocks import Message
from bot.telnyx.events import Source
from bot.telnyx.orders import Order
from handlers.asking import Asking
from handlers.commands import Commands
from handlers.desk import Desk
from handlers.exchanges import Body, Exchange, action_of
from storage import deliveries, promises

RUN = re.compile(r"run(_\w+)?")
GONE = "I can't find that any more. Look the order up by its id or number instead."


@dataclass(frozen=True, slots=True)
class Actions:
    """The buttons below cards, roll-ups and answers."""

    desk: Desk
    asking: Asking
    commands: Commands

    def register(self, app: AsyncApp) -> None:
        """Listen to every action that our messages have."""
        app.action(RUN)(self.run)
        app.action("republish")(self.republish)
        app.action("timeline")(self.timeline)
        app.action("review")(self.review)
        app.action("more")(self.more)
        app.action("show_all")(self.show_all)

    async def run(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """*Run it*, the next page, an entry of the menu: the value is a line."""
        await ack()
        await self.commands.run(exchange, action_of(body)[1])

    async def republish(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """The person said yes in the dialog."""
        await ack()
        exchange.replaces = False  # the answer stands beside what it is about
        await self.desk.serve(exchange, self._republished(exchange, action_of(body)[1]))

    async def _republished(self, exchange: Exchange, value: str) -> Message:
        source, event_id = _named(value)
        await self.desk.require_operator(exchange, "republish", value)
        done = await self.desk.parts.republishing.republish(source, event_id, exchange.user_id)
        return lookups.republished(done, self.desk.parts.look())

    async def timeline(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """All that happened to an order."""
        await ack()
        exchange.replaces = False
        await self.desk.serve(exchange, self._timeline(action_of(body)[1]))

    async def _timeline(self, value: str) -> Message:
        order = await self._order(value)
        return lookups.timeline(order, await self.desk.parts.orders.timeline(order), self.desk.parts.look())

    async def review(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """*I'll check*: somebody looks after a port-out."""
        await ack()
        await self.desk.serve(exchange, self._reviewed(exchange, action_of(body)[1]))

    async def _reviewed(self, exchange: Exchange, value: str) -> Message:
        source, order_id = _named(value)
        if source is not Source.PORT_OUT:
            raise UserError(GONE)
        await self.desk.require_operator(exchange, "review", value)
        reviewed = await self.desk.parts.reviews.review(order_id, exchange.user_id)
        return lookups.reviewed(reviewed, exchange.user_id, self.desk.parts.look())

    async def more(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """The ⋯ menu; a link to the portal opens by itself."""
        await ack()
        what, _, value = action_of(body)[1].partition(":")
        if what == "republish":
            await self.desk.serve(exchange, self.asking.ask_republish(_named(value)[1]))
        elif what == "ids":
            await self.desk.serve(exchange, self._ids(value))
        elif what != "portal":
            raise UserError(GONE)

    async def _ids(self, value: str) -> Message:
        return order_ids(await self._order(value))

    async def show_all(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """Every event of a roll-up, for the asker; `<delivery id>` or `<delivery id>:<page>`."""
        await ack()
        await self.desk.serve(exchange, self._all_of(exchange, action_of(body)[1]))

    async def _all_of(self, exchange: Exchange, value: str) -> Message:
        delivery_id, _, page = value.partition(":")
        async with self.desk.parts.database.reading() as tx:
            delivery = await deliveries.find(tx, delivery_id)
            if delivery is None or delivery.channel_id != exchange.channel_id:
                raise UserError("I don't keep what was in that message any more.", suggestion="events")
            carried = await promises.carried_by(tx, delivery_id)
            draft = await drafts.load(tx, delivery, delivery.shape, carried)
        return lookups.roll_up_events(draft.changes, int(page or 1), self.desk.parts.look())

    async def _order(self, value: str) -> Order:
        source, order_id = _named(value)
        found = await self.desk.parts.orders.look_up(order_id)
        order = next((each for each in found.orders if each.source is source), None)
        return order or Order(source=source, order_id=order_id)


def _named(value: str) -> tuple[Source, str]:
    """`<source>:<id>`, as our buttons carry it; raises UserError for anything else."""
    source, _, name = value.partition(":")
    if source not in tuple(Source) or not re.fullmatch(r"[\w-]{1,100}", name, re.ASCII):
        raise UserError(GONE)
    return Source(source), name
