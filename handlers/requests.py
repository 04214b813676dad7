"""What people can ask of us, each command as a value. Pure."""

from dataclasses import dataclass
from typing import Literal

from bot.filters import Wish
from handlers.event_queries import ListEvents

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
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowEvent:
    """`event <event-id> [page:…]`"""

    event_id: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """`order <ref> [page:…]`"""

    ref: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class AskRepublish:
    """`republish <event-id> [page:…]`"""

    event_id: str
    page: int = 1


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
class UnsubscribeFilter:
    """`unsubscribe` and a filter: not how it is done, but what is meant can be found."""

    wish: Wish


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
    | UnsubscribeFilter
    | Status
)
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
    UnsubscribeFilter: "unsubscribe",
    Status: "status",
}


def name_of(command: Command) -> str:
    """What the command is counted as."""
    return NAMES[type(command)]
