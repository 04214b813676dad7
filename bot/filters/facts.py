"""What an event says to each key of a filter: the values, and whether they are all there are. Pure."""

from collections.abc import Callable

from bot.changes import Change
from bot.filters.vocabulary import Key
from bot.names import folded
from bot.telnyx.events import Source

Reading = tuple[tuple[str, ...], bool]
"""Folded values; False: there may be others that we do not know."""


def _kind(change: Change) -> Reading:
    return ("in",) if change.event.source is Source.PORT_IN else ("out",), True


def _type(change: Change) -> Reading:
    return (change.event.kind,), True


def _status(change: Change) -> Reading:
    status = change.event.status
    if status is None:
        return (), True
    if status in ("cancelled", "canceled"):
        return ("cancelled", "canceled"), True
    return (status.casefold(),), True


def _order(change: Change) -> Reading:
    """All that the order goes by: its id, always first, its names, and the digits of its numbers."""
    order, event = change.order, change.event
    names = (
        order.support_key or event.support_key,
        order.parent_support_key,
        order.customer_reference or event.customer_reference,
        order.pon,
    )
    numbers, has_all_numbers = _number(change)
    held = (event.order_id.casefold(), *(folded(name) for name in names if name), *numbers)
    return held, order.facts_are_known and has_all_numbers


def _ref(change: Change) -> Reading:
    reference = change.order.customer_reference or change.event.customer_reference
    if reference:
        return (folded(reference),), True
    # Port-outs carry no customer reference: there is nothing to ask for.
    return (), change.event.source is Source.PORT_OUT or change.order.facts_are_known


def _number(change: Change) -> Reading:
    numbers = change.order.numbers or change.event.numbers
    if not numbers:
        return (), change.order.facts_are_known
    count = change.order.numbers_count
    return tuple([digits(number) for number in numbers]), count is None or count <= len(numbers)


def _carrier(change: Change) -> Reading:
    carrier = change.order.carrier or change.event.carrier
    return ((folded(carrier),), True) if carrier else ((), change.order.facts_are_known)


def _severity(change: Change) -> Reading:
    return (change.severity.value,), True


def digits(number: str) -> str:
    """A phone number's digits with its country's: Telnyx writes numbers with and without the plus."""
    bare = number[1:]
    if number[0] == "+" and bare.isdecimal():
        return bare
    bare = "".join(filter(str.isdecimal, number))
    return f"1{bare}" if len(bare) == 10 and number[0] != "+" else bare


KEYS = tuple(Key)
READERS: tuple[Callable[[Change], Reading], ...] = (
    _kind,
    _type,
    _status,
    _order,
    _ref,
    _number,
    _carrier,
    _severity,
)
"""By the key's place in KEYS: a place is found faster than an enum's hash."""
PLACES = {key: place for place, key in enumerate(KEYS)}


class Facts:
    """A change's readings, each made once and only when it is asked for."""

    __slots__ = ("_readings", "change")

    def __init__(self, change: Change) -> None:
        self.change = change
        self._readings: dict[int, Reading] = {}

    def at(self, place: int) -> Reading:
        """What the change says to the key at a place of KEYS."""
        reading = self._readings.get(place)
        if reading is None:
            reading = self._readings[place] = READERS[place](self.change)
        return reading
