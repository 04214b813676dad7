"""`help`: every command in a line, and a page a topic. Pure."""

import re

from bot.changes import Severity
from bot.errors import UserError
from bot.messages import help_pages
from bot.messages.severities import table
from bot.messages.wording import SIGNS, STATUSES
from bot.slack.blocks import Message, actions, button, section
from bot.slack.escaping import escape
from bot.suggestions import nearest
from bot.telnyx.events import KNOWN_KINDS

TOPICS = {
    "subscribe": help_pages.SUBSCRIBE,
    "filters": help_pages.FILTERS,
    "options": help_pages.OPTIONS,
    "severity": help_pages.SEVERITY,
    "subs": help_pages.SUBS,
    "events": help_pages.EVENTS,
    "lookup": help_pages.LOOK_UP,
    "republish": help_pages.REPUBLISH,
    "status": help_pages.STATUS,
}
_ALIASES = {
    "filter": "filters",
    **dict.fromkeys(("kind", "type", "types", "statuses", "ref", "number", "carrier"), "filters"),
    **dict.fromkeys(("option", "style", "broadcast", "thread", "flat"), "options"),
    **dict.fromkeys(("critical", "warning", "info", "severities"), "severity"),
    **dict.fromkeys(("unsubscribe", "subscriptions"), "subs"),
    "subscription": "subscribe",
    "event": "events",
    **dict.fromkeys(("order", "orders", "<ref>", "look up"), "lookup"),
}
"""What else people ask help on; the names of commands and keys among them."""
_BUTTONS = ("subscribe", "filters", "options", "severity")


def help_on(topic: str, command: str) -> Message:
    """The page for a topic, or the list of commands; raises UserError with the nearest topic."""
    word = topic.casefold().removeprefix(f"{command} ").strip(" :`/.,")
    if word in ("", "help", "commands"):
        return _overview(command)
    name = word if word in TOPICS else _ALIASES.get(word)
    if name is None:
        raise UserError(
            f"There is no help on “{topic.strip()[:40]}”. There is on {', '.join(TOPICS)}.",
            suggestion=_suggested(word),
        )
    title, *paragraphs = _paragraphs(TOPICS[name], command)
    more = _severities() if name == "severity" else []
    return Message(title, [section(text) for text in (title, *paragraphs, *more)])


def _suggested(word: str) -> str | None:
    known = (*TOPICS, *_ALIASES)
    named = next((each for each in word.split() if each in known), None)
    near = named or nearest(word, known)
    return f"help {near}" if near else None


def _overview(command: str) -> Message:
    title, commands = _paragraphs(help_pages.OVERVIEW, command)
    buttons = (button(name.capitalize(), f"run_{at}", f"help {name}") for at, name in enumerate(_BUTTONS))
    return Message(title, [section(title), section(commands), actions(*buttons)])


def _paragraphs(page: str, command: str) -> list[str]:
    """The page's paragraphs as safe mrkdwn; only lines of a list keep their ends."""
    words = {
        "{topics}": ", ".join(TOPICS),
        "{types}": ", ".join(KNOWN_KINDS),
        "{statuses}": ", ".join(status for status in STATUSES if status != "canceled"),
        "/port": command,
    }
    for mark, said in words.items():
        page = page.replace(mark, said)
    return [re.sub(r"\n(?!• )", " ", escape(paragraph)) for paragraph in page.strip().split("\n\n")]


def _severities() -> list[str]:
    rows = table()
    return [
        f"{SIGNS[severity]} *{severity}*\n" + "\n".join(f"• {row}" for row in rows[severity])
        for severity in Severity
    ]
