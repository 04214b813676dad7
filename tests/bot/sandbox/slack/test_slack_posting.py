"""Posting at the stand-in Slack."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.screens import refusal, section
from tests.clock import START

METADATA = {"event_type": "porting_event", "event_payload": {"delivery_id": "d1"}}


async def test_post_is_kept_with_its_blocks_and_metadata(slack, client, channel):
    answer = await client.chat_postMessage(
        channel=channel, text="hi", blocks=[section("hi")], metadata=METADATA
    )

    [message] = slack.messages("#porting")
    assert message.ts == answer["ts"]
    assert message.metadata == METADATA
    assert message.blocks[0]["block_id"]
    assert answer["message"]["bot_id"] == slack.bot_id


async def test_timestamps_always_grow(slack, client, channel):
    stamps = [(await client.chat_postMessage(channel=channel, text="x"))["ts"] for _ in range(3)]

    assert stamps == sorted(set(stamps))
    assert stamps[0] == f"{START.timestamp():.6f}"


async def test_fourth_message_in_a_second_is_too_many(slack, client, clock):
    slack.faults.rate_limit = True
    channel, other = slack.channel("porting").id, slack.add_channel("other")
    for _ in range(3):
        await client.chat_postMessage(channel=channel, text="x")

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="x")
    await client.chat_postMessage(channel=other, text="x")
    clock.forward(seconds=1)
    await client.chat_postMessage(channel=channel, text="x")

    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    assert len(slack.messages(channel)) == 4


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {"type": "section"}}, "invalid_blocks_format"),
        ({"text": "", "blocks": " "}, "no_text"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("y" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": "nonsense"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "e e", "event_payload": {}}}, "invalid_metadata_schema"),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": "b" * 17_000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    ],
)
async def test_bad_message_is_refused_by_its_error(slack, client, arguments, error, channel):
    answer = await refusal(client.api_call("chat.postMessage", json={"channel": channel} | arguments))

    assert answer == error
    assert slack.messages(channel) == []


async def test_bad_block_is_pointed_at(slack, client, channel):
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="x", blocks=[section("y" * 3001)])

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


async def test_long_text_becomes_several_messages(slack, client, channel):
    await client.chat_postMessage(channel=channel, text="x" * 9000)

    assert [len(m.text) for m in slack.messages(channel)] == [4000, 4000, 1000]


async def test_reply_lands_in_its_thread(slack, client, channel):
    parent = (await client.chat_postMessage(channel=channel, text="card"))["ts"]

    answer = await client.chat_postMessage(
        channel=channel, text="news", thread_ts=parent, reply_broadcast=True
    )

    assert answer["message"]["thread_ts"] == parent
    assert [m.text for m in slack.thread(channel, parent)] == ["news"]
    assert slack.thread(channel, parent)[0].reply_broadcast


async def test_reply_to_a_message_that_is_gone_lands_in_the_channel(slack, client, channel):
    parent = (await client.chat_postMessage(channel=channel, text="card"))["ts"]
    slack.delete_message(channel, parent)

    answer = await client.chat_postMessage(channel=channel, text="news", thread_ts=parent)

    assert "thread_ts" not in answer["message"]
    assert slack.messages(channel)[-1].thread_ts is None


async def test_reply_to_a_reply_is_refused(slack, client, channel):
    parent = (await client.chat_postMessage(channel=channel, text="card"))["ts"]
    reply = (await client.chat_postMessage(channel=channel, text="news", thread_ts=parent))["ts"]

    error = await refusal(client.chat_postMessage(channel=channel, text="more", thread_ts=reply))

    assert error == "cannot_reply_to_message"


async def test_blocks_of_attachments_are_checked_too(client, channel):
    attachments = [{"color": "#f00", "blocks": [section("x" * 3001)]}]

    error = await refusal(client.chat_postMessage(channel=channel, text="x", attachments=attachments))

    assert error == "invalid_blocks"


async def test_second_table_has_an_error_of_its_own(client, channel):
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

    error = await refusal(client.chat_postMessage(channel=channel, text="x", blocks=[table, table]))

    assert error == "only_one_table_allowed"


async def test_elements_get_ids_as_slack_gives_them(slack, client, channel):
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}}
    folded = {"type": "container", "title": {"type": "plain_text", "text": "x"}}
    folded["child_blocks"] = [{"type": "actions", "elements": [button]}]

    await client.chat_postMessage(channel=channel, text="x", blocks=[folded])

    [child] = slack.messages(channel)[0].blocks[0]["child_blocks"]
    assert child["block_id"]
    assert child["elements"][0]["action_id"]
