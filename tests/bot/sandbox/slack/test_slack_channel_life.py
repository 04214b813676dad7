"""What happens to channels reaches the app as Slack's events."""

import pytest


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda s, c: s.archive(c), "channel_archive"),
        (lambda s, c: s.unarchive(c), "channel_unarchive"),
        (lambda s, c: s.remove_bot(c), "channel_left"),
        (lambda s, c: s.invite_bot(c), "member_joined_channel"),
        (lambda s, c: s.rename(c, "other"), "channel_rename"),
        (lambda s, c: s.share(c), "channel_shared"),
        (lambda s, c: s.change_id(c), "channel_id_changed"),
        (lambda s, c: s.delete_channel(c), "channel_deleted"),
    ],
)
async def test_fate_of_a_channel_is_told_as_an_event(slack, app, act, kind):
    act(slack, "porting")
    await slack.settle()

    assert [e["payload"]["event"]["type"] for e in app.envelopes] == [kind]


async def test_private_channels_have_their_own_event_names(slack, app):
    slack.add_channel("secret", private=True)

    slack.archive("secret")
    slack.unarchive("secret")
    await slack.settle()

    kinds = {e["payload"]["event"]["type"] for e in app.envelopes}
    assert kinds == {"group_archive", "group_unarchive"}


async def test_joining_is_told_to_the_app(slack, client, app):
    other = slack.add_channel("other", bot_member=False)

    await client.conversations_join(channel=other)
    await slack.settle()

    event = app.envelopes[0]["payload"]["event"]
    assert (event["type"], event["channel"], event["user"]) == (
        "member_joined_channel",
        other,
        slack.bot_user_id,
    )


async def test_put_in_and_taken_out_people_change_the_members(slack, client, channel):
    ann = slack.person("ann").id

    slack.take_out("ann", channel)
    without = (await client.conversations_members(channel=channel))["members"]
    slack.put_in("ann", channel)
    again = (await client.conversations_members(channel=channel))["members"]

    assert ann not in without
    assert ann in again


async def test_messages_go_with_a_channel_that_changes_its_id(slack, client, channel):
    await client.chat_postMessage(channel=channel, text="kept")

    new = slack.change_id(channel)

    assert [m.text for m in slack.messages(new)] == ["kept"]
    assert new != channel
