"""A line as a person typed it in Slack. Pure."""

import re
from html import unescape

from bot.errors import UserError
from bot.filters.words import plain
from bot.slack.escaping import clean

MAX_REF = 200
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def unescaped(text: str) -> str:
    """The line as it was typed, with single blanks and without marks that nobody sees.

    Slack sends `<#C1|name>`, `<@U1|name>`, `<tel:…|+1…>`, `<https://…|…>` for names, numbers and addresses.
    """
    return " ".join(clean(unescape(_LINK.sub(_shown, text))).split())


def _shown(link: re.Match[str]) -> str:
    target, label = link.group(1), link.group(2)
    if target.startswith(("http://", "https://")):
        return target
    if target.startswith(("#", "@")):
        return target[0] + (label or target[1:])
    return label or target.removeprefix("tel:").removeprefix("mailto:")


def ref_of(text: str) -> str:
    """What is looked for, without the quotes around it; raises UserError for nothing and for too much."""
    ref = plain(text)
    if not ref:
        raise UserError("I have nothing to look for. Give me an id, a support key, a reference or a number.")
    if len(ref) > MAX_REF:
        raise UserError("That is too long to be an id, a support key, a reference or a phone number.")
    return ref
