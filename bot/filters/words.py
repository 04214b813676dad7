"""A typed line cut into words: `-key:value,"another value"`. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

QUOTES = '"“”„‟«»＂'
"""Any of these opens and any closes: phones and keyboards mix them. So no value ever holds one."""
MINUS = "-–—−"
"""A minus, and what keyboards make of it."""
NOT_SIGNS = "!~¬"
"""What other languages write for a minus."""

_WORD = re.compile(rf"(?:[^\s{QUOTES}]|[{QUOTES}][^{QUOTES}]*[{QUOTES}])+")
_VALUE = re.compile(rf"(?:[^,{QUOTES}]|[{QUOTES}][^{QUOTES}]*[{QUOTES}])+")
_PAIR = re.compile(rf"([{MINUS}]?)([^:{QUOTES}]*):(.*)", re.DOTALL)
_IN_NUMBER = rf"{MINUS}\u2010-\u2015\uff0b\d()+.*,/"
_NUMBER = re.compile(
    rf"[{MINUS}]?(?:number:.*\d|order:[{_IN_NUMBER}\s]*\d[{_IN_NUMBER}\s]*\Z)", re.IGNORECASE | re.DOTALL
)
_PART_OF_NUMBER = re.compile(rf"[{_IN_NUMBER}]*\d[{_IN_NUMBER}]*")
_SINGLE_QUOTED = re.compile(r"['‘’‚`](.+)['‘’‚`]", re.DOTALL)
_UNQUOTE = str.maketrans("", "", QUOTES)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line; `key` is None where no colon stands in it."""

    typed: str
    key: str | None
    values: tuple[str, ...]
    negated: bool = False
    signed: int = 0
    """How many of the values begin with a minus outside of quotes: there it is in the wrong place."""


def is_quote_open(line: str) -> bool:
    """True when a quote is never closed."""
    return sum(line.count(quote) for quote in QUOTES) % 2 == 1


def closed(line: str) -> str:
    """A line whose last quote is open, with that closed: before the next key, else at the end."""
    at = max(line.rfind(quote) for quote in QUOTES) + 1
    key = re.search(rf"\s+[{MINUS}]?[a-z_]+:", line[at:], re.IGNORECASE)
    end = at + key.start() if key else len(line.rstrip())
    return f'{line[:end]}"{line[end:].rstrip()}'


def words_of(line: str) -> list[Word]:
    """The words of a line whose quotes are all closed; a blank behind a colon or comma does not count."""
    return [_word(piece) for piece in _joined(_WORD.findall(line))]


def plain(text: str) -> str:
    """The text without quotes, and with single blanks."""
    return " ".join(text.translate(_UNQUOTE).split())


def quoted(value: str) -> str:
    """The value as it must be typed."""
    is_odd = value[:1] in (*MINUS, *NOT_SIGNS, "`", ":") or value[-1:] in ("`", ":")
    needs_quotes = is_odd or "," in value or any(map(str.isspace, value)) or _SINGLE_QUOTED.fullmatch(value)
    return f'"{value}"' if needs_quotes else value


def written(key: str, values: Iterable[str], *, negated: bool) -> str:
    """A key with its values as they must be typed."""
    return f"{'-' if negated else ''}{key}:{','.join(map(quoted, values))}"


def _joined(pieces: list[str]) -> list[str]:
    """`status: exception, ported` and `number:(303) 555-0123` are one thing to a person's eye."""
    joined: list[str] = pieces[:1]
    for before, piece in pairwise(pieces):
        is_value = before.endswith((":", ",")) and not _PAIR.fullmatch(piece)
        if is_value:
            # Without a key it may be a name, as `ACME, Inc.` is.
            joined[-1] += piece if ":" in joined[-1] else f" {piece}"
        elif piece.startswith(":") and ":" not in joined[-1]:
            joined[-1] += piece
        elif _NUMBER.match(joined[-1]) and _PART_OF_NUMBER.fullmatch(piece):
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _word(typed: str) -> Word:
    piece = typed.strip("`")  # copied from a message that shows it as code
    pair = _PAIR.fullmatch(piece)
    if not pair:
        return Word(piece, None, _values(piece))
    values = _VALUE.findall(pair[3])
    signed = sum(value.lstrip()[:1] in (*MINUS, *NOT_SIGNS) for value in values)
    return Word(piece, pair[2].strip().casefold(), _values(pair[3]), bool(pair[1]), signed)


def _values(listed: str) -> tuple[str, ...]:
    return tuple(value for value in map(unquoted, _VALUE.findall(listed)) if value)


def unquoted(typed: str) -> str:
    """A value without the quotes around it; single ones hold no blanks together, but mean the same."""
    single = _SINGLE_QUOTED.fullmatch(typed)
    return plain(single[1] if single else typed)
