"""The nearest right word to one that we do not know. Pure."""

import difflib
import re
from collections.abc import Iterable

CUTOFF = 0.7
"""difflib's ratio from which on a word may be what was meant: `exeption`, but not `both` for `out`."""
_ALIKE = 0.85
_SIGNED = re.compile(r"[^\w\s]|(?:no|not|non|without|except)[-_ ]")
_PREFIXES = ("un", "non", "not", "no", "dis", "de")


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word most like `word`, or the only one that begins with it; None where none is near.

    Never the opposite of what was typed: nobody who writes `uncritical` means `critical`.
    """
    typed, known = word.casefold(), list(words)
    begun = [one for one in known if len(typed) > 1 and one.casefold().startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    if _SIGNED.match(typed):
        return None
    found = next(iter(difflib.get_close_matches(typed, known, 1, CUTOFF)), None)
    return None if found is None or _is_opposite(typed, found) else found


def is_turned(word: str, words: Iterable[str]) -> bool:
    """Whether the word says `not` before one of the words, as `no-comments` and `uncritical` do."""
    typed, known = word.casefold(), list(words)
    signed = re.match(r"(?:no|not|non|without|except)[-_ ]+", typed)
    if signed:
        return nearest(typed[signed.end() :], known) is not None
    return any(_is_opposite(typed, one) for one in known)


def _is_opposite(typed: str, found: str) -> bool:
    """Whether a prefix turns the found word, or one of its parts, round."""
    for prefix in _PREFIXES:
        if typed.startswith(prefix) and not found.startswith(prefix):
            rest = typed.removeprefix(prefix)
            parts = (found, *re.split(r"[-_]", found))
            if any(difflib.SequenceMatcher(None, rest, part).ratio() > _ALIKE for part in parts):
                return True
    return False
