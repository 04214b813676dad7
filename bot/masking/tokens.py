"""A text as words, values and what is known by its form: ids, phone numbers, dates."""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from bot.masking.words import INVISIBLE, fewest_digits, is_secret, plain, undisguised

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
            rf"(?P<run>{_NO_SIGN_BEFORE}a/c(?![^\W\d_])|[^\W_](?:[^\W_]|[{INVISIBLE}])*)",
        ]
    ),
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LAST_DIGITS = re.compile(r"([^\W\d_]*)(last)(\d)([^\W\d_]*)(\d*)", re.IGNORECASE)
_DISGUISED = re.compile(r"([^\W\d_].*[^\W\d_])(\d*)")


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
    if special := list(_last_digits(run, start)) or list(_disguised(run, start)):
        yield from special
        return
    head = "".join(takewhile(lambda sign: not _is_digit(sign), run))
    words = list(_words(head, start)) if head else []
    if words and _is_telling(words[-1].written):
        yield from words
        yield _token(Kind.VALUE, run[len(head) :], start + len(head))
    else:
        yield _token(Kind.VALUE, run, start)


def _last_digits(run: str, start: int) -> Iterator[Token]:
    """`last4ssn`, `ssnLast4`, `last4ssn6789`; nothing for other runs."""
    found = _LAST_DIGITS.fullmatch(run)
    if not found or not (_is_telling(found[1]) or _is_telling(found[4])):
        return
    for number, part in enumerate(found.groups(), 1):
        if part:
            yield _token(Kind.VALUE if part.isdigit() else Kind.WORD, part, start + found.start(number))


def _disguised(run: str, start: int) -> Iterator[Token]:
    """`p1n` and `p1n4821`; nothing for other runs."""
    found = _DISGUISED.fullmatch(run)
    if not found or not (word := undisguised(found[1])):
        return
    yield Token(Kind.WORD, start, start + found.end(1), word, found[1])
    if found[2]:
        yield _token(Kind.VALUE, found[2], start + found.end(1))


def _is_telling(word: str) -> bool:
    return is_secret(plain(word), word) or fewest_digits(plain(word), word) is not None


def _is_digit(written: str) -> bool:
    return any(sign.isdigit() for sign in plain(written))


def _words(run: str, start: int) -> Iterator[Token]:
    """`customerPIN` is two, but `pIn` is one."""
    for part in [run] if is_secret(plain(run), run) else _HUMP.split(run):
        yield _token(Kind.WORD, part, start)
        start += len(part)
