"""The values of one key: what is right, what is wrong with the others, and what was perhaps meant. Pure."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from bot.filters.patterns import Pattern
from bot.filters.vocabulary import SPELLINGS, SYNONYMS, VALUES, Key, spelt
from bot.references import read_reference
from bot.suggestions import nearest

REGION = "US"
"""Where a number without a country code is taken to be."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that a key does not take: why, and the right one if it can be guessed."""

    why: str
    instead: str | None = None


def cut(text: str, limit: int = 40) -> str:
    """What a person typed, short enough to be said back."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def read_values(key: Key, value: str) -> list[Pattern | Wrong]:
    """The patterns that `value` is for `key`, or what is wrong with it.

    An order's is read as it stands and, where it may be a phone number, as that: both may be meant.
    """
    if key is not Key.ORDER or "*" in value:
        return [read_value(key, value)]
    reference = read_reference(value)
    if reference.ids and not re.fullmatch(r"[0-9a-f-]+", value, re.IGNORECASE):
        return [Pattern.of(each) for each in reference.ids]
    number = _number(value) if reference.digits else None
    if not isinstance(number, Pattern):
        return [read_value(key, value)]
    is_surely_one = any(sign in value for sign in "+\uff0b(")
    return [number] if is_surely_one else [read_value(key, value), number]


def read_value(key: Key, value: str) -> Pattern | Wrong:
    """The pattern that `value` is for `key`, or what is wrong with it."""
    if not value.strip("*"):
        return Pattern.of("*")
    if key in VALUES:
        return _from_list(key, value)
    if key is Key.NUMBER:
        return _number(value)
    return Pattern.of(re.sub(r"\*+", "*", value))


def _from_list(key: Key, value: str) -> Pattern | Wrong:
    words, typed = VALUES[key], re.sub(r"\*+", "*", spelt(key, value))
    pattern = Pattern.of(typed, typed)
    if any(pattern.matches(word) for word in (*words, *(SPELLINGS if key is Key.STATUS else ()))):
        return pattern
    listed = ", ".join(words)
    meant = SYNONYMS.get(typed) if key is Key.KIND else None
    return Wrong(f"`{key}:` takes {listed}, not “{cut(value)}”.", meant or nearest(typed.strip("*"), words))


def _number(value: str) -> Pattern | Wrong:
    """A number in any spelling as E.164; one with a star by its digits, of the US where no plus is."""
    if "*" in value:
        return _number_pattern(value)
    try:
        parsed = phonenumbers.parse(value, REGION)
    except phonenumbers.NumberParseException:
        return Wrong(f"“{cut(value)}” is no phone number. Write it like +13035550123 or +1303*.")
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        ending = f"*{parsed.national_number}"
        return Wrong(f"“{cut(value)}” lacks its area code. A number's end needs a star before it.", ending)
    if possible == phonenumbers.ValidationResult.IS_POSSIBLE:
        return Pattern.of(e164, e164.removeprefix("+"))
    begun = _number_pattern(f"{value}*")
    return Wrong(
        f"“{cut(value)}” is no whole phone number. Its beginning needs a star, like +1303*.",
        begun.text if isinstance(begun, Pattern) else None,
    )


def _number_pattern(value: str) -> Pattern | Wrong:
    digits = "".join(_digit(letter) for letter in value)
    if re.search(r"[^\W\d_]", value) or not digits.strip("*"):
        return Wrong(f"“{cut(value)}” is no phone number. Write it like +13035550123 or +1303*.")
    digits = re.sub(r"\*+", "*", digits)
    if digits.startswith("*"):
        return Pattern.of(digits)
    international = re.match(r"\D*(00|011)", value)
    if international and not value.lstrip().startswith("+"):
        digits = digits.removeprefix(international[1])
    elif "+" not in value and not digits.startswith("1"):
        digits = f"1{digits}"
    return Pattern.of(digits) if digits.startswith("*") else Pattern.of(f"+{digits}", digits)


def _digit(letter: str) -> str:
    """The letter if it says something in a number: a digit of any script, or a star."""
    if letter == "*":
        return letter
    value = unicodedata.decimal(letter, None)
    return "" if value is None else str(value)
