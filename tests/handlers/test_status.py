"""Status says in one sentence whether all is well, and then what is not."""

from datetime import UTC, datetime, timedelta

from bot.health import PollState, Report, Trouble
from bot.messages.wording import Look
from bot.slack.blocks import check_message
from bot.telnyx.events import Source
from handlers.status import MOST_CHANNELS, status
from storage.channels import ChannelState
from tests.handlers.clicks import texts_of

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
LOOK = Look(now=NOW)


def poll(source, *, minutes_ago=0, trouble=None):
    return PollState(
        source=source,
        last_success_at=NOW - timedelta(minutes=minutes_ago),
        watching_since=NOW - timedelta(days=3),
        watermark=NOW,
        trouble=trouble,
    )


def report(**facts):
    healthy = {
        "polls": tuple(map(poll, Source)),
        "waiting": 0,
        "waiting_since": None,
        "paused": (),
        "parked": 0,
        "slack_refusal": None,
    }
    return Report(**(healthy | facts))


def paused(channel_id, reason="is_archived"):
    return ChannelState(channel_id, "T1", None, None, None, NOW, reason, None, None)


def test_all_is_well():
    message = status(report(waiting=3, waiting_since=NOW), LOOK)

    assert "Everything is up to date" in message.text
    assert "3 messages" in texts_of(message.blocks)
    assert "Events created since" in texts_of(message.blocks)
    assert check_message(message) == []


def test_a_list_that_fails_is_named_with_its_reason():
    failing = poll(Source.PORT_OUT, trouble=Trouble(NOW - timedelta(minutes=2), "HTTP <503>"))

    message = status(report(polls=(poll(Source.PORT_IN), failing)), LOOK)

    assert "port-out events have not been read since" in message.text
    assert "port-in" not in message.text
    assert "HTTP &lt;503&gt;" in texts_of(message.blocks)


def test_a_list_that_was_read_long_ago_is_late_whatever_it_says():
    message = status(report(polls=(poll(Source.PORT_IN, minutes_ago=6), poll(Source.PORT_OUT))), LOOK)

    assert "port-in events have not been read since" in message.text


def test_a_backlog_a_refusal_and_messages_given_up_are_trouble():
    facts = report(waiting=9, waiting_since=NOW - timedelta(hours=1), parked=2, slack_refusal="invalid_auth")

    text = status(facts, LOOK).text

    assert "Slack refuses my token" in text
    assert "2 messages given up" in text
    assert "oldest message has waited" in text


def test_paused_channels_are_listed_and_many_are_counted():
    many = (*(paused(f"C{number}") for number in range(MOST_CHANNELS + 5)), paused("U1"))

    message = status(report(paused=many), LOOK)

    assert "16 channels paused" in message.text
    assert "<#C0>" in texts_of(message.blocks)
    assert "and 6 more" in texts_of(message.blocks)
    assert check_message(message) == []


def test_a_persons_own_queue_may_be_paused_too():
    assert "<@U1>" in texts_of(status(report(paused=(paused("U1", None),)), LOOK).blocks)
