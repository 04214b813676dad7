"""A line as a person typed it in Slack. Pure."""

import re
from collections.abc import Container

from bot.errors import UserError
from bot.filters.words import plain
from bot.references import read_reference
from bot.slack.escaping import clean, unescape

MAX_REF = 200
ENDS = ".!?"
_SUPPORT_KEY = re.compile(rf"(?:sr|po)_\w+[{ENDS}]*", re.IGNORECASE)
_PAGE = re.compile(r"(.*?)\s+page:([1-9][0-9]{0,3})", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def unescaped(text: str) -> str:
    """The line as it was typed, with single blanks and without marks that nobody sees.

    Slack sends `<#C1|name>`, `<@U1|name>`, `<tel:…|+1…>`, `<https://…|…>` for names, numbers and addresses.
    """
    return " ".join(clean(unescape(_LINK.sub(_shown, text))).split())


def _shown(link: re.Match[str]) -> str:
    target, label = link.group(1), link.group(2)
    if target.startswith(("http://", "https://")):
        # Slack makes a link of `acme.com`, which was typed as a name.
        is_made_up = label and target.partition("://")[2].rstrip("/") == label.rstrip("/")
        return label if is_made_up else target
    if target.startswith(("#", "@")):
        return target[0] + (label or target[1:])
    return label or target.removeprefix("tel:").removeprefix("mailto:")


def bare(words: str) -> str:
    """Words without the end of a sentence behind them: `Status?`."""
    return words.rstrip(f"{ENDS} ")


def without_name(line: str, name: str, commands: Container[str]) -> str:
    """The line behind the slash command's `name`, which people write once more, with its slash or without.

    `Port of LA` is a customer all the same.
    """
    if line.startswith("/"):
        return line.partition(" ")[2]
    first, _, rest = line.partition(" ")
    if first.lower() != name.removeprefix("/").lower():
        return line
    read = read_reference(rest)
    is_line = not rest or bare(rest.partition(" ")[0]).lower() in commands
    is_named = read.ids or read.beginning or read.digits or _SUPPORT_KEY.fullmatch(rest)
    return rest if is_line or is_named else line


def paged(text: str) -> tuple[str, int]:
    """The words before a `page:2` at their end, and the page; 1 where there is none."""
    found = _PAGE.fullmatch(text)
    return (found[1], int(found[2])) if found else (text, 1)


def ref_of(text: str) -> str:
    """What is looked for, without the quotes around it; raises UserError for nothing and for too much."""
    ref = plain(text)
    if not ref:
        raise UserError("I have nothing to look for. Give me an id, a support key, a reference or a number.")
    if len(ref) > MAX_REF:
        raise UserError("That is too long to be an id, a support key, a reference or a phone number.")
    return ref
