import pytest

from bot.messages import notices
from docs.reading import as_people_see
from tests.bot.messages.shapes import assert_sendable
from tests.factories import NOW

EVERY = (
    notices.subscription_changed("Ada", None, "subscribe kind:in"),
    notices.subscription_changed("Ada", "subscribe kind:in", "subscribe kind:in ref:A*"),
    notices.subscriptions_ended("<!channel>", ["subscribe `kind:in`"]),
    notices.channel_paused("C024BE91L", "is_archived"),
    notices.channel_paused("C024BE91L", "a_new_error"),
    notices.message_given_up("C024BE91L", "invalid_blocks"),
    notices.trouble_started("Telnyx does not answer", NOW, "It took longer than 600 s."),
    notices.trouble_ended("Telnyx did not answer", NOW, NOW),
)


@pytest.mark.parametrize("message", EVERY)
def test_every_notice_can_be_sent(message):
    assert_sendable(message)


def test_trouble_that_is_over_is_named_as_it_was_when_it_began():
    text = as_people_see(notices.trouble_ended("Events can't be read", NOW, NOW).text)

    assert text.startswith("🟢 Over: “Events can't be read”, from Tue 1 Dec 2026 14:02 UTC to ")


def test_a_changed_subscription_says_who_and_what_it_was_before():
    message = notices.subscription_changed("Ada", "subscribe kind:in", "subscribe kind:in ref:ACME*")

    assert message.text == (
        "Ada changed what this channel follows: `subscribe kind:in` → `subscribe kind:in ref:ACME*`."
    )


def test_of_many_that_end_at_once_all_are_counted_and_some_named():
    message = notices.subscriptions_ended("Ada", [f"subscribe ref:C{number}" for number in range(7)])

    assert message.text == (
        "Ada ended 7 subscriptions of this channel: `subscribe ref:C0`; `subscribe ref:C1`; "
        "`subscribe ref:C2`; `subscribe ref:C3`; `subscribe ref:C4`; and 2 more."
    )


def test_a_name_can_not_mention():
    assert notices.subscription_changed("<@U1> <!here>", None, "subscribe").text.startswith(
        "&lt;@U1&gt; &lt;!here&gt; "
    )


def test_a_pause_says_why_and_what_to_do():
    text = as_people_see(notices.channel_paused("C024BE91L", "is_archived").text)

    assert "can't post in #C024BE91L, because it is archived. Unarchive it" in text
    assert "what it misses comes then" in text


def test_every_kind_of_restriction_is_told_alike():
    text = notices.channel_paused("C024BE91L", "restricted_action_read_only_channel").text

    assert "its settings do not let me post. Ask" in text
    assert "Ask an admin" in text


def test_a_conversation_of_two_is_not_drawn_as_a_channel_and_mentions_nobody():
    for place in ("D024BE91L", "U024BE91L"):
        assert "a direct conversation" in notices.message_given_up(place, "user_not_found").text
        assert place not in notices.channel_paused(place, "channel_not_found").text
