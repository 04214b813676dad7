"""What may stand inside of one value: `481-51-6239`, `4|8|2|1`."""

import re

from bot.masking.searches import FAR
from bot.masking.tokens import Token

_TIGHT = re.compile(r"[-./:,'’_]|;&#")
_LOOSE = re.compile(r"\s?[-–—|*·]\s?")
"""After a part of few digits: `48|21`, `481 - 51`."""
_BETWEEN_DIGITS = re.compile(r"[\W_]{1,5}")
"""`4, 8, 2, 1`."""


def is_one_value(here: Token, gap: str, after: Token, *, is_counted: bool, is_sure: bool) -> bool:
    """Whether two tokens with `gap` between them are parts of one value.

    `is_counted`: the second says how many (`12 lines`); `is_sure`: the first is no mere number of the text.
    """
    are_numbers = here.plain.isdigit() and after.plain.isdigit()
    if _TIGHT.fullmatch(gap):
        return gap != "," or are_numbers
    if is_counted:
        return False
    if gap == " ":
        return are_numbers
    if are_numbers and len(here.plain) == len(after.plain) == 1 and _BETWEEN_DIGITS.fullmatch(gap):
        return True
    return is_sure and here.digits <= FAR and bool(_LOOSE.fullmatch(gap))
