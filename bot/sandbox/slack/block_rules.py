"""The stand-in's own judgement of blocks, by Slack's reference and the limits found in practice.

It is written apart from the product's checker on purpose: each finds the other's mistakes.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.chart_rules import DATA_TABLE, DATA_VISUALIZATION, TABLE
from bot.sandbox.slack.element_rules import BUTTON, IMAGE, IMAGE_FILE, URL, text
from bot.sandbox.slack.input_rules import IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION, element
from bot.sandbox.slack.records import Json, SlackRefusal
from bot.sandbox.slack.rich_text_rules import RICH_TEXT
from bot.sandbox.slack.schema import (
    Problem,
    Problems,
    Rule,
    Shape,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    items,
    shape,
    string,
    wrong,
)

BLOCKS_LENGTH_LIMIT = 13_200
MARKDOWN_LIMIT = 12_000
SHOWN = frozenset({"text", "title", "caption", "label", "alt_text", "fallback"})
IN_CONTAINER = frozenset(
    {"section", "header", "context", "actions", "divider", "image", "markdown", "table", "data_table", "card"}
)


def _block(kind: str, needed: Shape | None = None, optional: Shape | None = None, **more: Any) -> Rule:
    fields: Shape = {"type": choice(kind)}
    return shape(fields | (needed or {}), {"block_id": string(255), **(optional or {})}, **more)


def _no_divider_if_collapsible(value: Any, at: str) -> Problems:
    if value.get("is_collapsible") and value.get("has_header_divider"):
        return wrong(at, "has_header_divider can not be set when is_collapsible is true")
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        return wrong(at, "default_collapsed requires is_collapsible")
    return []


_CARD = _block(
    "card",
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": items(BUTTON, 1, 5),
    },
    also=[at_least_one("hero_image", "title", "actions", "body")],
)
_TASK = _block(
    "task_card",
    {
        "task_id": string(255),
        "title": string(255),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(shape({"type": choice("url"), "url": string(3000), "text": string(255)}), 0, 20),
    },
)
BLOCKS: dict[str, Rule] = {
    "section": _block(
        "section",
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 1, 10),
            "accessory": element(IN_SECTION),
            "expand": boolean,
        },
        also=[at_least_one("text", "fields")],
    ),
    "header": _block("header", {"text": text(150, plain_only=True)}),
    "divider": _block("divider"),
    "context": _block(
        "context",
        {"elements": items(by_type(lambda: _IN_CONTEXT), 1, 10)},
    ),
    "actions": _block("actions", {"elements": items(element(IN_ACTIONS), 1, 25)}),
    "context_actions": _block("context_actions", {"elements": items(element(IN_CONTEXT_ACTIONS), 1, 5)}),
    "image": _block(
        "image",
        {"alt_text": string(2000)},
        {
            "image_url": string(3000, pattern=URL),
            "slack_file": IMAGE_FILE,
            "title": text(2000, plain_only=True),
        },
        also=[exactly_one("image_url", "slack_file")],
    ),
    "input": _block(
        "input",
        {"label": text(2000, plain_only=True), "element": element(IN_INPUT)},
        {"hint": text(2000, plain_only=True), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block("markdown", {"text": string(MARKDOWN_LIMIT)}),
    "video": _block(
        "video",
        {
            "alt_text": string(2000),
            "title": text(200, plain_only=True),
            "thumbnail_url": string(3000),
            "video_url": string(3000),
        },
        {
            "author_name": string(50),
            "description": text(200, plain_only=True),
            "provider_icon_url": string(3000),
            "provider_name": string(50),
            "title_url": string(3000),
        },
    ),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "card": _CARD,
    "carousel": _block("carousel", {"elements": items(_CARD, 1, 10)}),
    "container": _block(
        "container",
        {"child_blocks": items(by_type(lambda: BLOCKS, IN_CONTAINER), 1, 10)},
        {
            "title": text(150, plain_only=True),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        also=[at_least_one("title", "rich_text_title"), _no_divider_if_collapsible],
    ),
    "alert": _block(
        "alert", {"text": text(3000)}, {"level": choice("default", "info", "warning", "error", "success")}
    ),
    "task_card": _TASK,
    "plan": _block("plan", {"title": string(255)}, {"tasks": items(_TASK, 1, 50)}),
}
_IN_CONTEXT: dict[str, Rule] = {"image": IMAGE, "plain_text": text(2000), "mrkdwn": text(2000)}
IN_MESSAGE = frozenset(BLOCKS) - {"alert"}
IN_VIEW = frozenset(
    {"section", "header", "divider", "context", "actions", "image", "input", "rich_text", "video"}
)
IN_MODAL = IN_VIEW | {"alert"}


def check_message_blocks(blocks: list[Json], at: str = "/blocks") -> list[Problem]:
    """What Slack would refuse in a message's blocks; [] if nothing."""
    found = list(items(by_type(lambda: BLOCKS, IN_MESSAGE), 0, 50)(blocks, at))
    return found or [*check_ids(blocks, at), *_limits_of_a_message(blocks, at)]


def _limits_of_a_message(blocks: list[Json], at: str) -> Iterator[Problem]:
    inner = [*blocks, *(child for block in blocks for child in block.get("child_blocks", []))]
    kinds = [block["type"] for block in inner]
    if kinds.count("table") > 1:
        yield from wrong(at, "only one table is allowed", "only_one_table_allowed")
    if kinds.count("data_visualization") > 2:
        yield from wrong(at, "no more than 2 data_visualization blocks allowed")
    if sum(len(block["text"]) for block in inner if block["type"] == "markdown") > MARKDOWN_LIMIT:
        yield from wrong(at, f"markdown blocks must be less than {MARKDOWN_LIMIT + 1} characters together")


def check_ids(blocks: list[Json], at: str) -> Iterator[Problem]:
    """block_ids are unique in a payload, action_ids in their block."""
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            yield from wrong(f"{at}/{place}/block_id", f'"{block_id}" already exists', "duplicate_id")
        seen |= {block_id} if block_id is not None else set()
        actions = [e["action_id"] for e in elements_of(block) if "action_id" in e]
        if len(actions) != len(set(actions)):
            yield from wrong(f"{at}/{place}", "action_id already exists in this block", "duplicate_id")
    for place, block in enumerate(blocks):
        yield from check_ids(block.get("child_blocks", []), f"{at}/{place}/child_blocks")


def elements_of(block: Json) -> list[Json]:
    """The elements of one block that people can act on, without those of blocks inside it."""
    if block.get("type") == "section":
        return [block["accessory"]] if "accessory" in block else []
    if block.get("type") == "input":
        return [block["element"]]
    if block.get("type") in {"actions", "context_actions"}:
        return list(block["elements"])
    if block.get("type") == "card":
        return list(block.get("actions", []))
    return []


def blocks_length(value: Any) -> int:
    """All characters that blocks show, which Slack limits to about 13,200 a message."""
    if isinstance(value, list):
        return sum(blocks_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = sum(len(v) for name, v in value.items() if name in SHOWN and isinstance(v, str))
    return own + sum(blocks_length(v) for v in value.values())


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: each block and each element has an id."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for part in elements_of(block):
            if part.get("type") != "image":
                part.setdefault("action_id", secrets.token_urlsafe(4))
        with_ids(
            [*block.get("child_blocks", []), *(block["elements"] if block["type"] == "carousel" else [])]
        )
    return blocks


def refusal_of(error: str, problems: list[Problem]) -> SlackRefusal:
    """The refusal that says what is wrong where, as Slack does."""
    own = next((p.code for p in problems if p.code == "only_one_table_allowed"), error)
    messages = [f"{p.message} [json-pointer:{p.pointer}]" for p in problems]
    return SlackRefusal(
        own, errors=messages, response_metadata={"messages": [f"[ERROR] {message}" for message in messages]}
    )
