"""What Slack accepts inside a rich_text block."""

from typing import Any

from bot.sandbox.slack.element_rules import URL
from bot.sandbox.slack.schema import (
    Problems,
    Rule,
    Shape,
    boolean,
    by_type,
    choice,
    items,
    shape,
    string,
    whole,
    wrong,
)

LONGEST = 40_000
_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
STYLE = shape({}, dict.fromkeys(_STYLES, boolean))


def _leaf(kind: str, needed: Shape, optional: Shape | None = None) -> Rule:
    fields: Shape = {"type": choice(kind)}
    return shape(fields | needed, {"style": STYLE, **(optional or {})})


LEAVES: dict[str, Rule] = {
    "text": _leaf("text", {"text": string(LONGEST, shortest=0)}),
    "link": _leaf("link", {"url": string(3000, pattern=URL)}, {"text": string(LONGEST), "unsafe": boolean}),
    "emoji": _leaf("emoji", {"name": string(100)}, {"unicode": string(100), "skin_tone": whole(1, 6)}),
    "user": _leaf("user", {"user_id": string(20)}),
    "usergroup": _leaf("usergroup", {"usergroup_id": string(20)}),
    "channel": _leaf("channel", {"channel_id": string(20)}),
    "team": _leaf("team", {"team_id": string(20)}),
    "broadcast": _leaf("broadcast", {"range": choice("here", "channel", "everyone")}),
    "color": _leaf("color", {"value": string(7, pattern=r"#[0-9A-Fa-f]{6}")}),
    "date": _leaf(
        "date",
        {"timestamp": whole(1, 9_999_999_999), "format": string(200)},
        {"url": string(3000, pattern=URL), "fallback": string(1000)},
    ),
}


def _no_empty_text(value: Any, at: str) -> Problems:
    for place, leaf in enumerate(value["elements"]):
        if leaf["type"] == "text" and not leaf["text"]:
            return wrong(f"{at}/elements/{place}/text", "must be more than 0 characters")
    return []


_LEAF = by_type(lambda: LEAVES)
_SECTION = shape(
    {"type": choice("rich_text_section"), "elements": items(_LEAF, 0, 1000)}, also=[_no_empty_text]
)
_QUOTE = shape(
    {"type": choice("rich_text_quote"), "elements": items(_LEAF, 1, 1000)},
    {"border": whole(0, 1)},
    also=[_no_empty_text],
)
_PREFORMATTED = shape(
    {
        "type": choice("rich_text_preformatted"),
        "elements": items(by_type(lambda: LEAVES, {"text", "link"}), 1, 1000),
    },
    {"border": whole(0, 1), "language": string(50)},
    also=[_no_empty_text],
)
_LIST = shape(
    {
        "type": choice("rich_text_list"),
        "style": choice("bullet", "ordered"),
        "elements": items(by_type(lambda: PARTS, {"rich_text_section"}), 1, 1000),
    },
    {"indent": whole(0, 8), "offset": whole(0, 10_000), "border": whole(0, 1)},
)
PARTS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": _LIST,
    "rich_text_quote": _QUOTE,
    "rich_text_preformatted": _PREFORMATTED,
}
RICH_TEXT = shape(
    {"type": choice("rich_text"), "elements": items(by_type(lambda: PARTS), 1, 100)},
    {"block_id": string(255)},
)
