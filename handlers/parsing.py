"""What a person typed behind the slash command, as one of our commands. Pure."""

import difflib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.errors import UserError
from bot.filters import OPTIONS, Key
from bot.filters import parse as parse_wish
from bot.filters.words import plain, words_of
from bot.references import named_within
from bot.suggestions import nearest
from handlers.event_queries import KEYS, list_events, page_of
from handlers.requests import (
    AskRepublish,
    Command,
    Help,
    ListSubscriptions,
    LookUp,
    Menu,
    Scope,
    ShowEvent,
    ShowOrder,
    Status,
    Subscribe,
    Unsubscribe,
    UnsubscribeFilter,
)
from handlers.words import bare, paged, ref_of, unescaped, without_name

MAX_LINE = 4000
MOST_CORRECTIONS = 8
"""Of one line, one after the other."""


def parse(text: str, now: datetime, name: str = "/port") -> Command:
    """The command that `text`, as Slack sends what a person types, means.

    Raises UserError with a sentence and, where it can be guessed, the whole corrected line.
    `name` is the slash command's own, which people write once more, with its slash or without.
    """
    if len(text) > MAX_LINE:  # what is cut off might be the `not` of it
        raise UserError(f"A line can have {MAX_LINE:,} characters at most. Make several of it.")
    return parse_line(unescaped(text), now, name)


def parse_line(line: str, now: datetime, name: str = "/port") -> Command:
    """The command that a line means as it stands, such as that behind a button; else like `parse`."""
    try:
        command = _parse(line, now, name)
    except UserError as error:
        raise UserError(str(error), suggestion=_settled(error.suggestion, now, name)) from error
    if isinstance(command, LookUp):
        return replace(command, instead=_settled(command.instead, now, name))
    return command


def _settled(line: str | None, now: datetime, name: str) -> str | None:
    """The line with everything put right that is wrong with it, so that it can be run; None if that fails."""
    for _ in range(MOST_CORRECTIONS):
        if line is None:
            break
        try:
            _parse(line, now, name)
        except UserError as error:
            line = error.suggestion
        else:
            return line
    return None


def _parse(line: str, now: datetime, name: str) -> Command:
    line = without_name(line, name, _COMMANDS)
    if not line:
        return Menu()
    first, _, rest = line.partition(" ")
    word = bare(first).lower()
    if word in _COMMANDS:
        return _COMMANDS[word](bare(rest) if word in _WITHOUT_NAMES else rest, now)
    return _unknown(line, now, name)


def _unknown(line: str, now: datetime, name: str) -> Command:
    """A reference, unless the line looks like a misspelt command or like a filter without one."""
    first, _, rest = line.partition(" ")
    near = _OTHER_NAMES.get(first.lower()) or (nearest(first, tuple(_COMMANDS)) if first.isalpha() else None)
    instead = f"{near} {rest}".strip() if near else None
    # No customer is called `?` or `--help`.
    surely = near and (
        not first.isalpha() or difflib.SequenceMatcher(None, first.lower(), near).ratio() >= 0.8
    )
    words = words_of(line)
    if surely or (near and any(word.key in _FILTERS for word in words)):
        raise UserError(
            f"I don't know the command “{first[:40]}”. To look for that name, put `order` before it.",
            suggestion=instead,
        )
    if words and words[0].key in _FILTERS:
        raise UserError(
            "A filter needs a command before it: `events` lists what fits, `subscribe` follows it.",
            suggestion=_settled(f"events {line}", now, name) or f"subscribe {line}",
        )
    ref, page = paged(line)
    return LookUp(ref_of(ref), instead or _instead_of(ref), page)


def _instead_of(ref: str) -> str | None:
    """The line that is meant by a subscription's name, or by a sentence with a number in it."""
    if re.fullmatch(r"S[1-9][0-9]{0,5}", ref, re.ASCII):
        return "subs"
    within = named_within(ref)
    return f"order {within}" if within else None


def _help(rest: str, _now: datetime) -> Help:
    return Help(plain(rest).casefold()[:40])


def _status(_rest: str, _now: datetime) -> Status:
    return Status()


def _event(rest: str, _now: datetime) -> ShowEvent:
    return ShowEvent(*_event_id("event", rest))


def _republish(rest: str, _now: datetime) -> AskRepublish:
    return AskRepublish(*_event_id("republish", rest))


def _event_id(verb: str, rest: str) -> tuple[str, int]:
    ref, page = paged(rest)
    if not plain(ref):
        raise UserError(f"Which event? Write `{verb} <event-id>`; `events` lists the newest with their ids.")
    return ref_of(ref), page


def _order(rest: str, _now: datetime) -> ShowOrder:
    ref, page = paged(rest)
    if not plain(ref):
        raise UserError("Which order? Write `order` and an id, a support key, a reference or a phone number.")
    return ShowOrder(ref_of(ref), page)


def _subscribe(rest: str, _now: datetime) -> Subscribe:
    return Subscribe(parse_wish(rest))


def _subs(rest: str, _now: datetime) -> ListSubscriptions:
    scopes: list[Scope] = []
    page = 1
    words = words_of(rest)
    for word in words:
        said = " ".join(word.values).casefold()
        if word.key == "page":
            page = page_of(said)
        elif word.key is None and said in _SCOPES:
            scopes.append(_SCOPES[said])
        else:
            near = nearest(said, tuple(_SCOPES))
            line = " ".join(["subs", *(str(near) if each is word else each.typed for each in words)])
            raise UserError(
                f"I don't know “{word.typed[:40]}”: write `subs here`, `subs all` or `subs mine`.",
                suggestion=line if near else None,
            )
    if len(set(scopes)) > 1:
        raise UserError("I list one at a time: write `subs here`, `subs all` or `subs mine`.")
    return ListSubscriptions(scopes[0] if scopes else "here", page)


def _unsubscribe(rest: str, _now: datetime) -> Unsubscribe | UnsubscribeFilter:
    said = bare(plain(rest)).casefold()
    if said == "all":
        return Unsubscribe(None)
    number = re.fullmatch(r"[s#]?0*([1-9][0-9]{0,9})", said, re.ASCII)
    if number:
        return Unsubscribe(int(number.group(1)))
    if said:
        for line in (rest, bare(rest)):  # the full stop may be that of a name
            with suppress(UserError):
                return UnsubscribeFilter(parse_wish(line))
    raise UserError(
        "Which one? Write `unsubscribe S12` for one subscription, `unsubscribe all` for all of this channel; "
        "`subs` lists them.",
        suggestion="subs" if not said else None,
    )


_FILTERS = (*KEYS, *Key, *OPTIONS)
_SCOPES: dict[str, Scope] = {"here": "here", "all": "all", "mine": "mine"}
_OTHER_NAMES = {
    **dict.fromkeys(("?", "-h", "-help", "--help", "—help", "man", "commands"), "help"),
    **dict.fromkeys(("follow", "watch", "add", "sub"), "subscribe"),
    **dict.fromkeys(("unfollow", "unwatch", "stop", "remove", "mute"), "unsubscribe"),
    **dict.fromkeys(("list", "ls", "subscription", "subscriptions", "following"), "subs"),
    **dict.fromkeys(("find", "search", "lookup", "show", "get"), "order"),
    **dict.fromkeys(("resend", "retry", "replay"), "republish"),
    **dict.fromkeys(("ping", "health", "version"), "status"),
    **dict.fromkeys(("log", "history", "feed", "news"), "events"),
}
"""What other bots call our commands; a customer may be called so too, so they are looked for first."""
_WITHOUT_NAMES = ("help", "subs", "status")
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
