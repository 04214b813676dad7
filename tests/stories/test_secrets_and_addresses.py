"""Secrets that people write go nowhere, and no address that came from outside is ever called."""

import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from aiohttp import web

from bot.sandbox.telnyx.faults import json_answer
from bot.trace import life
from tests.canaries import PIN, finds

SAID = (
    "Use PIN: {0}, the passcode is {0} too",
    "account number {0}",
    "SSN {0}, and once more the pin ({0})",
    "password={0}",
    "PIN\n{0}",
)
TRAP = "http://trap.test/x"


async def test_a_pin_that_people_write_is_in_no_message_no_answer_no_log_and_no_table(town):
    said = [words.format(PIN) for words in SAID]

    async with town.bot() as bot:
        order, leaving = (
            town.port_in(reference=f"ACME, PIN {PIN}", carrier=f"Onvoy (pin {PIN})"),
            town.port_out(),
        )
        events = [town.telnyx.comment(each, "\n\n".join(said)) for each in (order, leaving)]
        events.append(
            town.telnyx.set_status(order, "exception", details=[("OTHER", f"The PIN {PIN} is wrong")])
        )
        await town.posted(*events)
        asked = [
            await town.slack.command("maya", "porting", line)
            for line in (
                *said,
                f"order PIN {PIN}",
                f'subscribe ref:"PIN {PIN}"',
                f"event {events[0]}",
                f"order {order}",
            )
        ]
        asked += [
            await town.slack.command("gus", "porting", line)
            for line in (
                f"order PIN {PIN}",
                f"republish PIN {PIN}",
                f'subscribe ref:"PIN {PIN}"',
                f"PIN {PIN}",
            )
        ]
        await town.until(lambda: all(each.shown for each in asked))
        traced = "\n".join(await life(bot.database, events[0]))

    assert "••••" in town.all_that_slack_was_sent()
    assert finds(f"{town.all_that_slack_was_sent()}{traced}".encode()) == []


@pytest.fixture
def called(monkeypatch):
    """Every place that this process looks up or connects to while the test runs."""
    places = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connecting(self, address):
        places.append(address[:2])
        return connect(self, address)

    def looking_up(host, port, *more, **named):
        places.append((host.decode() if isinstance(host, bytes) else host, port))
        return look_up(host, port, *more, **named)

    monkeypatch.setattr(socket.socket, "connect", connecting)
    monkeypatch.setattr(socket, "getaddrinfo", looking_up)
    return places


def with_addresses(value):
    """The JSON with an address of somebody else's beside all that is known."""
    if isinstance(value, list):
        return [with_addresses(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = ("next", "url", "href", "links", "webhook_url", "callback_url", "next_page_url", "document_url")
    return {name: with_addresses(item) for name, item in value.items()} | dict.fromkeys(names, TRAP)


def set_trap(telnyx):
    """Telnyx names addresses wherever it can."""
    answering = telnyx._good_answer

    async def trapped(request, handler):
        answer = await answering(request, handler)
        if not isinstance(answer, web.Response) or not answer.body:
            return answer
        links = {"Link": f'<{TRAP}>; rel="next"', "Content-Location": TRAP, "Refresh": f"0; url={TRAP}"}
        return json_answer(with_addresses(json.loads(answer.body)), answer.status, links)

    telnyx._good_answer = trapped


async def test_no_address_that_telnyx_or_slack_hands_over_is_called(town, called):
    set_trap(town.telnyx)
    neighbours = {urlsplit(url).netloc for url in (town.telnyx.url, town.slack.url)}

    async with town.bot():
        order = town.port_in(reference=f"<{TRAP}|x>", carrier=TRAP)
        events = [
            town.telnyx.set_status(order, "exception"),
            town.telnyx.comment(order, f"See {TRAP} <{TRAP}>"),
        ]
        await town.posted(*events)
        asked = await town.slack.command("maya", "porting", f"order {TRAP}")
        await town.until(lambda: asked.shown)
        forged = {"type": "slash_commands", "command": "/port", "text": "status", "trigger_id": "1.2.forged"}
        people = {"team_id": town.slack.team_id, "user_id": town.who.operator, "channel_id": town.who.porting}
        receipt = await town.slack.courier.deliver("slash_commands", forged | people | {"response_url": TRAP})
        await town.polled_again()

    assert receipt.acked
    assert not [place for place in called if f"{place[0]}:{place[1]}" not in neighbours]
    assert called


async def test_the_trap_would_have_been_seen(called):
    with pytest.raises(httpx.ConnectError):
        await httpx.AsyncClient(trust_env=False).get(TRAP)

    assert ("trap.test", 80) in called
