"""The commands that only look: what is known of an order, an event, the bot itself."""

from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.messages import lookups, searches
from bot.messages.answers import menu, suggestion
from bot.messages.help import help_on
from bot.messages.status import status
from bot.results import EventQuery, Found
from bot.slack.blocks import Message
from bot.waiting import full_report
from handlers.desk import Desk
from handlers.event_queries import ListEvents
from handlers.exchanges import Exchange
from handlers.parts import Parts
from handlers.requests import AskRepublish, Help, LookUp, Menu, ShowEvent, ShowOrder, Status
from handlers.sight import Sight, sight_of

Question = Menu | Help | LookUp | ShowEvent | ListEvents | ShowOrder | AskRepublish | Status


@dataclass(frozen=True, slots=True)
class Asking:
    """Finds and shows; changes nothing."""

    desk: Desk

    @property
    def parts(self) -> Parts:
        """What all listeners use."""
        return self.desk.parts

    async def answer(self, question: Question, exchange: Exchange) -> Message:
        """What the question asks for. Raises UserError, or TemporaryError where Telnyx alone knows."""
        match question:
            case Menu() | Help() | Status():
                return await self._about_us(question)
            case AskRepublish():
                return await self.ask_republish(question.event_id, question.page)
            case _:
                return await self._about_orders(question, await sight_of(self.desk, exchange))

    async def _about_orders(
        self, question: LookUp | ShowEvent | ListEvents | ShowOrder, sight: Sight
    ) -> Message:
        match question:
            case LookUp():
                return await self._look_up(question.ref, question.page, sight, question.instead)
            case ShowOrder():
                return await self._look_up(question.ref, question.page, sight)
            case ShowEvent():
                return await self._event(question.event_id, question.page, sight)
            case _:
                return await self._events(question, sight)

    async def _about_us(self, question: Menu | Help | Status) -> Message:
        look = self.parts.look()
        match question:
            case Menu():
                return menu(look.command)
            case Help():
                return help_on(question.topic, look.command)
            case _:
                parts = self.parts
                team_id = parts.people.team_id
                return status(await full_report(parts.health, parts.database, team_id, look.now), look)

    async def _look_up(self, ref: str, page: int, sight: Sight, instead: str | None = None) -> Message:
        found = await sight.of(await self.parts.orders.look_up(ref), "order", instead)
        look = self.parts.look()
        if len(found.orders) + len(found.events) > 1:
            return searches.several_found(found, look, line=f"order {ref}", page=page)
        if found.orders:
            return await self._order(found)
        if found.events:
            return lookups.event_answer(found.events[0], look, looked_in=found.looked_in)
        nothing = searches.nothing_found(found.reference, found.looked_in, look)
        return suggestion(nothing, instead, look.command) if instead else nothing

    async def _order(self, found: Found) -> Message:
        order, failed = await self.parts.orders.current(found.orders[0])
        changes = await self.parts.orders.timeline(order)
        looked_in = (*found.looked_in, failed) if failed else found.looked_in
        return lookups.order_answer(order, changes, self.parts.look(), looked_in=looked_in)

    async def _event(self, event_id: str, page: int, sight: Sight) -> Message:
        found = await sight.of(await self.parts.orders.look_up(event_id), "event")
        look = self.parts.look()
        if len(found.events) > 1:
            events = replace(found, orders=())
            return searches.several_found(events, look, line=f"event {event_id}", page=page)
        if found.events:
            return lookups.event_answer(found.events[0], look, looked_in=found.looked_in)
        if found.orders:
            raise UserError("That is an order's id or name, not an event's.", suggestion=f"order {event_id}")
        return searches.no_event(found.reference, found.looked_in, look)

    async def _events(self, asked: ListEvents, sight: Sight) -> Message:
        query = EventQuery(
            ref=asked.ref, kinds=asked.kinds, source=asked.source, since=asked.since, until=asked.until
        )
        if asked.ref:
            found = await sight.of(await self.parts.orders.look_up(asked.ref), "events")
            query = replace(query, found=found)
        else:
            query = sight.narrowed(query)
        page = await self.parts.orders.events(query, asked.page)
        return lookups.events_list(page, asked.line, self.parts.look())

    async def ask_republish(self, typed: str, page: int = 1) -> Message:
        """What would be sent again, and the button whose dialog asks; of an order, its events to choose."""
        look = self.parts.look()
        found = await self.parts.orders.look_up(typed)
        if len(found.events) == 1:
            return lookups.republish_question(found.events[0], look)
        if len(found.orders) + len(found.events) > 1:
            line = f"republish {typed}"
            return searches.several_found(found, look, line=line, page=page, verb="republish")
        if found.orders:
            changes = await self.parts.orders.timeline(found.orders[0])
            return searches.events_to_republish(found.orders[0], changes, look)
        return searches.no_event(found.reference, found.looked_in, look)
