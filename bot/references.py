"""What a person typed to name an order or an event: ids, names, phone numbers, pasted links. Pure."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from bot.telnyx.orders import Order

DEFAULT_REGION = "US"
SHORTEST_BEGINNING = 8
"""Characters of an id that may stand for all of it; the first eight are what we show."""
LONGEST = 200
SHORTEST_NUMBER = 7

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_BEGINNING = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,27}", re.IGNORECASE)
_LINK = re.compile(r"<(?:tel:|mailto:)?([^|<>]+)(?:\|([^<>]*))?>")
_NUMBER = re.compile(r"(?:tel:)?\+?[\d\s().\-/]+", re.IGNORECASE)
_QUOTES = "\"'`“”„‘’«»*_ \t"


@dataclass(frozen=True, slots=True)
class Reference:
    """The readings of one typed word; several may apply, since `12345678` is both a number and a name."""

    typed: str
    ids: tuple[str, ...] = ()
    """Whole ids, of an order or an event; lower case."""
    beginning: str | None = None
    """The beginning of an id; lower case."""
    digits: tuple[str, ...] = ()
    """A phone number as it may stand at Telnyx: digits only, the likeliest first."""

    @property
    def name(self) -> str | None:
        """What may be a support key or a customer reference."""
        return self.typed if self.typed and not self.ids else None

    def fits(self, order: Order) -> bool:
        """Whether the order is one of those that were meant."""
        if order.order_id.lower() in self.ids:
            return True
        if self.beginning and order.order_id.lower().startswith(self.beginning):
            return True
        names = (order.support_key, order.parent_support_key, order.customer_reference, order.pon)
        if self.name and self.name.casefold() in {name.casefold() for name in names if name}:
            return True
        return bool(self.digits) and any(digits_of(number) in self.digits for number in order.numbers)


def digits_of(number: str) -> str:
    """A phone number without its signs: how it stands in the table of numbers."""
    return "".join(sign for sign in number if sign in "0123456789")


def read_reference(text: str) -> Reference:
    """All that `text` may mean, without Slack's own marks (`<tel:…|…>`, `<https://…>`) and quotes."""
    sound = text[: 4 * LONGEST].encode("utf-8", "replace").decode()
    plain = _LINK.sub(_shown_of, sound).strip(_QUOTES)[:LONGEST]
    ids = tuple(dict.fromkeys(found.lower() for found in _UUID.findall(plain)))
    if ids:
        return Reference(plain, ids=ids)
    beginning = plain.lower().rstrip("…") if _BEGINNING.fullmatch(plain.rstrip("…")) else None
    return Reference(plain, beginning=beginning, digits=_digits(plain))


def _shown_of(link: re.Match[str]) -> str:
    target, label = link.group(1), link.group(2)
    return target if label is None or _UUID.search(target) else label


def _digits(text: str) -> tuple[str, ...]:
    raw = digits_of(text)
    if len(raw) < SHORTEST_NUMBER or not _NUMBER.fullmatch(text):
        return ()
    spellings = (text, "+" + raw, "+" + raw.removeprefix("00"), "+" + raw.removeprefix("011"))
    parsed = [digits_of(found) for spelling in spellings if (found := _e164(spelling))]
    return tuple(dict.fromkeys((*parsed, raw, *(each[1:] for each in parsed if each.startswith("1")))))


def _e164(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
