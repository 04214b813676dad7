"""The way back to who asked: Slack's own address for the answer, else the nearest place that they see."""

from collections.abc import Awaitable, Callable

import structlog

from bot.errors import PortwireError
from bot.slack.blocks import Message
from bot.slack.errors import SlackRefusedError
from bot.slack.plain import forms
from handlers.exchanges import Exchange
from handlers.parts import Parts
from storage.errors import StorageError

log = structlog.get_logger()

_Way = Callable[[Parts, Exchange, Message], Awaitable[bool]]


async def answer(parts: Parts, exchange: Exchange, message: Message) -> bool:
    """Show the message to the one who asked; False where nobody waits, or nothing leads to them."""
    for way in _ways(exchange):
        try:
            if await way(parts, exchange, message):
                return True
        except (PortwireError, StorageError) as error:
            log.warning("a way to answer is closed", way=way.__name__.strip("_"), reason=str(error))
    if exchange.is_waiting:
        log.warning("a person got no answer", user_id=exchange.user_id)
    return False


async def by_address(parts: Parts, exchange: Exchange, message: Message) -> bool:
    """To `response_url`: it works where we are no member, five times within 30 minutes."""
    return await parts.responder.answer(
        exchange.response_url, message, replace=exchange.replaces, thread_ts=exchange.thread_ts
    )


def _ways(exchange: Exchange) -> list[_Way]:
    """From the best to the last."""
    ways: list[_Way] = [by_address] if exchange.response_url else []
    if not exchange.is_waiting:
        return ways
    if exchange.is_spoken and exchange.is_direct:
        ways.append(_in_conversation)
    if exchange.channel_id:
        ways.append(_whispered)
    return [*ways, _directly]


async def _in_conversation(parts: Parts, exchange: Exchange, message: Message) -> bool:
    """As a message of ours: between two nobody else is there."""
    await parts.notices(exchange.channel_id, message, thread_ts=exchange.thread_ts or None)
    return True


async def _whispered(parts: Parts, exchange: Exchange, message: Message) -> bool:
    """In the channel, for the person alone."""
    place = {
        "channel": exchange.channel_id,
        "user": exchange.user_id,
        "thread_ts": exchange.thread_ts or None,
    }
    *rich, plain = forms(message)
    for form in rich:
        try:
            await parts.slack.call("chat.postEphemeral", place | form)
        except SlackRefusedError as error:
            log.warning("an answer was not drawn by slack", reason=error.error)
        else:
            return True
    await parts.slack.call("chat.postEphemeral", place | plain)
    return True


async def _directly(parts: Parts, exchange: Exchange, message: Message) -> bool:
    """As a direct message."""
    await parts.notices(exchange.user_id, message)
    return True
