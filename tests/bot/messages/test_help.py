"""`help`, and that it says what the code does."""

import json

import pytest

from bot.changes import Severity
from bot.errors import UserError
from bot.filters import OPTIONS, STATUSES, VALUES, Key
from bot.messages.help import TOPICS, help_on
from bot.messages.severities import table
from bot.slack.blocks import check_message


def said(topic, command="/port"):
    message = help_on(topic, command)
    assert check_message(message) == []
    return json.dumps(message.blocks, ensure_ascii=False)


@pytest.mark.parametrize("topic", ["", *TOPICS])
def test_every_page_is_one_that_slack_takes_and_names_the_command_as_it_is_called(topic):
    assert "{" not in "".join(
        block.get("text", {}).get("text", "") for block in help_on(topic, "/ports2").blocks
    )
    assert "/port " not in said(topic, "/ports2")


def test_the_overview_names_every_command_and_topic():
    page = said("")

    for word in (
        "event",
        "events",
        "order",
        "republish",
        "subscribe",
        "subs",
        "unsubscribe",
        "status",
        "help",
    ):
        assert f"/port {word} " in page.replace("`", " ")
    assert all(topic in page for topic in TOPICS)


def test_the_filters_page_names_every_key_and_value():
    page = said("filters")

    assert all(f"`{key}:" in page for key in Key)
    assert all(word in page for word in (*STATUSES, *(value for words in VALUES.values() for value in words)))


def test_the_options_page_names_every_option():
    page = said("options")

    assert all(f"`{option}:{word}`" in page for option, words in OPTIONS.items() for word in words)


@pytest.mark.parametrize(
    ("topic", "instead"),
    [
        ("severty", "severity"),
        ("FILTER ", None),
        ("unsubscribe", None),
        ("kind", None),
        ("repub", "republish"),
    ],
)
def test_a_topic_is_found_by_its_other_names_or_suggested(topic, instead):
    if instead is None:
        assert said(topic)
        return
    with pytest.raises(UserError) as caught:
        help_on(topic, "/port")
    assert caught.value.suggestion == f"help {instead}"


@pytest.mark.parametrize(
    "topic",
    [
        *("help", "event", "events", "order", "republish", "subscribe", "subs", "unsubscribe", "status"),
        *("filters", "options", "severity", "lookup", "kind", "type", "ref", "number", "carrier"),
        *OPTIONS,
        *("/port subscribe", "`filters`", "severity:", "Subs."),
    ],
)
def test_there_is_help_on_every_word_of_a_line(topic):
    assert said(topic)


def test_the_help_on_order_is_on_the_command_and_names_the_filter():
    page = said("order")

    assert "`/port order <ref>`" in page.replace("&lt;", "<").replace("&gt;", ">")
    assert "`order:`" in page


def test_of_several_words_the_topic_is_suggested():
    with pytest.raises(UserError) as caught:
        help_on("me with filters", "/port")

    assert caught.value.suggestion == "help filters"


def test_an_unknown_topic_gets_the_list_of_topics():
    with pytest.raises(UserError, match="There is on subscribe, filters") as caught:
        help_on("zzz", "/port")

    assert caught.value.suggestion is None


def test_the_severity_table_is_that_of_the_contract():
    assert table() == {
        Severity.CRITICAL: [
            "a port-in in `exception`",
            "a port-in `cancelled` that nobody asked to cancel",
            "a port-in that lost its FOC",
            "a port-out `pending`",
            "a port-out `authorized` or `ported` that nobody here reviewed",
            "the FOC of a port-out changed",
        ],
        Severity.WARNING: [
            "a comment of Telnyx's staff on a port-in",
            "a comment on a port-in whose author is not known",
            "a port-in in `cancel-pending`",
            "a port-in that was split",
            "messaging of a port-in in `exception`",
            "the FOC of a port-in moved",
            "a comment on a port-out",
            "a port-out in `rejected-pending`",
            "a port-out `authorized` or `ported` that was reviewed",
        ],
        Severity.INFO: [
            "a port-in `cancelled` as asked",
            "the FOC of a port-in set",
            "a port-in `ported`, `submitted`, `in-process` or `draft`",
            "your own comments and the system's",
            "other changes of messaging",
            "a port-out `rejected`",
        ],
    }
