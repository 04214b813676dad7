"""Answers keep Slack's limits, and show what was typed literally."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.answers import (
    events_of_message,
    looking,
    menu,
    order_ids,
    other_command,
    outdated,
    outdated_view,
    sentence,
    suggestion,
    trouble,
)
from bot.messages.home import home
from bot.messages.wording import Look
from bot.slack.blocks import check_message, check_view
from tests.factories import NOW, make_change, make_event, make_order

LOOK = Look(now=NOW)


@given(st.text(min_size=1, max_size=5000).filter(lambda text: text.isprintable() and text.strip()))
def test_any_sentence_fits_and_neither_links_nor_mentions(text):
    message = sentence(text)

    assert check_message(message) == []
    assert "<" not in message.text


@given(st.text(min_size=1, max_size=2500).filter(lambda text: text.isprintable() and text.strip()))
def test_any_suggestion_fits(line):
    assert check_message(suggestion(sentence("I don't know that."), line, "/port")) == []


@pytest.mark.parametrize(
    "message",
    [looking(), menu("/port"), trouble("ab12cd34"), outdated("/port"), other_command("/port")],
    ids=["looking", "menu", "trouble", "outdated", "other_command"],
)
def test_what_is_always_said_alike_fits(message):
    assert check_message(message) == []


def test_views_fit():
    assert check_view(outdated_view("/port")) == []
    assert check_view(home("/port", menu("/port"))) == []


def test_ids_are_shown_to_copy():
    change = make_change(make_event(support_key="sr_98f022", customer_reference="ACME `Dental`"))

    message = order_ids(change.order)

    assert f"`{change.order.order_id}`" in message.blocks[1]["text"]["text"]
    assert check_message(message) == []


def test_all_that_an_order_goes_by_can_be_copied():
    order = make_order(source="port_out", parent_support_key="sr_parent", pon="PON77")

    shown = order_ids(order).blocks[1]["text"]["text"]

    assert [name in shown for name in ("PO_764725", "sr_parent", "PON77")] == [True] * 3


@pytest.mark.parametrize("page", [1, 3, 6, 99])
def test_the_sixty_events_of_a_roll_up_fit_page_by_page(page):
    changes = [make_change(make_event(kind="new_comment", body="x" * 3000)) for _ in range(60)]

    assert check_message(events_of_message(changes, page, "d" * 32, LOOK)) == []


def test_a_page_between_two_of_what_a_message_holds_turns_each_way_once():
    changes = [make_change(make_event(kind="new_comment", body="Done.")) for _ in range(25)]

    message = events_of_message(changes, 2, "d1", LOOK)

    turns = [each["text"]["text"] for block in message.blocks for each in block.get("elements", ())]
    assert turns == ["Newer", "Older"]
    assert message.text == "Events of that message, newest first (page 2 of 3):"


def test_a_line_with_a_secret_is_not_suggested():
    said = sentence("I don't know that.")

    assert suggestion(said, "order PIN 4821", "/port") == said
