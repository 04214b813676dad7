"""What a word without a key may be a value of, or the key of. Pure."""

import re

from bot.filters.patterns import Pattern
from bot.filters.values import read_value
from bot.filters.vocabulary import ALIASES, OPTIONS, VALUES, Key, spelt
from bot.suggestions import is_turned, nearest

KEYS = (*Key, *OPTIONS)
KNOWN_WORDS = tuple(word for words in (*VALUES.values(), *OPTIONS.values()) for word in words)
FILLERS = (
    *("only", "just", "please", "events", "and", "&", "+", "the", "to", "for", "with", "either"),
    *("port", "ports", "orders", "me", "us", "here", "this", "channel"),
)
"""Words that only make a sentence; as a reference they would follow nothing."""


def key_of_value(value: str) -> str | None:
    """The key that takes the value, exactly or nearly; None for what says the opposite of a value."""
    return _exact_key(value) or _near_key(value)


def _exact_key(value: str) -> str | None:
    for key in (Key.STATUS, Key.SEVERITY, Key.KIND, Key.TYPE):
        if "*" not in value and isinstance(read_value(key, value), Pattern):
            return key
    option = next((name for name, words in OPTIONS.items() if value.casefold() in words), None)
    if option:
        return option
    if re.fullmatch(r"\+?[\d().* -]{7,}", value) and isinstance(read_value(Key.NUMBER, value), Pattern):
        return Key.NUMBER
    is_id = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]{4,28})?|(sr|po)_\w+", value, re.IGNORECASE)
    return Key.ORDER if is_id else None


def _near_key(value: str) -> str | None:
    near = nearest(value, [one for words in VALUES.values() for one in words]) if len(value) > 2 else None
    if near:
        return next(key for key, words in VALUES.items() if near in words)
    if nearest(spelt(Key.KIND, value), VALUES[Key.KIND]):
        return Key.KIND
    is_begun = len(value) > 2 and any(word.startswith(value.casefold()) for word in KNOWN_WORDS)
    is_name = re.fullmatch(r"[\w.*&'/ -]+", value) and not is_turned(value, KNOWN_WORDS)
    return Key.REF if is_name and not is_begun else None


def key_named(word: str) -> str | None:
    """The key that a word without a colon is, by its own name or by what people call it."""
    name = word.casefold()
    if name in (*KNOWN_WORDS, *FILLERS):
        return None
    return name if name in KEYS else ALIASES.get(name)
