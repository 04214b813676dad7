"""Who did what in Slack, where, and the way back to them: what all payloads have in common."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
ASKED = ("type", "command", "text", "user_id", "channel_id", "response_url", "callback_id", "view.id")
"""What tells two payloads apart whose trigger is the same."""
UNSPOKEN = ("bot_id", "bot_profile", "subtype", "edited", "hidden")
"""What an event has that is not a person's new message."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """Something that a person did, and how they are answered. What the payload does not say is empty."""

    key: str | None
    """Equal for two deliveries of one payload."""
    user_id: str
    user_name: str
    team_id: str | None
    """The workspace that the person belongs to, as the payload names it."""
    channel_id: str
    response_url: str
    trigger_id: str
    thread_ts: str = ""
    """The thread in which something was clicked or said; a thread's first message stands in the channel."""
    root_ts: str = ""
    """Of a click on a message that the whole channel sees: that message, or the first of its thread."""
    is_click: bool = False
    is_waiting: bool = False
    """A person did something and looks for an answer."""
    is_spoken: bool = False
    """They wrote to us in words: a mention in a channel, or a message in their conversation with us."""
    is_remembered: bool = True
    """False where the database could not be told of the payload: if it came again, it would run again."""
    replaces: bool = False
    """The next answer takes the place of what is seen: an answer, or a private message with the button.

    Never so for a message in the channel, which is not one person's to change.
    """

    @property
    def is_direct(self) -> bool:
        """True in a conversation of two: nobody else is there to be told."""
        return self.channel_id.startswith("D")


def exchange_of(body: Body) -> Exchange:
    """The exchange that a payload of Slack begins, whatever kind it is of."""
    user_id = _first(body, "user.id", "user_id", "event.user")
    is_spoken = bool(user_id) and _is_spoken(found(body, "event"))
    return Exchange(
        key=_key(body),
        user_id=user_id,
        user_name=_first(body, "user.name", "user.username", "user_name"),
        team_id=_team_of(body) or None,
        channel_id=_first(body, "channel.id", "channel_id", "container.channel_id", "event.channel"),
        response_url=_first(body, "response_url"),
        trigger_id=_first(body, "trigger_id"),
        thread_ts=_thread_of(body),
        root_ts=_root_of(body),
        is_click=bool(body.get("actions")),
        is_waiting=is_spoken or (bool(user_id) and "event" not in body),
        is_spoken=is_spoken,
        replaces=found(body, "container.is_ephemeral") is True,
    )


def found(body: Body, path: str) -> object:
    """What stands at a path such as `user.id`; None where there is nothing, or something else on the way."""
    value: object = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def action_of(body: Body) -> tuple[str, str]:
    """The id and the value of what was clicked; an overflow's value is its chosen option's."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else {}
    return _first(action, "action_id"), _first(action, "value", "selected_option.value")


def _is_spoken(event: object) -> bool:
    """Whether a person wrote it to us: no edit, nothing of a bot's, nothing that Slack itself tells."""
    if not isinstance(event, Mapping) or any(event.get(name) for name in UNSPOKEN):
        return False
    is_direct = _first(event, "channel").startswith("D")
    kind = event.get("type")
    return kind == "message" if is_direct else kind == "app_mention"


def _team_of(body: Body) -> str:
    """The workspace of the person; of a writer Slack may name the whole organisation, which tells nothing."""
    of_writer = _first(body, "event.user_team", "event.team")
    of_person = _first(body, "user.team_id") or (of_writer if of_writer.startswith("T") else "")
    return of_person or _first(body, "team_id", "team.id")


def _thread_of(body: Body) -> str:
    thread_ts = _first(body, "container.thread_ts", "message.thread_ts", "event.thread_ts")
    return thread_ts if thread_ts != _first(body, "container.message_ts", "message.ts", "event.ts") else ""


def _root_of(body: Body) -> str:
    if found(body, "container.is_ephemeral") is True or not body.get("actions"):
        return ""
    return _thread_of(body) or _first(body, "container.message_ts", "message.ts")


def _first(body: Body, *paths: str) -> str:
    values = (found(body, path) for path in paths)
    return next((value for value in values if isinstance(value, str) and value), "")


def _key(body: Body) -> str | None:
    """What Slack repeats when it delivers a payload again (reliability.md §7).

    With what was asked for in it: where a stand-in of Slack makes up ids, they may always be the same.
    """
    event_id = _first(body, "event_id")
    if event_id:
        return f"event:{_digest(event_id)}"
    actions = body.get("actions")
    at = _first(actions[0], "action_ts") if isinstance(actions, list) and actions else ""
    if at:
        return f"click:{_digest(at, _first(body, 'user.id'), *action_of(body))}"
    trigger_id = _first(body, "trigger_id")
    asked = (_first(body, path) for path in ASKED)
    return f"trigger:{_digest(trigger_id, *asked)}" if trigger_id else None


def _digest(*parts: str) -> str:
    return hashlib.sha256(repr(parts).encode(errors="backslashreplace")).hexdigest()
