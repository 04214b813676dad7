"""What Slack accepts as a modal or an App Home."""

import json
from typing import Any

from bot.sandbox.slack.block_rules import BLOCKS, IN_MODAL, IN_VIEW, check_ids
from bot.sandbox.slack.element_rules import text
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.schema import Problem, Problems, boolean, by_type, choice, items, shape, string, wrong

VIEW_SIZE = 250_000  # bytes of JSON

_COMMON = {
    "private_metadata": string(3000, shortest=0),
    "callback_id": string(255, shortest=0),
    "external_id": string(255, shortest=0),
}


def _inputs_need_submit(value: Any, at: str) -> Problems:
    has_input = any(block["type"] == "input" for block in value["blocks"])
    missing = has_input and not value.get("submit")
    return wrong(f"{at}/submit", "submit is required when an input block is there") if missing else []


def _ids_are_unique(value: Any, at: str) -> Problems:
    return check_ids(value["blocks"], f"{at}/blocks")


_MODAL = shape(
    {
        "type": choice("modal"),
        "title": text(24, plain_only=True),
        "blocks": items(by_type(lambda: BLOCKS, IN_MODAL), 1, 100),
    },
    {
        "submit": text(24, plain_only=True),
        "close": text(24, plain_only=True),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    }
    | _COMMON,
    also=[_inputs_need_submit, _ids_are_unique],
)
_HOME = shape(
    {"type": choice("home"), "blocks": items(by_type(lambda: BLOCKS, IN_VIEW), 0, 100)},
    dict(_COMMON),
    also=[_ids_are_unique],
)
_VIEW = by_type(lambda: {"modal": _MODAL, "home": _HOME})


def check_view(view: Json, at: str = "/view") -> list[Problem]:
    """What Slack would refuse in a view; [] if nothing."""
    return list(_VIEW(view, at))


def too_large(view: Json) -> bool:
    return len(json.dumps(view).encode()) > VIEW_SIZE
