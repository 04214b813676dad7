"""What a word without a key may be a value of, or the key of. Pure."""

import re

from bot.filters.patterns import Pattern
from bot.filters.values import read_value
from bot.filters.vocabulary import ALIASES, OPTIONS, VALUES, Key
from bot.suggestions import is_turned, nearest

KEYS = (*Key, *OPTIONS)
KNOWN_WORDS = tuple(word for words in (*VALUES.values(), *OPTIONS.values()) for word in words)
FILLERS = ("only", "just", "please", "events", "and", "the", "to", "for", "with", "either")
"""Words that only make a sentence; as a reference they would follow nothing."""


def key_of_value(value: str) -> str | None:
    """The key that takes the value, exactly or nearly; None for what says the opposite of a value."""
    for key in (Key.STATUS, Key.SEVERITY, Key.KIND, Key.TYPE):
        if "*" not in value and isinstance(read_value(key, value), Pattern):
            return key
    option = next((name for name, words in OPTIONS.items() if value.casefold() in words), None)
    if option:
        return option
    if re.fullmatch(r"\+?[\d().* -]{7,}", value) and isinstance(read_value(Key.NUMBER, value), Pattern):
        return Key.NUMBER
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]{4,28})?|(sr|po)_\w+", value, re.IGNORECASE):
        return Key.ORDER
    near = nearest(value, [one for words in VALUES.values() for one in words])
    if near:
        return next(key for key, words in VALUES.items() if near in words)
    is_name = re.fullmatch(r"[\w.*&'/ -]+", value) and not is_turned(value, KNOWN_WORDS)
    return Key.REF if is_name else None


def key_named(word: str) -> str | None:
    """The key that a word without a colon is, by its own name or by what people call it."""
    name = word.casefold()
    if name in (*KNOWN_WORDS, *FILLERS):
        return None
    return name if name in KEYS else ALIASES.get(name)
