"""The workspace as one person sees it."""

import pytest

from bot.sandbox.page.tab import Offer, Tabs


def test_direct_messages_come_last_and_are_the_apps(slack, showing, ann):
    slack.dm("ann")
    slack.add_channel("acme")

    places = [(place["name"], place["is_im"]) for place in showing.directory(ann)["channels"].values()]

    assert places == [("porting", False), ("acme", False), ("portwire", True)]


def test_nobody_sees_a_channel_that_they_are_not_in(slack, showing, ann):
    slack.take_out("ann", "porting")

    assert showing.directory(ann)["channels"] == {}


async def test_history_holds_ones_own_answers_and_nothing_that_was_deleted(
    slack, showing, client, ann, gus, channel
):
    slack.write("ann", channel, "first")
    slack.delete_message(channel, slack.write("ann", channel, "gone").ts)
    await client.chat_postEphemeral(channel=channel, user=ann.id, text="for ann")
    await client.chat_postEphemeral(channel=channel, user=gus.id, text="for gus")

    shown = list(showing.history(slack.channel(channel), ann))

    assert [each["parts"][0]["text"] for each in shown] == ["first", "for ann"]
    assert [each.get("ephemeral", False) for each in shown] == [False, True]


def test_a_message_with_blocks_is_drawn_from_them_alone(slack, showing, channel):
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "An event"}}]
    message = slack.post_as_bot(slack.channel(channel), "for the lock screen", blocks=blocks)

    shown = showing.message(message)

    assert shown["parts"] == []
    assert shown["blocks"][0]["text"]["parts"] == [{"type": "text", "text": "An event"}]
    assert shown["is_app"]


def test_a_channel_is_handed_out_only_to_who_is_in_it(slack, gus, ann, channel):
    tabs = Tabs(slack, Offer())
    slack.write("ann", channel, "hello")
    slack.take_out("gus", channel)

    assert len(list(tabs.history(channel, ann.id))) == 1
    for place, person in ((channel, gus.id), ("C0", ann.id), (channel, "U0")):
        with pytest.raises(LookupError):
            tabs.history(place, person)
