"""Reads one line of mrkdwn or plain text: links, mentions, dates, emoji, code and the signs of style."""

import re
from collections.abc import Callable, Iterator

from bot.sandbox.slack.records import Json

SignOf = Callable[[str], str | None]  # an emoji's character by its name, None if there is no such emoji
Token = str | Json  # text as it was written, or a part
Found = tuple[Json | None, int]  # a part and where it ends; None where these characters mean nothing

SAFE_URL = re.compile(r"(?i)(?:https?|mailto|tel|slack):\S+")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_MEANT = {"amp": "&", "lt": "<", "gt": ">"}
_DATE = re.compile(r"!date\^(\d{1,12})\^([^^]+)(?:\^(.+))?")
_RANGES = frozenset({"here", "channel", "everyone"})
_EMOJI = r":(?P<emoji>[\w+'-]{1,80}):(?::skin-tone-(?P<tone>[2-6]):)?"
_ADDRESS = (
    r"(?P<url>\bhttps?://(?:(?!&[lg]t;)[^\s<>\"`|])+)"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+)"
)
_IN_PLAIN = re.compile(_EMOJI)
_IN_MARKDOWN = re.compile(f"{_EMOJI}|{_ADDRESS}", re.IGNORECASE)
_IN_MRKDWN = re.compile(
    r"`(?P<code>(?!\s*`)[^`]+)`"
    r"|<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>"
    rf"|{_EMOJI}|{_ADDRESS}"
    r"|(?P<mark>[*_~])",
    re.IGNORECASE,
)
_URL_END = re.compile(r"[.,;:!?'*_~)\]]")
_FIRST_TONE = 0x1F3FB  # skin-tone-2; there is no 1


def decoded(text: str) -> str:
    """The text without Slack's three entities."""
    return _ENTITY.sub(lambda found: _MEANT[found[1]], text)


def plain_tokens(line: str, sign_of: SignOf) -> Iterator[Token]:
    """Decoded text and emoji."""
    for token in _scanned(_IN_PLAIN, line, lambda found: (emoji_part(found, sign_of), found.end())):
        yield decoded(token) if isinstance(token, str) else token


def markdown_tokens(line: str, sign_of: SignOf) -> Iterator[Token]:
    """Text as it is, emoji and bare addresses: what is left to find in a text of standard markdown."""

    def part_of(found: re.Match[str]) -> Found:
        return (emoji_part(found, sign_of), found.end()) if found["emoji"] else _address(found)

    return _scanned(_IN_MARKDOWN, line, part_of)


def mrkdwn_tokens(line: str, sign_of: SignOf, *, verbatim: bool) -> Iterator[Token]:
    """Decoded text, parts, and marks that may be a style: {"mark", "opens", "closes"}."""

    def part_of(found: re.Match[str]) -> Found:
        if found["url"] or found["mail"]:
            return ({"type": "text", "text": decoded(found[0])}, found.end()) if verbatim else _address(found)
        part: Json | None = None
        if found["mark"]:
            part = _mark(line, found.start())
        elif found["code"]:
            part = {"type": "text", "text": decoded(found["code"]), "style": {"code": True}}
        elif found["target"]:
            part = _bracketed(found["target"], found["label"])
        else:
            part = emoji_part(found, sign_of)
        return part, found.end()

    for token in _scanned(_IN_MRKDWN, line, part_of):
        yield decoded(token) if isinstance(token, str) else token


def _scanned(
    pattern: re.Pattern[str], line: str, part_of: Callable[[re.Match[str]], Found]
) -> Iterator[Token]:
    place = begin = 0
    while found := pattern.search(line, place):
        part, end = part_of(found)
        if part is None:
            place = found.start() + 1
            continue
        yield line[begin : found.start()]
        yield part
        begin = place = end
    yield line[begin:]


def emoji_part(found: re.Match[str], sign_of: SignOf) -> Json | None:
    """The emoji of a :name:, with its skin tone; None where Slack has none of that name."""
    sign = sign_of(found["emoji"])
    if sign is None:
        return None
    toned = sign if found["tone"] is None else with_tone(sign, int(found["tone"]))
    return {"type": "emoji", "name": found["emoji"], "sign": toned}


def with_tone(sign: str, tone: int) -> str:
    """The sign in a skin tone, 2 to 6."""
    return sign.rstrip("\ufe0f") + chr(_FIRST_TONE + tone - 2)


def _mark(line: str, place: int) -> Json:
    mark, before, after = line[place], line[place - 1 : place], line[place + 1 : place + 2]
    opens = after not in {"", mark} and not after.isspace() and before != mark and not before.isalnum()
    closes = before not in {"", mark} and not before.isspace() and after != mark and not after.isalnum()
    return {"mark": mark, "opens": opens, "closes": closes}


def _address(found: re.Match[str]) -> Found:
    if found["mail"]:
        return {"type": "link", "url": f"mailto:{found[0]}", "text": found[0]}, found.end()
    url = _without_end(found["url"])
    return {"type": "link", "url": decoded(url)}, found.start() + len(url)


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
    named = {"label": words} if words else {}  # for whoever does not know the id
    if target[0] == "@" and target[1:].isalnum():
        return {"type": "user", "user_id": target[1:]} | named
    if target[0] == "#" and target[1:].isalnum():
        return {"type": "channel", "channel_id": target[1:]} | named
    if target[0] == "!":
        return _special(target, words)
    if SAFE_URL.fullmatch(target):
        return {"type": "link", "url": decoded(target)} | ({"text": words} if words else {})
    return None


def _special(target: str, words: str) -> Json | None:
    if target[1:] in _RANGES:
        return {"type": "broadcast", "range": target[1:]}
    if target.startswith("!subteam^") and target[9:].isalnum():
        return {"type": "usergroup", "usergroup_id": target[9:]} | ({"label": words} if words else {})
    if date := _DATE.fullmatch(target):
        shown = {"type": "date", "timestamp": int(date[1]), "format": decoded(date[2]), "fallback": words}
        return shown | ({"url": decoded(date[3])} if date[3] and SAFE_URL.fullmatch(date[3]) else {})
    return {"type": "text", "text": words} if words else None
