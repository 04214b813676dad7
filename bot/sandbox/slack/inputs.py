"""Elements on the screen: finding the one that somebody uses, and what it then holds."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_rules import elements_of
from bot.sandbox.slack.records import Json, View

_ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
_PICKED = {
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


class NothingThereError(LookupError):
    """The message or view shows no such element, so nobody could use it."""


def all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element that can be used, with its block; those inside containers and carousels too."""
    for block in blocks:
        yield from ((block, element) for element in elements_of(block))
        yield from all_elements(block.get("child_blocks", []))
        if block.get("type") == "carousel":
            yield from all_elements(block["elements"])


def find_element(blocks: list[Json], wanted: str, *, user: str, value: object = None) -> tuple[Json, Json]:
    """The element with that action_id or label. Raises NothingThereError."""
    seen = []
    for block, element in all_elements(blocks):
        label = element.get("text", {}).get("text", "")
        seen.append(f"{element.get('action_id')} ({label})" if label else str(element.get("action_id")))
        if wanted not in {element.get("action_id"), label}:
            continue
        if element["type"] == "button" and value is not None and element.get("value") != value:
            continue
        if "visible_to_user_ids" in element and user not in element["visible_to_user_ids"]:
            continue
        return block, element
    raise NothingThereError(f"{wanted!r} is not there; there is: {', '.join(seen) or 'nothing to use'}")


def held(element: Json, value: Any) -> Json:
    """What an element holds once somebody chose or typed `value`; options by value or label."""
    kind = str(element["type"])
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": None if value is None else _option(element, value)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in value or []]}
    if kind in _PICKED:
        return {"type": kind, f"selected_{_PICKED[kind]}": value}
    if kind == "button":
        return {"type": kind} | {
            name: element[name] for name in ("text", "value", "style") if name in element
        }
    return {"type": kind, "value": value}


def _option(element: Json, wanted: object) -> Json:
    offered = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        offered += group["options"]
    for option in offered:
        if wanted in {option["value"], option["text"]["text"]}:
            return dict(option)
    if element["type"] in {"external_select", "multi_external_select"}:
        return {"text": {"type": "plain_text", "text": str(wanted)}, "value": str(wanted)}
    raise NothingThereError(f"{wanted!r} is none of the options: {', '.join(o['value'] for o in offered)}")


def _initial(element: Json, view: View | None) -> Any:
    kind = str(element["type"])
    if kind in _ONE_OPTION:
        return (element.get("initial_option") or {}).get("value")
    if kind in _OPTIONS:
        return [option["value"] for option in element.get("initial_options", [])]
    if element.get("default_to_current_conversation") and view is not None and view.channel:
        return view.channel
    if kind in _PICKED:
        return element.get(f"initial_{_PICKED[kind]}")
    return element.get("initial_value")


def state_values(blocks: list[Json], view: View | None = None) -> Json:
    """state.values: what each input holds, by block_id and action_id."""
    values: Json = {}
    typed = {} if view is None else view.typed
    for block, element in all_elements(blocks):
        if element["type"] in {"button", "overflow", "image", "workflow_button"}:
            continue
        action_id, block_id = element["action_id"], block["block_id"]
        given = typed.get(f"{block_id}/{action_id}", _initial(element, view))
        values.setdefault(block_id, {})[action_id] = held(element, given)
    return values


def fill(view: View, values: Json) -> None:
    """Type or choose values, each given by action_id or block_id. Raises NothingThereError."""
    for name, value in values.items():
        places = [
            f"{block['block_id']}/{element['action_id']}"
            for block, element in all_elements(view.blocks)
            if name in {block["block_id"], element.get("action_id")}
        ]
        if not places:
            raise NothingThereError(f"the view has no input {name!r}")
        view.typed |= dict.fromkeys(places, value)


def unfilled(view: View) -> dict[str, str]:
    """What the client itself refuses before it sends a form: block_id and why."""
    values, found = state_values(view.blocks, view), {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        content = _content(values[block["block_id"]][element["action_id"]])
        if not content and not block.get("optional"):
            found[block["block_id"]] = "Please complete this required field."
        elif isinstance(content, str) and not _fits(element, content):
            found[block["block_id"]] = "The text is too long or too short."
    return found


def _content(holds: Json) -> object:
    return next((value for name, value in holds.items() if name != "type"), None)


def _fits(element: Json, content: str) -> bool:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    return not content or bool(least <= len(content) <= most)


def input_ids(view: View) -> set[str]:
    """The block_ids of a form's inputs, which errors may name."""
    return {block["block_id"] for block in view.blocks if block["type"] == "input"}
