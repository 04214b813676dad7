"""Text from outside made harmless: it never mentions, links, formats or gives a secret away."""

import re

from bot.masking import mask_secrets

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SURROGATES = re.compile("[\ud800-\udfff]")

# Nothing is gone over twice: the time must not grow with the square of the length.
_EMOJI_NAME = re.compile(r":(?=(?:(?![a-z_+])[\w+'-])*+[a-z_+][\w+'-]*+:)", re.IGNORECASE)
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_QUOTED_LINE = re.compile("^>", re.MULTILINE)
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})

_HALF_ENTITY = re.compile(r"(?:&[a-z]{0,4}|<(?:[@#!]|https?:)[^<>]*|<)\Z")


def clean(text: str) -> str:
    """The text without control, bidirectional and invisible characters; line ends are newlines."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)))


def escape(text: str) -> str:
    """The text with Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What `escape` was given."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something is missing; never half an entity."""
    if len(text) <= limit:
        return text
    return _HALF_ENTITY.sub("", text[: limit - 1]).rstrip() + "…"


def without_formatting(text: str) -> str:
    """The text with mrkdwn's marks (it has no escape for them) replaced by characters that look alike."""
    harmless = _EDGE_UNDERSCORE.sub("ˍ", text.translate(_LOOKALIKES))
    return _QUOTED_LINE.sub("›", _EMOJI_NAME.sub("∶", harmless))


def _masked(text: str, limit: int) -> str:
    """The text without its secrets; of a very long one only so much is looked at as can be shown."""
    enough = 4 * limit + 400  # masking makes shorter
    return mask_secrets(text) if len(text) <= enough else f"{mask_secrets(text[:enough])}…"


def literal(text: str, limit: int) -> str:
    """Text from outside for rich_text and table cells, which show it as it is, line ends too."""
    return cut(_masked(clean(text).strip(), limit), limit)


def plain(text: str, limit: int) -> str:
    """Text from outside on one line, for plain_text: dialogs, labels, options."""
    return cut(_EMOJI_NAME.sub("∶", _masked(" ".join(clean(text).split()), limit)), limit)


def inline(text: str, limit: int) -> str:
    """Text from outside on one line, for mrkdwn and a message's `text`."""
    line = _masked(" ".join(clean(text).split()), limit)
    return cut(escape(without_formatting(line)), limit)
