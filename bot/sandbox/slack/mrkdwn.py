"""Reads Slack's mrkdwn into parts, each shaped like an element of rich_text.

Slack publishes no grammar. What is known: a sign of style stands at the edge of a word and ends on its line,
`<…>` holds links, mentions and dates, ``` and > begin blocks, and only & < > are written as entities.
"""

import re
from collections.abc import Callable, Iterator

from bot.sandbox.slack.records import Json
from bot.sandbox.slack.styles import styled

SignOf = Callable[[str], str | None]  # an emoji's character by its name, None if there is no such emoji

FENCE = "```"
SAFE_URL = re.compile(r"(?i)(?:https?|mailto|tel|slack):\S+")
BREAK: Json = {"type": "break"}
_ENTITY = re.compile(r"&(amp|lt|gt);")
_MEANT = {"amp": "&", "lt": "<", "gt": ">"}
_QUOTE = re.compile(r"(?:(?P<rest>(?:&gt;|>){3})|&gt;|>) ?")
_DATE = re.compile(r"!date\^(\d{1,12})\^([^^]+)(?:\^(.+))?")
_RANGES = frozenset({"here", "channel", "everyone"})
_TOKEN = re.compile(
    r"`(?P<code>(?!\s*`)[^`]+)`"
    r"|<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>"
    r"|:(?P<emoji>[\w+'-]{1,80}):(?::skin-tone-(?P<tone>[2-6]):)?"
    r"|(?P<url>\bhttps?://(?:&amp;|[^\s<>\"`|&])+)"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+)"
    r"|(?P<mark>[*_~])",
    re.IGNORECASE,
)
_URL_END = re.compile(r"[.,;:!?'*_~)\]]")
_FIRST_TONE = 0x1F3FB  # skin-tone-2; there is no 1


def no_sign(_name: str) -> None:
    """Every :name: stays text."""


def decoded(text: str) -> str:
    """The text without its entities."""
    return _ENTITY.sub(lambda found: _MEANT[found[1]], text)


def parts_of(text: str, sign_of: SignOf = no_sign, *, verbatim: bool = False) -> list[Json]:
    """The parts of a mrkdwn text; `verbatim` leaves bare addresses alone."""
    page = _Page(_Inline(sign_of, verbatim=verbatim))
    for piece, is_code in _pieces(text):
        if is_code:
            page.block({"type": "preformatted", "text": decoded(piece.strip("\n"))})
            continue
        for place, line in enumerate(piece.split("\n")):
            page.line(line, is_rest=place == 0)
    return page.parts


def plain_parts_of(text: str, sign_of: SignOf = no_sign) -> list[Json]:
    """The parts of a plain text: emoji, entities and line breaks, nothing else."""
    parts: list[Json] = []
    for place, line in enumerate(text.split("\n")):
        parts += [BREAK] if place else []
        parts += styled(_plain_tokens(line, sign_of))
    return parts


def _plain_tokens(line: str, sign_of: SignOf) -> Iterator[str | Json]:
    place = begin = 0
    while (start := line.find(":", place)) >= 0:
        found = _TOKEN.match(line, start)
        part = emoji_part(found, sign_of) if found else None
        if found is None or part is None:
            place = start + 1
            continue
        yield decoded(line[begin:start])
        yield part
        begin = place = found.end()
    yield decoded(line[begin:])


def emoji_part(found: re.Match[str], sign_of: SignOf) -> Json | None:
    """The emoji of a :name:, with its skin tone; None where Slack has none of that name."""
    sign = sign_of(found["emoji"])
    if sign is None:
        return None
    tone = found["tone"]
    toned = sign if tone is None else sign.rstrip("\ufe0f") + chr(_FIRST_TONE + int(tone) - 2)
    return {"type": "emoji", "name": found["emoji"], "sign": toned}


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

    def __init__(self, inline: "_Inline") -> None:
        self.parts: list[Json] = []
        self._inline = inline
        self._into = self.parts
        self._is_fresh = True  # nothing stands on the present line yet
        self._all_quoted = False

    def line(self, line: str, *, is_rest: bool) -> None:
        """Add a line; `is_rest` says that a preformatted block may stand before it on the same line."""
        if is_rest and not line:
            return
        quote = None if self._all_quoted else _QUOTE.match(line)
        if quote:
            line = line[quote.end() :]
            self._all_quoted = quote["rest"] is not None
        self._turn(to_quote=self._all_quoted or quote is not None)
        if not self._is_fresh:
            self._into.append(BREAK)
        self._into += styled(self._inline.tokens(line))
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


class _Inline:
    """Reads one line: what is no part of its own comes as text, or as one sign of style."""

    def __init__(self, sign_of: SignOf, *, verbatim: bool) -> None:
        self._sign_of = sign_of
        self._verbatim = verbatim

    def tokens(self, line: str) -> Iterator[str | Json]:
        """Decoded text, parts, and marks that may be a style: {"mark", "opens", "closes"}."""
        place = begin = 0
        while found := _TOKEN.search(line, place):
            part, end = self._part(found, line)
            if part is None:
                place = found.start() + 1
                continue
            yield decoded(line[begin : found.start()])
            yield part
            begin = place = end
        yield decoded(line[begin:])

    def _part(self, found: re.Match[str], line: str) -> tuple[Json | None, int]:
        """The part that begins here, and where it ends; None where these characters mean nothing."""
        if found["url"] and not self._verbatim:
            url = _without_end(found["url"])
            return {"type": "link", "url": decoded(url)}, found.start() + len(url)
        part: Json | None = {"type": "text", "text": decoded(found[0])}
        if found["mark"]:
            part = _mark(line, found.start())
        elif found["code"]:
            part = {"type": "text", "text": decoded(found["code"]), "style": {"code": True}}
        elif found["target"]:
            part = _bracketed(found["target"], found["label"])
        elif found["emoji"]:
            part = emoji_part(found, self._sign_of)
        elif found["mail"] and not self._verbatim:
            part = {"type": "link", "url": f"mailto:{found[0]}", "text": found[0]}
        return part, found.end()


def _mark(line: str, place: int) -> Json:
    mark, before, after = line[place], line[place - 1 : place], line[place + 1 : place + 2]
    opens = after not in {"", mark} and not after.isspace() and before != mark and not before.isalnum()
    closes = before not in {"", mark} and not before.isspace() and after != mark and not after.isalnum()
    return {"mark": mark, "opens": opens, "closes": closes}


def _without_end(url: str) -> str:
    """The address without the sentence's own signs after it; a closing bracket stays if it was opened."""
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while _URL_END.fullmatch(url, end - 1, end):
        if url[end - 1] == ")":
            if surplus <= 0:
                break
            surplus -= 1
        end -= 1
    return url[:end]


def _bracketed(target: str, label: str | None) -> Json | None:
    """What <target|label> stands for; None where Slack would show it as it is."""
    words = decoded(label) if label else ""
    if target[0] == "@" and target[1:].isalnum():
        return {"type": "user", "user_id": target[1:]}
    if target[0] == "#" and target[1:].isalnum():
        return {"type": "channel", "channel_id": target[1:]}
    if target[0] == "!":
        return _special(target, words)
    if SAFE_URL.fullmatch(target):
        return {"type": "link", "url": decoded(target)} | ({"text": words} if words else {})
    return None


def _special(target: str, words: str) -> Json | None:
    if target[1:] in _RANGES:
        return {"type": "broadcast", "range": target[1:]}
    if target.startswith("!subteam^") and target[9:].isalnum():
        return {"type": "usergroup", "usergroup_id": target[9:]}
    if date := _DATE.fullmatch(target):
        shown = {"type": "date", "timestamp": int(date[1]), "format": decoded(date[2]), "fallback": words}
        return shown | ({"url": decoded(date[3])} if date[3] and SAFE_URL.fullmatch(date[3]) else {})
    return {"type": "text", "text": words} if words else None
