"""What Slack accepts as text objects, options, confirm dialogs and interactive elements."""

from typing import Any

from bot.sandbox.slack.schema import (
    Problems,
    Rule,
    Shape,
    boolean,
    by_type,
    choice,
    exactly_one,
    items,
    number,
    shape,
    string,
    wrong,
)

URL = r"(?i)(https?|mailto|tel|slack):\S+"
FOCUS = "focus_on_load"


def text(longest: int, *, plain_only: bool = False) -> Rule:
    """A text object; only plain_text has `emoji`, only mrkdwn has `verbatim`."""
    plain = shape({"type": choice("plain_text"), "text": string(longest)}, {"emoji": boolean})
    rich = shape({"type": choice("mrkdwn"), "text": string(longest)}, {"verbatim": boolean})
    kinds = {"plain_text": plain} if plain_only else {"plain_text": plain, "mrkdwn": rich}
    return by_type(lambda: kinds)


ACTION_ID = string(255)
CONFIRM = shape(
    {
        "title": text(100, plain_only=True),
        "text": text(300),
        "confirm": text(30, plain_only=True),
        "deny": text(30, plain_only=True),
    },
    {"style": choice("primary", "danger")},
)
OPTION = shape(
    {"text": text(75), "value": string(150)},
    {"description": text(75), "url": string(3000, pattern=URL)},
)
PLAIN_OPTION = shape(
    {"text": text(75, plain_only=True), "value": string(150)},
    {"description": text(75, plain_only=True), "url": string(3000, pattern=URL)},
)
OPTION_GROUP = shape({"label": text(75, plain_only=True), "options": items(PLAIN_OPTION, 1, 100)})
IMAGE_FILE = shape({}, {"id": string(255), "url": string(3000)}, also=[exactly_one("id", "url")])


def interactive(kind: str, needed: Shape | None = None, optional: Shape | None = None, **more: Any) -> Rule:
    fields: Shape = {"type": choice(kind)}
    return shape(fields | (needed or {}), {"action_id": ACTION_ID, **(optional or {})}, **more)


def unique_values(value: Any, at: str) -> Problems:
    values = [option["value"] for option in value.get("options", [])]
    return [] if len(values) == len(set(values)) else wrong(at, "option values must be unique")


IMAGE = shape(
    {"type": choice("image"), "alt_text": string(2000)},
    {"image_url": string(3000, pattern=URL), "slack_file": IMAGE_FILE},
    also=[exactly_one("image_url", "slack_file")],
)
BUTTON = interactive(
    "button",
    {"text": text(75, plain_only=True)},
    {
        "value": string(2000),
        "url": string(3000, pattern=URL),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": items(string(20), 1, 100),
    },
)
ICON_BUTTON = interactive(
    "icon_button",
    {"icon": choice("trash"), "text": text(75, plain_only=True)},
    {
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": items(string(20), 1, 100),
    },
)
FEEDBACK_BUTTON = shape(
    {"text": text(75, plain_only=True), "value": string(2000)}, {"accessibility_label": string(75)}
)
FEEDBACK = interactive(
    "feedback_buttons", {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}
)


OVERFLOW = interactive(
    "overflow", {"options": items(PLAIN_OPTION, 1, 5)}, {"confirm": CONFIRM}, also=[unique_values]
)
WORKFLOW_BUTTON = interactive(
    "workflow_button",
    {
        "text": text(75, plain_only=True),
        "workflow": shape(
            {
                "trigger": shape(
                    {"url": string(3000)},
                    {
                        "customizable_input_parameters": items(
                            shape({"name": string(255), "value": number}), 0, 100
                        )
                    },
                )
            }
        ),
    },
    {"style": choice("primary", "danger"), "accessibility_label": string(75)},
)
