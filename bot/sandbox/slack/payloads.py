"""The payloads that Slack sends to an app."""

import re

from bot.sandbox.slack.inputs import sheet_of, state_values
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.objects import message_object, view_object
from bot.sandbox.slack.records import Channel, Ephemeral, Json, Message, Person, View
from bot.sandbox.slack.world import SlackWorld

VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - Slack's deprecated field, of no use to anybody


def command_payload(world: SlackWorld, interaction: Interaction, command: str, text: str) -> Json:
    person, channel = world.people[interaction.user], world.channels[interaction.channel or ""]
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": person.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": escaped(world, text),
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": interaction.response_url,
        "trigger_id": interaction.trigger_id,
    }


def _channel_name(channel: Channel) -> str:
    return "privategroup" if channel.private and not channel.is_im else channel.name


def escaped(world: SlackWorld, text: str) -> str:
    """What somebody typed, as Slack keeps it and `should_escape` sends it: signs as entities, known names and
    links in brackets."""
    parts = re.split(r"(<[#@!][^<>]*>)", text)
    return "".join(part if place % 2 else _escape_part(world, part) for place, part in enumerate(parts))


def _escape_part(world: SlackWorld, text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"(?<!\S)(https?://\S+)", r"<\1>", text)
    for channel in world.channels.values():
        if not channel.is_im:
            name = re.escape(channel.name)
            text = re.sub(rf"(?<![\w&])#{name}(?![\w-])", f"<#{channel.id}|{channel.name}>", text)
    names = {person.name: person.id for person in world.people.values()} | {world.bot_name: world.bot_user_id}
    for name, user in names.items():
        text = re.sub(rf"(?<!\w)@{re.escape(name)}(?![\w-])", f"<@{user}>", text)
    for group, (handle, _) in world.usergroups.items():
        text = re.sub(rf"(?<!\w)@{re.escape(handle)}(?![\w-])", f"<!subteam^{group}>", text)
    return text


def user_facts(person: Person) -> Json:
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}


def interaction_payload(world: SlackWorld, interaction: Interaction, kind: str) -> Json:
    """What all interactive payloads share."""
    person = world.people[interaction.user]
    return {
        "type": kind,
        "user": user_facts(person),
        "api_app_id": world.app_id,
        "token": VERIFICATION_TOKEN,
        "trigger_id": interaction.trigger_id,
        "team": {"id": world.team_id, "domain": "sandbox"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_facts(world: SlackWorld, channel: str) -> Json:
    return {"id": channel, "name": _channel_name(world.channels[channel])}


def click_payload(
    world: SlackWorld, interaction: Interaction, target: Message | Ephemeral | View, action: Json
) -> Json:
    """block_actions in a message, an ephemeral reply (which the payload does not show) or a view."""
    payload = interaction_payload(world, interaction, "block_actions") | {"actions": [action]}
    payload |= _where(world, target, interaction.user)
    if not isinstance(target, View):
        payload["response_url"] = interaction.response_url
    return payload


def _where(world: SlackWorld, target: Message | Ephemeral | View, user: str) -> Json:
    """Where an element stands, with all that its inputs hold."""
    values = state_values(target.blocks, sheet_of(target, user), target.channel)
    if isinstance(target, View):
        view = view_object(world, target, values)
        return {"container": {"type": "view", "view_id": target.id}, "view": view}
    container: Json = {"type": "message", "message_ts": target.ts, "channel_id": target.channel}
    container["is_ephemeral"] = isinstance(target, Ephemeral)
    if target.thread_ts is not None:
        container["thread_ts"] = target.thread_ts
    where = {
        "container": container,
        "channel": channel_facts(world, target.channel),
        "state": {"values": values},
    }
    if isinstance(target, Message):
        where["message"] = message_object(world, target, with_metadata=True)
    return where


def suggestion_payload(
    world: SlackWorld, interaction: Interaction, target: Message | Ephemeral | View, asked: Json
) -> Json:
    """block_suggestion, which has neither a trigger_id nor a response_url."""
    payload = interaction_payload(world, interaction, "block_suggestion")
    del payload["trigger_id"]
    where = _where(world, target, interaction.user)
    where.pop("state", None)
    return payload | where | asked


def view_payload(
    world: SlackWorld, interaction: Interaction, kind: str, view: View, *, cleared: bool = False
) -> Json:
    """view_submission or view_closed; `cleared`: the whole stack was."""
    shown = view_object(world, view, state_values(view.blocks, view.sheet, view.channel))
    facts: Json = {"view": shown} | ({"is_cleared": cleared} if kind == "view_closed" else {})
    return interaction_payload(world, interaction, kind) | facts


def event_payload(world: SlackWorld, event: Json) -> Json:
    """The envelope of the Events API around one event."""
    now = world.now()
    bot = {"enterprise_id": None, "team_id": world.team_id, "user_id": world.bot_user_id}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": world.team_id,
        "api_app_id": world.app_id,
        "event": {"event_ts": world.next_ts()} | event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(now.timestamp()),
        "authorizations": [bot | {"is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
