"""A text as words, values and what is known by its form: ids, phone numbers, dates."""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from bot.masking.words import FAINT, INVISIBLE, is_secret, plain

MASK = "••••"


class Kind(StrEnum):
    """What a token is by its form."""

    WORD = "word"
    VALUE = "value"
    """Holds digits."""
    MASKED = "masked"
    ID = "id"
    PHONE = "phone"
    DATE = "date"


class Token(NamedTuple):
    """A word or a value of the text, and where it stands."""

    kind: Kind
    start: int
    end: int
    plain: str
    written: str

    @property
    def digits(self) -> int:
        return sum(sign.isdigit() for sign in self.plain)


_NO_SIGN_BEFORE, _NO_SIGN_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_HEX = r"[0-9a-f]"
_FORMS = {
    Kind.ID: rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}|(?:sr|pr|po)_[0-9a-z]{{3,16}}",
    Kind.PHONE: (
        r"\+\d{7,15}|\+\d(?:[ .()-]{0,2}\d){9,11}"
        r"|(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}[2-9]\d{2}[ .-]\d{4}(?![.-]\d)"
    ),
    Kind.DATE: (
        r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.]+Z?)?"
        r"|(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|[12]\d|3[01])[/.](?:19|20)?\d{2}"
        r"|(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
    ),
}
_TOKEN = re.compile(
    "|".join(
        [
            *(f"(?P<{kind}>{_NO_SIGN_BEFORE}(?:{form}){_NO_SIGN_AFTER})" for kind, form in _FORMS.items()),
            f"(?P<{Kind.MASKED}>{MASK}•*)",
            rf"(?P<run>[^\W_](?:[^\W_]|[{INVISIBLE}])*)",
        ]
    ),
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def tokens_of(text: str) -> Iterator[Token]:
    """The text's tokens, in order."""
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "run":
            yield from _of_run(found[0], found.start())
        else:
            yield _token(Kind(str(found.lastgroup)), found[0], found.start())


def _token(kind: Kind, written: str, start: int) -> Token:
    return Token(kind, start, start + len(written), plain(written), written)


def _of_run(run: str, start: int) -> Iterator[Token]:
    """A word, a value, or a word with its value glued to it: `pin1234`, `customerPIN`."""
    if not _is_digit(run):
        yield from _words(run, start)
        return
    head = "".join(takewhile(lambda sign: not _is_digit(sign), run))
    words = list(_words(head, start)) if head else []
    if words and (is_secret(words[-1].plain, words[-1].written) or words[-1].plain in FAINT):
        yield from words
        yield _token(Kind.VALUE, run[len(head) :], start + len(head))
    else:
        yield _token(Kind.VALUE, run, start)


def _is_digit(written: str) -> bool:
    return any(sign.isdigit() for sign in plain(written))


def _words(run: str, start: int) -> Iterator[Token]:
    """`customerPIN` is two, but `pIn` is one."""
    for part in [run] if is_secret(plain(run), run) else _HUMP.split(run):
        yield _token(Kind.WORD, part, start)
        start += len(part)
