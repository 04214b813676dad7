"""Slack's limits, by its reference and by what was found in practice (slack-platform.md §3.4, §3.5)."""

import json
from collections.abc import Mapping, Sequence

from bot.slack.limit_rules import (
    MESSAGE_TOTAL,
    Breaches,
    Json,
    Rule,
    check_text,
    count_at,
    data_table_fits,
    date_can_be_shown,
    each_text_at,
    mrkdwn_is_escaped,
    shown,
    something_at,
    string_at,
    table_fits,
    text_at,
)

__all__ = ["check_blocks", "check_text", "check_view"]

VIEW_BYTES = 250_000


def check_blocks(blocks: Sequence[Json], *, most: int = 50) -> Breaches:
    """The blocks of one message."""
    if len(blocks) > most:
        yield f"blocks: {len(blocks)}, at most {most}"
    if shown(blocks) > MESSAGE_TOTAL:
        yield f"blocks: {shown(blocks)} characters, at most {MESSAGE_TOTAL}"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "blocks: only one table is allowed"
    yield from _unique([block.get("block_id") for block in blocks], "blocks: block_id")
    for place, block in enumerate(blocks):
        yield from _check_block(block, f"blocks[{place}]", _IN_MESSAGE)


def check_view(view: Json) -> list[str]:
    """What Slack would refuse in a modal or a Home tab; [] if nothing."""
    return list(_view_breaches(view))


def _view_breaches(view: Json) -> Breaches:
    blocks = view.get("blocks") or []
    if len(json.dumps(view)) > VIEW_BYTES:
        yield f"view: over {VIEW_BYTES} bytes"
    if not 1 <= len(blocks) <= 100:
        yield f"blocks: {len(blocks)}, 1 to 100"
    if view.get("type") == "modal" and not view.get("title"):
        yield "title: is missing"
    rules = [text_at("title", 24), text_at("submit", 24), text_at("close", 24)]
    rules += [string_at("callback_id", 255), string_at("private_metadata", 3000, empty=True)]
    for rule in rules:
        yield from rule(view, "view")
    yield from _unique([block.get("block_id") for block in blocks], "blocks: block_id")
    allowed = _IN_VIEW | {"alert"} if view.get("type") == "modal" else _IN_VIEW
    for place, block in enumerate(blocks):
        yield from _check_block(block, f"blocks[{place}]", allowed)


def _check_block(block: Json, at: str, allowed: frozenset[str]) -> Breaches:
    kind = block.get("type")
    if kind not in allowed:
        yield f"{at}: {kind} is not allowed here"
    elements = [*block.get("elements", []), block.get("accessory", {}), block.get("element", {})]
    yield from _unique([element.get("action_id") for element in elements], f"{at}: action_id")
    yield from _walk(block, at)


def _walk(value: object, at: str) -> Breaches:
    """Every object in the tree by the rules of its type; parts without a type by those of their name."""
    if isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _walk(item, f"{at}[{place}]")
    if not isinstance(value, Mapping):
        return
    name = at.rpartition(".")[2].partition("[")[0]
    for rule in RULES.get(value.get("type") or name, ()):
        yield from rule(value, at)
    for key, item in value.items():
        yield from _walk(item, f"{at}.{key}")


def _unique(ids: Sequence[str | None], at: str) -> Breaches:
    given = [each for each in ids if each is not None]
    if len(given) != len(set(given)):
        yield f"{at} stands twice"


_ACTION = string_at("action_id", 255)
_BLOCK = string_at("block_id", 255)
_SELECT = (
    _ACTION,
    text_at("placeholder", 150),
    count_at("options", 1, 100),
    count_at("option_groups", 1, 100),
)
_RICH = (count_at("elements", 1, 1000),)
RULES: dict[str, tuple[Rule, ...]] = {
    "section": (
        _BLOCK,
        something_at("text", "fields"),
        text_at("text", 3000),
        count_at("fields", 1, 10),
        each_text_at("fields", 2000),
    ),
    "header": (_BLOCK, text_at("text", 150, needed=True)),
    "context": (_BLOCK, count_at("elements", 1, 10), each_text_at("elements", 2000)),
    "actions": (_BLOCK, count_at("elements", 1, 25)),
    "context_actions": (_BLOCK, count_at("elements", 1, 5)),
    "divider": (_BLOCK,),
    "image": (string_at("alt_text", 2000, needed=True), string_at("image_url", 3000)),
    "input": (_BLOCK, text_at("label", 2000, needed=True), text_at("hint", 2000)),
    "markdown": (_BLOCK, string_at("text", 12_000, needed=True)),
    "alert": (_BLOCK, text_at("text", 3000, needed=True)),
    "rich_text": (_BLOCK, count_at("elements", 1, 100)),
    "rich_text_section": (count_at("elements", 0, 1000),),
    "rich_text_quote": _RICH,
    "rich_text_preformatted": _RICH,
    "rich_text_list": _RICH,
    "text": (string_at("text", 12_000, needed=True),),
    "date": (date_can_be_shown,),
    "raw_text": (string_at("text", 3000, needed=True),),
    "table": (_BLOCK, table_fits),
    "data_table": (_BLOCK, data_table_fits, string_at("caption", 2000, needed=True)),
    "card": (_BLOCK, text_at("title", 150), text_at("body", 200)),
    "carousel": (_BLOCK, count_at("elements", 1, 10)),
    "container": (_BLOCK, count_at("child_blocks", 1, 10)),
    "data_visualization": (_BLOCK, string_at("title", 50)),
    "mrkdwn": (mrkdwn_is_escaped,),
    "button": (
        _ACTION,
        text_at("text", 75, needed=True),
        string_at("value", 2000),
        string_at("url", 3000),
        string_at("accessibility_label", 75),
    ),
    "overflow": (_ACTION, count_at("options", 1, 5)),
    "options": (text_at("text", 75, needed=True), string_at("value", 150), string_at("url", 3000)),
    "confirm": (text_at("title", 100), text_at("text", 300), text_at("confirm", 30), text_at("deny", 30)),
    "static_select": _SELECT,
    "multi_static_select": _SELECT,
    "external_select": _SELECT,
    "conversations_select": _SELECT,
    "multi_conversations_select": _SELECT,
    "channels_select": _SELECT,
    "users_select": _SELECT,
    "plain_text_input": (_ACTION, text_at("placeholder", 150)),
    "checkboxes": (_ACTION, count_at("options", 1, 10)),
    "radio_buttons": (_ACTION, count_at("options", 1, 10)),
}
_IN_VIEW = frozenset({"section", "header", "context", "actions", "divider", "image", "input", "rich_text"})
_IN_MESSAGE = _IN_VIEW | {
    "markdown", "table", "data_table", "data_visualization", "card", "carousel", "container",
    "context_actions",
}  # fmt: skip
