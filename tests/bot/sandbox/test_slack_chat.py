"""Posting, editing and deleting at the stand-in Slack."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_workspace import SlackWorkspace

METADATA = {"event_type": "porting_event", "event_payload": {"delivery_id": "d1"}}


def section(text):
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


class Clock:
    def __init__(self):
        self.time = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def __call__(self):
        return self.time

    def advance(self, seconds):
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def slack(clock):
    workspace = SlackWorkspace(now=clock)
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def client(slack):
    return AsyncWebClient(token="xoxb-sandbox", base_url=slack.url, retry_handlers=[])


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_post_is_kept_with_its_blocks_and_metadata(slack, client):
    channel = slack.add_channel("porting")

    answer = await client.chat_postMessage(
        channel=channel, text="hi", blocks=section("hi"), metadata=METADATA
    )

    [message] = slack.messages("#porting")
    assert message.ts == answer["ts"]
    assert message.metadata == METADATA
    assert message.blocks[0]["block_id"]
    assert answer["message"]["bot_id"] == slack.bot_id


async def test_timestamps_always_grow(slack, client):
    channel = slack.add_channel("porting")

    stamps = [(await client.chat_postMessage(channel=channel, text="x"))["ts"] for _ in range(3)]

    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1772625600.000000"


async def test_fourth_message_in_a_second_is_too_many(slack, client, clock):
    channel, other = slack.add_channel("porting"), slack.add_channel("other")
    for _ in range(3):
        await client.chat_postMessage(channel=channel, text="x")

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="x")
    await client.chat_postMessage(channel=other, text="x")
    clock.advance(1)
    await client.chat_postMessage(channel=channel, text="x")

    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    assert len(slack.messages(channel)) == 4


async def test_fifty_edits_a_minute_are_all_that_the_workspace_takes(slack, client, clock):
    channel = slack.add_channel("porting")
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]
    for number in range(50):
        await client.chat_update(channel=channel, ts=ts, text=str(number))

    assert await refusal(client.chat_update(channel=channel, ts=ts, text="51")) == "ratelimited"
    clock.advance(2)
    await client.chat_update(channel=channel, ts=ts, text="52")
    assert slack.messages(channel)[0].text == "52"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [b for n in range(5) for b in section("y" * 2900)]}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": "nonsense"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": "b" * 17_000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    ],
)
async def test_bad_message_is_refused_by_its_error(slack, client, arguments, error):
    channel = slack.add_channel("porting")

    answer = await refusal(client.api_call("chat.postMessage", json={"channel": channel} | arguments))

    assert answer == error
    assert slack.messages(channel) == []


async def test_bad_block_is_pointed_at(slack, client):
    channel = slack.add_channel("porting")

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="x", blocks=section("y" * 3001))

    [message] = caught.value.response["response_metadata"]["messages"]
    assert message == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


async def test_channel_says_why_it_takes_no_message(slack, client):
    outside = slack.add_channel("outside", bot_member=False)
    secret = slack.add_channel("secret", private=True, bot_member=False)
    closed = slack.add_channel("closed")
    slack.archive(closed)

    errors = [
        await refusal(client.chat_postMessage(channel=channel, text="x"))
        for channel in (outside, secret, closed, "C404")
    ]

    assert errors == ["not_in_channel", "channel_not_found", "is_archived", "channel_not_found"]


async def test_long_text_becomes_several_messages(slack, client):
    channel = slack.add_channel("porting")

    await client.chat_postMessage(channel=channel, text="x" * 9000)

    assert [len(m.text) for m in slack.messages(channel)] == [4000, 4000, 1000]


async def test_reply_lands_in_its_thread(slack, client):
    channel = slack.add_channel("porting")
    parent = (await client.chat_postMessage(channel=channel, text="card"))["ts"]

    answer = await client.chat_postMessage(
        channel=channel, text="news", thread_ts=parent, reply_broadcast=True
    )

    assert answer["message"]["thread_ts"] == parent
    assert [m.text for m in slack.thread(channel, parent)] == ["news"]
    assert slack.thread(channel, parent)[0].reply_broadcast


async def test_reply_to_a_message_that_is_gone_lands_in_the_channel(slack, client):
    channel = slack.add_channel("porting")
    parent = (await client.chat_postMessage(channel=channel, text="card"))["ts"]
    slack.delete_message(channel, parent)

    answer = await client.chat_postMessage(channel=channel, text="news", thread_ts=parent)

    assert "thread_ts" not in answer["message"]
    assert slack.messages(channel)[-1].thread_ts is None


async def test_reply_to_a_reply_is_refused(slack, client):
    channel = slack.add_channel("porting")
    parent = (await client.chat_postMessage(channel=channel, text="card"))["ts"]
    reply = (await client.chat_postMessage(channel=channel, text="news", thread_ts=parent))["ts"]

    error = await refusal(client.chat_postMessage(channel=channel, text="more", thread_ts=reply))

    assert error == "cannot_reply_to_message"


async def test_edit_with_blocks_shows_no_mark_and_edit_without_wipes_them(slack, client):
    channel = slack.add_channel("porting")
    ts = (await client.chat_postMessage(channel=channel, text="a", blocks=section("a"), metadata=METADATA))[
        "ts"
    ]
    [message] = slack.messages(channel)

    await client.chat_update(channel=channel, ts=ts, text="b", blocks=section("b"))
    after_blocks = (message.text, bool(message.blocks), message.edited)
    await client.chat_update(channel=channel, ts=ts, text="c")

    assert after_blocks == ("b", True, False)
    assert (message.text, bool(message.blocks), message.edited) == ("c", False, True)
    assert message.metadata == METADATA
    assert [(edit.channel, edit.ts) for edit in slack.edits] == [(channel, ts)] * 2


async def test_edit_is_refused_where_slack_refuses_it(slack, client):
    channel = slack.add_channel("porting")
    slack.add_person("ann")
    ours = (await client.chat_postMessage(channel=channel, text="ours"))["ts"]
    theirs = slack.write("ann", channel, "theirs").ts

    errors = [
        await refusal(client.chat_update(channel=channel, ts="1.000000", text="x")),
        await refusal(client.chat_update(channel=channel, ts=theirs, text="x")),
        await refusal(client.chat_update(channel=channel, ts=ours, text="x" * 4001)),
        await refusal(client.api_call("chat.update", json={"channel": channel, "ts": ours})),
    ]
    slack.faults.edit_window_closed = True
    errors.append(await refusal(client.chat_update(channel=channel, ts=ours, text="x")))
    slack.archive(channel)
    slack.faults.clear()
    errors.append(await refusal(client.chat_update(channel=channel, ts=ours, text="x")))

    assert errors == [
        "message_not_found",
        "cant_update_message",
        "msg_too_long",
        "no_text",
        "edit_window_closed",
        "is_inactive",
    ]


async def test_own_message_can_be_deleted_once(slack, client):
    channel = slack.add_channel("porting")
    slack.add_person("ann")
    ours = (await client.chat_postMessage(channel=channel, text="ours"))["ts"]
    theirs = slack.write("ann", channel, "theirs").ts

    await client.chat_delete(channel=channel, ts=ours)

    assert slack.messages(channel)[0].deleted
    assert await refusal(client.chat_delete(channel=channel, ts=ours)) == "message_not_found"
    assert await refusal(client.chat_delete(channel=channel, ts=theirs)) == "cant_delete_message"


async def test_ephemeral_reaches_only_people_in_the_channel(slack, client):
    channel = slack.add_channel("porting")
    ann, bob = slack.add_person("ann"), slack.add_person("bob")
    slack.take_out("bob", channel)

    await client.chat_postEphemeral(channel=channel, user=ann, text="psst")

    [shown] = slack.ephemerals
    assert (shown.user, shown.text, shown.via) == (ann, "psst", "chat.postEphemeral")
    assert await refusal(client.chat_postEphemeral(channel=channel, user=bob, text="x")) == (
        "user_not_in_channel"
    )
    assert await refusal(client.chat_postEphemeral(channel=channel, user="U4", text="x")) == "user_not_found"


async def test_permalink_leads_to_a_message_that_is_there(slack, client):
    channel = slack.add_channel("porting")
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]

    link = (await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]

    assert link.endswith(f"/archives/{channel}/p{ts.replace('.', '')}")
    missing = client.chat_getPermalink(channel=channel, message_ts="1.000000")
    assert await refusal(missing) == "message_not_found"


async def test_message_to_a_person_goes_to_their_direct_messages(slack, client):
    ann = slack.add_person("ann")

    opened = (await client.conversations_open(users=ann))["channel"]["id"]
    answer = await client.chat_postMessage(channel=ann, text="hello")

    assert answer["channel"] == opened == slack.dm("ann")
    assert opened.startswith("D")


async def test_listeners_hear_of_posts_edits_deletions_and_ephemerals(slack, client):
    channel, ann = slack.add_channel("porting"), slack.add_person("ann")
    heard = []
    slack.on_message.append(lambda where, message, kind: heard.append((where, message.text, kind)))

    ts = (await client.chat_postMessage(channel=channel, text="a"))["ts"]
    await client.chat_update(channel=channel, ts=ts, text="b")
    await client.chat_postEphemeral(channel=channel, user=ann, text="e")
    await client.chat_delete(channel=channel, ts=ts)

    assert heard == [
        (channel, "a", "post"),
        (channel, "b", "edit"),
        (channel, "e", "ephemeral"),
        (channel, "b", "delete"),
    ]
