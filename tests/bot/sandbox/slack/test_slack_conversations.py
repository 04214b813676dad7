"""Channels at the stand-in Slack: who sees them, who is in them, and their history."""

import base64

import pytest

from tests.bot.sandbox.slack.screens import refusal

METADATA = {"event_type": "porting_event", "event_payload": {"delivery_id": "d1"}}


async def post(client, channel, text, **more):
    return (await client.chat_postMessage(channel=channel, text=text, **more))["ts"]


def texts(answer):
    return [m["text"] for m in answer["messages"]]


async def test_channel_outside_is_listed_and_can_be_joined(slack, client):
    acme = slack.add_channel("customer-acme", bot_member=False)

    before = {c["name"]: c["is_member"] for c in (await client.conversations_list())["channels"]}
    await client.conversations_join(channel=acme)
    again = await client.conversations_join(channel=acme)

    assert before == {"porting": True, "customer-acme": False}
    assert (await client.conversations_info(channel=acme))["channel"]["is_member"]
    assert again["warning"] == "already_in_channel"


async def test_what_cannot_be_joined_says_why(slack, client):
    secret = slack.add_channel("secret", private=True, bot_member=False)
    inside = slack.add_channel("inside", private=True)
    closed = slack.add_channel("closed", bot_member=False)
    slack.archive(closed)

    errors = [await refusal(client.conversations_join(channel=c)) for c in (secret, inside, closed)]

    assert errors == ["channel_not_found", "method_not_supported_for_channel_type", "is_archived"]


async def test_private_channel_is_hidden_from_who_is_not_in_it(slack, client):
    secret = slack.add_channel("secret", private=True, bot_member=False)

    listed = await client.conversations_list(types="public_channel,private_channel")

    assert [c["name"] for c in listed["channels"]] == ["porting"]
    assert await refusal(client.conversations_info(channel=secret)) == "channel_not_found"
    assert await refusal(client.conversations_history(channel=secret)) == "channel_not_found"


async def test_history_is_newest_first_without_thread_replies(slack, client, channel):
    card = await post(client, channel, "card")
    await post(client, channel, "reply", thread_ts=card)
    await post(client, channel, "loud reply", thread_ts=card, reply_broadcast=True)
    await post(client, channel, "last")

    answer = await client.conversations_history(channel=channel)

    assert texts(answer) == ["last", "loud reply", "card"]
    assert answer["messages"][1]["subtype"] == "thread_broadcast"
    assert answer["messages"][2]["reply_count"] == 2


async def test_metadata_is_shown_only_when_asked_for(slack, client, channel):
    card = await post(client, channel, "card", metadata=METADATA)
    await post(client, channel, "reply", thread_ts=card, metadata=METADATA)

    plain = await client.conversations_history(channel=channel)
    full = await client.conversations_history(channel=channel, include_all_metadata=True)
    replies = await client.conversations_replies(channel=channel, ts=card, include_all_metadata=True)

    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == METADATA
    assert [m["metadata"] for m in replies["messages"]] == [METADATA] * 2


async def test_window_is_exclusive_unless_inclusive(slack, client, clock, channel):
    stamps = []
    for text in "abcd":
        stamps.append(await post(client, channel, text))
        clock.forward(seconds=10)

    between = await client.conversations_history(channel=channel, oldest=stamps[0], latest=stamps[3])
    with_ends = await client.conversations_history(
        channel=channel, oldest=stamps[0], latest=stamps[3], inclusive=True
    )

    assert texts(between) == ["c", "b"]
    assert texts(with_ends) == ["d", "c", "b", "a"]


async def test_pages_are_not_shifted_by_new_messages(slack, client, channel):
    for text in "abcde":
        await post(client, channel, text)

    first = await client.conversations_history(channel=channel, limit=2)
    await post(client, channel, "new")
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=channel, limit=2, cursor=cursor)
    cursor = second["response_metadata"]["next_cursor"]
    third = await client.conversations_history(channel=channel, limit=2, cursor=cursor)

    assert (texts(first), texts(second), texts(third)) == (["e", "d"], ["c", "b"], ["a"])
    assert (first["has_more"], third["has_more"]) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"oldest": "soon"}, "invalid_ts_oldest"),
        ({"latest": "later"}, "invalid_ts_latest"),
        ({"limit": 0}, "invalid_limit"),
        ({"limit": "many"}, "invalid_arguments"),
        ({"cursor": "elsewhere"}, "invalid_cursor"),
    ],
)
async def test_senseless_window_is_refused(slack, client, arguments, error, channel):
    assert await refusal(client.conversations_history(channel=channel, **arguments)) == error


async def test_thread_is_told_oldest_first_with_its_card(slack, client, channel):
    card = await post(client, channel, "card")
    for text in "ab":
        await post(client, channel, text, thread_ts=card)

    answer = await client.conversations_replies(channel=channel, ts=card)

    assert texts(answer) == ["card", "a", "b"]
    missing = client.conversations_replies(channel=channel, ts="1.000000")
    assert await refusal(missing) == "thread_not_found"


async def test_deleted_message_is_in_no_history(slack, client, channel):
    ts = await post(client, channel, "oops")

    slack.delete_message(channel, ts)

    assert texts(await client.conversations_history(channel=channel)) == []


async def test_history_lags_if_told_to(slack, client, clock, channel):
    slack.faults.history_lag_s = 5
    await post(client, channel, "fresh")

    early = await client.conversations_history(channel=channel)
    clock.forward(seconds=6)
    late = await client.conversations_history(channel=channel)

    assert (texts(early), texts(late)) == ([], ["fresh"])


async def test_archiving_puts_the_bot_out(slack, client, channel):
    await post(client, channel, "before")

    slack.archive(channel)
    read_archived = await refusal(client.conversations_history(channel=channel))
    slack.unarchive(channel)
    post_after = await refusal(client.chat_postMessage(channel=channel, text="x"))
    await client.conversations_join(channel=channel)

    assert (read_archived, post_after) == ("not_in_channel", "not_in_channel")
    assert texts(await client.conversations_history(channel=channel)) == ["before"]


async def test_strangers_are_only_in_shared_channels(slack, client):
    plain, shared = slack.add_channel("plain"), slack.add_channel("shared", shared=True)
    stranger = slack.add_person("sam", role="stranger")

    in_plain = (await client.conversations_members(channel=plain))["members"]
    in_shared = (await client.conversations_members(channel=shared))["members"]

    assert stranger not in in_plain
    assert stranger in in_shared
    assert (await client.conversations_info(channel=shared))["channel"]["is_ext_shared"]


async def test_only_one_known_person_can_be_written_to(slack, client):
    ann, bob = slack.person("ann").id, slack.add_person("bob")

    assert await refusal(client.conversations_open(users="U404")) == "user_not_found"
    both = client.conversations_open(users=[ann, bob])
    assert await refusal(both) == "method_not_supported_for_channel_type"


async def test_direct_message_can_be_opened_by_its_id(slack, client):
    place = slack.dm("ann")

    by_id = await client.conversations_open(channel=place)
    full = await client.conversations_open(channel=place, return_im=True)
    listed = await client.users_conversations(types="im,public_channel")

    assert by_id["channel"] == {"id": place}
    assert full["channel"]["user"] == slack.person("ann").id
    assert [c["id"] for c in listed["channels"]] == [slack.channel("porting").id, place]


async def test_somebody_who_left_cannot_be_written_to(slack, client):
    slack.person("ann").deleted = True

    answer = await refusal(client.conversations_open(users=slack.person("ann").id))

    assert answer == "user_disabled"


async def test_cursor_from_another_list_is_refused(client, channel):
    foreign = base64.b64encode(b"next_ts:1.000000").decode()

    assert await refusal(client.conversations_history(channel=channel, cursor=foreign)) == "invalid_cursor"


async def test_whole_seconds_are_good_bounds(slack, client, channel, clock):
    await post(client, channel, "x")

    answer = await client.conversations_history(
        channel=channel, oldest=str(int(clock().timestamp())), inclusive=True
    )

    assert texts(answer) == ["x"]


async def test_public_channel_may_become_private(slack, client, channel):
    slack.make_private(channel)
    inside = (await client.conversations_info(channel=channel))["channel"]["is_private"]
    slack.remove_bot(channel)

    assert inside
    assert await refusal(client.conversations_info(channel=channel)) == "channel_not_found"
