"""Modals at the stand-in Slack: triggers, what is filled in, and what the app may answer."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.screens import modal, open_form, option, plain, text_input

MENU = {"type": "static_select", "action_id": "menu", "options": [option("one", "One"), option("two", "Two")]}


async def test_trigger_is_good_once_for_three_seconds(slack, client, app, clock):
    view = modal(text_input("name"))
    used, late = await slack.command("ann", "porting", "a"), await slack.command("ann", "porting", "b")
    await client.views_open(trigger_id=used.trigger_id, view=view)
    clock.forward(seconds=3.5)

    errors = []
    for trigger in (late.trigger_id, "nonsense"):
        with pytest.raises(SlackApiError) as caught:
            await client.views_open(trigger_id=trigger, view=view)
        errors.append(caught.value.response["error"])
    clock.forward(seconds=-3)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=used.trigger_id, view=view)

    assert errors == ["expired_trigger_id", "invalid_trigger_id"]
    assert used.view.title == "A form"


async def test_incomplete_form_is_held_back_by_the_client(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name"), text_input("note", optional=True)))
    before = len(app.envelopes)

    done = await slack.submit_view("ann", form, {})

    assert list(done.errors) == ["name_block"]
    assert len(app.envelopes) == before


async def test_submission_carries_what_was_filled_in(slack, client, app):
    menu = {"type": "input", "block_id": "m", "label": plain("Menu"), "element": MENU}
    where = {"type": "conversations_select", "action_id": "where", "default_to_current_conversation": True}
    place = {"type": "input", "block_id": "w", "label": plain("Where"), "element": where}
    view = modal(text_input("name"), menu, place, callback_id="follow", private_metadata="S1")
    form = await open_form(slack, client, view)

    await slack.submit_view("ann", form, {"name": "ACME", "menu": "two"})

    payload = app.envelopes[-1]["payload"]
    values = payload["view"]["state"]["values"]
    assert payload["type"] == "view_submission"
    assert (payload["view"]["callback_id"], payload["view"]["private_metadata"]) == ("follow", "S1")
    assert values["name_block"]["name"] == {"type": "plain_text_input", "value": "ACME"}
    assert values["m"]["menu"]["selected_option"]["value"] == "two"
    assert values["w"]["where"]["selected_conversation"] == slack.channel("porting").id
    assert not form.open


async def test_submission_may_update_push_and_clear(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name")))

    app.answer = {"response_action": "update", "view": modal(text_input("other"))}
    await slack.submit_view("ann", form, {"name": "a"})
    app.answer = {"response_action": "push", "view": modal(text_input("third"))}
    pushed = (await slack.submit_view("ann", form, {"other": "b"})).view
    app.answer = {"response_action": "clear"}
    await slack.submit_view("ann", pushed, {"third": "c"})

    assert pushed.previous_id == form.id
    assert (form.open, pushed.open) == (False, False)


async def test_errors_must_name_inputs_of_the_form(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name")))
    app.answer = {"response_action": "errors", "errors": {"elsewhere": "wrong"}}

    done = await slack.submit_view("ann", form, {"name": "a"})

    assert "invalid_errors" in done.refusal


async def test_form_belongs_to_who_opened_it(slack, client, app):
    slack.add_person("bob")
    form = await open_form(slack, client, modal(text_input("name")))

    with pytest.raises(LookupError):
        await slack.submit_view("bob", form, {"name": "x"})


async def test_closing_is_told_only_where_it_was_asked_for(slack, client, app):
    quiet = await open_form(slack, client, modal(text_input("name")))
    loud = await open_form(slack, client, modal(text_input("name"), notify_on_close=True))

    silent, told = await slack.close_view("ann", quiet), await slack.close_view("ann", loud)

    assert (silent.acked, told.acked) == (False, True)
    assert app.envelopes[-1]["payload"]["type"] == "view_closed"


async def pushed_on(slack, client, app, **more):
    """A view, and another on top of it."""
    form = await open_form(slack, client, modal(text_input("name"), notify_on_close=True))
    app.answer = {"response_action": "push", "view": modal(text_input("other"), notify_on_close=True, **more)}
    top = (await slack.submit_view("ann", form, {"name": "a"})).view
    app.answer = None
    return form, top


async def test_closing_the_top_shows_the_view_below(slack, client, app):
    below, top = await pushed_on(slack, client, app)

    await slack.close_view("ann", top)

    payload = app.envelopes[-1]["payload"]
    assert (payload["view"]["id"], payload["is_cleared"]) == (top.id, False)
    assert (below.open, top.open) == (True, False)


@pytest.mark.parametrize(("asked", "by_view"), [(True, False), (False, True)])
async def test_clearing_closes_and_tells_of_the_whole_stack(slack, client, app, asked, by_view):
    below, top = await pushed_on(slack, client, app, clear_on_close=by_view)

    await slack.close_view("ann", top, clear=asked)

    told = [envelope["payload"] for envelope in app.envelopes[-2:]]
    assert [(each["view"]["id"], each["is_cleared"]) for each in told] == [(top.id, True), (below.id, True)]
    assert not below.open


async def test_three_views_are_the_deepest_stack_by_answers_too(slack, client, app):
    _, top = await pushed_on(slack, client, app)
    app.answer = {"response_action": "push", "view": modal(text_input("third"))}
    third = (await slack.submit_view("ann", top, {"other": "b"})).view

    done = await slack.submit_view("ann", third, {"third": "c"})

    assert "push_limit_reached" in done.refusal


@pytest.mark.parametrize("answer", [{"response_action": "vanish"}, {"response_action": "update"}])
async def test_answer_that_slack_does_not_know_is_refused(slack, client, app, answer):
    form = await open_form(slack, client, modal(text_input("name")))
    app.answer = answer

    done = await slack.submit_view("ann", form, {"name": "a"})

    assert done.refusal
    assert form.open


async def test_what_was_typed_stays_where_its_input_stays(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name"), text_input("note")))
    app.answer = {"response_action": "update", "view": modal(text_input("name"), text_input("more"))}

    await slack.submit_view("ann", form, {"name": "ACME", "note": "x"})

    assert form.sheet.typed == {"name_block/name": "ACME"}


def in_block(name, **element):
    return text_input(name, element={"action_id": name} | element)


async def test_every_kind_of_input_has_its_own_value(slack, client, app):
    options = [option("one", "One"), option("two", "Two")]
    view = modal(
        in_block("boxes", type="checkboxes", options=options, initial_options=options[:1]),
        in_block("many", type="multi_static_select", options=options),
        in_block("who", type="users_select", initial_user="U1"),
        in_block("day", type="datepicker", initial_date="2026-03-04"),
        in_block("far", type="external_select"),
        in_block("near", initial_value="kept"),
        {"type": "section", "text": plain(), "accessory": MENU},
    )
    form = await open_form(slack, client, view)

    await slack.submit_view("ann", form, {"many": ["Two"], "far": "found"})

    values = app.envelopes[-1]["payload"]["view"]["state"]["values"]
    assert [o["value"] for o in values["boxes_block"]["boxes"]["selected_options"]] == ["one"]
    assert [o["value"] for o in values["many_block"]["many"]["selected_options"]] == ["two"]
    assert values["who_block"]["who"]["selected_user"] == "U1"
    assert values["day_block"]["day"]["selected_date"] == "2026-03-04"
    assert values["far_block"]["far"]["selected_option"]["value"] == "found"
    assert values["near_block"]["near"]["value"] == "kept"


async def test_text_must_have_the_length_that_the_input_wants(slack, client, app):
    form = await open_form(slack, client, modal(in_block("name", min_length=3, max_length=5)))

    errors = [
        (await slack.submit_view("ann", form, {"name": text})).errors for text in ("ab", "abcdef", "abc")
    ]

    assert [bool(error) for error in errors] == [True, True, False]


async def test_input_that_is_not_there_cannot_be_filled(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name")))

    with pytest.raises(LookupError, match="elsewhere"):
        await slack.submit_view("ann", form, {"elsewhere": "x"})


async def test_choice_in_a_view_is_kept_for_its_submission(slack, client, app):
    menu = {"type": "section", "block_id": "m", "text": plain(), "accessory": MENU}
    form = await open_form(slack, client, modal(menu, text_input("name")))

    chosen = await slack.select("ann", None, form, "menu", "two")
    await slack.submit_view("ann", form.id, {"name": "x"})

    click, submission = (envelope["payload"] for envelope in app.envelopes[-2:])
    assert click["container"] == {"type": "view", "view_id": form.id}
    assert submission["view"]["state"]["values"]["m"]["menu"]["selected_option"]["value"] == "two"
    assert chosen.acked


async def test_bad_view_in_an_acknowledgement_is_refused(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name")))
    app.answer = {"response_action": "update", "view": modal()}

    done = await slack.submit_view("ann", form, {"name": "x"})

    assert "invalid_arguments" in done.refusal


async def test_form_that_the_app_does_not_take_stays_open(slack, client, app):
    form = await open_form(slack, client, modal(text_input("name")))
    await slack.sockets.cut()

    done = await slack.submit_view("ann", form, {"name": "ACME"})

    assert not done.acked
    assert form.open
