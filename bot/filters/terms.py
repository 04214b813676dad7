"""A filter and its terms: which events it lets through, and what stopped the others. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from bot.changes import Change
from bot.filters.facts import KEYS, PLACES, Facts
from bot.filters.patterns import Pattern
from bot.filters.vocabulary import VALUES, Key
from bot.filters.words import written
from bot.telnyx.events import Event
from bot.telnyx.orders import Order

OF_ORDERS = frozenset({Key.KIND, Key.ORDER, Key.REF, Key.NUMBER, Key.CARRIER})
"""What a filter asks of an order itself; the rest is about what happens to it."""
_ANY_TIME = datetime.min.replace(tzinfo=UTC)
SHORTEST_ID = 8
"""From so many characters on the beginning of an order's id stands for the order."""
_ORDER = PLACES[Key.ORDER]
_LIKE_AN_ID = re.compile(r"(?=.*[a-f]|.{36})[0-9a-f-]{8,}")
"""An id or its beginning; what has only digits may be a number, or a customer's own."""
_LIKE_A_KEY = re.compile(r"(?:sr|po)_.*")


class Named(IntEnum):
    """What an order is named by, in how much must be known to say that an order is not meant."""

    ID = 0
    KEY = 1
    NAME = 2
    NUMBER = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One key of a filter with all its values. Build it with `Term.of`, which puts the values in order."""

    place: int
    """The key's place in KEYS."""
    negated: bool
    patterns: tuple[Pattern, ...]
    named: Named = Named.NUMBER
    """Of `order:`: the most that one of the values may be."""

    @classmethod
    def of(cls, key: Key, patterns: Iterable[Pattern], *, negated: bool = False) -> "Term":
        """The term; `*` among the values says it all."""
        values = {pattern.parts: pattern for pattern in reversed(list(patterns))}
        anything = [pattern for pattern in values.values() if pattern.is_anything]
        known = VALUES.get(key, ())
        ordered = sorted(values.values(), key=lambda pattern: _rank(pattern, known))
        named = max(map(_named, ordered)) if key is Key.ORDER else Named.NUMBER
        return cls(PLACES[key], negated, tuple(anything or ordered), named)

    @property
    def key(self) -> Key:
        return KEYS[self.place]

    @property
    def canonical(self) -> str:
        """The term as it is typed."""
        return written(self.key, (pattern.text for pattern in self.patterns), negated=self.negated)

    def verdict(self, facts: Facts) -> bool | None:
        """Whether the term lets the event through; None where that cannot be known yet."""
        values, is_all = facts.at(self.place)
        if self._names(values):
            return not self.negated
        if is_all or (self.place == _ORDER and self._is_another(facts.change)):
            return self.negated
        return None

    def _is_another(self, change: Change) -> bool:
        """Whether an order that was not named so far is surely another one, though not all is known of it."""
        if self.named is Named.KEY and (change.order.support_key or change.event.support_key):
            return True
        return self.named is Named.ID or (self.named < Named.NUMBER and change.order.facts_are_known)

    def _names(self, values: tuple[str, ...]) -> bool:
        for pattern in self.patterns:
            for value in values:
                if pattern.matches(value):
                    return True
            if self.place == _ORDER and _begins(values[0], pattern):
                return True
        return False


def _named(pattern: Pattern) -> Named:
    if _LIKE_AN_ID.fullmatch(pattern.beginning):
        return Named.ID
    if _LIKE_A_KEY.fullmatch(pattern.beginning):
        return Named.KEY
    has_letters = any(not part.isdecimal() for part in pattern.parts if part)
    return Named.NAME if has_letters else Named.NUMBER


def _begins(order_id: str, pattern: Pattern) -> bool:
    """Whether the pattern is the beginning of the order's id, long enough to mean it."""
    is_long_enough = pattern.is_literal and len(pattern.beginning) >= SHORTEST_ID
    return is_long_enough and order_id.startswith(pattern.beginning)


def _rank(pattern: Pattern, known: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """The order of values: as the vocabulary has them, then by the alphabet."""
    is_known = pattern.is_literal and pattern.beginning in known
    return known.index(pattern.beginning) if is_known else len(known), pattern.parts


@dataclass(frozen=True, slots=True)
class Filter:
    """Terms that must all let an event through; none: everything. Terms stand in the order of KEYS."""

    terms: tuple[Term, ...] = ()

    def canonical(self) -> str:
        """The filter as it is typed; parsing it gives an equal filter."""
        return " ".join(term.canonical for term in self.terms)

    def matches(self, change: Change) -> bool:
        """Whether the event is let through. What is not known yet counts as a match, for a term and for its
        negation: a message too many is better than one missed."""
        facts = Facts(change)
        return all(term.verdict(facts) is not False for term in self.terms)

    def follows(self, order: Order) -> bool | None:
        """Whether the filter is about the order, whatever happens to it; None while that can't be known."""
        event = Event(
            source=order.source, event_id="", event_type="", order_id=order.order_id, created_at=_ANY_TIME
        )
        facts = Facts(Change(event=event, order=order))
        verdicts = [term.verdict(facts) for term in self.terms if term.key in OF_ORDERS]
        return None if None in verdicts and False not in verdicts else False not in verdicts

    def stopped_by(self, change: Change) -> str | None:
        """The first term that stops the event, as it is typed; None for a match."""
        facts = Facts(change)
        return next((term.canonical for term in self.terms if term.verdict(facts) is False), None)

    def is_torn(self, facts: Facts) -> bool:
        """No term stops the event, and at least one cannot tell."""
        verdicts = [term.verdict(facts) for term in self.terms]
        return None in verdicts and False not in verdicts
