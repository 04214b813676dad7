"""Filters that no event can ever meet, as `kind:out ref:ACME`: silence would look like health. Pure."""

from collections.abc import Iterable
from itertools import product

from bot.filters.patterns import Pattern
from bot.filters.terms import Filter, Term
from bot.filters.vocabulary import SPELLINGS, STATUSES, VALUES, Key
from bot.telnyx.events import KNOWN_KINDS

OF_BOTH = ("status_changed", "new_comment")
TYPES = {
    "in": tuple(kind for kind in KNOWN_KINDS if kind != "foc_date_changed"),
    "out": (*OF_BOTH, "foc_date_changed"),
}
STATUSES_OF = {
    "in": tuple(
        status
        for status in STATUSES
        if status not in ("pending", "authorized", "rejected-pending", "rejected")
    ),
    "out": ("pending", "authorized", "rejected-pending", "rejected", "ported", "cancelled"),
}
"""Telnyx's own lists (telnyx-api.md §3 and §7)."""
EXHAUSTED = (Key.KIND, Key.SEVERITY)
"""Keys of which every event has one of our values."""


def why_never(wanted: Filter) -> str | None:
    """Why no event can meet the filter; None where one can, as far as is known."""
    positive = {term.key: term for term in wanted.terms if not term.negated}
    negative = {term.key: term for term in wanted.terms if term.negated}
    for key in Key:
        if _excludes(positive.get(key), negative.get(key), key):
            return f"its `{key}:` terms leave nothing over"
    kinds = _left(Key.KIND, VALUES[Key.KIND], positive, negative)
    if not any(_can_be(kind, positive, negative) for kind in kinds):
        return _reason(kinds, positive, negative)
    return None


def _excludes(given: Term | None, taken: Term | None, key: Key) -> bool:
    if taken is None:
        return False
    if given is None:
        values = VALUES[key] if key in EXHAUSTED else ()
        return bool(values) and all(_is_named(value, taken) for value in values)
    return all(_is_covered(pattern, taken.patterns) for pattern in given.patterns)


def _is_covered(pattern: Pattern, taken: Iterable[Pattern]) -> bool:
    return any(
        each == pattern or each.is_anything or (pattern.is_literal and each.matches(pattern.beginning))
        for each in taken
    )


def _is_named(value: str, term: Term) -> bool:
    spellings = (value, *(other for other, one in SPELLINGS.items() if one == value))
    return any(pattern.matches(each) for pattern, each in product(term.patterns, spellings))


def _left(
    key: Key, values: Iterable[str], positive: dict[Key, Term], negative: dict[Key, Term]
) -> tuple[str, ...]:
    """The values that the terms of a key let through."""
    return tuple(
        value
        for value in values
        if (key not in positive or _is_named(value, positive[key]))
        and not (key in negative and _is_named(value, negative[key]))
    )


def _can_be(kind: str, positive: dict[Key, Term], negative: dict[Key, Term]) -> bool:
    """Whether an event of this kind can pass the terms on type, status and reference."""
    if kind == "out" and Key.REF in positive:
        return False
    types = _left(Key.TYPE, TYPES[kind], positive, negative)
    if Key.STATUS not in positive:
        return bool(types)
    return "status_changed" in types and bool(_left(Key.STATUS, STATUSES_OF[kind], positive, negative))


def _reason(kinds: tuple[str, ...], positive: dict[Key, Term], negative: dict[Key, Term]) -> str:
    without_ref = dict(positive)
    without_ref.pop(Key.REF, None)
    if any(_can_be(kind, without_ref, negative) for kind in kinds):
        return "port-outs carry no customer reference"
    if Key.STATUS in positive and not any(
        "status_changed" in _left(Key.TYPE, TYPES[kind], positive, negative) for kind in kinds
    ):
        return "only events of `type:status_changed` have a status"
    name = f"port-{kinds[0]}s" if len(kinds) == 1 else "port-ins and port-outs"
    what = "status" if Key.STATUS in positive else "type"
    return f"{name} never have that {what}"
