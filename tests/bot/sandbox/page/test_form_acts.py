"""What a person fills in on the page reaches the app as Slack would send it."""

from tests.bot.sandbox.slack.screens import button, modal, open_form, option, post, text_input

MENU = {"type": "static_select", "action_id": "menu", "options": [option("one", "One")]}
FAR = {"type": "external_select", "action_id": "far", "min_query_length": 0}


async def test_a_click_carries_what_was_filled_in_beside_it(acts, app, client, ann, channel):
    ts = await post(client, channel, button("go", "Go"), MENU)

    click = {"channel": channel, "target": ts, "block_id": "b", "action_id": "go", "value": "1"}
    await acts.perform(ann.id, "click", click | {"values": {"b/menu": "one"}})

    state = app.envelopes[0]["payload"]["state"]["values"]
    assert state["b"]["menu"]["selected_option"]["value"] == "one"


async def test_what_the_app_suggests_is_drawn(acts, app, client, ann, channel):
    ts = await post(client, channel, FAR)
    app.answer = {"options": [option("o1", "Order *1*")]}

    asked = {"channel": channel, "target": ts, "block_id": "b", "action_id": "far", "text": "order"}
    answer = await acts.perform(ann.id, "suggest", asked)

    [offer] = answer["options"]
    assert offer["value"] == "o1"
    assert "".join(part["text"] for part in offer["text"]["parts"]) == "Order *1*"


async def test_no_suggestion_is_said(acts, client, app, ann, channel):
    ts = await post(client, channel, FAR)
    app.answer = {"options": "none"}

    asked = {"channel": channel, "target": ts, "block_id": "b", "action_id": "far", "text": "order"}
    answer = await acts.perform(ann.id, "suggest", asked)

    assert "/options must be an array" in answer["refusal"]


async def test_a_form_is_sent_and_its_errors_come_back(slack, acts, client, app, ann):
    form = await open_form(slack, client, modal(text_input("name")))

    empty = await acts.perform(ann.id, "submit", {"view": form.id, "values": {"name_block/name": ""}})
    await acts.perform(ann.id, "submit", {"view": form.id, "values": {"name_block/name": "ACME"}})

    values = app.envelopes[-1]["payload"]["view"]["state"]["values"]
    assert list(empty["errors"]) == ["name_block"]
    assert values["name_block"]["name"]["value"] == "ACME"


async def test_a_modal_is_closed_view_by_view_or_whole(slack, acts, client, app, ann):
    form = await open_form(slack, client, modal(text_input("name")))
    top = slack.keep_view(ann.id, modal(text_input("other")), previous=form)
    third = slack.keep_view(ann.id, modal(text_input("third")), previous=top)

    await acts.perform(ann.id, "close", {"view": third.id})
    after_one = [view.open for view in (form, top, third)]
    await acts.perform(ann.id, "close", {"view": top.id, "clear": True})

    assert after_one == [True, True, False]
    assert [view.open for view in (form, top, third)] == [False, False, False]
