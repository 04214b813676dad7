"""Whether all that one filter lets through another lets through as well. Pure."""

from bot.filters.patterns import Pattern
from bot.filters.terms import Filter, Term
from bot.filters.vocabulary import Key

ONE_VALUE = (Key.KIND, Key.TYPE, Key.SEVERITY, Key.CARRIER, Key.REF)
"""Keys of which an event has no second value; a status may have two spellings."""


def covers(wider: Filter, narrower: Filter) -> bool:
    """True only where every event that `narrower` lets through surely passes `wider` too."""
    return all(_follows(term, narrower) for term in wider.terms)


def _follows(term: Term, given: Filter) -> bool:
    """Whether what passes `given` surely passes the term."""
    said = [each for each in given.terms if each.place == term.place]
    if not term.negated:
        return any(not each.negated and _all_within(each, term) for each in said)
    return any(
        _all_within(term, each) if each.negated else term.key in ONE_VALUE and _are_apart(term, each)
        for each in said
    )


def _all_within(inner: Term, outer: Term) -> bool:
    return all(any(_within(each, other) for other in outer.patterns) for each in inner.patterns)


def _within(inner: Pattern, outer: Pattern) -> bool:
    """Whether what matches the inner pattern surely matches the outer one."""
    if inner == outer or outer.is_anything:
        return True
    if inner.is_literal:
        return outer.matches(inner.beginning)
    return outer.is_prefix and inner.beginning.startswith(outer.beginning)


def _are_apart(first: Term, second: Term) -> bool:
    """Whether no value can match both; only seen where one of each pair has no star."""
    return not any(_may_meet(one, other) for one in first.patterns for other in second.patterns)


def _may_meet(one: Pattern, other: Pattern) -> bool:
    if one.is_literal:
        return other.matches(one.beginning)
    return not other.is_literal or one.matches(other.beginning)
