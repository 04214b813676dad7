"""Many filters asked at once: only those whose rarest term fits are tried. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.changes import Change
from bot.filters.facts import KEYS, PLACES, READERS, Facts
from bot.filters.patterns import Pattern
from bot.filters.terms import SHORTEST_ID, Filter, Named, Term
from bot.filters.vocabulary import Key

_COMMON = {
    Key.KIND: 0.5,
    Key.TYPE: 0.3,
    Key.STATUS: 0.1,
    Key.SEVERITY: 0.15,
    Key.CARRIER: 0.05,
    Key.REF: 0.01,
    Key.NUMBER: 0.01,
    Key.ORDER: 0.001,
}
"""The share of events that a value of the key lets through, roughly: the rarest term leads to a filter."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A filter, and the ids of the subscriptions that have it."""

    ids: tuple[int, ...]
    rest: tuple[Term, ...]
    """What remains to be asked once the entry's shelf led here."""
    filter: Filter

    def lets_through(self, facts: Facts) -> bool:
        for term in self.rest:  # noqa: SIM110 - a generator costs as much as a verdict, and this runs for every event
            if term.verdict(facts) is False:
                return False
        return True


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The entries that one key leads to: by a whole value, or by how it begins."""

    place: int
    whole: dict[str, list[_Entry]] = field(default_factory=dict)
    beginnings: dict[int, dict[str, list[_Entry]]] = field(default_factory=dict)
    """By their length in characters."""
    starts: list[tuple[int, Callable[[str], list[_Entry] | None]]] = field(default_factory=list)
    """Each length with its look-up, which saves two steps for every value of every event."""
    unsure: list[_Entry] = field(default_factory=list)
    """What counts as a match as long as the key's values are not all known."""

    def put(self, pattern: Pattern, entry: _Entry) -> None:
        start = pattern.beginning
        is_id = self.place == PLACES[Key.ORDER] and len(start) >= SHORTEST_ID
        if pattern.is_literal and not is_id:
            self.whole.setdefault(start, []).append(entry)
        else:
            if len(start) not in self.beginnings:
                self.beginnings[len(start)] = {}
                self.starts.append((len(start), self.beginnings[len(start)].get))
            self.beginnings[len(start)].setdefault(start, []).append(entry)

    def found(self, values: tuple[str, ...]) -> list[_Entry]:
        """The entries that these values lead to; one may come several times."""
        found: list[_Entry] = []
        whole, starts = self.whole, self.starts
        for value in values:
            if value in whole:
                found += whole[value]
            for length, find in starts:
                entries = find(value[:length])
                if entries:
                    found += entries
        return found


@dataclass(frozen=True, slots=True)
class Index:
    """All filters, asked at once. Gives the same answers as trying each."""

    _shelves: tuple[_Shelf, ...]
    _unshelved: tuple[_Entry, ...]
    """Filters with no term that leads to them: only negations, or values that begin with a star."""

    @classmethod
    def build(cls, filters: Mapping[int, Filter]) -> "Index":
        """The index of `filters` by the ids of their subscriptions; equal filters are asked once."""
        ids: dict[Filter, list[int]] = {}
        for number, wanted in filters.items():
            ids.setdefault(wanted, []).append(number)
        shelves: dict[int, _Shelf] = {}
        unshelved = []
        for wanted, numbers in ids.items():
            term = _rarest(wanted)
            if term is None:
                unshelved.append(_Entry(tuple(numbers), wanted.terms, wanted))
                continue
            shelf = shelves.setdefault(term.place, _Shelf(term.place))
            _shelve(shelf, term, wanted, tuple(numbers))
        return cls(tuple(shelves.values()), tuple(unshelved))

    def matching(self, change: Change) -> list[int]:
        """The ids, in order, of the subscriptions whose filters let the event through."""
        candidates = self._candidates(change)
        if not candidates:
            return []
        facts = Facts(change)
        through: set[int] = set()
        for entry in candidates:
            if not entry.rest or entry.lets_through(facts):
                through.update(entry.ids)
        return sorted(through)

    def needs_facts(self, change: Change) -> bool:
        """Whether the order must be fetched before every filter can tell."""
        if change.order.facts_are_known or not change.event.order_id:
            return False
        facts = Facts(change)
        return any(entry.filter.is_torn(facts) for entry in self._candidates(change))

    def _candidates(self, change: Change) -> list[_Entry]:
        candidates = list(self._unshelved)
        for shelf in self._shelves:
            values, is_all = READERS[shelf.place](change)
            if values:
                candidates += shelf.found(values)
            if not is_all:
                candidates += shelf.unsure
        return candidates


def _rarest(wanted: Filter) -> Term | None:
    """The term that the fewest events fit, among those that lead anywhere."""
    leading = [term for term in wanted.terms if not term.negated and all(p.beginning for p in term.patterns)]
    return min(leading, key=lambda term: _COMMON[KEYS[term.place]] * len(term.patterns), default=None)


def _shelve(shelf: _Shelf, term: Term, wanted: Filter, ids: tuple[int, ...]) -> None:
    """Put a filter where each value of its term leads to it; what the shelf settles is asked no more."""
    others = tuple(one for one in wanted.terms if one is not term)
    for pattern in term.patterns:
        settled = (pattern.is_literal or pattern.is_prefix) and term.key is not Key.ORDER
        shelf.put(pattern, _Entry(ids, others if settled else wanted.terms, wanted))
    if term.named is not Named.ID:
        shelf.unsure.append(_Entry(ids, wanted.terms, wanted))
