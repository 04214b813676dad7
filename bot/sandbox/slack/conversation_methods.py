"""conversations.*, users.*, usergroups.*, auth.test and api.test."""

import base64
import binascii
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from bot.sandbox.slack.call import TS, Call, seen_channel
from bot.sandbox.slack.objects import bot_user_object, channel_object, message_object, user_object
from bot.sandbox.slack.records import Channel, Json, Message, SlackRefusal
from bot.sandbox.slack.world import SlackWorld

Item = TypeVar("Item")


def api_test(world: SlackWorld, call: Call) -> Json:  # noqa: ARG001 - every method has this shape
    """Echoes its arguments; the one for `error` becomes the error."""
    if call.text("error"):
        raise SlackRefusal(call.text("error"), args=call.arguments)
    return {"args": call.arguments}


def auth_test(world: SlackWorld, call: Call) -> Json:  # noqa: ARG001 - every method has this shape
    return {
        "url": "https://sandbox.slack.com/",
        "team": "Sandbox",
        "user": world.bot_name,
        "team_id": world.team_id,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def info(world: SlackWorld, call: Call) -> Json:
    return {"channel": channel_object(world, seen_channel(world, call))}


def join(world: SlackWorld, call: Call) -> Json:
    channel = seen_channel(world, call)
    if channel.private:
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackRefusal("is_archived")
    if not world.bot_is_in(channel):
        channel.members.add(world.bot_user_id)
        world.announce_bot_joined(channel)
        world.touch()
        return {"channel": channel_object(world, channel)}
    warned = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return {"channel": channel_object(world, channel)} | warned


def open_dm(world: SlackWorld, call: Call) -> Json:
    """conversations.open with one person, or with the id of a direct message."""
    if call.text("channel"):
        channel = seen_channel(world, call)
        return {"channel": channel_object(world, channel) if call.flag("return_im") else {"id": channel.id}}
    users = [user for user in call.needed("users").split(",") if user]
    if len(users) != 1:
        raise SlackRefusal("not_enough_users" if not users else "method_not_supported_for_channel_type")
    person = world.people.get(users[0])
    if person is None:
        raise SlackRefusal("user_not_found")
    if person.deleted:
        raise SlackRefusal("user_disabled")
    channel = world.channels[world.dm(person.id)]
    return {"channel": channel_object(world, channel) if call.flag("return_im") else {"id": channel.id}}


def history(world: SlackWorld, call: Call, *, lag_s: float) -> Json:
    """Newest first: what stands in the channel itself, replies only if they were broadcast."""
    channel = _readable(world, call)
    shown = [
        m for m in reversed(_in_window(world, channel, call, lag_s)) if not m.is_reply or m.reply_broadcast
    ]
    return _page(world, call, shown, default_limit=100)


def replies(world: SlackWorld, call: Call, *, lag_s: float) -> Json:
    """A thread: its first message, then the replies, oldest first."""
    channel = _readable(world, call)
    ts = call.needed("ts")
    if not TS.fullmatch(ts) or world.find_message(channel, ts) is None:
        raise SlackRefusal("thread_not_found")
    parent = [m for m in channel.by_ts.values() if m.ts == ts]
    answers = [m for m in _in_window(world, channel, call, lag_s) if m.thread_ts == ts]
    return _page(world, call, parent + answers, default_limit=1000)


def _readable(world: SlackWorld, call: Call) -> Channel:
    channel = seen_channel(world, call)
    if not world.bot_is_in(channel):
        raise SlackRefusal("not_in_channel")
    return channel


def _in_window(world: SlackWorld, channel: Channel, call: Call, lag_s: float) -> list[Message]:
    oldest, latest = call.time("oldest") or "0.000000", call.time("latest")
    inclusive = call.flag("inclusive")
    newest_shown = world.now() - timedelta(seconds=lag_s)
    return [
        m
        for m in channel.by_ts.values()
        if not m.deleted
        and (lag_s <= 0 or m.posted_at <= newest_shown)
        and _between(m.ts, oldest, latest, inclusive=inclusive)
    ]


def _between(ts: str, oldest: str, latest: str | None, *, inclusive: bool) -> bool:
    moment = exact(ts)
    after, before = exact(oldest), exact(latest) if latest else None
    if inclusive:
        return after <= moment and (before is None or moment <= before)
    return after < moment and (before is None or moment < before)


def exact(ts: str) -> tuple[int, int]:
    """Seconds and micros of a ts, which compare exactly."""
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros or 0)


def _page(world: SlackWorld, call: Call, messages: list[Message], *, default_limit: int) -> Json:
    page, cursor = cut_page(call, messages, lambda m: m.ts, default_limit=default_limit)
    with_metadata = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [message_object(world, m, with_metadata=with_metadata) for m in page],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def cut_page(
    call: Call, items: list[Item], key: Callable[[Item], str], *, default_limit: int
) -> tuple[list[Item], str]:
    """One page and the cursor of the next ("" after the last). Raises SlackRefusal."""
    limit = call.whole("limit", default_limit)
    if not 1 <= limit <= 1000:
        raise SlackRefusal("invalid_limit")
    start = _after_cursor(call.text("cursor"), [key(item) for item in items])
    page = items[start : start + limit]
    if start + limit >= len(items):
        return page, ""
    return page, base64.b64encode(f"next_ts:{key(page[-1])}".encode()).decode()


def _after_cursor(cursor: str, keys: list[str]) -> int:
    """Where the next page begins: behind the last item of the one before, so new messages shift nothing."""
    if not cursor:
        return 0
    try:
        kind, _, last = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SlackRefusal("invalid_cursor") from error
    if kind != "next_ts" or last not in keys:
        raise SlackRefusal("invalid_cursor")
    return keys.index(last) + 1


def list_channels(world: SlackWorld, call: Call) -> Json:
    """Also users.conversations, which lists only those that the app is in."""
    kinds = (call.text("types") or "public_channel").split(",")
    wanted = [
        c
        for c in world.channels.values()
        if _kind(c) in kinds
        and (world.bot_is_in(c) or not (c.private or call.method == "users.conversations"))
        and not (c.archived and call.flag("exclude_archived"))
    ]
    page, cursor = cut_page(call, wanted, lambda c: c.id, default_limit=100)
    channels = [channel_object(world, c) for c in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.private else "public_channel"


def members(world: SlackWorld, call: Call) -> Json:
    channel = seen_channel(world, call)
    page, cursor = cut_page(call, sorted(channel.members), str, default_limit=100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def user_info(world: SlackWorld, call: Call) -> Json:
    user = call.needed("user")
    if user == world.bot_user_id:
        return {"user": bot_user_object(world)}
    if user not in world.people:
        raise SlackRefusal("user_not_found")
    return {"user": user_object(world.people[user])}


def list_users(world: SlackWorld, call: Call) -> Json:
    everybody = [bot_user_object(world), *(user_object(p) for p in world.people.values())]
    page, cursor = cut_page(call, everybody, lambda u: str(u["id"]), default_limit=1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def usergroup_users(world: SlackWorld, call: Call) -> Json:
    group = world.usergroups.get(call.needed("usergroup"))
    if group is None:
        raise SlackRefusal("no_such_subteam")
    return {"users": list(group[1])}
