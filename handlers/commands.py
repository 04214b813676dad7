"""The slash command: a line becomes a command, the command an answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.errors import UserError
from bot.masking import mask_secrets
from bot.references import read_reference
from handlers.asking import Asking
from handlers.desk import Desk, Reply
from handlers.exchanges import Body, Exchange
from handlers.failures import Guard, told
from handlers.following import Following, Wished
from handlers.parsing import parse, parse_line
from handlers.requests import AskRepublish, Command, name_of

AUDITED_OF_A_NAME = 100


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs lines, typed or behind a button."""

    desk: Desk
    asking: Asking
    following: Following

    def register(self, app: AsyncApp, guarded: Guard) -> None:
        """Listen to our slash command."""
        app.command(self.desk.parts.look().command)(guarded(self.typed))

    async def typed(self, ack: AsyncAck, command: Body, exchange: Exchange) -> None:
        """Somebody typed the command, in any channel or conversation."""
        await ack()
        await self.run(exchange, str(command.get("text") or ""))

    async def run(self, exchange: Exchange, text: str) -> None:
        """Answer what a person wrote, as Slack sends it."""
        await self._run(exchange, text, parse)

    async def run_line(self, exchange: Exchange, line: str) -> None:
        """Answer the line behind a button, which stands there as it is meant."""
        await self._run(exchange, line, parse_line)

    async def _run(
        self, exchange: Exchange, line: str, read: Callable[[str, datetime, str], Command]
    ) -> None:
        """Answer a line; each is counted, under a name from a short list."""
        parts = self.desk.parts
        began = time.monotonic()
        name = "unknown"
        try:
            command = read(line, parts.now(), parts.look().command)
            name = name_of(command)
            await self.desk.serve(exchange, self._answer(exchange, command))
        except UserError as error:
            await self.desk.answer(exchange, told(error, parts.look().command))
        finally:
            parts.metrics.commands_total.labels(name=name).inc()
            parts.metrics.command_seconds.observe(time.monotonic() - began)

    async def _answer(self, exchange: Exchange, command: Command) -> Reply:
        if isinstance(command, Wished):
            return await self.following.answer(exchange, command)
        if isinstance(command, AskRepublish):
            await self.desk.require_operator(exchange, "republish", await self._target(command))
        return await self.asking.answer(command, exchange)

    async def _target(self, asked: AskRepublish) -> str:
        """What the audit calls it: the event as its button does, where it is one that we have seen."""
        if seen := await self.desk.parts.orders.seen_event(asked.event_id):
            return f"{seen.event.source.value}:{seen.event.event_id}"
        ids = read_reference(asked.event_id).ids
        return ids[0] if ids else mask_secrets(asked.event_id)[:AUDITED_OF_A_NAME]
