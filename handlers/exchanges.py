"""Who did what in Slack, where, and the way back to them: what all payloads have in common."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks import Message
from bot.slack.responder import Responder

Body = Mapping[str, Any]
ASKED = ("type", "command", "text", "user_id", "channel_id", "response_url", "callback_id", "view.id")
"""What tells two payloads apart whose trigger is the same."""


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
    """The thread in which something was clicked; a thread's first message stands in the channel."""
    is_click: bool = False
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
    return Exchange(
        key=_key(body),
        user_id=_first(body, "user.id", "user_id", "event.user"),
        user_name=_first(body, "user.name", "user.username", "user_name"),
        team_id=_first(body, "user.team_id", "team_id", "team.id") or None,
        channel_id=_first(body, "channel.id", "channel_id", "container.channel_id", "event.channel"),
        response_url=_first(body, "response_url"),
        trigger_id=_first(body, "trigger_id"),
        thread_ts=_thread_of(body),
        is_click=bool(body.get("actions")),
        replaces=found(body, "container.is_ephemeral") is True,
    )


async def answer(responder: Responder, exchange: Exchange, message: Message) -> bool:
    """Show the message to the one who asked; False where there is no way back to them."""
    if not exchange.response_url:
        return False
    return await responder.answer(
        exchange.response_url, message, replace=exchange.replaces, thread_ts=exchange.thread_ts
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


def _thread_of(body: Body) -> str:
    thread_ts = _first(body, "container.thread_ts", "message.thread_ts")
    return thread_ts if thread_ts != _first(body, "container.message_ts", "message.ts") else ""


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
