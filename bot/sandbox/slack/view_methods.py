"""views.* and blocks.validate."""

import copy
from datetime import timedelta

from bot.sandbox.slack.block_rules import check_message_blocks, with_ids
from bot.sandbox.slack.call import Call, bad_arguments
from bot.sandbox.slack.inputs import inputs, key_of
from bot.sandbox.slack.interaction import Trigger
from bot.sandbox.slack.objects import view_object
from bot.sandbox.slack.records import Json, SlackRefusal, View
from bot.sandbox.slack.schema import Problem
from bot.sandbox.slack.view_rules import check_view, too_large
from bot.sandbox.slack.world import SlackWorld, new_hash

TRIGGER_LIFETIME = timedelta(seconds=3)
DEEPEST = 3


def open_view(world: SlackWorld, call: Call) -> Json:
    content = view_content(call, "modal")
    trigger = _use_trigger(world, call)
    return {"view": view_object(world, show_view(world, trigger, content))}


def push_view(world: SlackWorld, call: Call) -> Json:
    content = view_content(call, "modal")
    trigger = _use_trigger(world, call)
    below = world.views.get(str(trigger.interaction.payload.get("view", {}).get("id")))
    if below is None or not below.open:
        raise SlackRefusal("not_found")
    return {"view": view_object(world, show_view(world, trigger, content, below=below))}


def show_view(world: SlackWorld, trigger: Trigger, content: Json, *, below: View | None = None) -> View:
    """Put a modal on the screen of whoever made the trigger. Raises SlackRefusal."""
    if below is not None and _depth(world, below) >= DEEPEST:
        raise SlackRefusal("push_limit_reached")
    external_id = content.get("external_id")
    if external_id and any(
        v.open and v.content.get("external_id") == external_id for v in world.views.values()
    ):
        raise SlackRefusal("duplicate_external_id")
    interaction = trigger.interaction
    view = world.keep_view(interaction.user, content, previous=below)
    view.channel = interaction.channel
    interaction.views.append(view)
    return view


def _depth(world: SlackWorld, view: View) -> int:
    above = world.views.get(view.previous_id or "")
    return 1 if above is None else 1 + _depth(world, above)


def _use_trigger(world: SlackWorld, call: Call) -> Trigger:
    trigger = world.triggers.get(call.text("trigger_id") or call.needed("interactivity_pointer"))
    if trigger is None:
        raise SlackRefusal("invalid_trigger_id")
    if world.now() - trigger.made_at > TRIGGER_LIFETIME:
        raise SlackRefusal("expired_trigger_id")
    if trigger.used:
        raise SlackRefusal("exchanged_trigger_id")
    trigger.used = True
    return trigger


def view_content(call: Call, kind: str) -> Json:
    """The view of a call, checked. Raises SlackRefusal invalid_arguments or view_too_large."""
    content = call.structure("view", bad_arguments("view is not valid JSON [json-pointer:/view]"))
    return checked_view(content, kind)


def checked_view(content: object, kind: str) -> Json:
    """Raises SlackRefusal invalid_arguments or view_too_large."""
    if not isinstance(content, dict):
        raise bad_arguments("missing required field: view")
    if content.get("type") != kind:
        raise bad_arguments(f"must be {kind} [json-pointer:/view/type]")
    problems = check_view(content)
    if problems:
        raise bad_arguments(*(f"{p.message} [json-pointer:{p.pointer}]" for p in problems))
    if too_large(content):
        raise SlackRefusal("view_too_large")
    kept = copy.deepcopy(content)
    with_ids(kept["blocks"])
    return kept


def update_view(world: SlackWorld, call: Call) -> Json:
    view = _wanted_view(world, call)
    content = view_content(call, "modal")
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackRefusal("hash_conflict")
    change_view(world, view, content)
    return {"view": view_object(world, view)}


def change_view(world: SlackWorld, view: View, content: Json) -> None:
    """Other content for a view that is on the screen; what was typed into inputs that stay is kept."""
    before = _kinds(view.blocks)
    view.content, view.hash = content, new_hash()
    stays = {key for key, kind in _kinds(view.blocks).items() if before.get(key) == kind}
    view.sheet.typed = {key: value for key, value in view.sheet.typed.items() if key in stays}
    world.touch()


def _kinds(blocks: list[Json]) -> dict[str, str]:
    """The kind of each input, by its place."""
    return {key_of(block, element): element["type"] for block, element in inputs(blocks)}


def _wanted_view(world: SlackWorld, call: Call) -> View:
    external_id = call.text("external_id")
    if external_id:
        found = next((v for v in world.views.values() if v.content.get("external_id") == external_id), None)
    else:
        found = world.views.get(call.needed("view_id"))
    if found is None or not found.open:
        raise SlackRefusal("not_found")
    return found


def publish_view(world: SlackWorld, call: Call) -> Json:
    user = call.needed("user_id")
    content = view_content(call, "home")
    if user not in world.people:
        raise SlackRefusal("user_not_found")
    home = world.homes.get(user)
    if home is None:
        home = world.homes[user] = world.keep_view(user, content)
        return {"view": view_object(world, home)}
    if call.text("hash") and call.text("hash") != home.hash:
        raise SlackRefusal("hash_conflict")
    change_view(world, home, content)
    return {"view": view_object(world, home)}


def validate(world: SlackWorld, call: Call) -> Json:  # noqa: ARG001 - every method has this shape
    """blocks.validate: exactly one of blocks, message and view."""
    given = [name for name in ("blocks", "message", "view") if call.arguments.get(name) is not None]
    if len(given) != 1:
        raise bad_arguments("exactly one of blocks, message, view is required")
    [kind] = given
    problems = _problems(kind, call.structure(kind, bad_arguments(f"{kind} is not valid JSON")))
    if problems:
        errors = [{"pointer": p.pointer, "code": p.code, "message": p.message} for p in problems]
        raise SlackRefusal(f"invalid_{kind}", errors=errors)
    return {}


def _problems(kind: str, value: object) -> list[Problem]:
    if kind == "blocks":
        return check_message_blocks(value, "") if isinstance(value, list) else _not_an("array")
    if not isinstance(value, dict):
        return _not_an("object")
    return check_view(value, "") if kind == "view" else check_message_blocks(value.get("blocks", []))


def _not_an(kind: str) -> list[Problem]:
    return [Problem("/", "invalid_type", f"must be an {kind}")]
