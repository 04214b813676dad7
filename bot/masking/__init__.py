"""Secrets that people write into free text: the digits that go with a telling word, and tokens."""

import re

from bot.masking.reading import secret_values
from bot.masking.tokens import MASK
from bot.masking.words import may_hold_a_secret

__all__ = ["MASK", "mask_secrets"]

_TOKEN = re.compile(
    r"\b(?:KEY[0-9A-Za-z][0-9A-Za-z_-]{15,}|xox[a-z]-[\w-]+|xapp-[\w-]+"
    r"|(?i:bearer)[\s:]+(?!(?:[A-Z]?[a-z]+|[A-Z]+)(?![\w.~+/=-]))[\w.~+/=-]{8,})"
)
_TOKEN_PART = re.compile(r"KEY|xox|xapp-|bearer", re.IGNORECASE)


def mask_secrets(text: str) -> str:
    """The text with the digits that go with a word such as PIN, passcode or SSN masked, and tokens removed.

    Phone numbers, ids and dates stay. What is masked already is not masked further.
    """
    if _TOKEN_PART.search(text):
        text = _TOKEN.sub(MASK, text)
    # Every comment passes here and few hold a secret: looking for parts of words is many times quicker.
    if not may_hold_a_secret(text):
        return text
    kept, end = [], 0
    for start, after in secret_values(text):
        kept += [text[end:start], MASK]
        end = after
    return "".join([*kept, text[end:]])
