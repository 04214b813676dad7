"""Editing, deleting and what only one person sees, at the stand-in Slack."""

import pytest

from tests.bot.sandbox.slack.screens import refusal, section

LEAF = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
RICH = {"type": "rich_text", "elements": [LEAF]}
METADATA = {"event_type": "porting_event", "event_payload": {"delivery_id": "d1"}}


async def test_fifty_edits_a_minute_are_all_that_the_workspace_takes(slack, client, clock, channel):
    slack.faults.rate_limit = True
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]
    for number in range(50):
        await client.chat_update(channel=channel, ts=ts, text=str(number))

    assert await refusal(client.chat_update(channel=channel, ts=ts, text="51")) == "ratelimited"
    clock.forward(seconds=2)
    await client.chat_update(channel=channel, ts=ts, text="52")
    assert slack.messages(channel)[0].text == "52"


async def test_edit_with_blocks_shows_no_mark_and_edit_without_wipes_them(slack, client, channel):
    ts = (await client.chat_postMessage(channel=channel, text="a", blocks=[section("a")], metadata=METADATA))[
        "ts"
    ]
    [message] = slack.messages(channel)

    await client.chat_update(channel=channel, ts=ts, text="b", blocks=[section("b")])
    after_blocks = (message.text, bool(message.blocks), message.edited)
    await client.chat_update(channel=channel, ts=ts, text="c")

    assert after_blocks == ("b", True, False)
    assert (message.text, bool(message.blocks), message.edited) == ("c", False, True)
    assert message.metadata == METADATA
    assert [(edit.channel, edit.ts) for edit in slack.edits] == [(channel, ts)] * 2


async def test_edit_is_refused_where_slack_refuses_it(slack, client, channel):
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


async def test_own_message_can_be_deleted_once(slack, client, channel):
    ours = (await client.chat_postMessage(channel=channel, text="ours"))["ts"]
    theirs = slack.write("ann", channel, "theirs").ts

    await client.chat_delete(channel=channel, ts=ours)

    assert slack.messages(channel)[0].deleted
    assert await refusal(client.chat_delete(channel=channel, ts=ours)) == "message_not_found"
    assert await refusal(client.chat_delete(channel=channel, ts=theirs)) == "cant_delete_message"


async def test_ephemeral_reaches_only_people_in_the_channel(slack, client, channel):
    ann, bob = slack.person("ann").id, slack.add_person("bob")
    slack.take_out("bob", channel)

    await client.chat_postEphemeral(channel=channel, user=ann, text="psst")

    [shown] = slack.ephemerals
    assert (shown.user, shown.text, shown.via) == (ann, "psst", "chat.postEphemeral")
    assert await refusal(client.chat_postEphemeral(channel=channel, user=bob, text="x")) == (
        "user_not_in_channel"
    )
    assert await refusal(client.chat_postEphemeral(channel=channel, user="U4", text="x")) == "user_not_found"


async def test_permalink_leads_to_a_message_that_is_there(slack, client, channel):
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]

    link = (await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]

    assert link.endswith(f"/archives/{channel}/p{ts.replace('.', '')}")
    missing = client.chat_getPermalink(channel=channel, message_ts="1.000000")
    assert await refusal(missing) == "message_not_found"


async def test_message_to_a_person_goes_to_their_direct_messages(slack, client):
    ann = slack.person("ann").id

    opened = (await client.conversations_open(users=ann))["channel"]["id"]
    answer = await client.chat_postMessage(channel=ann, text="hello")

    assert answer["channel"] == opened == slack.dm("ann")
    assert opened.startswith("D")


async def test_listeners_hear_of_posts_edits_deletions_and_ephemerals(slack, client):
    channel, ann = slack.channel("porting").id, slack.person("ann").id
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


async def test_link_to_a_reply_names_its_thread(slack, client, channel):
    card = (await client.chat_postMessage(channel=channel, text="card"))["ts"]
    reply = (await client.chat_postMessage(channel=channel, text="news", thread_ts=card))["ts"]

    link = (await client.chat_getPermalink(channel=channel, message_ts=reply))["permalink"]

    assert link.endswith(f"?thread_ts={card}&cid={channel}")


async def test_message_cannot_be_edited_from_outside_the_channel(slack, client, channel):
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]
    slack.remove_bot(channel)

    assert await refusal(client.chat_update(channel=channel, ts=ts, text="y")) == "not_in_channel"


async def test_edit_may_change_the_metadata(slack, client, channel):
    ts = (await client.chat_postMessage(channel=channel, text="x", metadata=METADATA))["ts"]
    other = METADATA | {"event_payload": {"delivery_id": "d2"}}

    await client.chat_update(channel=channel, ts=ts, text="y", metadata=other)

    assert slack.messages(channel)[0].metadata == other


async def test_rich_text_is_not_replaced_by_other_blocks(slack, client, channel):
    ts = (await client.chat_postMessage(channel=channel, text="a", blocks=[RICH]))["ts"]

    mismatch = await refusal(client.chat_update(channel=channel, ts=ts, text="b", blocks=[section("b")]))
    await client.chat_update(channel=channel, ts=ts, text="c", blocks=[section("c"), RICH])
    await client.chat_update(channel=channel, ts=ts, text="d")

    assert mismatch == "block_mismatch"
    assert slack.messages(channel)[0].text == "d"


@pytest.mark.parametrize(("method", "calls"), [("conversations_list", 20), ("users_list", 20)])
async def test_each_method_has_its_tier(slack, client, method, calls):
    slack.faults.rate_limit = True
    for _ in range(calls):
        await getattr(client, method)()

    assert await refusal(getattr(client, method)()) == "ratelimited"
