"""What is known after a secret word: which values may belong to it."""

from dataclasses import dataclass

REACH = 14
"""How many words may stand between a secret word, or a masked value, and the next value."""
FAR = 3
"""So many digits make a value secret where other words stand before it."""
NEXT_SENTENCE = 4
"""The same where a sentence ended before it."""
FAINT_LABEL = 4
"""The same after `account:`."""


@dataclass(slots=True)
class Search:
    """A secret word was read: values may come."""

    fewest: int | None = None
    """Of a faint word: digits that its value has at least."""
    at_once: bool = True
    """Nothing but links stands between the word and here."""
    is_labelled: bool = False
    """`:` or `=` has followed the word."""
    is_over: bool = False
    """The sentence has ended: only what begins the next one is looked at."""
    words: int = 0

    def takes(self, digits: int, gap: str) -> bool:
        """Whether a value of so many digits is secret; `gap` is what stands right before it."""
        if (fewest := self.needs()) is not None:
            return "#" in gap or digits >= fewest
        if self.is_over:
            return digits >= NEXT_SENTENCE
        return self.at_once or is_label(gap) or digits >= FAR

    def needs(self) -> int | None:
        """How many digits the value of a faint word has at least."""
        return self.fewest if self.fewest is None or not self.is_labelled else min(FAINT_LABEL, self.fewest)


def is_label(gap: str) -> bool:
    return ":" in gap or "=" in gap
