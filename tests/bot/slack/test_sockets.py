"""Socket Mode: two sockets, and a watch that opens what is down, silent or refused."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp

from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack import sockets
from bot.slack.errors import SlackUnavailableError
from bot.slack.transport import session, web_client
from tests.faults.servers import answer, faulty

pytestmark = pytest.mark.usefixtures("_haste")


@pytest.fixture
def _haste(monkeypatch):
    monkeypatch.setattr("bot.slack.sockets.wait_before_look", lambda _: 0.01)


@pytest.fixture
async def workspace():
    made = SlackWorkspace()
    made.sockets.grace_s = 0.05
    await made.start()
    yield made
    await made.stop()


@asynccontextmanager
async def connected(slack):
    async with session() as http:
        client = web_client("xoxb-sandbox", slack.url, http)
        app = AsyncApp(client=client, request_verification_enabled=False)

        @app.command("/port")
        async def answer(ack):
            await ack("at your service")

        async with sockets.connected(app, "xapp-sandbox"):
            yield app


def clients_of(monkeypatch):
    """The sockets' clients as they are made."""
    made = []
    original = sockets.Handler

    def remember(*given, **named):
        handler = original(*given, **named)
        made.append(handler.client)
        return handler

    monkeypatch.setattr("bot.slack.sockets.Handler", remember)
    return made


async def test_two_sockets_are_open_and_closed_at_the_end(workspace):
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)
    await workspace.until(lambda: workspace.open_sockets == 0)

    assert workspace.open_sockets == 0


async def test_command_is_answered_over_a_socket(workspace):
    person, channel = workspace.add_person("alex"), workspace.add_channel("porting")
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)
        done = await workspace.command(person, channel, "/port help")

    assert not done.refusal


@pytest.mark.parametrize(
    ("payload", "error"),
    [({"type": "interactive_message", "callback_id": "x"}, "KeyError"), ({"type": "new"}, "status 404")],
)
async def test_a_payload_that_bolt_trips_over_is_acknowledged(workspace, payload, error):
    async def failed(error):
        raise error

    async with connected(workspace) as app:
        app.error(failed)
        await workspace.until(lambda: workspace.open_sockets == 2)
        with structlog.testing.capture_logs() as logs:
            receipt = await workspace.courier.deliver("interactive", payload)

    assert receipt.acked
    assert [entry["error"] for entry in logs if entry["event"] == "payload failed"] == [error]


@pytest.mark.parametrize("payload", [{"command": 5}, {"event": 5}])
async def test_payload_that_is_none_of_slacks_reaches_nobody_and_is_acknowledged(workspace, payload):
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)
        with structlog.testing.capture_logs() as logs:
            receipt = await workspace.courier.deliver("slash_commands", payload)

    assert receipt.acked
    assert [entry["event"] for entry in logs] == ["payload is none of Slack's"]


async def test_refresh_of_one_socket_never_leaves_none(workspace):
    fewest = []
    workspace.on_change.append(lambda: fewest.append(workspace.open_sockets))
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)
        fewest.clear()
        await workspace.refresh_sockets(only=0)
        fewest.append(workspace.open_sockets)
        await workspace.until(lambda: workspace.open_sockets == 2)

    assert min(fewest) >= 1


async def test_sockets_that_were_cut_are_opened_again(workspace):
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)
        await workspace.unplug()
        await workspace.plug()
        await workspace.until(lambda: workspace.open_sockets == 2)

    assert len([call for call in workspace.calls if call.method == "apps.connections.open"]) >= 4


async def test_socket_that_died_silently_is_opened_again(workspace, monkeypatch):
    clients = clients_of(monkeypatch)
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)
        before = clients[0].current_session

        def is_opened_again():
            clients[0].last_ping_pong_time = time.time() - sockets.SILENT_S - 1  # whatever pong came
            return clients[0].current_session is not before

        await workspace.until(is_opened_again)
        await workspace.until(lambda: workspace.open_sockets == 2)

    assert len(clients) == 2


async def test_token_that_is_refused_is_told_once_and_its_mending_too(workspace):
    with structlog.testing.capture_logs() as cap:
        workspace.faults.refuse = {"apps.connections.open": "invalid_auth"}
        async with connected(workspace):
            asked = lambda: [c for c in workspace.calls if c.method == "apps.connections.open"]  # noqa: E731
            await workspace.until(lambda: len(asked()) >= 6)
            workspace.faults.refuse = {}
            await workspace.until(lambda: workspace.open_sockets == 2)
            await workspace.until(lambda: len(cap) == 2)

    told = [(entry["event"], entry.get("reason")) for entry in cap]
    assert told == [
        ("socket to Slack is down, it is opened again", "invalid_auth, check SLACK_APP_TOKEN"),
        ("sockets to Slack are open again", None),
    ]


async def test_address_that_does_not_answer_is_given_up_for_a_new_one(workspace, monkeypatch):
    monkeypatch.setattr("bot.slack.sockets.CONNECT_WITHIN_S", 0.05)
    connect = sockets.AsyncSocketModeHandler.__init__
    tries = []

    def hanging_at_first(handler, *given, **named):
        connect(handler, *given, **named)
        open_for_good = handler.client.connect

        async def connect_once():
            tries.append(handler)
            await (open_for_good() if len(tries) > 2 else asyncio.Event().wait())

        handler.client.connect = connect_once

    monkeypatch.setattr(sockets.AsyncSocketModeHandler, "__init__", hanging_at_first)
    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)

    asked = [call.method for call in workspace.calls if call.method == "apps.connections.open"]
    assert len(asked) == len(tries) >= 4


@pytest.mark.parametrize("nonsense", [Fault.HTML_200, Fault.CUT_JSON, Fault.RATELIMITED])
async def test_slack_that_answers_nonsense_or_nothing_is_asked_again(workspace, nonsense):
    with structlog.testing.capture_logs() as cap:
        workspace.faults.next_failures = [("apps.connections.open", nonsense)] * 4
        workspace.faults.retry_after_value = "0.01"  # which slack_sdk can't read
        async with connected(workspace):
            await workspace.until(lambda: not workspace.faults.next_failures)
            await workspace.unplug()
            await asyncio.sleep(0.02)
            workspace.faults.clear()
            await workspace.plug()
            await workspace.until(lambda: workspace.open_sockets == 2)

    assert cap[0]["event"] == "socket to Slack is down, it is opened again"
    assert "xapp" not in str(cap)


@pytest.mark.parametrize(
    ("headers", "rest_s"), [(["Retry-After: 7.5"], 7.5), (["Retry-After: soon"], 30), ([], 30)]
)
async def test_address_is_not_asked_for_before_the_time_that_slack_named(headers, rest_s):
    limited = answer({"ok": False, "error": "ratelimited"}, "429 Too Many Requests", headers=headers)
    given = answer({"ok": True, "url": "ws://127.0.0.1:9/"})
    now = asyncio.get_running_loop().time
    async with faulty(limited, given) as server, session() as http:
        opener = sockets.Opener(base_url=server.url, session=http, retry_handlers=[])
        began = now()
        for _ in range(2):
            with pytest.raises(SlackUnavailableError):
                await opener.apps_connections_open(app_token="xapp-sandbox")
        asked, rests_until, ended = server.callers, opener.rests_until, now()
        opener.rests_until = ended
        answered = await opener.apps_connections_open(app_token="xapp-sandbox")

    assert asked == 1
    assert began <= rests_until - rest_s <= ended
    assert answered["ok"]


async def test_socket_that_slack_limits_is_opened_after_its_rest(workspace):
    with structlog.testing.capture_logs() as cap:
        workspace.faults.next_failures = [("apps.connections.open", Fault.RATELIMITED)]
        workspace.faults.retry_after_value = "0.1"
        async with connected(workspace):
            await workspace.until(lambda: workspace.open_sockets == 2)
            await workspace.until(lambda: len(cap) == 2)

    assert cap[0]["reason"] == "ratelimited"


async def test_socket_is_not_carried_elsewhere(monkeypatch):
    monkeypatch.setattr("bot.slack.sockets.CONNECT_WITHIN_S", 0.1)
    async with faulty(path="/") as elsewhere, faulty(path="/") as far, faulty() as slack:
        elsewhere.say(answer("", "404 Not Found"))
        far.say(answer("", "307 Elsewhere", headers=[f"Location: {elsewhere.url}"]))
        slack.say(answer({"ok": True, "url": far.url.replace("http:", "ws:")}))
        async with connected(slack):
            await far.until_called(3)

    assert elsewhere.callers == 0


async def test_proxy_of_the_environment_is_not_used_on_this_machine(workspace, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    clients = clients_of(monkeypatch)

    async with connected(workspace):
        await workspace.until(lambda: workspace.open_sockets == 2)

    assert [client.proxy for client in clients] == [None, None]


unhurried = sockets.wait_before_look


@given(failures=st.integers(0, 2000))
def test_wait_before_the_next_look_grows_to_half_a_minute(failures):
    wait = unhurried(failures)

    assert wait == sockets.WATCH_EVERY_S if failures == 0 else 1 <= wait <= 30
    assert failures == 0 or wait <= unhurried(failures + 1)
