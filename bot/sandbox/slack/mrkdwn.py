"""Reads Slack's mrkdwn into parts, each shaped like an element of rich_text.

Slack publishes no grammar. What is known: a sign of style stands at the edge of a word and ends on its line,
`<…>` holds links, mentions and dates, ``` and > begin blocks, and only & < > are written as entities.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from bot.sandbox.slack.inline import SignOf, Token, decoded, mrkdwn_tokens, plain_tokens
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.styles import styled

FENCE = "```"
BREAK: Json = {"type": "break"}
_QUOTE = re.compile(r"(?:(?P<rest>(?:&gt;|>){3})|&gt;|>) ?")


def no_sign(_name: str) -> None:
    """Every :name: stays text."""


def parts_of(text: str, sign_of: SignOf = no_sign, *, verbatim: bool = False) -> list[Json]:
    """The parts of a mrkdwn text; `verbatim` leaves bare addresses alone."""
    page = _Page(lambda line: mrkdwn_tokens(line, sign_of, verbatim=verbatim))
    for piece, is_code in _pieces(text):
        if is_code:
            page.block({"type": "preformatted", "text": decoded(piece.strip("\n"))})
            continue
        for place, line in enumerate(piece.split("\n")):
            if place or line:  # an empty first one is what is left of a preformatted block's last line
                page.line(line)
    return page.parts


def plain_parts_of(text: str, sign_of: SignOf = no_sign) -> list[Json]:
    """The parts of a plain text: emoji, entities and line breaks, nothing else."""
    return lines_of(plain_tokens(line, sign_of) for line in text.split("\n"))


def lines_of(lines: Iterable[Iterable[Token]]) -> list[Json]:
    """The parts of lines below each other."""
    parts: list[Json] = []
    for place, tokens in enumerate(lines):
        parts += [BREAK] if place else []
        parts += styled(tokens)
    return parts


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Text and preformatted pieces by turns; True marks the latter."""
    begin = start = 0
    while (start := text.find(FENCE, start)) >= 0 and (end := text.find(FENCE, start + 3)) >= 0:
        if not text[start + 3 : end].strip():
            start = end
            continue
        if start > begin:
            yield text[begin:start], False
        yield text[start + 3 : end], True
        begin = start = end + 3
    if begin < len(text):
        yield text[begin:], False


class _Page:
    """Puts lines and blocks below each other, quotes as parts of their own."""

    def __init__(self, read: Callable[[str], Iterable[Token]]) -> None:
        self._read = read
        self.parts: list[Json] = []
        self._into = self.parts
        self._is_fresh = True  # nothing stands on the present line yet
        self._all_quoted = False

    def line(self, line: str) -> None:
        """Add a line, as the next one of a quote where it begins with >."""
        quote = None if self._all_quoted else _QUOTE.match(line)
        if quote:
            line = line[quote.end() :]
            self._all_quoted = quote["rest"] is not None
        self._turn(to_quote=self._all_quoted or quote is not None)
        if not self._is_fresh:
            self._into.append(BREAK)
        self._into += styled(self._read(line))
        self._is_fresh = False

    def block(self, part: Json) -> None:
        """Add a part that stands on lines of its own."""
        self._turn(to_quote=self._all_quoted)
        if self._into and self._into[-1] == BREAK:
            self._into.pop()
        self._into.append(part)
        self._is_fresh = True

    def _turn(self, *, to_quote: bool) -> None:
        if to_quote and self._into is self.parts:
            self._into = []
            self.parts.append({"type": "quote", "parts": self._into})
            self._is_fresh = True
        elif not to_quote and self._into is not self.parts:
            self._into = self.parts
            self._is_fresh = True
