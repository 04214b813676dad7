"""What every kind of input holds at the stand-in Slack, and what its client does not let through."""

from types import SimpleNamespace

import aiohttp
import pytest

from bot.sandbox.slack.form_rules import REQUIRED
from bot.sandbox.slack.records import NothingThereError
from tests.bot.sandbox.slack.screens import button, modal, open_form, option, plain, post, respond

OPTIONS = [option("one", "One"), option("two", "Two")]


def inner(*parts):
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]}


def field(element, **more):
    return {"type": "input", "block_id": "b", "label": plain("Field"), "element": element} | more


def element(kind, **more):
    return {"type": kind, "action_id": "a"} | more


async def submitted(slack, client, app, kind, value, **more):
    """What a form's only input holds at the app."""
    form = await open_form(slack, client, modal(field(element(kind, **more))))
    await slack.submit_view("ann", form, {"a": value})
    return app.envelopes[-1]["payload"]["view"]["state"]["values"]["b"]["a"]


@pytest.mark.parametrize(
    ("kind", "more", "value", "holds"),
    [
        ("email_text_input", {}, "jo@acme.example", {"value": "jo@acme.example"}),
        ("url_text_input", {}, "https://acme.example", {"value": "https://acme.example"}),
        ("number_input", {"is_decimal_allowed": True}, "1.5", {"value": "1.5"}),
        ("rich_text_input", {}, inner({"type": "emoji", "name": "tada"}), {"rich_text_value": {}}),
        ("timepicker", {}, "09:30", {"selected_time": "09:30"}),
        ("datetimepicker", {}, 1_772_600_000, {"selected_date_time": 1_772_600_000}),
        ("radio_buttons", {"options": OPTIONS}, "two", {"selected_option": OPTIONS[1]}),
        ("checkboxes", {"options": OPTIONS}, ["two"], {"selected_options": [OPTIONS[1]]}),
    ],
)
async def test_each_kind_has_its_own_field(slack, client, app, kind, more, value, holds):
    found = await submitted(slack, client, app, kind, value, **more)

    if kind == "rich_text_input":
        holds = {"rich_text_value": value}
    assert found == {"type": kind} | holds


async def test_empty_inputs_hold_nothing(slack, client, app):
    kinds = ("plain_text_input", "rich_text_input", "file_input", "users_select", "multi_users_select")
    fields = [field(element(kind), block_id=kind, optional=True) for kind in kinds]
    form = await open_form(slack, client, modal(*fields))

    await slack.submit_view("ann", form, {"plain_text_input": "", "users_select": None})

    values = app.envelopes[-1]["payload"]["view"]["state"]["values"]
    held = [next(value for name, value in values[kind]["a"].items() if name != "type") for kind in kinds]
    assert held == [None, None, [], None, []]


@pytest.mark.parametrize(
    ("kind", "more", "value", "why"),
    [
        ("email_text_input", {}, "jo at acme", "valid e-mail"),
        ("url_text_input", {}, "acme", "valid URL"),
        ("number_input", {"is_decimal_allowed": True}, "one", "a number"),
        ("number_input", {"is_decimal_allowed": True}, "NaN", "a number"),
        ("number_input", {"is_decimal_allowed": False}, "1.5", "whole number"),
        ("number_input", {"is_decimal_allowed": False, "min_value": "2"}, "1", "not below 2"),
        ("number_input", {"is_decimal_allowed": False, "max_value": "2"}, "3", "not above 2"),
        ("plain_text_input", {"min_length": 3}, "ab", "at least 3"),
        ("plain_text_input", {"max_length": 3}, "abcd", "at most 3"),
        ("rich_text_input", {}, inner({"type": "text", "text": "  "}), REQUIRED),
        ("checkboxes", {"options": OPTIONS}, [], REQUIRED),
    ],
)
async def test_what_is_wrong_with_an_input_keeps_the_form(slack, client, app, kind, more, value, why):
    form = await open_form(slack, client, modal(field(element(kind, **more))))

    done = await slack.submit_view("ann", form, {"a": value})

    assert why in done.errors["b"]
    assert form.open


@pytest.mark.parametrize(
    ("kind", "more", "value"),
    [
        ("users_select", {}, "U404"),
        ("channels_select", {}, "C404"),
        ("channels_select", {}, "#vault"),
        ("conversations_select", {"filter": {"include": ["im"]}}, "#porting"),
        ("conversations_select", {"filter": {"exclude_external_shared_channels": True}}, "#outside"),
        ("conversations_select", {"filter": {"exclude_bot_users": True}}, "im"),
        ("multi_channels_select", {"max_selected_items": 1}, ["#porting", "#outside"]),
        ("datepicker", {}, "2026-02-30"),
        ("datepicker", {}, "2026-W10-1"),
        ("timepicker", {}, "T0930"),
        ("datepicker", {}, "20260228"),
        ("timepicker", {}, 930),
        ("datetimepicker", {}, "2026-03-04"),
        ("radio_buttons", {"options": OPTIONS}, "three"),
    ],
)
async def test_what_is_not_offered_cannot_be_chosen(slack, client, app, kind, more, value):
    slack.add_channel("vault", private=True)
    slack.add_channel("outside", shared=True)
    form = await open_form(slack, client, modal(field(element(kind, **more))))

    with pytest.raises(NothingThereError):
        await slack.submit_view("ann", form, {"a": chosen(slack, value)})


def chosen(slack, value):
    """Ids for names of channels; "im" is the direct message."""
    if isinstance(value, list):
        return [chosen(slack, each) for each in value]
    if value == "im":
        return slack.dm("ann")
    return slack.channel(value).id if str(value).startswith("#") else value


@pytest.mark.parametrize(("include", "name"), [("private", "#vault"), ("public", "#porting"), ("im", "im")])
async def test_a_conversation_of_the_wanted_kind_can_be_chosen(slack, client, app, include, name):
    slack.add_channel("vault", private=True)
    where = chosen(slack, name)

    found = await submitted(slack, client, app, "conversations_select", where, filter={"include": [include]})

    assert found["selected_conversation"] == where


async def test_form_may_be_answered_where_its_menu_points(slack, client, app, channel):
    asks = element("conversations_select", response_url_enabled=True)
    fields = [field(asks), field(element("channels_select"), block_id="c", optional=True)]
    form = await open_form(slack, client, modal(*fields))

    await slack.submit_view("ann", form, {"b": channel, "c": channel})

    [where] = app.envelopes[-1]["payload"]["response_urls"]
    answered = await respond(SimpleNamespace(response_url=where["response_url"]), {"text": "Here"})
    assert (where["block_id"], where["action_id"], where["channel_id"]) == ("b", "a", channel)
    assert answered == (200, {"ok": True})
    assert [(each.channel, each.text) for each in slack.ephemerals] == [(channel, "Here")]


async def test_files_are_in_the_form_and_can_be_fetched(slack, client, app):
    slack.scopes.add("files:read")
    loa = slack.add_file("ann", "loa.pdf", b"%PDF", "application/pdf")

    [file] = (await submitted(slack, client, app, "file_input", [loa], filetypes=["pdf"]))["files"]
    allowed = await fetched(file["url_private_download"], "xoxb-sandbox")
    stranger = await fetched(file["url_private_download"], "xoxb-other")
    missing = await fetched(file["url_private_download"].replace(loa, "F404"), "xoxb-sandbox")

    assert (file["id"], file["name"], file["size"], file["filetype"]) == (loa, "loa.pdf", 4, "pdf")
    assert (allowed, stranger, missing) == ("%PDF", "<html>Sign in</html>", "file_not_found")


async def fetched(url, token):
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return await response.text()


@pytest.mark.parametrize("more", [{"filetypes": ["csv"]}, {"max_files": 1}])
async def test_files_must_be_as_the_input_wants_them(slack, client, app, more):
    files = [slack.add_file("ann", name, b"x") for name in ("one.pdf", "two.pdf")]
    form = await open_form(slack, client, modal(field(element("file_input", **more))))

    with pytest.raises(NothingThereError):
        await slack.submit_view("ann", form, {"a": files})


async def test_a_file_that_was_never_added_cannot_be_sent(slack, client, app):
    form = await open_form(slack, client, modal(field(element("file_input"))))

    with pytest.raises(LookupError):
        await slack.submit_view("ann", form, {"a": ["F404"]})


async def test_input_that_dispatches_tells_the_app_and_another_does_not(slack, client, app):
    loud = field(element("plain_text_input"), dispatch_action=True, block_id="loud")
    form = await open_form(slack, client, modal(loud, field(element("plain_text_input"), block_id="quiet")))

    told = await slack.click("ann", None, form, "a", block_id="loud", value="x")
    silent = await slack.click("ann", None, form, "a", block_id="quiet", value="y")

    values = app.envelopes[-1]["payload"]["view"]["state"]["values"]
    assert app.envelopes[-1]["payload"]["actions"][0]["value"] == "x"
    assert (told.acked, silent.refusal) == (True, "its input block does not dispatch actions")
    assert values["loud"]["a"]["value"] == "x"
    assert form.sheet.typed == {"loud/a": "x", "quiet/a": "y"}


async def test_click_carries_what_was_filled_in_beside_it(slack, client, app, channel):
    menu = {"type": "static_select", "action_id": "menu", "options": OPTIONS}
    ts = await post(client, channel, button("go", "Go"), menu)
    slack.add_person("bob")

    await slack.click("ann", "porting", ts, "Go", filled={"b/menu": "two", "b/gone": "x"})
    await slack.click("bob", "porting", ts, "Go")

    chosen = [e["payload"]["state"]["values"]["b"]["menu"]["selected_option"] for e in app.envelopes]
    assert chosen == [OPTIONS[1], None]


async def test_like_elements_are_told_apart_by_their_block(slack, client, app, channel):
    blocks = [
        {"type": "actions", "block_id": name, "elements": [button("go", "Go", name)]} for name in ("x", "y")
    ]
    ts = (await client.chat_postMessage(channel=channel, text="x", blocks=blocks))["ts"]

    await slack.click("ann", "porting", ts, "go", block_id="y")

    assert app.envelopes[0]["payload"]["actions"][0]["value"] == "y"


async def test_action_repeats_what_its_element_began_with(slack, client, app, channel):
    menu = element("static_select", options=OPTIONS, initial_option=OPTIONS[0], placeholder=plain("Which"))
    ts = await post(client, channel, menu)

    await slack.select("ann", "porting", ts, "a", "two")

    [action] = app.envelopes[0]["payload"]["actions"]
    assert (action["initial_option"], action["selected_option"]) == (OPTIONS[0], OPTIONS[1])
    assert action["placeholder"]["text"] == "Which"


async def test_feedback_carries_the_button_that_was_pressed(slack, client, app, channel):
    buttons = {"positive_button": button("x", "Good", "g"), "negative_button": button("x", "Bad", "b")}
    feedback = element("feedback_buttons") | {
        name: {"text": each["text"], "value": each["value"]} for name, each in buttons.items()
    }
    blocks = [{"type": "context_actions", "block_id": "b", "elements": [feedback]}]
    ts = (await client.chat_postMessage(channel=channel, text="x", blocks=blocks))["ts"]

    await slack.click("ann", "porting", ts, "a", value="b")

    [action] = app.envelopes[0]["payload"]["actions"]
    assert (action["type"], action["value"], action["text"]["text"]) == ("feedback_buttons", "b", "Bad")
    assert app.envelopes[0]["payload"]["state"]["values"] == {}
    with pytest.raises(NothingThereError):
        await slack.click("ann", "porting", ts, "a", value="neither")


async def test_workflow_button_tells_the_app_nothing(slack, client, app, channel):
    workflow = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
    ts = await post(client, channel, element("workflow_button", text=plain("Run"), workflow=workflow))

    done = await slack.click("ann", "porting", ts, "a")

    assert "workflow" in done.refusal
    assert app.envelopes == []


async def test_conversation_of_the_form_is_chosen_at_first(slack, client, app, channel):
    here = element("multi_conversations_select", default_to_current_conversation=True)
    form = await open_form(slack, client, modal(field(here)))

    await slack.submit_view("ann", form)

    values = app.envelopes[-1]["payload"]["view"]["state"]["values"]
    assert values["b"]["a"]["selected_conversations"] == [channel]
