"""The nearest right word to one that we do not know. Pure."""

import difflib
from collections.abc import Iterable

CUTOFF = 0.7
"""difflib's ratio from which on a word may be what was meant: `exeption`, but not `both` for `out`."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word most like `word`, or the only one that begins with it; None where none is near."""
    typed, known = word.casefold(), list(words)
    begun = [one for one in known if len(typed) > 1 and one.casefold().startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    return next(iter(difflib.get_close_matches(typed, known, 1, CUTOFF)), None)
