"""The outcome table, row by row: what stands in the database after each answer, and that each message comes
once. What breaks, breaks on the wire between the bot and the stand-in Slack.
"""

import asyncio
import json
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from storage import channels, workspaces
from tests.faults.servers import End, Said, answer, faulty, free_port

HTML = "<html><h1>Bad gateway</h1></html>"
NOBODY = {
    "nobody listens": "nothing answers there",
    "no such name": "its name is not known",
    "untrusted": "TLS failed",
    "no TLS": "TLS failed",
}
"""Ways to reach nobody, and what is told of each."""


@dataclass(frozen=True)
class Row:
    """What happens to one post, and what has to stand in the database then."""

    state: str
    error: str | None = None
    wait_s: float | None = None
    """Until it is due again; None where that is not for this answer to say."""
    breaks: object = None
    """What becomes of Slack's answer on its way; None: it comes as it is."""
    arrives: bool = False
    """Whether Slack gets the post."""
    way: str = ""


def no(error):
    return lambda _: Said(answer({"ok": False, "error": error}))


def limited(*headers, length=None):
    said = answer(
        {"ok": False, "error": "ratelimited"}, "429 Too Many Requests", headers=headers, length=length
    )
    return lambda _: Said(said)


def unclear(error, breaks, *, arrives):
    return Row("uncertain", error, 15, breaks, arrives)


BROKE = "the connection broke off"
ROWS = {
    "taken": Row("posted", arrives=True),
    **{f"{way}: nothing was sent": Row("pending", told, 5, way=way) for way, told in NOBODY.items()},
    "429 with seconds": Row("pending", "ratelimited", 7, limited("Retry-After: 7")),
    "429 with half seconds": Row("pending", "ratelimited", 1.5, limited("Retry-After: 1.5")),
    "429 without a time": Row("pending", "ratelimited", 30, limited()),
    "429 that breaks off": Row("pending", "ratelimited", 9, limited("Retry-After: 9", length=900)),
    "a refused form": Row("pending", "invalid_blocks", 0, no("invalid_blocks")),
    "a refused channel": Row("pending", "restricted_action", 0, no("restricted_action")),
    "502 in html, taken": unclear(
        "HTTP 502 without an answer", lambda _: Said(answer(HTML, "502 X", "text/html")), arrives=True
    ),
    "502 in html": unclear(
        "HTTP 502 without an answer", lambda _: Said(answer(HTML, "502 X", "text/html")), arrives=False
    ),
    "html with 200": unclear(
        "HTTP 200 without an answer", lambda _: Said(answer(HTML, kind="text/html")), arrives=False
    ),
    "cut in the body, taken": unclear("an answer that breaks off", lambda raw: Said(raw[:-20]), arrives=True),
    "cut in the head, taken": unclear(BROKE, lambda raw: Said(raw[:40]), arrives=True),
    "reset when heard": unclear(BROKE, lambda _: Said(end=End.RESET), arrives=False),
    "reset when taken": unclear(BROKE, lambda _: Said(end=End.RESET), arrives=True),
    "drips, taken": unclear(
        "no answer in time", lambda _: Said(answer({"ok": True}, length=10**6), End.DRIP), arrives=True
    ),
    "silence": unclear("no answer in time", lambda _: Said(end=End.SILENCE), arrives=False),
    "redirected": unclear(
        "a redirect, which is not followed",
        lambda _: Said(answer("", "307 X", headers=["Location: /x"])),
        arrives=False,
    ),
    "no list of Slack's, taken": unclear("unreadable answer", lambda _: Said(answer("[1]")), arrives=True),
    "internal_error, taken": unclear("internal_error", no("internal_error"), arrives=True),
    "fatal_error": unclear("fatal_error", no("fatal_error"), arrives=False),
    "service_unavailable": unclear("service_unavailable", no("service_unavailable"), arrives=False),
    "an error that nobody knows, taken": unclear("a_new_error", no("a_new_error"), arrives=True),
    "an error that nobody knows": unclear("a_new_error", no("a_new_error"), arrives=False),
    # The last one, as nothing is posted after it until the token was tried.
    "a refused token": Row("pending", "account_inactive", 0, no("account_inactive")),
}
LATE = ("drips, taken", "silence")


class Gate:
    """Passes the bot's calls on to the stand-in Slack, and breaks the answer to one post in each channel."""

    def __init__(self, address):
        self.host, self.port = address.removeprefix("http://").split(":")
        self.rows = {}

    async def form(self, request):
        row = self.rows.pop(_channel_of(request), None)
        raw = await self._passed_on(request) if row is None or row.arrives else b""
        return row.breaks(raw) if row and row.breaks else Said(raw)

    async def _passed_on(self, request):
        reader, writer = await asyncio.open_connection(self.host, int(self.port))
        writer.write(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        raw = await reader.read()
        writer.close()
        await writer.wait_closed()
        return raw


def _channel_of(request):
    """Where a post goes; None for all other calls."""
    head, body = request.split(b"\r\n\r\n", 1)
    return json.loads(body)["channel"] if b"/chat.postMessage" in head.split(b"\r\n")[0] else None


@asynccontextmanager
async def ways_to_nobody():
    """Addresses at which nothing can be sent."""
    async with AsyncExitStack() as stack:
        tls = await stack.enter_async_context(faulty(answer({"ok": True}), tls=True))
        plain = await stack.enter_async_context(faulty(Said(answer({"ok": True}), hears=False)))
        yield {
            "nobody listens": f"http://127.0.0.1:{free_port()}/api/",
            "no such name": "http://slack.invalid/api/",
            "untrusted": tls.url,
            "no TLS": plain.url.replace("http:", "https:"),
        }


@pytest.fixture
def _no_name_is_known(monkeypatch):
    known = socket.getaddrinfo

    def look_up(host, *given, **named):
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return known(host, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


async def stands(day, channel):
    """State, error and seconds until it is due again, of the channel's only message."""
    async with day.database.reading() as tx:
        [(state, error)] = await tx.execute(
            text("SELECT state, error FROM delivery WHERE channel_id = :id"), {"id": channel}
        )
        found = await channels.find(tx, channel)
    rests = (found.not_before or day.clock()) - day.clock()
    return state, error, rests.total_seconds()


def is_as(row, found):
    state, error, wait_s = found
    is_wait = row.way or row.wait_s is None or wait_s == row.wait_s
    return state == row.state and error == row.error and is_wait and (not row.way or 0 < wait_s <= row.wait_s)


@pytest.mark.usefixtures("_no_name_is_known")
async def test_each_answer_has_its_row_and_each_message_comes_once(day, monkeypatch):
    of_row = {name: day.workspace.add_channel(f"row-{nth}") for nth, name in enumerate(ROWS)}
    for channel in of_row.values():
        await day.follow("style:flat", channel)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    web, gate = day.delivery.slack.web, Gate(day.workspace.address)

    wrong = {}
    async with faulty(Said(forms=gate.form)) as server, ways_to_nobody() as nobody:
        for name, row in ROWS.items():
            channel = of_row[name]
            gate.rows[channel] = row
            web.base_url = nobody.get(row.way, server.url)
            with monkeypatch.context() as now:
                if name in LATE:
                    now.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.3)
                await day.delivery.posting.step(channel)
            if not is_as(row, found := await stands(day, channel)):
                wrong[name] = found
            day.clock.forward(seconds=11)  # two that are limited within ten seconds hold the workspace
        gate.rows.clear()
        web.base_url = server.url
        async with day.database.reading() as tx:
            paused = (await channels.find(tx, of_row["a refused channel"])).paused_reason
            trouble = (await workspaces.get(tx, day.workspace.team_id)).trouble
        await day.deliver(seconds=500)

    looked_up = {call.arguments["channel"] for call in day.workspace.calls if "history" in call.method}
    assert wrong == {}
    assert (paused, trouble) == ("restricted_action", "account_inactive")
    assert {name: day.event_ids(channel) for name, channel in of_row.items()} == {
        name: [event_id] for name in ROWS
    }
    assert looked_up == {of_row[name] for name, row in ROWS.items() if row.state == "uncertain"}
