"""Payloads reach a real Bolt app over sockets and over signed requests."""

import contextlib

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from bot.sandbox.slack_workspace import SlackWorkspace
from tests.bot.sandbox.slack.bolt_app import BUTTON, App


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


@pytest.fixture
def answering(slack):
    """An app that gives each request its answer, the last one for ever, and a list of those it got."""

    @contextlib.asynccontextmanager
    async def serve(*answers):
        asked = []

        async def take(request):
            asked.append(request.path)
            return web.Response(**answers[min(len(asked), len(answers)) - 1])

        routes = web.Application()
        routes.router.add_post("/", take)
        runner = web.AppRunner(routes)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield asked
        await runner.cleanup()

    return serve


@pytest.fixture(params=["sockets", "http"])
def way(request):
    """Each test runs over Socket Mode and over HTTP."""
    return request.getfixturevalue(request.param)


@pytest.mark.usefixtures("way")
async def test_command_is_acknowledged_and_answered(slack, app):
    done = await slack.command("ann", "#porting", "/port subs #porting @ann")
    await slack.until(lambda: done.responses)

    text = f"subs <#{slack.channel('porting').id}|porting> <@{slack.person('ann').id}>"
    assert done.acked
    assert done.ack_after_s < 3
    assert app.seen == [("command", text)]
    assert done.text == f"You said {text}"


@pytest.mark.usefixtures("way")
async def test_click_shows_its_dialog_opens_a_form_and_the_form_comes_back(slack, app, way, channel):
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


@pytest.mark.usefixtures("way")
async def test_event_reaches_the_app(slack, app):
    slack.archive("porting")
    await slack.settle()
    await slack.mention("ann", "porting", "status?")
    await slack.until(lambda: len(app.seen) == 2)

    assert app.seen == [("channel_archive", "0"), ("app_mention", "0")]


@pytest.mark.usefixtures("way")
async def test_repeat_of_a_delivery_carries_the_same_payload(slack, app):
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


async def test_event_that_was_taken_at_last_does_not_come_again(slack, answering):
    slack.courier.retry_waits_s = (0, 0, 0)
    answers = [{"status": 500}, {"status": 500}, {"status": 200}]

    async with answering(*answers) as asked:
        slack.archive("porting")
        await slack.settle()
        await slack.until(lambda: not slack._repeats)

    assert len(asked) == 3


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


async def test_app_may_ask_not_to_be_told_again(slack, app, answering):
    async with answering({"status": 500, "headers": {"x-slack-no-retry": "1"}}) as asked:
        slack.courier.retry_waits_s = (0, 0)
        slack.archive("porting")
        await slack.settle()

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("content_type", "text", "shown"),
    [
        ("text/plain", "at once", "at once"),
        ("application/json", '{"text": "j"}', "j"),
        ("application/json", "{", "{"),
    ],
)
async def test_answer_of_a_command_may_be_in_its_acknowledgement(slack, answering, content_type, text, shown):
    async with answering({"text": text, "content_type": content_type}):
        done = await slack.command("ann", "#porting", "help")

    assert done.text == shown


async def test_app_that_is_slow_is_not_waited_for(slack, http, app):
    slack.courier.ack_within_s = 0.000001

    done = await slack.command("ann", "#porting", "help")

    assert "http_timeout" in done.refusal


async def test_port_that_is_taken_is_said_at_start(slack):
    second = SlackWorkspace()

    with pytest.raises(OSError, match="address already in use"):
        await second.start(port=int(slack.url.split(":")[2].split("/")[0]))
    await second.stop()


async def test_sockets_come_back_after_an_outage(slack, app, sockets):
    await slack.unplug()
    during = slack.open_sockets
    await slack.plug()
    await slack.until(lambda: slack.open_sockets == 2, within_s=60)

    assert during == 0
