"""What a menu or picker lets somebody choose, and what it keeps of it."""

import time
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack.file_methods import filled_file
from bot.sandbox.slack.inputs import PICKED
from bot.sandbox.slack.records import Channel, Json, NothingThereError
from bot.sandbox.slack.world import SlackWorld

MOST_FILES = 10


def chosen(world: SlackWorld, element: Json, value: Any) -> Any:
    """The value as a sheet keeps it: files by their ids become their facts.

    Raises NothingThereError where the client does not offer it.
    """
    kind = str(element["type"])
    if value is None:
        return None
    if isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
        raise NothingThereError(f"no more than {element['max_selected_items']} may be chosen")
    if kind == "file_input":
        return _files(world, element, value)
    if kind in PICKED:
        for one in value if isinstance(value, list) else [value]:
            if not _RULES[PICKED[kind].removesuffix("s")](world, element, one):
                raise NothingThereError(f"{one!r} can not be chosen here")
    return value


def _files(world: SlackWorld, element: Json, ids: list[str]) -> list[Json]:
    if len(ids) > element.get("max_files", MOST_FILES):
        raise NothingThereError(f"no more than {element.get('max_files', MOST_FILES)} files may be added")
    files = [filled_file(world, each) for each in ids]
    allowed = element.get("filetypes")
    for file in files:
        if allowed and file["filetype"] not in allowed:
            raise NothingThereError(f"{file['name']} is none of: {', '.join(allowed)}")
    return files


def _is_user(world: SlackWorld, _element: Json, value: Any) -> bool:
    return value in world.people or value == world.bot_user_id


def _is_channel(world: SlackWorld, _element: Json, value: Any) -> bool:
    found = world.channels.get(value)
    return found is not None and not found.private and not found.archived


def _is_conversation(world: SlackWorld, element: Json, value: Any) -> bool:
    found = world.channels.get(value)
    return found is not None and not found.archived and _passes(element.get("filter", {}), found)


def _passes(wanted: Json, channel: Channel) -> bool:
    if wanted.get("exclude_external_shared_channels") and channel.shared:
        return False
    if wanted.get("exclude_bot_users") and channel.is_im:
        return False
    return _kind(channel) in wanted.get("include", [_kind(channel)])


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private" if channel.private else "public"


def _is_date(_world: SlackWorld, _element: Json, value: Any) -> bool:
    return _reads("%Y-%m-%d", value, len("2026-03-04"))


def _is_time(_world: SlackWorld, _element: Json, value: Any) -> bool:
    return _reads("%H:%M", value, len("09:30"))


def _reads(form: str, value: Any, length: int) -> bool:
    """Whether it is of that form, with all its noughts. ISO 8601 knows more forms than Slack does."""
    try:
        time.strptime(value, form)
    except (TypeError, ValueError):
        return False
    return len(value) == length


def _is_moment(_world: SlackWorld, _element: Json, value: Any) -> bool:
    return isinstance(value, int) and 1 <= value <= 9_999_999_999


_RULES: dict[str, Callable[[SlackWorld, Json, Any], bool]] = {
    "user": _is_user,
    "channel": _is_channel,
    "conversation": _is_conversation,
    "date": _is_date,
    "time": _is_time,
    "date_time": _is_moment,
}
