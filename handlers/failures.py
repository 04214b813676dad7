"""What a person is told when something did not work; the last net under every listener."""

import secrets

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.errors import PortwireError, TemporaryError, UserError
from bot.messages.answers import sentence, suggestion, trouble
from bot.slack.blocks import Message
from handlers.exchanges import Body, Exchange, exchange_of
from handlers.parts import Parts

log = structlog.get_logger()


def told(error: PortwireError, command: str) -> Message:
    """The error as a sentence, with a button that runs the corrected line where there is one."""
    if isinstance(error, UserError) and error.suggestion:
        return suggestion(sentence(str(error)), error.suggestion, command)
    if isinstance(error, TemporaryError):
        return sentence(f"{error} Please try again in a moment.")
    return sentence(str(error))


class Failures:
    """`app.error`: whatever a listener or the way to it raised. Nothing ends in silence."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def failed(
        self, error: Exception, body: Body, context: AsyncBoltContext, response: BoltResponse | None
    ) -> None:
        """Tell the person, and log what we did not expect under a reference."""
        if response is not None:  # nobody acknowledged: Slack would show a failure of its own beside ours
            response.status = 200
        exchange = context.get("exchange")
        if not isinstance(exchange, Exchange):
            exchange = exchange_of(body)
        if isinstance(error, PortwireError):
            message = told(error, self.parts.look().command)
        else:
            reference = secrets.token_hex(4)
            log.error("listener failed", reference=reference, exc_info=error)
            message = trouble(reference)
        if exchange.response_url:
            await self.parts.responder.answer(exchange.response_url, message, replace=exchange.replaces)
