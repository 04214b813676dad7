"""What somebody should know about a subscription that they make, beside that it is made."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.filters import Filter, Key, Pattern, Subscription, Term, Wish, covers, why_never
from bot.messages.searches import TROUBLES
from bot.messages.wording import listed
from bot.orders import Orders
from bot.results import Found

MOST_CHECKED = 4
"""Names of orders in one filter that are looked for."""
NAMED = 5


@dataclass(frozen=True, slots=True)
class Cautions:
    """Looks at a wish before it is followed and after."""

    orders: Orders

    async def about_orders(self, wish: Wish) -> str | None:
        """Which names to follow in `order:` no order goes by so far.

        Raises UserError for an event's id there.
        """
        terms = [term for term in wish.filter.terms if term.key is Key.ORDER]
        names = [(name, term.negated) for term in terms for name in _whole_names(term)]
        found = await asyncio.gather(*(self.orders.look_up(name) for name, _ in names[:MOST_CHECKED]))
        said = []
        for (name, is_left_out), each in zip(names, found, strict=False):
            if each.events and not each.orders:
                raise _event_named(wish, name, each)
            if not each.orders and not is_left_out:
                said.append(_missing(name, each))
        return " ".join(said) or None


def about_others(new: Subscription, others: Sequence[Subscription]) -> str | None:
    """Which other subscriptions of the channel hold all of the new one, or the other way round."""
    wider = [each.name for each in others if covers(each.wish.filter, new.wish.filter)]
    narrower = [each.name for each in others if covers(new.wish.filter, each.wish.filter)]
    said = []
    if wider:
        verb = "follows" if len(wider) == 1 else "follow"
        said.append(f"{listed(wider, NAMED)} {verb} all of that here already: no event comes twice.")
    if narrower:
        those = "that one" if len(narrower) == 1 else "those"
        said.append(f"It holds all of {listed(narrower, NAMED)}: you may end {those} with `unsubscribe`.")
    return " ".join(said) or None


def about_itself(wish: Wish) -> str | None:
    """Why no event can ever meet the wish."""
    reason = why_never(wish.filter)
    return f"⚠️ By itself it can never match: {reason}." if reason else None


def _whole_names(term: Term) -> list[str]:
    return [pattern.text for pattern in term.patterns if pattern.is_literal]


def _missing(name: str, found: Found) -> str:
    failed = next((TROUBLES[place] for place in found.looked_in if place in TROUBLES), None)
    if failed:
        return f"⚠️ {failed}, so I could not check that an order goes by “{name}”."
    return (
        f"⚠️ No order goes by “{name}” so far, neither among those that I have seen nor at Telnyx. "
        "If one comes it is followed."
    )


def _event_named(wish: Wish, name: str, found: Found) -> UserError:
    order_id = found.events[0].event.order_id
    if not order_id:
        return UserError(f"“{name}” is the id of an event that belongs to no order.")
    terms = tuple(_with_name(term, name, order_id) for term in wish.filter.terms)
    meant = replace(wish, filter=Filter(terms)).canonical()
    return UserError(
        f"“{name}” is the id of an event. `order:` takes what an order goes by.",
        suggestion=f"subscribe {meant}",
    )


def _with_name(term: Term, name: str, right: str) -> Term:
    if term.key is not Key.ORDER:
        return term
    patterns = (Pattern.of(right) if each.text == name else each for each in term.patterns)
    return Term.of(term.key, patterns, negated=term.negated)
