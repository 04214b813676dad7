"""Status says in one sentence whether all is well, and then what is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.status import MOST_CHANNELS, status
from bot.messages.wording import Look
from bot.results import Cause, GivenUp, Hold, PausedChannel, PollState, Trouble
from bot.slack.blocks import check_message
from bot.telnyx.events import Source
from docs.samples import well
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
    return well(NOW, **({"polls": tuple(map(poll, Source))} | facts))


def paused(channel_id, reason="is_archived"):
    return PausedChannel(channel_id, NOW, reason)


def test_all_is_well():
    message = status(report(events_waiting=3, messages_open=1, waiting_since=NOW), LOOK)

    assert "Everything is up to date" in message.text
    assert "3 events and 1 message on the way" in texts_of(message.blocks)
    assert "Events created since" in texts_of(message.blocks)
    assert check_message(message) == []


def test_what_waits_is_said_in_the_first_sentence_with_its_cause_and_its_places_below():
    holds = (
        Hold(Cause.PAYLOAD, 2),
        Hold(Cause.GATHERED, 14, NOW, ("C1", "C2")),
        Hold(Cause.LIMITED, 1, None, ("U1",)),
    )

    message = status(report(holds=holds), LOOK)

    assert message.text.startswith(
        "🟢 Everything is up to date. Waiting: 2 with details that Telnyx is still"
    )
    assert "14 gathered for one message until <!date" in message.text
    assert message.text.endswith("and 1 resting as Slack asked.")
    shown = texts_of(message.blocks)
    assert "<#C1> and <#C2>" in shown
    assert "• 1 resting as Slack asked: a direct conversation" in shown
    assert check_message(message) == []


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_words(cause):
    message = status(report(holds=(Hold(cause, 10**6, NOW, ("C1",) * 99),)), LOOK)

    assert "1,000,000 " in message.text
    assert check_message(message) == []


def test_a_list_that_fails_is_named_with_its_reason():
    failing = poll(Source.PORT_OUT, trouble=Trouble("Odd", NOW - timedelta(minutes=2), "HTTP <503>"))

    message = status(report(polls=(poll(Source.PORT_IN), failing)), LOOK)

    assert "port-out events have not been read since" in message.text
    assert "port-in" not in message.text
    assert "HTTP &lt;503&gt;" in texts_of(message.blocks)


def test_a_list_that_was_read_long_ago_is_late_whatever_it_says():
    message = status(report(polls=(poll(Source.PORT_IN, minutes_ago=6), poll(Source.PORT_OUT))), LOOK)

    assert "port-in events have not been read since" in message.text


def test_a_backlog_a_refusal_and_messages_given_up_are_trouble():
    facts = report(
        events_waiting=9, waiting_since=NOW - timedelta(hours=1), parked=2, slack_refusal="invalid_auth"
    )

    text = status(facts, LOOK).text

    assert "Slack refuses my token" in text
    assert "2 messages given up this week" in text
    assert "the oldest message has waited since" in text


def test_what_else_fails_is_told_with_its_reason():
    trouble = Trouble("New events can't be passed on to channels", NOW, "disk full")

    message = status(report(troubles=(trouble,)), LOOK)

    assert "up to date: new events can't be passed on to channels" in message.text
    assert "disk full" in texts_of(message.blocks)


def test_messages_given_up_are_named_with_place_and_reason():
    message = status(report(parked=2, given_up=(GivenUp("C1", NOW, "invalid_blocks"),)), LOOK)

    assert "a message for <#C1> of" in texts_of(message.blocks)
    assert "invalid_blocks" in texts_of(message.blocks)


def test_a_history_that_may_not_be_read_is_said_without_being_trouble():
    message = status(report(unreadable=tuple(f"C{n}" for n in range(MOST_CHANNELS + 2))), LOOK)

    assert "Everything is up to date" in message.text
    assert "<#C9> and 2 more" in texts_of(message.blocks)
    assert check_message(message) == []


def test_what_telnyx_said_can_not_format():
    failing = poll(Source.PORT_OUT, trouble=Trouble("Odd", NOW, "*bold* :fire: PIN 4711"))

    shown = texts_of(status(report(polls=(failing,)), LOOK).blocks)

    assert "*bold*" not in shown
    assert ":fire:" not in shown
    assert "4711" not in shown


def test_paused_channels_are_listed_and_many_are_counted():
    many = (*(paused(f"C{number}") for number in range(MOST_CHANNELS + 5)), paused("U1"))

    message = status(report(paused=many), LOOK)

    assert "16 channels paused" in message.text
    assert "<#C0>" in texts_of(message.blocks)
    assert "and 6 more" in texts_of(message.blocks)
    assert check_message(message) == []


def test_a_persons_own_queue_may_be_paused_too():
    shown = texts_of(status(report(paused=(paused("U1"), paused("D1"))), LOOK).blocks)

    assert shown.count("a direct conversation") == 2


def test_a_list_that_was_not_read_yet_is_said_so():
    unread = replace(poll(Source.PORT_IN), last_success_at=None)

    message = status(report(polls=(unread, poll(Source.PORT_OUT))), LOOK)

    assert "port-in events have not been read yet" in message.text
    assert "*Port-in* events: not read yet" in texts_of(message.blocks)


def test_the_longest_reasons_of_everything_stand_in_sections_that_fit():
    trouble = Trouble("Telnyx does not answer", NOW, "x" * 5000)
    many = report(troubles=(trouble,) * 9, paused=tuple(paused("C1", "y" * 5000) for _ in range(30)))

    message = status(many, LOOK)

    assert check_message(message) == []
    assert len(message.blocks) > 3
