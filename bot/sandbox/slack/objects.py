"""How the workspace's records look in Slack's answers and payloads."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.records import Channel, Json, Message, Person, Role, View
from bot.sandbox.slack.world import SlackWorld


def message_object(world: SlackWorld, message: Message, *, with_metadata: bool = False) -> Json:
    """A message; its metadata only where the caller asked for it, as in conversations.history."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.bot_id is not None:
        shown |= {"bot_id": message.bot_id, "app_id": world.app_id}
    shown["team"] = world.team_id
    for name in ("blocks", "attachments", "files"):
        if getattr(message, name):
            shown[name] = getattr(message, name)
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if with_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown | _thread_facts(world, message)


def _thread_facts(world: SlackWorld, message: Message) -> Json:
    if message.is_reply:
        facts: Json = {"thread_ts": message.thread_ts, "parent_user_id": world.bot_user_id}
        return facts | ({"subtype": "thread_broadcast"} if message.reply_broadcast else {})
    replies = [r for r in world.thread(message.channel, message.ts) if not r.deleted]
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": sorted({r.user for r in replies}),
        "latest_reply": replies[-1].ts,
    }


def channel_object(world: SlackWorld, channel: Channel) -> Json:
    if channel.is_im:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_archived": channel.archived,
            "user": channel.im_user,
            "is_user_deleted": False,
            "context_team_id": world.team_id,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "previous_names": channel.previous_names,
        "is_channel": not channel.private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": False,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "is_member": world.bot_is_in(channel),
        "created": channel.created,
        "creator": "USLACKBOT",
        "context_team_id": world.team_id,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def user_object(person: Person) -> Json:
    zone = ZoneInfo(person.tz)
    offset = datetime.now(UTC).astimezone(zone).utcoffset()
    return {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "real_name": person.name.title(),
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": 0 if offset is None else int(offset.total_seconds()),
        "is_admin": person.role is Role.ADMIN,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.role is Role.GUEST,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "is_stranger": person.role is Role.STRANGER,
        "updated": 0,
        "profile": _profile(person.name, person.team_id),
    }


def bot_user_object(world: SlackWorld) -> Json:
    person = Person(
        id=world.bot_user_id, name=world.bot_name, role=Role.MEMBER, team_id=world.team_id, tz="UTC"
    )
    shown = user_object(person) | {"is_bot": True}
    shown["profile"] |= {"bot_id": world.bot_id, "api_app_id": world.app_id}
    return shown


def _profile(name: str, team: str) -> Json:
    return {
        "real_name": name.title(),
        "real_name_normalized": name.title(),
        "display_name": name,
        "display_name_normalized": name,
        "team": team,
    }


def view_object(world: SlackWorld, view: View, values: Json | None = None) -> Json:
    """A view as answers and payloads carry it; `values` is what its inputs hold."""
    content = view.content
    kind = content.get("type", "modal")
    shown: Json = {
        "id": view.id,
        "team_id": world.team_id,
        "type": kind,
        "blocks": content.get("blocks", []),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": values or {}},
        "hash": view.hash,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": world.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }
    for name in ("title", "close", "submit"):
        shown[name] = content.get(name)
    return shown
