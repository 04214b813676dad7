"""chat.*: posting, editing, deleting and what only one person sees."""

import copy
import json
import re

from bot.sandbox.slack.block_rules import (
    BLOCKS_LENGTH_LIMIT,
    blocks_length,
    check_message_blocks,
    refusal_of,
    with_ids,
)
from bot.sandbox.slack.call import TS, Call, joined_channel, seen_channel
from bot.sandbox.slack.objects import message_object
from bot.sandbox.slack.records import Channel, Ephemeral, Json, Message, SlackRefusal
from bot.sandbox.slack.schema import Problem
from bot.sandbox.slack.world import SlackWorld

POST_TEXT_LIMIT = 40_000
PIECE = 4_000  # longer texts become several messages; chat.update refuses them
METADATA_LIMIT = 16_384


def post_message(world: SlackWorld, call: Call) -> Json:
    channel = _target(world, call)
    text, blocks, attachments = _content(call, limit=POST_TEXT_LIMIT)
    metadata = _metadata(call)
    parent = parent_of(world, channel, call)
    pieces = [text] if blocks or len(text) <= PIECE else _pieces(text)
    posted = [
        world.post_as_bot(
            channel,
            piece,
            blocks=blocks,
            attachments=attachments,
            metadata=metadata,
            thread_ts=parent,
            reply_broadcast=parent is not None and call.flag("reply_broadcast"),
        )
        for piece in pieces
    ]
    first = posted[0]
    return {
        "channel": channel.id,
        "ts": first.ts,
        "message": message_object(world, first, with_metadata=True),
    }


def _target(world: SlackWorld, call: Call) -> Channel:
    """The channel of a post, which may be given by name, or by a person's id for a direct message."""
    wanted = call.needed("channel")
    if wanted in world.people:
        return world.channels[world.dm(wanted)]
    named = world.find_channel(wanted)
    return joined_channel(world, Call(call.method, {"channel": named.id if named else wanted}))


def _pieces(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def _content(call: Call, *, limit: int) -> tuple[str, list[Json], list[Json]]:
    """Text, blocks and attachments. Raises SlackRefusal for each way they can be wrong."""
    text = call.text("text") or call.text("markdown_text")
    blocks = call.objects("blocks", SlackRefusal("invalid_blocks_format")) or []
    attachments = call.objects("attachments", SlackRefusal("invalid_attachments")) or []
    if not text.strip() and not blocks and not attachments:
        raise SlackRefusal("no_text")
    if len(text) > limit:
        raise SlackRefusal("msg_too_long")
    if len(attachments) > 100:
        raise SlackRefusal("too_many_attachments")
    for shown in (blocks, *(attachment.get("blocks", []) for attachment in attachments)):
        _check_blocks(shown)
    return text, with_ids(copy.deepcopy(blocks)), attachments


def _check_blocks(blocks: list[Json]) -> None:
    problems: list[Problem] = check_message_blocks(blocks)
    if problems:
        raise refusal_of("invalid_blocks", problems)
    if blocks_length(blocks) > BLOCKS_LENGTH_LIMIT:
        raise SlackRefusal("msg_blocks_too_long")


def _metadata(call: Call) -> Json | None:
    metadata = call.structure("metadata", SlackRefusal("invalid_metadata_format"))
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackRefusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackRefusal("invalid_metadata_format")
    if not re.fullmatch(r"[A-Za-z0-9_.\-]{1,255}", metadata["event_type"]):
        raise SlackRefusal("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_LIMIT:
        raise SlackRefusal("metadata_too_large")
    return metadata


def parent_of(world: SlackWorld, channel: Channel, call: Call) -> str | None:
    """The thread of a post; None where its first message is gone, since Slack then posts in the channel."""
    wanted = call.text("thread_ts")
    if not wanted:
        return None
    if not TS.fullmatch(wanted):
        raise SlackRefusal("invalid_thread_ts")
    parent = world.find_message(channel, wanted)
    if parent is None:
        return None
    if parent.is_reply:
        raise SlackRefusal("cannot_reply_to_message")
    return parent.ts


def post_ephemeral(world: SlackWorld, call: Call) -> Json:
    channel = joined_channel(world, call)
    user = call.needed("user")
    if user not in world.people:
        raise SlackRefusal("user_not_found")
    if user not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    text, blocks, _ = _content(call, limit=POST_TEXT_LIMIT)
    shown = Ephemeral(
        channel=channel.id,
        user=user,
        ts=world.next_ts(),
        text=text,
        blocks=blocks,
        via="chat.postEphemeral",
        thread_ts=parent_of(world, channel, call),
    )
    world.show_ephemeral(shown)
    return {"message_ts": shown.ts}


def update(world: SlackWorld, call: Call) -> Json:
    channel = _editable_channel(world, call)
    message = _own_message(world, channel, call, "cant_update_message")
    text, blocks, attachments = _content(call, limit=PIECE)
    if blocks and _has_rich_text(message.blocks) and not _has_rich_text(blocks):
        raise SlackRefusal("block_mismatch")
    rewrite(message, text=text, blocks=blocks, attachments=attachments)
    if call.arguments.get("metadata") is not None:
        message.metadata = _metadata(call)
    world.note_edit(message)
    shown = message_object(world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _has_rich_text(blocks: list[Json]) -> bool:
    return any(block["type"] == "rich_text" for block in blocks)


def rewrite(message: Message, *, text: str, blocks: list[Json], attachments: list[Json]) -> None:
    """New content: blocks that are left out are wiped, and only an edit without blocks is marked as one."""
    message.text = text or message.text
    message.blocks = blocks
    message.attachments = attachments
    message.edited = message.edited or not blocks


def _editable_channel(world: SlackWorld, call: Call) -> Channel:
    channel = seen_channel(world, call)
    if channel.archived:
        raise SlackRefusal("is_inactive")
    if not world.bot_is_in(channel):
        raise SlackRefusal("not_in_channel")
    return channel


def _own_message(world: SlackWorld, channel: Channel, call: Call, not_ours: str) -> Message:
    message = world.find_message(channel, call.needed("ts"))
    if message is None:
        raise SlackRefusal("message_not_found")
    if message.bot_id != world.bot_id:
        raise SlackRefusal(not_ours)
    return message


def delete(world: SlackWorld, call: Call) -> Json:
    channel = joined_channel(world, call)
    message = _own_message(world, channel, call, "cant_delete_message")
    world.delete_message(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(world: SlackWorld, call: Call) -> Json:
    channel = seen_channel(world, call)
    message = world.find_message(channel, call.needed("message_ts"))
    if message is None:
        raise SlackRefusal("message_not_found")
    link = f"https://sandbox.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
