"""What buttons and menus do. A value may be old or of an old message: all it says is looked up again."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.changes import Change
from bot.delivery import drafts
from bot.errors import PortwireError, UserError
from bot.messages import outcomes
from bot.messages.answers import events_of_message, order_ids
from bot.messages.timelines import timeline
from bot.results import Republished
from bot.slack.blocks import Message
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order
from handlers.asking import Asking
from handlers.commands import Commands
from handlers.desk import Desk
from handlers.event_queries import page_of
from handlers.exchanges import Body, Exchange, action_of
from handlers.failures import Guard
from handlers.sight import sight_of
from storage import deliveries, promises
from storage.errors import StorageError

log = structlog.get_logger()

# Bolt looks for a pattern anywhere in an action's id.
SHOW_ALL = re.compile(r"^show_all(_\w+)?$")
RUN = re.compile(r"^run(_\w+)?$")
GONE = "I can't find that any more. Look the order up by its id or number instead."


@dataclass(frozen=True, slots=True)
class Actions:
    """The buttons below cards, roll-ups and answers."""

    desk: Desk
    asking: Asking
    commands: Commands

    def register(self, app: AsyncApp, guarded: Guard) -> None:
        """Listen to every action that our messages have."""
        app.action(RUN)(guarded(self.run))
        app.action("republish")(guarded(self.republish))
        app.action("timeline")(guarded(self.timeline))
        app.action("review")(guarded(self.review))
        app.action("more")(guarded(self.more))
        app.action(SHOW_ALL)(guarded(self.show_all))
        app.action("portal")(guarded(self.portal))

    async def run(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """*Run it*, the next page, an entry of the menu: the value is a line."""
        await ack()
        await self.commands.run_line(exchange, action_of(body)[1])

    async def republish(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """The person said yes in the dialog."""
        await ack()
        exchange.replaces = False  # what it is about stays to be seen
        await self.desk.serve(exchange, self._republished(exchange, action_of(body)[1]))

    async def _republished(self, exchange: Exchange, value: str) -> Message:
        source, event_id = _named(value)
        await self.desk.require_operator(exchange, "republish", value)
        result = await self.desk.parts.republishing.republish(source, event_id, exchange.user_id)
        change = await self._change(source, event_id, result.at)
        await self._tell_thread(exchange, result, change)
        return outcomes.republished(result, change)

    async def _tell_thread(self, exchange: Exchange, result: Republished, change: Change) -> None:
        """Say below the message with the button who asked Telnyx; between two nobody else is there."""
        if not exchange.root_ts or exchange.is_direct:
            return
        notice = outcomes.republish_asked(await self.desk.name_of(exchange), result, change)
        if notice is None:
            return
        try:
            await self.desk.parts.notices(exchange.channel_id, notice, thread_ts=exchange.root_ts)
        except StorageError as error:  # who asked must hear all the same that Telnyx was asked
            log.warning("a thread can't be told of a republish", reason=str(error))

    async def _change(self, source: Source, event_id: str, at: datetime) -> Change:
        """The event as far as it is known: the answer must not fail for want of its name."""
        with suppress(PortwireError, StorageError):
            change = await self.desk.parts.orders.event(event_id)
            if change:
                return change
        event = Event(source=source, event_id=event_id, event_type="", order_id="", created_at=at)
        return Change(event=event, order=Order(source=source, order_id=""))

    async def timeline(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """All that happened to an order."""
        await ack()
        exchange.replaces = False
        await self.desk.serve(exchange, self._timeline(exchange, action_of(body)[1]))

    async def _timeline(self, exchange: Exchange, value: str) -> Message:
        order = await self._order(exchange, value, "timeline")
        changes = await self.desk.parts.orders.timeline(order)
        return timeline(order, changes, self.desk.parts.look())

    async def review(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """*I'll check*: somebody looks after a port-out."""
        await ack()
        exchange.replaces = False
        await self.desk.serve(exchange, self._reviewed(exchange, action_of(body)[1]))

    async def _reviewed(self, exchange: Exchange, value: str) -> Message:
        source, order_id = _named(value)
        if source is not Source.PORT_OUT:
            raise UserError(GONE)
        await self.desk.require_operator(exchange, "review", value)
        reviewed = await self.desk.parts.reviews.review(order_id, exchange.user_id)
        return outcomes.reviewed(reviewed)

    async def more(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """The ⋯ menu; a link to the portal opens by itself."""
        await ack()
        what, _, value = action_of(body)[1].partition(":")
        if what == "republish":
            await self.desk.serve(exchange, self._republish_asked(exchange, value))
        elif what == "ids":
            await self.desk.serve(exchange, self._ids(exchange, value))
        elif what != "portal":
            raise UserError(GONE)

    async def _republish_asked(self, exchange: Exchange, value: str) -> Message:
        _, event_id = _named(value)
        await self.desk.require_operator(exchange, "republish", value)
        return await self.asking.ask_republish(event_id)

    async def _ids(self, exchange: Exchange, value: str) -> Message:
        return order_ids(await self._order(exchange, value, "ids"))

    async def show_all(self, ack: AsyncAck, body: Body, exchange: Exchange) -> None:
        """Every event of a roll-up, for the asker: the value is its delivery's id, and a page."""
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
        return events_of_message(draft.changes, page_of(page), delivery_id, self.desk.parts.look())

    async def portal(self, ack: AsyncAck) -> None:
        """A link: the browser has opened it already."""
        await ack()

    async def _order(self, exchange: Exchange, value: str, action: str) -> Order:
        source, order_id = _named(value)
        found = await self.desk.parts.orders.look_up(order_id)
        order = next((each for each in found.orders if each.source is source), None)
        order = order or Order(source=source, order_id=order_id)
        await (await sight_of(self.desk, exchange)).check(order, action)
        return order


def _named(value: str) -> tuple[Source, str]:
    """`<source>:<id>`, as our buttons carry it; raises UserError for anything else."""
    source, _, name = value.partition(":")
    if source not in tuple(Source) or not re.fullmatch(r"[\w-]{1,100}", name, re.ASCII):
        raise UserError(GONE)
    return Source(source), name
