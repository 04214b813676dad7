"""Messages and views made ready for the browser: each text object gets the parts that a person reads."""

import re
from typing import Any

from bot.sandbox.page.markdown import markdown_parts_of
from bot.sandbox.page.signs import sign_of
from bot.sandbox.slack.inline import with_tone
from bot.sandbox.slack.mrkdwn import lines_of, no_sign, plain_parts_of
from bot.sandbox.slack.mrkdwn import parts_of as mrkdwn_parts_of
from bot.sandbox.slack.records import Json

_WORDS = ("color", "author_name", "title", "title_link", "image_url", "footer", "fallback")
_TONE = "::skin-tone-"
_TONES = frozenset("23456")
_CODE = re.compile(r"(?:(?!d[89a-f])1?[0-9a-f]{2,4}-?\b)+", re.IGNORECASE)  # no half of a pair


def drawn(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks, in which each text object has `parts` and each emoji its `sign`."""
    return [_drawn(block) for block in blocks]


def parts_of(text: str) -> list[Json]:
    """The parts of a text that stands without blocks."""
    return mrkdwn_parts_of(text, sign_of)


def drawn_attachments(attachments: list[Json]) -> list[Json]:
    """A copy of the attachments: their blocks drawn, and parts for each text that may have marks."""
    return [_attachment(each) for each in attachments]


def _attachment(attachment: Json) -> Json:
    """What is drawn of an attachment. Slack checks little in these, so that anything may stand there."""
    shown = {name: attachment[name] for name in _WORDS if isinstance(attachment.get(name), str)}
    for name in ("pretext", "text"):
        if isinstance(attachment.get(name), str):
            shown[name] = parts_of(attachment[name])
    shown["fields"] = [_field(each) for each in _objects(attachment.get("fields"))]
    return shown | {"blocks": drawn(_objects(attachment.get("blocks")))}


def _field(field: Json) -> Json:
    title, value = str(field.get("title", "")), str(field.get("value", ""))
    return {"title": title, "value": parts_of(value), "short": field.get("short") is True}


def _objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _drawn(value: Any) -> Any:
    if isinstance(value, list):
        return [_drawn(each) for each in value]
    if not isinstance(value, dict):
        return value
    shown = {name: _drawn(each) for name, each in value.items()}
    if value.get("type") == "emoji":
        return shown | _sign(value)
    parts = _parts(value)
    return shown if parts is None else shown | {"parts": parts}


def _parts(value: Json) -> list[Json] | None:
    """The parts of a text object; None for anything else."""
    text, kind = value.get("text"), value.get("type")
    if not isinstance(text, str):
        return None
    if kind == "mrkdwn":
        return mrkdwn_parts_of(text, sign_of, verbatim=value.get("verbatim") is True)
    if kind == "plain_text":
        return plain_parts_of(text, no_sign if value.get("emoji") is False else sign_of)
    if kind in ("raw_text", "raw_number"):
        return lines_of([line] for line in text.split("\n"))
    return markdown_parts_of(text) if kind == "markdown" else None


def _sign(emoji: Json) -> Json:
    """The sign of a rich_text emoji: given in hexadecimal, or found by its name and skin tone."""
    if (code := str(emoji.get("unicode", ""))) and _CODE.fullmatch(code):
        return {"sign": "".join(chr(int(each, 16)) for each in code.split("-"))}
    name, _, tone = str(emoji.get("name")).partition(_TONE)
    number = tone or str(emoji.get("skin_tone"))
    sign = sign_of(name)
    if sign is None:
        return {}
    return {"sign": with_tone(sign, int(number)) if number in _TONES else sign}
