"""Payloads reach a real Bolt app over sockets and over signed requests."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_workspace import SlackWorkspace

BUTTON = {
    "type": "button",
    "action_id": "republish",
    "value": "e1",
    "text": {"type": "plain_text", "text": "Republish"},
    "confirm": {
        "title": {"type": "plain_text", "text": "Republish?"},
        "text": {"type": "mrkdwn", "text": "Goes to e-mail."},
        "confirm": {"type": "plain_text", "text": "Republish"},
        "deny": {"type": "plain_text", "text": "No"},
    },
}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Follow"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "filters",
            "label": {"type": "plain_text", "text": "Filters"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        }
    ],
}


class App:
    """A small Bolt app that writes down what reaches it."""

    def __init__(self, slack):
        self.seen = []
        self.client = AsyncWebClient(token="xoxb-sandbox", base_url=slack.url, retry_handlers=[])
        self.bolt = AsyncApp(client=self.client, signing_secret=slack.signing_secret)
        self.bolt.command("/port")(self.on_command)
        self.bolt.action("republish")(self.on_click)
        self.bolt.view("form")(self.on_submit)
        self.bolt.event("channel_archive")(self.on_event)
        self.bolt.event("app_mention")(self.on_event)

    async def on_command(self, ack, respond, command):
        await ack()
        self.seen.append(("command", command["text"]))
        await respond(f"You said {command['text']}")

    async def on_click(self, ack, body, client):
        await ack()
        self.seen.append(("click", body["actions"][0]["value"]))
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def on_submit(self, ack, view):
        text = view["state"]["values"]["filters"]["text"]["value"]
        if text == "bad":
            await ack(response_action="errors", errors={"filters": "That is no filter."})
            return
        await ack()
        self.seen.append(("submit", text))

    async def on_event(self, event, request):
        retries = request.headers.get("x-slack-retry-num", ["0"])[0]
        self.seen.append((event["type"], retries))


@pytest.fixture
async def slack():
    workspace = SlackWorkspace()
    workspace.add_channel("porting")
    workspace.add_person("ann")
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def app(slack):
    return App(slack)


@pytest.fixture
async def sockets(slack, app):
    handlers = [AsyncSocketModeHandler(app.bolt, "xapp-sandbox", ping_interval=1) for _ in range(2)]
    for handler in handlers:
        await handler.connect_async()
    await slack.until(lambda: slack.open_sockets == 2)
    yield handlers
    for handler in handlers:
        await handler.close_async()


@pytest.fixture
async def http(slack, app):
    async def serve(request):
        return await to_aiohttp_response(await app.bolt.async_dispatch(await to_bolt_request(request)))

    routes = web.Application()
    routes.router.add_post("/slack/events", serve)
    runner = web.AppRunner(routes)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield slack.request_url
    await runner.cleanup()


@pytest.fixture(params=["sockets", "http"])
def way(request):
    """Each test runs over Socket Mode and over HTTP."""
    return request.getfixturevalue(request.param)


async def test_command_is_acknowledged_and_answered(slack, app, way):
    done = await slack.command("ann", "#porting", "/port subs #porting @ann")
    await slack.until(lambda: done.responses)

    text = f"subs <#{slack.channel('porting').id}|porting> <@{slack.person('ann').id}>"
    assert done.acked
    assert done.ack_after_s < 3
    assert app.seen == [("command", text)]
    assert done.text == f"You said {text}"


async def test_click_shows_its_dialog_opens_a_form_and_the_form_comes_back(slack, app, way):
    channel = slack.channel("porting").id
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    ts = (await app.client.chat_postMessage(channel=channel, text="x", blocks=blocks))["ts"]

    click = await slack.click("ann", "#porting", ts, "Republish")
    await slack.until(lambda: click.views)
    refused = await slack.submit_view("ann", click.view, {"text": "bad"})
    still_open = click.view.open
    done = await slack.submit_view("ann", click.view, {"filters": "kind:in"})

    assert click.confirm["text"] == "Goes to e-mail."
    assert refused.errors == {"filters": "That is no filter."}
    assert (still_open, click.view.open) == (True, False)
    assert done.acked
    assert app.seen == [("click", "e1"), ("submit", "kind:in")]


async def test_event_reaches_the_app(slack, app, way):
    slack.archive("porting")
    await slack.settle()
    await slack.mention("ann", "porting", "status?")
    await slack.until(lambda: len(app.seen) == 2)

    assert app.seen == [("channel_archive", "0"), ("app_mention", "0")]


async def test_repeat_of_a_delivery_carries_the_same_payload(slack, app, way):
    first = await slack.event("channel_archive", {"channel": "C1"})
    again = await slack.deliver_again(first)

    assert first.acked
    assert again.acked
    assert again.payload == first.payload
    assert app.seen == [("channel_archive", "0"), ("channel_archive", "1")]


async def test_request_with_a_wrong_signature_is_refused(slack, app, http):
    slack.courier._secret = "somebody else's"

    done = await slack.command("ann", "#porting", "help")

    assert not done.acked
    assert "http_error" in done.refusal


async def test_command_of_an_app_that_is_away_fails_for_its_user(slack):
    done = await slack.command("ann", "#porting", "help")

    assert not done.acked
    assert "connection_failed" in done.refusal


async def test_event_that_nobody_took_comes_again(slack, app, http):
    away, slack.request_url = slack.request_url, "http://127.0.0.1:9/away"
    slack.courier.retry_waits_s = (0.05,)

    slack.archive("porting")
    await slack.settle()
    slack.request_url = away
    await slack.until(lambda: app.seen)

    assert app.seen[0][0] == "channel_archive"
    assert int(app.seen[0][1]) >= 1


async def test_each_payload_goes_to_one_of_the_sockets(slack, app, sockets):
    for number in range(4):
        await slack.command("ann", "#porting", str(number))

    assert [text for _, text in app.seen] == ["0", "1", "2", "3"]


async def test_refresh_of_one_socket_leaves_the_other_open(slack, app, sockets):
    await slack.refresh_sockets(only=0)
    during = slack.open_sockets
    done = await slack.command("ann", "#porting", "help")
    await slack.until(lambda: slack.open_sockets == 2)

    assert during >= 1
    assert done.acked


async def test_socket_needs_a_fresh_ticket(slack):
    client = AsyncWebClient(base_url=slack.url, retry_handlers=[])
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as ws:
            hello = await ws.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["debug_info"]["approximate_connection_time"] == 18_060


async def test_eleventh_socket_is_one_too_many(slack):
    client = AsyncWebClient(base_url=slack.url, retry_handlers=[])
    async with aiohttp.ClientSession() as session:
        open_sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
            open_sockets.append(await session.ws_connect(url))
        answers = [(await ws.receive_json())["type"] for ws in open_sockets]
        for ws in open_sockets:
            await ws.close()

    assert answers == ["hello"] * 10 + ["disconnect"]


async def test_envelope_without_acknowledgement_is_not_acked(slack):
    slack.courier.ack_within_s = 0.05
    client = AsyncWebClient(base_url=slack.url, retry_handlers=[])
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]

    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive_json()
        done = await slack.command("ann", "#porting", "help")
        envelope = await ws.receive_json()

    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"]
    assert done.refusal == "the app did not answer: timeout"


async def test_acknowledgement_of_a_command_may_be_a_message(slack):
    client = AsyncWebClient(base_url=slack.url, retry_handlers=[])
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]

    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive_json()

        async def answer():
            envelope = await ws.receive_json()
            await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "at once"}})

        done, _ = await asyncio.gather(slack.command("ann", "#porting", "help"), answer())

    assert (done.acked, done.text) == (True, "at once")
