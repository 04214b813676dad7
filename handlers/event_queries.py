"""What a person typed behind `events`. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from bot.errors import UserError
from bot.filters.phrases import is_connective
from bot.filters.words import MINUS, NOT_SIGNS, Word, closed, is_quote_open, quoted, words_of
from bot.references import read_reference
from bot.suggestions import nearest
from bot.telnyx.events import KNOWN_KINDS, Source
from handlers.moments import DAYS, joined, moment
from handlers.words import ENDS, ref_of

KEYS = ("type", "kind", "since", "until", "page")
SOURCES = {"in": Source.PORT_IN, "out": Source.PORT_OUT}
_NOTHING = Word("", None, ())
NAMING = ("ref", "order", "number", "reference", "id", "phone")
"""Keys that people write before a reference, which stands alone here."""


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
        raise UserError("A quote is opened but never closed.", suggestion=f"events {closed(rest)}")
    typed = [_without_end(word) for word in words_of(joined(rest))]
    _check_signs(typed)
    refs = [word.typed for word in typed if word.key is None or _is_reference(word, typed)]
    begin = _moment_of(typed, "since", now)
    end = _moment_of(typed, "until", now)
    if begin and end and begin > end:
        raise UserError("`since` is later than `until`: nothing can lie between them.")
    return ListEvents(
        ref=ref_of(" ".join(refs)) if refs else None,
        kinds=_kinds(typed),
        source=_source(typed),
        since=begin,
        until=end,
        page=page_of(page.values[-1] if (page := _last(typed, "page")) else ""),
        line=" ".join(["events", *(word.typed for word in typed if word.key != "page")]),
    )


def page_of(said: str) -> int:
    """The page that `said` counts, from 1; the first one for anything odd."""
    return int(said) if re.fullmatch(r"[1-9][0-9]{0,3}", said, re.ASCII) else 1


def _last(typed: list[Word], key: str) -> Word | None:
    return next((word for word in reversed(typed) if word.key == key), None)


def _moment_of(typed: list[Word], key: str, now: datetime) -> datetime | None:
    word = _last(typed, key)
    if word is None:
        return None
    try:
        return moment(word.values[-1], now, ends_day=key == "until")
    except UserError as error:
        near = nearest(word.values[-1], DAYS)
        raise UserError(str(error), suggestion=near and _corrected(typed, word, f"{key}:{near}")) from error


def _check_signs(typed: list[Word]) -> None:
    """Raise UserError for a `not`: events are only ever listed by what they are."""
    for word, after in pairwise((*typed, _NOTHING)):
        if is_connective(word) and after.key in KEYS:
            raise UserError(
                f"I don't know what “{word.typed[:40]}” means in `events`. A name with it needs quotes."
            )
        if word.key in ("type", "kind") and (word.negated or word.signed):
            raise UserError(
                f"`events` takes no minus: `{word.key}:` names what you want to see.",
                suggestion=_other_kind(typed, word),
            )


def _other_kind(typed: list[Word], word: Word) -> str | None:
    """What is not a port-out is a port-in; of other keys there is more than one other value."""
    said = [value.casefold().lstrip(f"{MINUS}{NOT_SIGNS}= ").removeprefix("port-") for value in word.values]
    if word.key != "kind" or (word.negated and word.signed) or len(said) != 1 or said[0] not in SOURCES:
        return None
    return _corrected(typed, word, "kind:out" if said[0] == "in" else "kind:in")


def _without_end(word: Word) -> Word:
    """`kind:in?` as `kind:in`: none of our values ends as a sentence does."""
    if word.key not in KEYS or not word.typed.endswith(tuple(ENDS)):
        return word
    values = (*word.values[:-1], word.values[-1].rstrip(ENDS)) if word.values else ()
    return replace(word, typed=word.typed.rstrip(ENDS), values=tuple(filter(None, values)))


def _is_reference(word: Word, typed: list[Word]) -> bool:
    """True for a pasted link, False for our keys; raises UserError for `typ:split` and other keys."""
    key = word.key or ""
    if key in KEYS and word.values and not word.negated:
        return False
    if key in KEYS:
        said = "takes no minus here" if word.negated else "wants a value right behind the colon"
        raise UserError(f"`{key}:` {said}.")
    read = read_reference(word.typed)
    if read.ids or read.digits:
        return True
    known = "It takes a reference without a key (in quotes if it has a colon), "
    raise UserError(
        f"I don't know “{word.typed[:40]}” in `events`. {known}`type:`, `kind:`, `since:` and `until:`.",
        suggestion=_instead_of(word, typed),
    )


def _instead_of(word: Word, typed: list[Word]) -> str | None:
    """The line with the nearest key that we have, or with the reference alone."""
    if word.negated or not word.values:
        return None
    if word.key in NAMING and len(word.values) == 1 and "*" not in word.typed:
        return _corrected(typed, word, quoted(word.values[0]))
    near = nearest(word.key or "", KEYS)
    return _corrected(typed, word, f"{near}:{word.typed.partition(':')[2]}") if near else None


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
                near = nearest(said, SOURCES)
                raise UserError(
                    f"`kind:` is `in` or `out`, not “{value[:40]}”; without it you see both.",
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
