"""The page is served on this machine alone, and hands nobody what they may not see."""

import asyncio
import json
import socket

import aiohttp
import pytest

from bot.sandbox.page.server import DRAWN_AT_ONCE, Page
from bot.sandbox.page.tab import Offer, Tabs

WIRE = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


@pytest.fixture
async def page(slack):
    served = Page(Tabs(slack, Offer()))
    await served.start("127.0.0.1", 0)
    yield served
    await served.stop()


@pytest.fixture
async def get(page):
    async with aiohttp.ClientSession() as session:

        async def fetched(path, **headers):
            async with session.get(page.url + path, headers=headers) as answer:
                return answer.status, await answer.text()

        yield fetched


async def test_the_page_and_its_looks_are_served(get):
    status, text = await get("/?as=ann")
    _, look = await get("/look/look.css")

    assert status == 200
    assert "<title>Portwire sandbox</title>" in text
    assert ".c-client" in look


async def test_a_channels_history_is_for_those_who_are_in_it(slack, get, channel, ann, gus):
    slack.write("ann", channel, "hello")
    slack.take_out("gus", channel)

    assert (await get(f"/history/{channel}?person={ann.id}"))[0] == 200
    assert (await get(f"/history/{channel}?person={gus.id}"))[0] == 404
    assert (await get(f"/history/C0?person={ann.id}"))[0] == 404


@pytest.mark.parametrize("count", [0, 1, DRAWN_AT_ONCE, DRAWN_AT_ONCE + 1])
async def test_a_history_is_whole_whatever_its_length(slack, get, channel, ann, count):
    for number in range(count):
        slack.write("ann", channel, str(number))

    _, text = await get(f"/history/{channel}?person={ann.id}")

    assert [message["parts"][0]["text"] for message in json.loads(text)] == [str(n) for n in range(count)]


async def test_a_long_history_lets_others_in_between(slack, get, channel, ann):
    """The loop that draws it also answers the bot: whoever waits there has a turn every few messages."""
    for number in range(100 * DRAWN_AT_ONCE):
        slack.write("ann", channel, str(number))
    turns = 0

    async def wait():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    waiting = asyncio.create_task(wait())
    await get(f"/history/{channel}?person={ann.id}")
    waiting.cancel()

    assert turns >= 100


@pytest.mark.parametrize("origin", ["http://portwire.example", "http://127.0.0.1:1", "null"])
async def test_a_page_of_somewhere_else_is_refused(page, get, origin):
    """A browser lets any page open a websocket to this one: only the server can tell."""
    assert (await get("/", Origin=origin))[0] == 403
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(page.url + WIRE, origin=origin)


async def test_another_name_for_this_machine_is_refused(page, get, caplog):
    assert (await get("/", Host="portwire.example"))[0] == 403
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(page.url + WIRE, headers={"Host": "portwire.example"})

    assert not caplog.records  # a stranger's knock is nothing to tell the person at the terminal


async def test_the_page_itself_is_answered(page, get):
    assert (await get("/", Origin=page.url))[0] == 200
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(page.url + WIRE, origin=page.url) as wire,
    ):
        assert "sid" in (await wire.receive()).data


async def test_a_taken_port_is_said(slack):
    page = Page(Tabs(slack, Offer()))
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        await page.start("127.0.0.1", other.getsockname()[1])
    await page.stop()
