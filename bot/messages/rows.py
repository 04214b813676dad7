"""Orders and events as rows of a list, each with the button that leads on. Pure."""

from bot.changes import Change
from bot.messages.buttons import fitting
from bot.messages.fields import NAME_LIMIT
from bot.messages.sentences import news
from bot.messages.wording import (
    Look,
    clock,
    code,
    counted,
    full_name,
    sentence_start,
    sign_of,
    status_words,
)
from bot.slack.blocks import TEXT_LIMIT, Block, actions, button, section
from bot.slack.escaping import cut, inline
from bot.telnyx.orders import Order

LINE_LIMIT = 2000
"""Slack's limit of a button's value."""


def event_row(change: Change, place: int, look: Look, verb: str = "") -> Block:
    """An event in a list, with its short id and a button that runs `verb` (else: shows it)."""
    line = cut(f"{verb or 'event'} {change.event.event_id}", LINE_LIMIT)
    return section(_told(change, look), button(sentence_start(verb) or "Show", f"run_{place}", line))


def order_row(order: Order, place: int, verb: str = "") -> Block:
    """An order in a list, with a button that runs `verb` (else: shows it)."""
    label = sentence_start(verb) or "Show"
    shows = button(label, f"run_{place}", f"{verb or 'order'} {order.order_id}")
    return section(_facts(order), fitting(shows))


def turning(
    line: str, page: int, *, has_more: bool, names: tuple[str, str] = ("Newer", "Older")
) -> list[Block]:
    """The row of buttons to the pages before and after, if any; `line` is the command without its page."""
    base = line[: LINE_LIMIT - 20]
    before, after = names
    buttons = [button(before, "run_newer", f"{base} page:{page - 1}")] if page > 1 else []
    buttons += [button(after, "run_older", f"{base} page:{page + 1}")] if has_more else []
    return [actions(*buttons)] if buttons else []


def _told(change: Change, look: Look) -> str:
    told = f"{sign_of(change)} *{sentence_start(full_name(change.order))}*: {news(change, look)}"
    event = change.event
    return cut(f"{clock(event.created_at)} · event {code(event.event_id[:8])}\n{told}", TEXT_LIMIT)


def _facts(order: Order) -> str:
    status = status_words(order.status) if order.status else "status not known yet"
    facts = [status, counted(order.size, "number") if order.size else ""]
    carrier = inline(order.carrier, NAME_LIMIT) if order.carrier else ""
    told = " · ".join(fact for fact in (*facts, carrier) if fact)
    return f"*{sentence_start(full_name(order))}*\n{told}"
