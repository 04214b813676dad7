"""One request to the Web API as the methods see it: arguments from query, form or JSON."""

import json
import re
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack.records import Channel, Json, SlackRefusal
from bot.sandbox.slack.world import SlackWorld

TS = re.compile(r"\d{1,16}\.\d{6}")


@dataclass(frozen=True, slots=True)
class Call:
    """A method's name and arguments; the getters refuse what Slack refuses."""

    method: str
    arguments: Json

    def text(self, name: str) -> str:
        """The argument as text, "" where it is missing."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str) -> str:
        """Raises SlackRefusal invalid_arguments where it is missing."""
        value = self.text(name)
        if not value:
            raise bad_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.arguments.get(name)
        return default if value is None else str(value).lower() in {"1", "true"}

    def whole(self, name: str, default: int) -> int:
        """Raises SlackRefusal invalid_arguments where it is no whole number."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"-?\d+", value):
            raise bad_arguments(f"must be an integer [json-pointer:/{name}]")
        return int(value)

    def time(self, name: str) -> str | None:
        """A ts, whole seconds allowed. Raises SlackRefusal invalid_ts_<name>."""
        value = self.text(name)
        if value in {"", "now"}:
            return None
        if not re.fullmatch(r"\d{1,16}(\.\d{1,6})?", value):
            raise SlackRefusal(f"invalid_ts_{name}")
        seconds, _, micros = value.partition(".")
        return f"{seconds}.{micros:0<6}"

    def structure(self, name: str, refusal: SlackRefusal) -> object:
        """JSON, or JSON inside a string; None where it is missing."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise refusal from error

    def objects(self, name: str, refusal: SlackRefusal) -> list[Json] | None:
        """A list of objects; None where it is missing."""
        value = self.structure(name, refusal)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise refusal
        return value


def bad_arguments(*messages: str) -> SlackRefusal:
    return SlackRefusal(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}" for message in messages]}
    )


async def read_arguments(request: web.Request) -> Json:
    """All arguments of a request. Raises SlackRefusal invalid_json or json_not_object."""
    arguments: Json = dict(request.query)
    if request.method == "GET":
        return arguments
    if request.content_type == "application/json":
        return arguments | _json_object(await request.text())
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return arguments | dict(await request.post())
    return arguments


def _json_object(body: str) -> Json:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise SlackRefusal("invalid_json") from error
    if not isinstance(value, dict):
        raise SlackRefusal("json_not_object")
    return value


def seen_channel(world: SlackWorld, call: Call, name: str = "channel") -> Channel:
    """The channel of a call, as far as the app can see it. Raises SlackRefusal channel_not_found."""
    channel = world.channels.get(call.needed(name))
    if channel is None or (channel.private and not world.bot_is_in(channel)):
        raise SlackRefusal("channel_not_found")
    return channel


def joined_channel(world: SlackWorld, call: Call) -> Channel:
    """Like `seen_channel`, and the app is in it. Raises SlackRefusal is_archived or not_in_channel."""
    channel = seen_channel(world, call)
    if channel.archived:
        raise SlackRefusal("is_archived")
    if not world.bot_is_in(channel):
        raise SlackRefusal("not_in_channel")
    return channel
