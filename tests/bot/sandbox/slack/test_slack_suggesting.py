"""External menus at the stand-in Slack: what the app is asked, and what it may offer."""

import pytest

from bot.sandbox.slack.records import NothingThereError
from tests.bot.sandbox.slack.screens import button, modal, open_form, option, plain, post

MENU = {"type": "external_select", "action_id": "far", "min_query_length": 2}
MANY = {"type": "multi_external_select", "action_id": "many", "min_query_length": 0}


def in_form(element):
    return {"type": "input", "block_id": "b", "label": plain("Far"), "element": element}


async def test_the_app_is_asked_for_options(slack, client, app, channel):
    ts = await post(client, channel, MENU)
    app.answer = {"options": [option("o1", "Order 1")]}

    done = await slack.suggest("ann", "porting", ts, "far", "or")

    payload = app.envelopes[0]["payload"]
    assert payload["type"] == "block_suggestion"
    assert (payload["action_id"], payload["block_id"], payload["value"]) == ("far", "b", "or")
    assert payload["container"]["message_ts"] == ts
    assert not payload.keys() & {"trigger_id", "response_url", "actions"}
    assert done.ack_body == app.answer


async def test_a_view_is_shown_to_the_app_that_is_asked(slack, client, app):
    form = await open_form(slack, client, modal(in_form(MENU), callback_id="follow"))
    app.answer = {"option_groups": [{"label": plain("Open"), "options": [option("o1", "Order 1")]}]}

    await slack.suggest("ann", None, form, "far", "order")

    assert app.envelopes[-1]["payload"]["view"]["callback_id"] == "follow"


async def test_what_was_suggested_can_be_chosen_and_nothing_else(slack, client, app, channel):
    ts = await post(client, channel, MENU)
    app.answer = {"options": [option("o1", "Order 1")]}
    await slack.suggest("ann", "porting", ts, "far", "order")
    app.answer = {"options": [option("o2", "Order 2")]}
    await slack.suggest("ann", "porting", ts, "far", "order 2")

    await slack.select("ann", "porting", ts, "far", "o1")

    assert app.envelopes[-1]["payload"]["actions"][0]["selected_option"] == option("o1", "Order 1")
    with pytest.raises(NothingThereError, match="o1, o2"):
        await slack.select("ann", "porting", ts, "far", "o3")


async def test_several_suggestions_are_submitted_together(slack, client, app):
    form = await open_form(slack, client, modal(in_form(MANY)))
    app.answer = {"options": [option("o1", "One"), option("o2", "Two")]}
    await slack.suggest("ann", None, form, "many", "", block_id="b")
    app.answer = None

    await slack.submit_view("ann", form, {"b": ["o2", "o1"]})

    chosen = app.envelopes[-1]["payload"]["view"]["state"]["values"]["b"]["many"]["selected_options"]
    assert chosen == [option("o2", "Two"), option("o1", "One")]


async def test_too_short_a_text_asks_nobody(slack, client, app, channel):
    ts = await post(client, channel, MENU, MANY, {"type": "external_select", "action_id": "default"})

    short = [await slack.suggest("ann", "porting", ts, *typed) for typed in (("far", "o"), ("default", "or"))]

    assert ["from 2" in short[0].refusal, "from 3" in short[1].refusal] == [True, True]
    assert app.envelopes == []


async def test_only_external_menus_ask(slack, client, app, channel):
    ts = await post(client, channel, button("go"))

    done = await slack.suggest("ann", "porting", ts, "go", "order")

    assert done.refusal
    assert app.envelopes == []


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        (None, "/ "),
        ({}, "exactly one of"),
        ({"options": [option()] * 101}, "/options"),
        ({"options": [option("v" * 151)]}, "/options/0/value"),
        ({"options": [], "option_groups": []}, "exactly one of"),
        ({"option_groups": [{"label": plain("g"), "options": []}]}, "/option_groups/0/options"),
        ({"options": [], "more": 1}, "/more"),
    ],
)
async def test_options_that_slack_would_not_take_are_refused(slack, client, app, channel, answer, pointer):
    ts = await post(client, channel, MENU)
    app.answer = answer

    done = await slack.suggest("ann", "porting", ts, "far", "order")

    assert pointer in done.refusal


async def test_an_app_that_does_not_answer_is_named(slack, client, app, channel):
    ts = await post(client, channel, MENU)
    await slack.sockets.cut()

    done = await slack.suggest("ann", "porting", ts, "far", "order")

    assert done.refusal == "the app did not answer (connection_failed)"
