"""What a person typed to name an order or an event: ids, names, phone numbers, pasted links. Pure."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    convert_alpha_characters_in_number,
    format_number,
)

from bot.names import canonical_id, folded
from bot.slack.escaping import clean
from bot.telnyx.orders import Order

DEFAULT_REGION = "US"
SHORTEST_BEGINNING = 8
"""Characters of an id that may stand for all of it; the first eight are what we show."""
LONGEST = 200
SHORTEST_NUMBER = 7

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_WITHOUT_DASHES = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_BEGINNING = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,27}", re.IGNORECASE)
_KEY_WITHIN = re.compile(r"\b(?:sr|po)_\w{3,40}", re.IGNORECASE)
_LINK = re.compile(r"<(?:tel:|mailto:)?([^|<>]+)(?:\|([^<>]*))?>")
_NUMBER = re.compile(r"(?:tel:)?\+?[\d\s().\-/]+", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?<=[\d)])\s*(?:[,;]\s*)?(?:ext(?:ension|n)?\.?|x|#)[\s:=.]*\d{1,7}$", re.IGNORECASE
)
_SPELT_OUT = re.compile(r"(?:\+?1[\s.-]*)?\(?8\d\d\)?[\s.-]*[a-z][a-z\d-]{5,11}", re.IGNORECASE | re.ASCII)
"""A toll-free number as it is advertised: 1-800-FLOWERS."""
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_QUOTES = "\"'`“”„‘’«»*_ \t"
_SENTENCE_ENDS = ".,;:!?…"


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

    @property
    def names(self) -> tuple[str, ...]:
        """The name as it was typed, and without a sentence's end behind it: `Yahoo!`, `sr_1?`."""
        bare = self.typed.rstrip(f"{_SENTENCE_ENDS} ")
        return tuple(dict.fromkeys(name for name in (self.name, bare) if name)) if self.name else ()

    @property
    def searched(self) -> str | None:
        """What was looked for where that is not what was typed: an id out of a link, a number's digits."""
        if self.ids:
            return None if self.typed.lower() == self.ids[0] else f"the id {self.ids[0]}"
        if self.digits and self.typed != f"+{self.digits[0]}":
            return f"the phone number +{self.digits[0]}"
        return f"the name “{self.names[-1]}”" if len(self.names) > 1 else None

    def fits(self, order: Order) -> bool:
        """Whether the order is one of those that were meant."""
        if order.order_id.lower() in self.ids:
            return True
        if self.beginning and order.order_id.lower().startswith(self.beginning):
            return True
        names = (order.support_key, order.parent_support_key, order.customer_reference, order.pon)
        held = {folded(name) for name in names if name}
        if any(folded(name) in held for name in self.names):
            return True
        return bool(self.digits) and any(digits_of(number) in self.digits for number in order.numbers)


def digits_of(number: str) -> str:
    """A phone number without its signs: how it stands in the table of numbers."""
    return "".join(sign for sign in number if sign in "0123456789")


def read_reference(text: str) -> Reference:
    """All that `text` may mean, without Slack's own marks (`<tel:…|…>`, `<https://…>`) and quotes."""
    sound = text[: 4 * LONGEST].encode("utf-8", "replace").decode()
    plain = _LINK.sub(_shown_of, clean(sound)).strip(_QUOTES)[:LONGEST]
    ids = tuple(dict.fromkeys(found.lower() for found in _UUID.findall(plain)))
    if ids:
        return Reference(plain, ids=ids)
    bare = plain.rstrip(f"{_SENTENCE_ENDS} ")
    if _WITHOUT_DASHES.fullmatch(bare):
        return Reference(plain, ids=(canonical_id(bare),))
    beginning = bare.lower() if _BEGINNING.fullmatch(bare) else None
    return Reference(plain, beginning=beginning, digits=_digits(_straightened(bare)))


def named_within(text: str) -> str | None:
    """A support key or a phone number that stands in a sentence; None where it is all of the text."""
    key = _KEY_WITHIN.search(text)
    if key:
        return key[0] if key[0] != text.strip(_QUOTES) else None
    number = next(iter(PhoneNumberMatcher(text[:LONGEST], DEFAULT_REGION)), None)
    if number is None or read_reference(text).digits:
        return None
    return format_number(number.number, PhoneNumberFormat.E164)


def _shown_of(link: re.Match[str]) -> str:
    target, label = link.group(1), link.group(2)
    return target if label is None or _UUID.search(target) else label


def _straightened(number: str) -> str:
    """A phone number in plain digits, pluses and dashes, whatever keyboard wrote it, without an extension."""
    plain = unicodedata.normalize("NFKC", number).translate(_DASHES)
    seen = (sign for sign in plain if unicodedata.category(sign) != "Cf")
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in seen)
    if _SPELT_OUT.fullmatch(digits):
        return convert_alpha_characters_in_number(digits)
    return _EXTENSION.sub("", digits)


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
    return format_number(number, PhoneNumberFormat.E164)
