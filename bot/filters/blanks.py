"""A value of several words that was typed without quotes: `carrier:Onvoy LLC`. Pure."""

from collections.abc import Sequence

from bot.filters.guesses import key_named, key_of_value
from bot.filters.phrases import NO_NAMES, is_connective
from bot.filters.vocabulary import Key
from bot.filters.words import MINUS, NOT_SIGNS, Word, unquoted, written

_TEXTS = (Key.REF, Key.CARRIER)
_NO_KEY = (Key.REF, None)
"""What a word leads to that says nothing by itself."""


def held_together(words: Sequence[Word]) -> list[Word]:
    """The words, those that are one value as one and with its quotes; as many as before if none are."""
    line = list(words[:1])
    for word in words[1:]:
        if _goes_on(line[-1], word):
            line[-1] = _longer(line[-1], word)
        else:
            line.append(word)
    return line


def _goes_on(before: Word, word: Word) -> bool:
    """Whether the word may be more of the value before it."""
    if before.key not in _TEXTS or not before.values or before.signed:
        return False
    if before.values[-1].casefold() in NO_NAMES:
        return False
    if word.key is not None or not word.values or is_connective(word):
        return False
    value = word.values[0]
    is_signed = value[0] in (*MINUS, *NOT_SIGNS)
    return not is_signed and not key_named(value) and key_of_value(value) in _NO_KEY


def _longer(before: Word, word: Word) -> Word:
    values = (*before.values[:-1], unquoted(f"{before.values[-1]} {word.values[0]}"), *word.values[1:])
    typed = written(str(before.key), values, negated=before.negated)
    return Word(typed, before.key, values, before.negated)
