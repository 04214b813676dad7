"""What a person is told when something did not work; the net under every listener."""

import asyncio
import functools
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.errors import PortwireError, TemporaryError, UserError
from bot.messages.answers import sentence, suggestion, trouble
from bot.slack.blocks import Message
from handlers.answering import answer
from handlers.exchanges import Body, Exchange, exchange_of
from handlers.parts import Parts
from handlers.under_way import UnderWay
from storage.errors import StorageError

log = structlog.get_logger()

CUT_OFF = "I am being restarted, and did not get to the end of this."
Listener = Callable[..., Awaitable[None]]
Guard = Callable[[Listener], Listener]


def told(error: PortwireError, command: str) -> Message:
    """The error as a sentence, with a button that runs the corrected line where there is one."""
    if isinstance(error, UserError) and error.suggestion:
        return suggestion(sentence(str(error)), error.suggestion, command)
    if isinstance(error, TemporaryError):
        return sentence(f"{error} Please try again in a moment.")
    return sentence(str(error))


@dataclass(frozen=True, slots=True)
class Failures:
    """Nothing that somebody does ends in silence: they are told, and the log has what we did not expect."""

    parts: Parts
    under_way: UnderWay

    def guarded(self, listener: Listener) -> Listener:
        """The listener with every error answered for.

        Bolt must not see one: where a listener fails right after its ack, Bolt takes the ack back, hands the
        payload to the next listener that fits, and after three seconds tells Slack that nobody took it.
        """

        @functools.wraps(listener)
        async def listening(**given: Any) -> None:
            exchange = given.get("exchange")
            with self.under_way.serving():
                try:
                    await listener(**given)
                except asyncio.CancelledError:
                    await self.tell(TemporaryError(CUT_OFF), exchange)
                    raise
                except Exception as error:  # noqa: BLE001  # the outermost call of a task of its own
                    await self.tell(error, exchange)

        return listening

    async def failed(
        self, error: Exception, body: Body, context: AsyncBoltContext, response: BoltResponse
    ) -> None:
        """`app.error`: what went wrong on the way to a listener."""
        response.status = 200  # nobody acknowledged: Slack would show a failure of its own beside ours
        exchange = context.get("exchange")
        await self.tell(error, exchange if isinstance(exchange, Exchange) else exchange_of(body))

    async def tell(self, error: Exception, exchange: Exchange | None) -> None:
        """Log what we did not expect under a reference, and tell the person, if there is one."""
        if isinstance(error, PortwireError):
            message = told(error, self.parts.look().command)
            log.info("listener refused", kind=type(error).__name__)
        elif isinstance(error, StorageError):
            message = sentence("My database does not answer just now. Please try again in a moment.")
            self.parts.health.database.failed(error, self.parts.now())
            log.info("listener refused", kind=type(error).__name__)
        else:
            reference = secrets.token_hex(4)
            log.error("listener failed", reference=reference, exc_info=error)
            message = trouble(reference)
        if exchange:
            await answer(self.parts, exchange, message)
