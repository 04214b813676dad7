"""The door to Slack: whatever comes back from the wire is an outcome, and nothing is sent twice.

Certainly not posted, certainly posted, or unclear: reliability rests on these three being told apart.
"""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack.blocks import Message
from bot.slack.client import ODD_HISTORY, NotWholeError, Slack
from bot.slack.errors import (
    Posted,
    Refusal,
    Refused,
    SlackRefusedError,
    SlackUnavailableError,
    Unclear,
)
from bot.slack.transport import session, trouble_of, web_client

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
HELLO = Message(text="Hello", blocks=[])
METADATA = {"event_type": "porting_event", "event_payload": {"event_ids": ["e1"]}}
POSTED = {"ok": True, "ts": "17.1", "message": {"ts": "17.1"}}


def answer(body, status="200 OK", kind="application/json; charset=utf-8", headers=(), length=None):
    """An HTTP answer as bytes; a `length` over the body's own makes it end too soon."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {length or len(raw)}"]
    return "\r\n".join([*lines, *headers, "Connection: close", "", ""]).encode() + raw


class Wire:
    """Somebody at Slack's address who says exactly what a test wants, and counts how often he is asked."""

    def __init__(self, metrics):
        self.metrics = metrics
        self.says = answer(POSTED)
        self.asked = []
        self.url = ""

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line[15:] for line in head.splitlines() if line.lower().startswith("content-length")]
        body = await reader.readexactly(int(lengths[0]) if lengths else 0)
        self.asked.append((head.split()[1], json.loads(body) if body.startswith(b"{") else {}))
        said = self.says.pop(0) if isinstance(self.says, list) else self.says
        if said is None:
            await reader.read()  # until the client gives up
        else:
            writer.write(said)
            await writer.drain()
        writer.close()

    @asynccontextmanager
    async def client(self):
        async with session() as http:
            yield Slack(web_client("xoxb-sandbox", self.url, http), self.metrics)

    async def post(self, said=..., **arguments):
        if said is not ...:
            self.says = said
        async with self.client() as slack:
            return await slack.post("C1", HELLO, metadata=METADATA, **arguments)


@pytest.fixture
async def wire(metrics):
    made = Wire(metrics)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
async def workspace():
    made = SlackWorkspace(now=lambda: NOW)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def slack(workspace, metrics):
    async with session() as http:
        yield Slack(web_client("xoxb-sandbox", workspace.url, http), metrics)


async def test_taken_post_is_posted(wire, metrics):
    assert await wire.post() == Posted("17.1")
    assert 'slack_requests_total{method="chat.postMessage",outcome="ok"} 1.0' in metrics.render().decode()


async def test_texts_from_outside_never_link_or_preview(wire):
    await wire.post()

    [(path, sent)] = wire.asked
    assert path == "/api/chat.postMessage"
    assert (sent["parse"], sent["link_names"]) == ("none", False)
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert sent["metadata"] == METADATA
    assert not {"thread_ts", "reply_broadcast", "blocks"} & set(sent)


async def test_reply_says_in_which_thread_it_stands(wire):
    said = answer({"ok": True, "ts": "17.2", "message": {"thread_ts": "17.1"}})

    assert await wire.post(said, thread_ts="17.1", broadcast=True) == Posted("17.2", "17.1")
    assert wire.asked[0][1]["reply_broadcast"] is True


async def test_reply_whose_thread_is_gone_stands_in_the_channel(wire):
    assert await wire.post(thread_ts="17.0") == Posted("17.1", None)


async def test_answer_without_its_message_is_believed_about_the_thread(wire):
    assert await wire.post(answer({"ok": True, "ts": "17.2"}), thread_ts="17.1") == Posted("17.2", "17.1")


@pytest.mark.parametrize("ts", [None, "", 17.1])
async def test_ok_without_a_timestamp_is_unclear(wire, ts):
    assert await wire.post(answer({"ok": True, "ts": ts})) == Unclear("ok without ts")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("channel_not_found", Refusal.CHANNEL),
        ("restricted_action_of_tomorrow", Refusal.CHANNEL),
        ("token_revoked", Refusal.TOKEN),
        ("invalid_blocks", Refusal.MESSAGE),
        ("cannot_reply_to_message", Refusal.THREAD),
        ("message_limit_exceeded", Refusal.RATE),
    ],
)
async def test_refusal_that_slack_names_is_definite(wire, error, kind):
    assert await wire.post(answer({"ok": False, "error": error})) == Refused(error, kind)


@pytest.mark.parametrize(
    ("error", "is_outage"),
    [("internal_error", True), ("fatal_error", True), ("service_unavailable", True), ("a_new_error", False)],
)
async def test_refusal_that_may_hide_a_success_is_unclear(wire, error, is_outage):
    assert await wire.post(answer({"ok": False, "error": error})) == Unclear(error, is_outage=is_outage)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (["Retry-After: 30"], timedelta(seconds=30)),
        (["Retry-After: 1.5"], timedelta(seconds=1.5)),
        (["Retry-After: soon"], None),
        ([], None),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "200 OK"])
async def test_rate_limit_is_definite_and_tells_how_long(wire, metrics, status, headers, wait):
    said = answer({"ok": False, "error": "ratelimited"}, status, headers=headers)

    assert await wire.post(said) == Refused("ratelimited", Refusal.RATE, wait)
    assert 'outcome="rate_limited"} 1.0' in metrics.render().decode()


async def test_rate_limit_by_a_proxy_is_definite_too(wire):
    said = answer("slow down", "429 Too Many Requests", "text/html", ["Retry-After: 7"])

    assert await wire.post(said) == Refused("ratelimited", Refusal.RATE, timedelta(seconds=7))


HTML = "<html>Welcome to the guest network</html>"
UNREADABLE = {
    "html with 200": answer(HTML, kind="text/html"),
    "html with 502": answer(HTML, "502 Bad Gateway", "text/html"),
    "text": answer("ok", kind="text/plain"),
    "a list": answer([1, 2]),
    "a number": answer("7"),
    "null": answer("null"),
    "no json": answer("{not json"),
    "nothing": answer(""),
    "cut json": answer('{"ok": true, "ts": "17', length=400),
    "cut html": answer(HTML, kind="text/html", length=400),
    "500 with json": answer({"ok": False, "error": "channel_not_found"}, "500 Internal Server Error"),
    "503 without a body": answer("", "503 Service Unavailable", "text/plain"),
    "no http": b"220 mail.example.com ESMTP\r\n\r\n",
    "half a status line": b"HTTP/1.1 20",
    "silence": b"",
    "plain but said to be packed": answer(POSTED, headers=["Content-Encoding: gzip"]),
    "wrong types": answer({"ok": False, "error": 7}),
    "bytes that are no text": answer({"ok": True}).replace(b"true", b"\xff\xfe\xfd\xfc"),
}


@pytest.mark.parametrize("said", UNREADABLE.values(), ids=UNREADABLE)
async def test_answer_that_does_not_tell_is_unclear_and_asked_for_once(wire, metrics, said):
    outcome = await wire.post(said)

    assert isinstance(outcome, Unclear)
    assert outcome.is_outage
    assert len(wire.asked) == 1
    assert 'outcome="unclear"} 1.0' in metrics.render().decode()


async def test_answer_that_never_comes_is_unclear(wire, monkeypatch):
    monkeypatch.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.02)

    assert await wire.post(None) == Unclear("no answer in time")


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 X"])
async def test_redirect_is_refused_and_nothing_is_carried_elsewhere(wire, status):
    elsewhere = wire.url.replace("/api/", "/elsewhere")

    outcome = await wire.post(answer("", status, headers=[f"Location: {elsewhere}"]))

    assert outcome == Unclear("a redirect, which is not followed")
    assert [path for path, _ in wire.asked] == ["/api/chat.postMessage"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (aiohttp.ClientProxyConnectionError, "the proxy does not answer"),
        (aiohttp.ClientHttpProxyError, "the proxy refuses"),
        (aiohttp.ClientConnectorDNSError, "its name is not known"),
        (aiohttp.ClientConnectorCertificateError, "TLS failed"),
        (aiohttp.ClientConnectorError, "nothing answers there"),
        (aiohttp.ConnectionTimeoutError, "nothing answers there"),
        (aiohttp.ServerTimeoutError, "no answer in time"),
        (TimeoutError, "no answer in time"),
        (aiohttp.ServerDisconnectedError, "the connection broke off"),
        (ConnectionResetError, "the connection broke off"),
        (aiohttp.WSServerHandshakeError, "an answer that is not understood"),
        (aiohttp.InvalidURL, "InvalidURL"),
    ],
)
def test_what_went_wrong_on_the_way_is_said_in_words(kind, said):
    assert trouble_of(kind.__new__(kind)) == said


async def test_connection_that_is_refused_is_a_definite_failure(wire):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        wire.url = f"http://127.0.0.1:{free.getsockname()[1]}/api/"

    outcome = await wire.post()

    assert outcome == Refused("nothing answers there", Refusal.UNREACHED)


async def test_name_that_is_unknown_is_a_definite_failure(wire, monkeypatch):
    async def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", unknown)
    monkeypatch.setattr("aiohttp.resolver.AsyncResolver.resolve", unknown)
    wire.url = "http://slack.invalid/api/"

    assert (await wire.post()).kind is Refusal.UNREACHED


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_proxy_of_the_environment_is_not_used_on_this_machine(wire, monkeypatch, host):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    wire.url = wire.url.replace("127.0.0.1", host)

    assert await wire.post() == Posted("17.1")


async def test_proxy_of_the_environment_is_used_for_the_real_slack(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")

    async with session() as http:
        client = web_client("xoxb-sandbox", "https://slack.com/api/", http)

    assert client.proxy == "http://proxy.example.com:3128"


async def test_edit_that_is_done_twice_does_no_harm(slack, workspace):
    channel = workspace.add_channel("porting")
    posted = await slack.post(channel, HELLO, metadata=METADATA)

    for _ in range(2):
        outcome = await slack.edit(channel, posted.ts, Message(text="Bye", blocks=[]), metadata=METADATA)

    assert outcome == Posted(posted.ts, None)
    [message] = [each for each in workspace.messages(channel) if each.bot_id]
    assert message.text == "Bye"


async def history(slack, channel):
    hour = timedelta(hours=1)
    return await slack.history(channel, oldest=NOW - hour, latest=NOW + hour)


async def test_history_is_read_to_its_end_with_metadata(slack, workspace, monkeypatch):
    monkeypatch.setattr("bot.slack.client.PAGE", 2)
    workspace.faults.rate_limit = False
    channel = workspace.add_channel("porting")
    posted = [(await slack.post(channel, HELLO, metadata=METADATA)).ts for _ in range(5)]

    found = [seen for seen in await history(slack, channel) if seen.bot_id]

    assert sorted(seen.ts for seen in found) == sorted(posted)
    assert found[0].metadata["event_payload"] == {"event_ids": ["e1"]}


async def test_replies_are_read_with_their_thread(slack, workspace):
    channel = workspace.add_channel("porting")
    parent = await slack.post(channel, HELLO, metadata=METADATA)
    reply = await slack.post(channel, HELLO, metadata=METADATA, thread_ts=parent.ts)

    found = await slack.replies(
        channel, parent.ts, oldest=NOW - timedelta(hours=1), latest=NOW + timedelta(hours=1)
    )

    assert (reply.ts, parent.ts) in [(seen.ts, seen.thread_ts) for seen in found]


@pytest.mark.parametrize("error", ["thread_not_found", "message_not_found"])
async def test_thread_that_is_gone_has_no_replies(slack, workspace, error):
    workspace.faults.refuse = {"conversations.replies": error}
    channel = workspace.add_channel("porting")

    assert await slack.replies(channel, "1.0", oldest=NOW, latest=NOW) == []


async def test_replies_that_may_not_be_read_are_refused(slack, workspace):
    workspace.faults.history_refuse = "missing_scope"

    with pytest.raises(SlackRefusedError, match="missing_scope"):
        await slack.replies("C1", "1.0", oldest=NOW, latest=NOW)


async def test_history_that_can_not_be_read_is_not_taken_for_an_empty_one(wire):
    wire.says = answer({"ok": True, "messages": None})

    async with wire.client() as slack:
        with pytest.raises(SlackRefusedError, match=ODD_HISTORY):
            await history(slack, "C1")


@pytest.mark.parametrize(
    "page",
    [
        {"ok": True, "messages": ["text", None], "response_metadata": "none"},
        {"ok": True, "messages": [], "response_metadata": {"next_cursor": ""}},
    ],
)
async def test_history_without_messages_is_empty(wire, page):
    wire.says = answer(page)

    async with wire.client() as slack:
        assert await history(slack, "C1") == []


async def test_history_that_turns_in_a_circle_ends_and_is_not_whole(wire):
    wire.says = answer({"ok": True, "messages": [{"ts": "1.0"}], "response_metadata": {"next_cursor": "x"}})

    async with wire.client() as slack:
        with pytest.raises(NotWholeError, match=ODD_HISTORY) as partial:
            await history(slack, "C1")

    assert [(seen.ts, seen.thread_ts, seen.bot_id, seen.metadata) for seen in partial.value.seen] == [
        ("1.0", None, None, {})
    ] * 2


async def test_call_that_slack_refuses_says_why(slack):
    with pytest.raises(SlackRefusedError, match="channel_not_found"):
        await slack.join("C404")


@pytest.mark.parametrize(
    "said",
    [answer(HTML, kind="text/html"), answer({"ok": False, "error": "internal_error"}), b"", answer([1])],
)
async def test_call_without_a_clear_answer_is_worth_another_try(wire, said):
    wire.says = said

    async with wire.client() as slack:
        with pytest.raises(SlackUnavailableError) as unavailable:
            await slack.identity()

    assert unavailable.value.retry_after is None


async def test_call_that_is_limited_says_how_long(wire):
    wire.says = answer({"ok": False}, "429 Too Many Requests", headers=["Retry-After: 3"])

    async with wire.client() as slack:
        with pytest.raises(SlackUnavailableError) as unavailable:
            await slack.identity()

    assert unavailable.value.retry_after == timedelta(seconds=3)


async def test_call_with_an_error_that_we_do_not_know_is_refused(wire):
    wire.says = answer({"ok": False, "error": "a_new_error"})

    async with wire.client() as slack:
        with pytest.raises(SlackRefusedError, match="a_new_error"):
            await slack.info("C1")


async def test_conversation_without_a_name_is_worth_another_try(wire):
    wire.says = answer({"ok": True, "channel": None})

    async with wire.client() as slack:
        with pytest.raises(SlackUnavailableError, match="named no conversation"):
            await slack.open_direct("U1")


async def test_channel_without_facts_has_none(wire):
    wire.says = answer({"ok": True, "channel": "C1"})

    async with wire.client() as slack:
        assert await slack.info("C1") == {}


async def test_identity_names_the_workspace(slack, workspace):
    assert (await slack.identity())["team_id"] == workspace.team_id


async def test_person_is_written_to_in_a_conversation(slack, workspace):
    person = workspace.add_person("alex")

    assert (await slack.open_direct(person)).startswith("D")


async def test_message_of_ours_is_taken_back(slack, workspace):
    channel = workspace.add_channel("porting")
    posted = await slack.post(channel, HELLO, metadata=METADATA)

    await slack.delete(channel, posted.ts)

    assert not [each for each in workspace.messages(channel) if each.bot_id and not each.deleted]


@pytest.mark.parametrize("fault", [Fault.LOSE_ANSWER, Fault.ACCEPT_THEN_500, Fault.CUT_JSON])
async def test_post_whose_answer_is_lost_is_unclear_and_posted_once(slack, workspace, fault):
    channel = workspace.add_channel("porting")
    workspace.faults.next_failures = [("chat.postMessage", fault)]

    outcome = await slack.post(channel, HELLO, metadata=METADATA)

    assert isinstance(outcome, Unclear)
    assert len([each for each in workspace.messages(channel) if each.bot_id]) == 1
