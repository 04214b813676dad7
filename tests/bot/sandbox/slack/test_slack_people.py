"""What people can do at the stand-in Slack, and what the app is told of it."""

import pytest

from bot.sandbox.slack.records import NothingThereError
from tests.bot.sandbox.slack.screens import button, option, plain, post

MENU = {"type": "static_select", "action_id": "menu", "options": [option("one", "One"), option("two", "Two")]}
OVERFLOW = {
    "type": "overflow",
    "action_id": "more",
    "options": [option("copy", "Copy"), option("open", "Open")],
}


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


async def test_click_carries_the_message_and_the_buttons_value(slack, client, app, channel):
    ts = await post(client, channel, button("go", "Go", "7"), button("stop", "Stop"))

    await slack.click("ann", "porting", ts, "Go")

    payload = app.envelopes[0]["payload"]
    assert payload["actions"][0]["value"] == "7"
    assert payload["message"]["ts"] == ts
    assert payload["container"]["message_ts"] == ts
    assert payload["user"]["id"] == slack.person("ann").id


async def test_what_is_not_on_the_screen_cannot_be_used(slack, client, app, channel):
    ts = await post(
        client, channel, button("go", "Go"), button("vip", "Vip", visible_to_user_ids=["U1"]), MENU
    )

    for wanted in ("Stop", "Vip"):
        with pytest.raises(NothingThereError):
            await slack.click("ann", "porting", ts, wanted)
    with pytest.raises(NothingThereError, match="one, two"):
        await slack.select("ann", "porting", ts, "menu", "three")
    assert app.envelopes == []


async def test_dialog_that_is_turned_down_sends_nothing(slack, client, app, channel):
    dialog = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    ts = await post(client, channel, button("go", "Go", confirm=dialog))

    done = await slack.click("ann", "porting", ts, "go", confirm=False)

    assert done.confirm == {"title": "Sure?", "text": "Really", "confirm": "Yes", "deny": "No"}
    assert app.envelopes == []


@pytest.mark.parametrize(("element", "choice"), [(MENU, "two"), (OVERFLOW, "Open")])
async def test_menus_carry_the_chosen_option(slack, client, app, element, choice):
    ts = await post(client, slack.channel("porting").id, element)

    await slack.select("ann", "porting", ts, element["action_id"], choice)

    chosen = app.envelopes[0]["payload"]["actions"][0]["selected_option"]
    assert choice in {chosen["value"], chosen["text"]["text"]}


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


async def test_like_buttons_are_told_apart_by_their_value(slack, client, app, channel):
    blocks = [
        {"type": "section", "text": plain(), "accessory": button("go", "Go", number)} for number in "12"
    ]
    ts = (await client.chat_postMessage(channel=channel, text="x", blocks=blocks))["ts"]

    await slack.click("ann", "porting", ts, "Go", value="2")

    assert app.envelopes[0]["payload"]["actions"][0]["value"] == "2"


async def test_what_lies_in_a_carousel_can_be_used(slack, client, app, channel):
    card = {"type": "card", "title": plain(), "actions": [button("go", "Go", "7")]}
    blocks = [{"type": "carousel", "elements": [card]}]
    ts = (await client.chat_postMessage(channel=channel, text="x", blocks=blocks))["ts"]

    await slack.click("ann", "porting", ts, "Go")

    assert app.envelopes[0]["payload"]["actions"][0]["value"] == "7"


async def test_click_in_a_thread_says_so(slack, client, app, channel):
    card = (await client.chat_postMessage(channel=channel, text="card"))["ts"]
    blocks = [{"type": "actions", "elements": [button("go", "Go")]}]
    reply = await client.chat_postMessage(channel=channel, text="x", blocks=blocks, thread_ts=card)

    await slack.click("ann", "porting", reply["ts"], "Go")

    assert app.envelopes[0]["payload"]["container"]["thread_ts"] == card


async def test_menu_shows_its_new_choice_in_the_state(slack, client, app, channel):
    ts = await post(client, channel, MENU)

    await slack.select("ann", "porting", ts, "menu", "two")

    state = app.envelopes[0]["payload"]["state"]["values"]
    assert state["b"]["menu"]["selected_option"]["value"] == "two"


async def test_message_that_is_not_there_cannot_be_clicked(slack, client, app):
    with pytest.raises(LookupError):
        await slack.click("ann", "porting", "1.000000", "Go")
    with pytest.raises(LookupError):
        await slack.command("nobody", "porting", "help")
    with pytest.raises(LookupError):
        await slack.command("ann", "nowhere", "help")


async def test_reply_only_you_see_can_be_clicked_by_its_ts(slack, client, app, channel):
    blocks = [{"type": "actions", "elements": [button("go", "Go")]}]
    ann = slack.person("ann").id
    ts = (await client.chat_postEphemeral(channel=channel, user=ann, text="x", blocks=blocks))["message_ts"]

    done = await slack.click("ann", "porting", ts, "Go")

    assert done.acked


async def test_reply_that_only_somebody_else_sees_cannot_be_clicked(slack, client, app, channel):
    slack.add_person("bob")
    blocks = [{"type": "actions", "elements": [button("go", "Go")]}]
    ann = slack.person("ann").id
    ts = (await client.chat_postEphemeral(channel=channel, user=ann, text="x", blocks=blocks))["message_ts"]

    with pytest.raises(NothingThereError):
        await slack.click("bob", "porting", ts, "Go")


async def test_home_without_content_is_opened_without_a_view(slack, app):
    await slack.open_home("ann")

    assert "view" not in app.envelopes[0]["payload"]["event"]


async def test_menu_with_groups_offers_all_their_options(slack, client, app, channel):
    groups = [{"label": plain("Last"), "options": [option("nine", "Nine")]}]
    menu = {"type": "static_select", "action_id": "menu", "option_groups": groups}
    ts = await post(client, channel, menu)

    await slack.select("ann", "porting", ts, "menu", "Nine")

    assert app.envelopes[0]["payload"]["actions"][0]["selected_option"]["value"] == "nine"


async def test_click_that_the_app_does_not_take_is_marked_for_its_user(slack, client, app, channel):
    ts = await post(client, channel, button("go", "Go"))
    await slack.sockets.cut()

    done = await slack.click("ann", "porting", ts, "Go")

    assert not done.acked
    assert done.refusal == "the app did not answer (connection_failed)"
