"""Elements on the screen: finding the one that somebody uses, and what it then holds."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_rules import elements_of
from bot.sandbox.slack.records import Ephemeral, Json, Message, NothingThereError, Sheet, View

_ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
_EXTERNAL = frozenset({"external_select", "multi_external_select"})
PICKED = {
    "users_select": "user",
    "multi_users_select": "users",
    "conversations_select": "conversation",
    "multi_conversations_select": "conversations",
    "channels_select": "channel",
    "multi_channels_select": "channels",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
}
_PRESSED = frozenset({"button", "icon_button", "feedback_buttons", "workflow_button"})
_WITHOUT_STATE = _PRESSED | {"overflow", "image"}


def all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element that can be used, with its block; those inside containers and carousels too."""
    for block in blocks:
        yield from ((block, element) for element in elements_of(block))
        yield from all_elements(block.get("child_blocks", []))
        if block.get("type") == "carousel":
            yield from all_elements(block["elements"])


def sheet_of(place: Message | Ephemeral | View, user: str) -> Sheet:
    """What that user filled in there; on a message each has their own."""
    return place.sheets.setdefault(user, Sheet()) if isinstance(place, Message) else place.sheet


def key_of(block: Json, element: Json) -> str:
    """How a sheet names an element."""
    return f"{block['block_id']}/{element['action_id']}"


def find_element(
    blocks: list[Json], wanted: str, *, user: str, value: object = None, block_id: str | None = None
) -> tuple[Json, Json]:
    """The element with that action_id or label, in that block if one is named. Raises NothingThereError."""
    seen = []
    for block, element in all_elements(blocks):
        label = element.get("text", {}).get("text", "")
        seen.append(f"{element.get('action_id')} ({label})" if label else str(element.get("action_id")))
        if wanted not in {element.get("action_id"), label} or block_id not in {None, block["block_id"]}:
            continue
        if element["type"] == "button" and value is not None and element.get("value") != value:
            continue
        if "visible_to_user_ids" in element and user not in element["visible_to_user_ids"]:
            continue
        return block, element
    raise NothingThereError(f"{wanted!r} is not there; there is: {', '.join(seen) or 'nothing to use'}")


def held(element: Json, value: Any, offered: Json | None = None) -> Json:
    """What an element holds once somebody chose or typed `value`; options by value or label.

    `offered` are the options that the app suggested, by value.
    """
    kind = str(element["type"])
    if kind in _ONE_OPTION:
        chosen = None if value is None else _option(element, value, offered)
        return {"type": kind, "selected_option": chosen}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one, offered) for one in value or []]}
    if kind in PICKED:
        return {"type": kind, f"selected_{PICKED[kind]}": value}
    if kind in _PRESSED:
        return {"type": kind} | _pressed(element, value)
    if kind == "file_input":
        return {"type": kind, "files": value or []}
    name = "rich_text_value" if kind == "rich_text_input" else "value"
    return {"type": kind, name: value or None}


def _pressed(element: Json, value: object) -> Json:
    if element["type"] != "feedback_buttons":
        return {name: element[name] for name in ("text", "value", "style") if name in element}
    for name in ("positive_button", "negative_button"):
        button = element.get(name)
        if button is not None and value == button["value"]:
            return {"text": button["text"], "value": button["value"]}
    raise NothingThereError(f"{value!r} is neither of the feedback buttons")


def _option(element: Json, wanted: object, offered: Json | None) -> Json:
    options = [*element.get("options", []), *(offered or {}).values(), *_initial_options(element)]
    for group in element.get("option_groups", []):
        options += group["options"]
    for option in options:
        if wanted in {option["value"], option["text"]["text"]}:
            return dict(option)
    if element["type"] in _EXTERNAL and not offered:  # nobody asked the app: what is typed stands for itself
        return {"text": {"type": "plain_text", "text": str(wanted)}, "value": str(wanted)}
    raise NothingThereError(f"{wanted!r} is none of the options: {', '.join(o['value'] for o in options)}")


def _initial_options(element: Json) -> list[Json]:
    one = element.get("initial_option")
    return [*([one] if one else []), *element.get("initial_options", [])]


def _initial(element: Json, here: str | None) -> Any:
    kind = str(element["type"])
    if kind in _ONE_OPTION:
        return (element.get("initial_option") or {}).get("value")
    if kind in _OPTIONS:
        return [option["value"] for option in element.get("initial_options", [])]
    if element.get("default_to_current_conversation") and here:
        return [here] if kind.startswith("multi_") else here
    if kind in PICKED:
        return element.get(f"initial_{PICKED[kind]}", [] if kind.startswith("multi_") else None)
    return element.get("initial_value")


def state_values(blocks: list[Json], sheet: Sheet, here: str | None = None) -> Json:
    """state.values: what each input holds, by block_id and action_id; `here` is the conversation."""
    values: Json = {}
    for block, element in inputs(blocks):
        key = key_of(block, element)
        given = sheet.typed.get(key, _initial(element, here))
        holds = held(element, given, sheet.offered.get(key))
        values.setdefault(block["block_id"], {})[element["action_id"]] = holds
    return values


def inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element that keeps what was chosen or typed, with its block."""
    return ((block, element) for block, element in all_elements(blocks) if has_state(element))


def has_state(element: Json) -> bool:
    """Whether it keeps what was chosen, which a button does not."""
    return element["type"] not in _WITHOUT_STATE


def places_of(blocks: list[Json], name: str) -> list[tuple[Json, Json]]:
    """The inputs of that action_id, block_id or key (see `key_of`). Raises NothingThereError."""
    places = [
        (block, element)
        for block, element in inputs(blocks)
        if name in {block["block_id"], element["action_id"], key_of(block, element)}
    ]
    if not places:
        raise NothingThereError(f"there is no input {name!r}")
    return places


def input_ids(view: View) -> set[str]:
    """The block_ids of a form's inputs, which errors may name."""
    return {block["block_id"] for block in view.blocks if block["type"] == "input"}
