"""What a person does on the page reaches the app as Slack would send it."""

import pytest

from tests.bot.sandbox.slack.screens import button, post


async def test_a_command_reaches_the_app(acts, app, ann, channel):
    answer = await acts.perform(ann.id, "command", {"channel": channel, "text": " /port  help me "})

    assert app.envelopes[0]["payload"]["text"] == "help me"
    assert answer["refusal"] is None


async def test_another_command_goes_nowhere_and_says_so(acts, app, ann, channel):
    answer = await acts.perform(ann.id, "command", {"channel": channel, "text": "/ports help"})

    assert answer["refusal"] == "/ports is not a valid command. There is /port."
    assert app.envelopes == []


async def test_a_command_while_the_app_is_away_says_so(acts, ann, channel):
    answer = await acts.perform(ann.id, "command", {"channel": channel, "text": "/port help"})

    assert "dispatch_failed" in answer["refusal"]


async def test_slack_takes_no_command_in_a_thread(slack, acts, app, ann, channel):
    first = slack.write("ann", channel, "hello")

    given = {"channel": channel, "text": "/port help", "thread_ts": first.ts}
    answer = await acts.perform(ann.id, "command", given)

    assert "not supported in threads" in answer["refusal"]


async def test_what_does_not_name_the_app_is_only_written(slack, acts, app, ann, channel):
    await acts.perform(ann.id, "say", {"channel": channel, "text": "hello all"})

    assert [message.text for message in slack.messages(channel)] == ["hello all"]
    assert app.envelopes == []


async def test_a_mention_reaches_the_app_also_from_a_thread(slack, acts, app, ann, channel):
    first = slack.write("ann", channel, "hello")

    given = {"channel": channel, "text": "@portwire status", "thread_ts": first.ts}
    await acts.perform(ann.id, "say", given)

    event = app.envelopes[0]["payload"]["event"]
    assert event["type"] == "app_mention"
    assert event["text"] == f"<@{slack.bot_user_id}> status"
    assert event["thread_ts"] == first.ts


async def test_names_become_mentions_and_signs_stay_signs(slack, acts, app, ann, gus, channel):
    await acts.perform(ann.id, "say", {"channel": channel, "text": "@gus: 1 < 2 in #porting, @portwire2"})

    [message] = slack.messages(channel)
    assert message.text == f"<@{gus.id}>: 1 &lt; 2 in <#{channel}|porting>, @portwire2"
    assert app.envelopes == []


async def test_a_direct_message_reaches_the_app(slack, acts, app, ann):
    await acts.perform(ann.id, "say", {"channel": slack.dm("ann"), "text": "status"})

    assert app.envelopes[0]["payload"]["event"]["channel_type"] == "im"


async def test_nobody_writes_in_an_archived_channel(slack, acts, app, ann, channel):
    await acts.perform(ann.id, "archive", {"channel": channel})

    answer = await acts.perform(ann.id, "say", {"channel": channel, "text": "hello"})

    assert answer["refusal"] == "This channel is archived: nobody can write here."
    assert slack.messages(channel) == []


async def test_a_channel_can_be_left_and_invited_to(slack, acts, ann, channel):
    await acts.perform(ann.id, "leave", {"channel": channel})
    was_there = slack.bot_is_in(slack.channel(channel))
    await acts.perform(ann.id, "invite", {"channel": channel})

    assert not was_there
    assert slack.bot_is_in(slack.channel(channel))


async def test_an_archived_channel_can_be_had_back(slack, acts, ann, channel):
    await acts.perform(ann.id, "archive", {"channel": channel})
    await acts.perform(ann.id, "unarchive", {"channel": channel})

    assert not slack.channel(channel).archived


async def test_a_click_reaches_the_app(acts, app, client, ann, channel):
    ts = await post(client, channel, button("go", "Go", "7"))

    given = {"channel": channel, "target": ts, "block_id": "b", "action_id": "go", "value": "7"}
    await acts.perform(ann.id, "click", given)

    assert app.envelopes[0]["payload"]["actions"][0]["value"] == "7"


@pytest.mark.parametrize("name", ["click", "shortcut"])
async def test_what_has_just_gone_is_said_to_be_gone(name, acts, app, ann, channel):
    click = {"target": "1.0", "block_id": "b", "action_id": "go"}
    given = {"channel": channel, "ts": "1.0", "callback_id": "report"} | click
    answer = await acts.perform(ann.id, name, given)

    assert "1.0" in answer["refusal"]
    assert app.envelopes == []


@pytest.mark.parametrize("name", ["submit", "close"])
async def test_a_view_that_has_just_gone_is_said_to_be_gone(name, acts, app, ann):
    answer = await acts.perform(ann.id, name, {"view": "V404", "values": {}})

    assert "no such view" in answer["refusal"]
    assert app.envelopes == []


async def test_a_slip_of_the_page_is_no_refusal(acts, ann):
    with pytest.raises(KeyError, match="channel"):
        await acts.perform(ann.id, "command", {"text": "/port help"})


async def test_a_message_shortcut_reaches_the_app(slack, acts, app, ann, channel):
    ts = slack.write("ann", channel, "hello").ts

    await acts.perform(ann.id, "shortcut", {"channel": channel, "ts": ts, "callback_id": "report"})

    assert app.envelopes[0]["payload"]["message"]["text"] == "hello"


async def test_opening_home_tells_the_app(acts, app, ann):
    await acts.perform(ann.id, "home", {})

    assert app.envelopes[0]["payload"]["event"]["type"] == "app_home_opened"


async def test_what_was_read_is_noted(slack, acts, reads, ann, gus, channel):
    message = slack.write("gus", channel, "hello")

    await acts.perform(ann.id, "read", {"channel": channel, "ts": message.ts})

    assert reads.unread(ann.id, slack.channel(channel)) == 0
