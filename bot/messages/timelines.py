"""What happened to an order, line by line. Pure."""

from collections.abc import Sequence

from bot.changes import Change
from bot.messages.sentences import news
from bot.messages.wording import Look, clock, code, counted, full_name, sign_of
from bot.slack.blocks import Block, Message, bullets, context, leaves_of, rich_text, section
from bot.telnyx.orders import Order

MOST_LINES = 30
"""Of a timeline: a longer one would pass Slack's limit of a message."""


def timeline(order: Order, changes: Sequence[Change], look: Look) -> Message:
    """All that happened, oldest first; `changes` in that order."""
    name = full_name(order)
    if not changes:
        text = f"No events are known of {name}: not here, and not at Telnyx."
        return Message(text, [section(text)])
    text = f"{counted(len(changes), 'event')} of {name}, oldest first:"
    return Message(text, [section(text), lines_of(changes, look), *_left_out(order, len(changes), look)])


def lines_of(changes: Sequence[Change], look: Look) -> Block:
    """The newest of the changes, a line each, in the order that they have."""
    lines = [f"{clock(each.event.created_at)}  {sign_of(each)} {news(each, look)}" for each in changes]
    return rich_text(bullets([leaves_of(line) for line in lines[-MOST_LINES:]]))


def _left_out(order: Order, count: int, look: Look) -> list[Block]:
    if count <= MOST_LINES:
        return []
    older = counted(count - MOST_LINES, "older event")
    return [context(f"{older} left out: {code(f'{look.command} events {order.order_id}')} has them all.")]
