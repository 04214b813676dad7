"""What a person typed behind the slash command, as one of our commands. Pure."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.errors import UserError
from bot.filters import Wish
from bot.filters import parse as parse_wish
from bot.filters.words import plain, words_of
from bot.suggestions import nearest
from handlers.event_queries import KEYS, ListEvents, list_events, page_of
from handlers.words import bare, ref_of, unescaped, without_name

Scope = Literal["here", "all", "mine"]


@dataclass(frozen=True, slots=True)
class Menu:
    """Nothing was typed: the most used things."""


@dataclass(frozen=True, slots=True)
class Help:
    """`help [topic]`"""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class LookUp:
    """`<ref>`; `instead` is the line that was perhaps meant, worth a hint where nothing is found."""

    ref: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class ShowEvent:
    """`event <event-id>`"""

    event_id: str


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """`order <ref>`"""

    ref: str


@dataclass(frozen=True, slots=True)
class AskRepublish:
    """`republish <event-id>`"""

    event_id: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe [filters] [options]`"""

    wish: Wish


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """`subs [here|all|mine] [page:…]`"""

    scope: Scope = "here"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """`unsubscribe <S12>|all`; None: all of the channel."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """`status`"""


Command = (
    Menu
    | Help
    | LookUp
    | ShowEvent
    | ListEvents
    | ShowOrder
    | AskRepublish
    | Subscribe
    | ListSubscriptions
    | Unsubscribe
    | Status
)

MAX_LINE = 4000
NAMES: dict[type[Command], str] = {
    Menu: "menu",
    Help: "help",
    LookUp: "lookup",
    ShowEvent: "event",
    ListEvents: "events",
    ShowOrder: "order",
    AskRepublish: "republish",
    Subscribe: "subscribe",
    ListSubscriptions: "subs",
    Unsubscribe: "unsubscribe",
    Status: "status",
}


def name_of(command: Command) -> str:
    """What the command is counted as."""
    return NAMES[type(command)]


def parse(text: str, now: datetime, name: str = "/port") -> Command:
    """The command that `text` means; raises UserError with a sentence, and a corrected line where it can.

    `name` is the slash command's own, which people write once more, with its slash or without.
    """
    line = without_name(unescaped(text[:MAX_LINE]), name, _COMMANDS)
    if not line:
        return Menu()
    first, _, rest = line.partition(" ")
    word = bare(first).lower()
    if word in _COMMANDS:
        return _COMMANDS[word](bare(rest) if word in _WITHOUT_NAMES else rest, now)
    return _unknown(first, rest)


def _unknown(first: str, rest: str) -> Command:
    """A reference, unless the line looks like a misspelt command."""
    line = f"{first} {rest}".strip()
    near = nearest(first, tuple(_COMMANDS)) if first.isalpha() else None
    instead = f"{near} {rest}".strip() if near else None
    surely = near and difflib.SequenceMatcher(None, first.lower(), near).ratio() >= 0.8
    has_filters = any(word.key in KEYS or word.key == "status" for word in words_of(rest))
    if surely or (near and has_filters):
        raise UserError(
            f"I don't know the command “{first[:40]}”. To look for that name, put `order` before it.",
            suggestion=instead,
        )
    return LookUp(ref_of(line), instead)


def _help(rest: str, _now: datetime) -> Help:
    return Help(plain(rest).casefold()[:40])


def _status(_rest: str, _now: datetime) -> Status:
    return Status()


def _event(rest: str, _now: datetime) -> ShowEvent:
    return ShowEvent(_event_id("event", rest))


def _republish(rest: str, _now: datetime) -> AskRepublish:
    return AskRepublish(_event_id("republish", rest))


def _event_id(verb: str, rest: str) -> str:
    if not plain(rest):
        raise UserError(f"Which event? Write `{verb} <event-id>`; `events` lists the newest with their ids.")
    return ref_of(rest)


def _order(rest: str, _now: datetime) -> ShowOrder:
    if not plain(rest):
        raise UserError("Which order? Write `order` and an id, a support key, a reference or a phone number.")
    return ShowOrder(ref_of(rest))


def _subscribe(rest: str, _now: datetime) -> Subscribe:
    return Subscribe(parse_wish(rest))


def _subs(rest: str, _now: datetime) -> ListSubscriptions:
    scope: Scope = "here"
    page = 1
    for word in words_of(rest):
        said = " ".join(word.values).casefold()
        if word.key == "page":
            page = page_of(said)
        elif said in _SCOPES:
            scope = _SCOPES[said]
        else:
            near = nearest(said, tuple(_SCOPES))
            raise UserError(
                f"I don't know “{word.typed[:40]}”: write `subs here`, `subs all` or `subs mine`.",
                suggestion=f"subs {near}" if near else None,
            )
    return ListSubscriptions(scope, page)


def _unsubscribe(rest: str, _now: datetime) -> Unsubscribe:
    said = plain(rest).casefold()
    if said == "all":
        return Unsubscribe(None)
    number = re.fullmatch(r"[s#]?0*([1-9][0-9]{0,9})", said, re.ASCII)
    if number:
        return Unsubscribe(int(number.group(1)))
    raise UserError(
        "Which one? Write `unsubscribe S12` for one subscription, `unsubscribe all` for all of this channel; "
        "`subs` lists them.",
        suggestion="subs" if not said else None,
    )


_SCOPES: dict[str, Scope] = {"here": "here", "all": "all", "mine": "mine"}
_WITHOUT_NAMES = ("help", "event", "republish", "subs", "unsubscribe", "status")
"""Commands whose words never end as a sentence does: what does is punctuation."""
_COMMANDS: dict[str, Callable[[str, datetime], Command]] = {
    "help": _help,
    "event": _event,
    "events": list_events,
    "order": _order,
    "republish": _republish,
    "subscribe": _subscribe,
    "subs": _subs,
    "unsubscribe": _unsubscribe,
    "status": _status,
}
