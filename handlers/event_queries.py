"""What a person typed behind `events`. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.errors import UserError
from bot.filters.words import Word, is_quote_open, words_of
from bot.suggestions import nearest
from bot.telnyx.events import KNOWN_KINDS, Source
from handlers.moments import moment
from handlers.words import ref_of

KEYS = ("type", "kind", "since", "until", "page")
SOURCES = {"in": Source.PORT_IN, "out": Source.PORT_OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEvents:
    """`events [<ref>] [type:…] [kind:in|out] [since:…] [until:…] [page:…]`; times are aware UTC."""

    ref: str | None = None
    kinds: tuple[str, ...] = ()
    source: Source | None = None
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1
    line: str = "events"
    """What was typed, without the page."""


def list_events(rest: str, now: datetime) -> ListEvents:
    """The wish behind `events`; raises UserError with a sentence, and a corrected line where it can."""
    if is_quote_open(rest):
        raise UserError("A quote is opened but never closed.", suggestion=f'events {rest}"')
    typed = words_of(rest)
    refs = [word.typed for word in typed if word.key is None or _is_reference(word, typed)]
    since, until = _last(typed, "since"), _last(typed, "until")
    begin = moment(since, now) if since else None
    end = moment(until, now, ends_day=True) if until else None
    if begin and end and begin > end:
        raise UserError("`since` is later than `until`: nothing can lie between them.")
    return ListEvents(
        ref=ref_of(" ".join(refs)) if refs else None,
        kinds=_kinds(typed),
        source=_source(typed),
        since=begin,
        until=end,
        page=page_of(_last(typed, "page") or ""),
        line=" ".join(["events", *(word.typed for word in typed if word.key != "page")]),
    )


def page_of(said: str) -> int:
    """The page that `said` counts, from 1; the first one for anything odd."""
    return int(said) if re.fullmatch(r"[1-9][0-9]{0,3}", said, re.ASCII) else 1


def _last(typed: list[Word], key: str) -> str | None:
    return next((word.values[-1] for word in reversed(typed) if word.key == key), None)


def _is_reference(word: Word, typed: list[Word]) -> bool:
    """True for `PO:123`, False for our keys; raises UserError for `typ:split` and a key without a value."""
    key = word.key or ""
    if key in KEYS and word.values and not word.negated:
        return False
    if key in KEYS:
        said = "takes no minus here" if word.negated else "wants a value right behind the colon"
        raise UserError(f"`{key}:` {said}.")
    near = nearest(key, KEYS)
    if near is None and not word.negated:
        return True
    raise UserError(
        f"I don't know “{word.typed[:40]}” in `events`. "
        "It takes a reference, `type:`, `kind:`, `since:` and `until:`.",
        suggestion=_corrected(typed, word, f"{near}:{word.typed.partition(':')[2]}") if near else None,
    )


def _kinds(typed: list[Word]) -> tuple[str, ...]:
    found: list[str] = []
    for word in typed:
        for value in word.values if word.key == "type" else ():
            kind = value.casefold().replace("-", "_").replace(" ", "_").rpartition(".")[2]
            if kind not in (*KNOWN_KINDS, "*"):
                near = nearest(kind, KNOWN_KINDS)
                raise UserError(
                    f"I don't know the type “{value[:40]}”. The types are {', '.join(KNOWN_KINDS)}.",
                    suggestion=_with_value(typed, word, value, near),
                )
            found.append(kind)
    return () if "*" in found else tuple(dict.fromkeys(found))


def _source(typed: list[Word]) -> Source | None:
    found: set[Source] = set()
    for word in typed:
        for value in word.values if word.key == "kind" else ():
            said = value.casefold().removeprefix("port").lstrip("-_ ")
            if said not in (*SOURCES, "*"):
                near = "out" if "o" in said else "in"
                raise UserError(
                    f"`kind:` is `in` or `out`, not “{value[:40]}”.",
                    suggestion=_with_value(typed, word, value, near),
                )
            found |= set(SOURCES.values()) if said == "*" else {SOURCES[said]}
    return found.pop() if len(found) == 1 else None


def _with_value(typed: list[Word], word: Word, wrong: str, right: str | None) -> str | None:
    """The line with one value corrected."""
    if right is None:
        return None
    values = ",".join(right if value == wrong else value for value in word.values)
    return _corrected(typed, word, f"{word.key}:{values}")


def _corrected(typed: list[Word], wrong: Word, right: str) -> str:
    return " ".join(["events", *(right if word is wrong else word.typed for word in typed)])
