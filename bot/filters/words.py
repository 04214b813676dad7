"""A typed line cut into words: `-key:value,"another value"`. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

QUOTES = '"“”„‟«»＂'
"""Any of these opens and any closes: phones and keyboards mix them. So no value ever holds one."""
MINUS = "-–—−"
"""A minus, and what keyboards make of it."""

_WORD = re.compile(rf"(?:[^\s{QUOTES}]|[{QUOTES}][^{QUOTES}]*[{QUOTES}])+")
_VALUE = re.compile(rf"(?:[^,{QUOTES}]|[{QUOTES}][^{QUOTES}]*[{QUOTES}])+")
_PAIR = re.compile(rf"([{MINUS}]?)([^:{QUOTES}]*):(.*)", re.DOTALL)
_NUMBER = re.compile(rf"[{MINUS}]?number:.*\d", re.IGNORECASE | re.DOTALL)
_IN_NUMBER = rf"{MINUS}\u2010-\u2015\uff0b\d()+.*,/"
_PART_OF_NUMBER = re.compile(rf"[{_IN_NUMBER}]*\d[{_IN_NUMBER}]*")
_UNQUOTE = str.maketrans("", "", QUOTES)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line; `key` is None where no colon stands in it."""

    typed: str
    key: str | None
    values: tuple[str, ...]
    negated: bool = False


def is_quote_open(line: str) -> bool:
    """True when a quote is never closed."""
    return sum(line.count(quote) for quote in QUOTES) % 2 == 1


def words_of(line: str) -> list[Word]:
    """The words of a line whose quotes are all closed; a blank behind a colon or comma does not count."""
    return [_word(piece) for piece in _joined(_WORD.findall(line))]


def plain(text: str) -> str:
    """The text without quotes, and with single blanks."""
    return " ".join(text.translate(_UNQUOTE).split())


def quoted(value: str) -> str:
    """The value as it must be typed."""
    return f'"{value}"' if "," in value or any(letter.isspace() for letter in value) else value


def _joined(pieces: list[str]) -> list[str]:
    """`status: exception, ported` and `number:(303) 555-0123` are one thing to a person's eye."""
    joined: list[str] = pieces[:1]
    for before, piece in pairwise(pieces):
        if before.endswith((":", ",")) and not _PAIR.fullmatch(piece):
            joined[-1] += piece
        elif _NUMBER.match(joined[-1]) and _PART_OF_NUMBER.fullmatch(piece):
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _word(piece: str) -> Word:
    pair = _PAIR.fullmatch(piece)
    if not pair:
        return Word(piece, None, _values(piece))
    return Word(piece, pair[2].strip().casefold(), _values(pair[3]), bool(pair[1]))


def _values(listed: str) -> tuple[str, ...]:
    return tuple(value for value in map(plain, _VALUE.findall(listed)) if value)
