"""How everybody is served: once, patiently, with an answer that only they see."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.errors import PortwireError, TemporaryError, UserError
from bot.messages.answers import looking
from bot.slack.blocks import Message
from bot.slack.repeats import is_repeat
from handlers.answering import answer, by_address
from handlers.exchanges import Body, Exchange, exchange_of
from handlers.failures import told
from handlers.parts import Parts
from handlers.people import REFUSALS, Role
from storage import audit

log = structlog.get_logger()

A_MOMENT_S = 0.8
SEEN_WITHIN_S = 0.8
Reply = Message | tuple[Message, ...]
"""An answer; one that is too long for a message is several, the first of which says what was done."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all listeners share."""

    parts: Parts

    async def once(
        self, body: Body, context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """Bolt's middleware: hand each payload on once, with its `exchange` for the listener."""
        exchange = exchange_of(body)
        context["exchange"] = exchange
        exchange.is_remembered = context.get("is_remembered", True)
        if exchange.key and exchange.is_remembered:
            came_before = await is_repeat(self.parts.seen, exchange.key, SEEN_WITHIN_S)
            if came_before:
                log.info("payload came again", key=exchange.key)
                return BoltResponse(status=200)
            exchange.is_remembered = came_before is not None
        await next_()
        return None

    async def serve(self, exchange: Exchange, work: Coroutine[Any, Any, Reply]) -> None:
        """Answer with what `work` makes; say that we are looking where that takes longer than a moment."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task}, timeout=A_MOMENT_S)
            if not task.done() and await self._announced(exchange):
                exchange.replaces = True
            reply = await task
        except PortwireError as error:
            reply = told(error, self.parts.look().command)
        finally:
            task.cancel()
        for message in reply if isinstance(reply, tuple) else (reply,):
            await self.answer(exchange, message)
            exchange.replaces = False

    async def _announced(self, exchange: Exchange) -> bool:
        """Only where the words can be taken back: not behind a click in the channel, not without address."""
        if not exchange.response_url or (exchange.is_click and not exchange.replaces):
            return False
        return await by_address(self.parts, exchange, looking())

    async def answer(self, exchange: Exchange, message: Message) -> bool:
        """Show the message to the one who asked."""
        return await answer(self.parts, exchange, message)

    async def name_of(self, exchange: Exchange) -> str:
        """What the person is called, for the others in a channel; empty where nobody says."""
        return exchange.user_name or await self.parts.people.name_of(exchange.user_id)

    async def require_operator(self, exchange: Exchange, action: str, target: str) -> Role:
        """The person's role; UserError and a row in the audit for one who may only read.

        Raises TemporaryError where what they ask for could run twice.
        """
        if not exchange.is_remembered:
            raise TemporaryError("My database does not answer just now, so I changed nothing.")
        role = await self.parts.people.role_of(exchange.user_id, exchange.team_id)
        if role >= Role.OPERATOR:
            return role
        await self.note_denied(exchange, action, target, role)
        raise UserError(REFUSALS[role])

    async def note_denied(self, exchange: Exchange, action: str, target: str, role: Role) -> None:
        """Write into the audit what somebody may not do or see."""
        async with self.parts.database.transaction() as tx:
            await audit.add(
                tx,
                at=self.parts.now(),
                actor_id=exchange.user_id,
                action=action,
                target=target,
                outcome="denied",
                detail=role.name.lower(),
            )
