"""The page is served on this machine alone, and hands nobody what they may not see."""

import socket

import aiohttp
import pytest

from bot.sandbox.page.server import Page
from bot.sandbox.page.tab import Offer, Tabs


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


async def test_another_name_for_this_machine_is_refused(get):
    assert (await get("/", Host="portwire.example"))[0] == 400


async def test_a_taken_port_is_said(slack):
    page = Page(Tabs(slack, Offer()))
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        await page.start("127.0.0.1", other.getsockname()[1])
    await page.stop()
