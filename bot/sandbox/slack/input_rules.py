"""What Slack accepts as menus, pickers and typed inputs, and which element may stand where."""

from typing import Any

from bot.sandbox.slack.element_rules import (
    BUTTON,
    CONFIRM,
    FEEDBACK,
    FOCUS,
    ICON_BUTTON,
    IMAGE,
    OPTION,
    OPTION_GROUP,
    OVERFLOW,
    PLAIN_OPTION,
    WORKFLOW_BUTTON,
    interactive,
    text,
    unique_values,
)
from bot.sandbox.slack.rich_text_rules import RICH_TEXT
from bot.sandbox.slack.schema import (
    Problems,
    Rule,
    Shape,
    boolean,
    by_type,
    choice,
    exactly_one,
    items,
    shape,
    string,
    whole,
    wrong,
)

DATE = r"\d{4}-\d{2}-\d{2}"
TIME = r"\d{2}:\d{2}"
DISPATCH = shape({"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 1, 2)})
CONVERSATION_FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _input(kind: str, needed: Shape | None = None, optional: Shape | None = None, **more: Any) -> Rule:
    """An element that holds a value: it may have a placeholder, the focus and a confirm dialog."""
    common: Shape = {"placeholder": text(150, plain_only=True), FOCUS: boolean, "confirm": CONFIRM}
    return interactive(kind, needed, common | (optional or {}), **more)


def _initial_among_options(value: Any, at: str) -> Problems:
    given = [*value.get("initial_options", [])]
    if "initial_option" in value:
        given.append(value["initial_option"])
    offered = [*value.get("options", [])]
    for group in value.get("option_groups", []):
        offered += group["options"]
    values = {option["value"] for option in offered}
    return [
        problem
        for option in given
        if option["value"] not in values
        for problem in wrong(at, "initial option must exactly match one of the options")
    ]


def _static_select(kind: str, optional: Shape) -> Rule:
    lists: Shape = {"options": items(PLAIN_OPTION, 1, 100), "option_groups": items(OPTION_GROUP, 1, 100)}
    rules = [exactly_one("options", "option_groups"), _initial_among_options, unique_values]
    return _input(kind, {}, lists | optional, also=rules)


def _choices(kind: str, initial: Shape) -> Rule:
    fields: Shape = {"confirm": CONFIRM, FOCUS: boolean}
    rules = [_initial_among_options, unique_values]
    return interactive(kind, {"options": items(OPTION, 1, 10)}, fields | initial, also=rules)


_MANY: Shape = {"max_selected_items": whole(1, 100)}
_SOME_OPTIONS: Shape = {"initial_options": items(PLAIN_OPTION, 1, 100)}
_IDS = items(string(20), 1, 100)
_CONVERSATIONS: Shape = {"filter": CONVERSATION_FILTER, "default_to_current_conversation": boolean}
_REPLY_URL: Shape = {"response_url_enabled": boolean}
_LENGTHS: Shape = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}

SELECTS: dict[str, Rule] = {
    "static_select": _static_select("static_select", {"initial_option": PLAIN_OPTION}),
    "multi_static_select": _static_select("multi_static_select", _SOME_OPTIONS | _MANY),
    "external_select": _input(
        "external_select", {}, {"initial_option": PLAIN_OPTION, "min_query_length": whole(0, 100)}
    ),
    "multi_external_select": _input(
        "multi_external_select", {}, _SOME_OPTIONS | _MANY | {"min_query_length": whole(0, 100)}
    ),
    "users_select": _input("users_select", {}, {"initial_user": string(20)}),
    "multi_users_select": _input("multi_users_select", {}, {"initial_users": _IDS} | _MANY),
    "conversations_select": _input(
        "conversations_select", {}, {"initial_conversation": string(20)} | _CONVERSATIONS | _REPLY_URL
    ),
    "multi_conversations_select": _input(
        "multi_conversations_select", {}, {"initial_conversations": _IDS} | _CONVERSATIONS | _MANY
    ),
    "channels_select": _input("channels_select", {}, {"initial_channel": string(20)} | _REPLY_URL),
    "multi_channels_select": _input("multi_channels_select", {}, {"initial_channels": _IDS} | _MANY),
    "radio_buttons": _choices("radio_buttons", {"initial_option": OPTION}),
    "checkboxes": _choices("checkboxes", {"initial_options": items(OPTION, 1, 10)}),
    "datepicker": _input("datepicker", {}, {"initial_date": string(10, pattern=DATE)}),
    "timepicker": _input(
        "timepicker", {}, {"initial_time": string(5, pattern=TIME), "timezone": string(100)}
    ),
    "datetimepicker": interactive(
        "datetimepicker",
        {},
        {"initial_date_time": whole(1, 9_999_999_999), "confirm": CONFIRM, FOCUS: boolean},
    ),
}
TYPED: dict[str, Rule] = {
    "plain_text_input": interactive(
        "plain_text_input",
        {},
        {
            "placeholder": text(150, plain_only=True),
            "initial_value": string(3000, shortest=0),
            "multiline": boolean,
            "dispatch_action_config": DISPATCH,
            FOCUS: boolean,
        }
        | _LENGTHS,
    ),
    "email_text_input": _input(
        "email_text_input", {}, {"initial_value": string(3000), "dispatch_action_config": DISPATCH}
    ),
    "url_text_input": _input(
        "url_text_input", {}, {"initial_value": string(3000), "dispatch_action_config": DISPATCH}
    ),
    "number_input": _input(
        "number_input",
        {"is_decimal_allowed": boolean},
        {
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
            "dispatch_action_config": DISPATCH,
        },
    ),
    "rich_text_input": _input(
        "rich_text_input", {}, {"initial_value": RICH_TEXT, "dispatch_action_config": DISPATCH}
    ),
    "file_input": interactive(
        "file_input", {}, {"filetypes": items(string(20), 1, 100), "max_files": whole(1, 10)}
    ),
}
ELEMENTS: dict[str, Rule] = (
    {"button": BUTTON, "image": IMAGE, "overflow": OVERFLOW, "workflow_button": WORKFLOW_BUTTON}
    | {"icon_button": ICON_BUTTON, "feedback_buttons": FEEDBACK}
    | SELECTS
    | TYPED
)
IN_ACTIONS = frozenset({"button", "overflow", "workflow_button", *SELECTS}) | {"rich_text_input"}
IN_SECTION = frozenset({"button", "overflow", "image", "workflow_button", *SELECTS}) - {"rich_text_input"}
IN_INPUT = frozenset({*SELECTS, *TYPED})
IN_CONTEXT_ACTIONS = frozenset({"icon_button", "feedback_buttons"})


def element(allowed: frozenset[str]) -> Rule:
    return by_type(lambda: ELEMENTS, allowed)
