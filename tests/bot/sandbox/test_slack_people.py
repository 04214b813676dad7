"""What people can do at the stand-in Slack, and how apps may answer them."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_inputs import NothingThereError
from bot.sandbox.slack_workspace import SlackWorkspace


def plain(text):
    return {"type": "plain_text", "text": text}


def button(action_id, label, value="1", **more):
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": value} | more


def option(value):
    return {"text": plain(value.title()), "value": value}


MENU = {"type": "static_select", "action_id": "menu", "options": [option("one"), option("two")]}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": [option("copy"), option("open")]}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("A form"), "submit": plain("Save"), "blocks": list(blocks)} | more


def text_input(name, **more):
    element = {"type": "plain_text_input", "action_id": name}
    return {"type": "input", "block_id": f"{name}_block", "label": plain(name), "element": element} | more


class Clock:
    def __init__(self):
        self.time = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def __call__(self):
        return self.time

    def advance(self, seconds):
        self.time += timedelta(seconds=seconds)


class Listener:
    """An app's socket that acknowledges everything and keeps the envelopes."""

    def __init__(self, ws):
        self.ws = ws
        self.envelopes = []
        self.answer = None

    async def run(self):
        async for message in self.ws:
            envelope = message.json()
            if "envelope_id" in envelope:
                self.envelopes.append(envelope)
                await self.ws.send_json({"envelope_id": envelope["envelope_id"], "payload": self.answer})


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def slack(clock):
    workspace = SlackWorkspace(now=clock)
    workspace.faults.rate_limit = False
    workspace.add_channel("porting")
    workspace.add_person("ann")
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def client(slack):
    return AsyncWebClient(token="xoxb-sandbox", base_url=slack.url, retry_handlers=[])


@pytest.fixture
async def app(slack, client):
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        listener = Listener(ws)
        running = asyncio.create_task(listener.run())
        await slack.until(lambda: slack.open_sockets)
        yield listener
        running.cancel()


async def respond(interaction, body):
    async with (
        aiohttp.ClientSession() as session,
        session.post(interaction.response_url, json=body) as response,
    ):
        return response.status, await response.json()


async def post(client, slack, *elements):
    blocks = [{"type": "actions", "block_id": "b", "elements": list(elements)}]
    answer = await client.chat_postMessage(channel=slack.channel("porting").id, text="x", blocks=blocks)
    return answer["ts"]


async def open_form(slack, client, view):
    done = await slack.command("ann", "porting", "form")
    await client.views_open(trigger_id=done.trigger_id, view=view)
    return done.view


async def test_commands_are_not_taken_inside_threads(slack, app):
    done = await slack.command("ann", "porting", "help", thread=True)

    assert "not supported in threads" in done.refusal
    assert app.envelopes == []


async def test_commands_work_where_the_bot_is_not_and_in_direct_messages(slack, app):
    slack.add_channel("elsewhere", bot_member=False)

    there = await slack.command("ann", "elsewhere", "help")
    alone = await slack.command("ann", slack.dm("ann"), "help")

    assert there.acked
    assert alone.acked
    assert app.envelopes[1]["payload"]["channel_name"] == "directmessage"


async def test_command_text_is_escaped(slack, app):
    group = slack.add_usergroup("ops", [])

    await slack.command("ann", "porting", 'ref:"AT&T <x>" @ops @nobody #porting-2 https://a.b/c')

    text = app.envelopes[0]["payload"]["text"]
    assert text == (f'ref:"AT&amp;T &lt;x&gt;" <!subteam^{group}> @nobody #porting-2 <https://a.b/c>')


async def test_click_carries_the_message_and_the_buttons_value(slack, client, app):
    ts = await post(client, slack, button("go", "Go", "7"), button("stop", "Stop"))

    await slack.click("ann", "porting", ts, "Go")

    payload = app.envelopes[0]["payload"]
    assert payload["actions"][0]["value"] == "7"
    assert payload["message"]["ts"] == ts
    assert payload["container"]["message_ts"] == ts
    assert payload["user"]["id"] == slack.person("ann").id


async def test_what_is_not_on_the_screen_cannot_be_used(slack, client, app):
    ts = await post(client, slack, button("go", "Go"), button("vip", "Vip", visible_to_user_ids=["U1"]), MENU)

    for wanted in ("Stop", "Vip"):
        with pytest.raises(NothingThereError):
            await slack.click("ann", "porting", ts, wanted)
    with pytest.raises(NothingThereError, match="one, two"):
        await slack.select("ann", "porting", ts, "menu", "three")
    assert app.envelopes == []


async def test_dialog_that_is_turned_down_sends_nothing(slack, client, app):
    dialog = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    ts = await post(client, slack, button("go", "Go", confirm=dialog))

    done = await slack.click("ann", "porting", ts, "go", confirm=False)

    assert done.confirm == {"title": "Sure?", "text": "Really", "confirm": "Yes", "deny": "No"}
    assert app.envelopes == []


@pytest.mark.parametrize(("element", "choice"), [(MENU, "two"), (OVERFLOW, "Open")])
async def test_menus_carry_the_chosen_option(slack, client, app, element, choice):
    ts = await post(client, slack, element)

    await slack.select("ann", "porting", ts, element["action_id"], choice)

    chosen = app.envelopes[0]["payload"]["actions"][0]["selected_option"]
    assert choice in {chosen["value"], chosen["text"]["text"]}


async def test_answers_replace_and_delete_what_was_said_before(slack, app):
    done = await slack.command("ann", "porting", "help")

    await respond(done, {"text": "looking"})
    await respond(done, {"text": "found", "replace_original": True})
    replaced = (done.text, len(slack.ephemerals))
    await respond(done, {"delete_original": True})

    assert replaced == ("found", 1)
    assert done.text == ""
    assert slack.ephemerals[0].deleted
    assert len(done.responses) == 3


async def test_answer_may_be_for_the_whole_channel(slack, app):
    done = await slack.command("ann", "porting", "help")

    await respond(done, {"text": "for all", "response_type": "in_channel"})

    assert [m.text for m in slack.messages("porting")] == ["for all"]
    assert slack.ephemerals == []


async def test_click_may_replace_its_message(slack, client, app):
    ts = await post(client, slack, button("go", "Go"))
    done = await slack.click("ann", "porting", ts, "go")

    await respond(done, {"text": "done", "replace_original": True})

    [message] = slack.messages("porting")
    assert (message.text, message.blocks) == ("done", [])


async def test_ephemeral_answer_can_be_clicked_and_its_payload_shows_no_message(slack, app):
    first = await slack.command("ann", "porting", "republish e1")
    blocks = [{"type": "actions", "elements": [button("yes", "Yes")]}]
    await respond(first, {"text": "Sure?", "blocks": blocks})

    await slack.click("ann", "porting", first.visible, "Yes")

    payload = app.envelopes[1]["payload"]
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


async def test_response_url_is_good_five_times_within_half_an_hour(slack, app, clock):
    often, late = await slack.command("ann", "porting", "a"), await slack.command("ann", "porting", "b")

    statuses = [(await respond(often, {"text": "x"}))[0] for _ in range(6)]
    clock.advance(31 * 60)
    status, answer = await respond(late, {"text": "x"})

    assert statuses == [200] * 5 + [404]
    assert (status, answer["error"]) == (404, "expired_url")


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "x", "blocks": [{"type": "nonsense"}]}, []])
async def test_senseless_answer_is_refused(slack, app, body):
    done = await slack.command("ann", "porting", "a")

    status, answer = await respond(done, body)

    assert status == 400
    assert not answer["ok"]
    assert slack.ephemerals == []


async def test_trigger_is_good_once_for_three_seconds(slack, client, app, clock):
    view = modal(text_input("name"))
    used, late = await slack.command("ann", "porting", "a"), await slack.command("ann", "porting", "b")
    await client.views_open(trigger_id=used.trigger_id, view=view)
    clock.advance(3.5)

    errors = []
    for trigger in (late.trigger_id, "nonsense"):
        with pytest.raises(SlackApiError) as caught:
            await client.views_open(trigger_id=trigger, view=view)
        errors.append(caught.value.response["error"])
    clock.advance(-3)
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


async def test_shortcut_on_a_message_carries_it(slack, app):
    ts = slack.write("ann", "porting", "where is +13035550100?").ts

    done = await slack.shortcut("ann", "porting", ts, "look_up")
    everywhere = await slack.shortcut("ann", None, None, "menu")

    message, no_message = (envelope["payload"] for envelope in app.envelopes)
    assert (message["type"], message["callback_id"]) == ("message_action", "look_up")
    assert message["message"]["text"] == "where is +13035550100?"
    assert no_message["type"] == "shortcut"
    assert done.response_url
    assert everywhere.acked


async def test_mention_and_home_are_events(slack, client, app):
    ann = slack.person("ann").id
    await client.views_publish(user_id=ann, view={"type": "home", "blocks": []})

    await slack.mention("ann", "porting", "status?")
    await slack.mention("ann", slack.dm("ann"), "status?")
    await slack.open_home("ann")

    events = [envelope["payload"]["event"] for envelope in app.envelopes]
    assert [event["type"] for event in events] == ["app_mention", "message", "app_home_opened"]
    assert events[0]["text"] == f"<@{slack.bot_user_id}> status?"
    assert events[2]["view"]["type"] == "home"
    ids = {envelope["payload"]["event_id"] for envelope in app.envelopes}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda s, c: s.archive(c), "channel_archive"),
        (lambda s, c: s.unarchive(c), "channel_unarchive"),
        (lambda s, c: s.remove_bot(c), "channel_left"),
        (lambda s, c: s.invite_bot(c), "member_joined_channel"),
        (lambda s, c: s.rename(c, "other"), "channel_rename"),
        (lambda s, c: s.share(c), "channel_shared"),
        (lambda s, c: s.change_id(c), "channel_id_changed"),
        (lambda s, c: s.delete_channel(c), "channel_deleted"),
    ],
)
async def test_fate_of_a_channel_is_told_as_an_event(slack, app, act, kind):
    act(slack, "porting")
    await slack.settle()

    assert [e["payload"]["event"]["type"] for e in app.envelopes] == [kind]


async def test_private_channels_have_their_own_event_names(slack, app):
    slack.add_channel("secret", private=True)

    slack.archive("secret")
    slack.unarchive("secret")
    await slack.settle()

    kinds = {e["payload"]["event"]["type"] for e in app.envelopes}
    assert kinds == {"group_archive", "group_unarchive"}


async def test_joining_is_told_to_the_app(slack, client, app):
    other = slack.add_channel("other", bot_member=False)

    await client.conversations_join(channel=other)
    await slack.settle()

    event = app.envelopes[0]["payload"]["event"]
    assert (event["type"], event["channel"], event["user"]) == (
        "member_joined_channel",
        other,
        slack.bot_user_id,
    )
