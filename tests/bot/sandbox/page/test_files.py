"""Files for a form are handed to the page's server, by somebody of the workspace and in a fair size."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.sandbox.page import server
from bot.sandbox.page.server import Page
from bot.sandbox.page.tab import Offer, Tabs


@pytest.fixture
async def add(slack):
    page = Page(Tabs(slack, Offer()))
    await page.start("127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:

        async def added(person, content):
            where = {"person": person, "name": "loa.pdf"}
            kind = {"Content-Type": "application/pdf"}
            async with session.post(f"{page.url}/files", params=where, data=content, headers=kind) as answer:
                return answer.status, await answer.json()

        address = urlsplit(page.url)
        added.address = address.hostname, address.port
        yield added
    await page.stop()


async def test_a_file_is_kept_for_its_form(slack, ann, add):
    status, file = await add(ann.id, b"%PDF")

    kept = slack.uploads[file["id"]]
    assert status == 200
    assert (kept.name, kept.content, kept.mimetype) == ("loa.pdf", b"%PDF", "application/pdf")


async def test_a_file_of_nobody_is_refused(add):
    assert (await add("U404", b"%PDF"))[0] == 404


async def test_a_file_that_is_too_large_is_refused(ann, add, monkeypatch):
    monkeypatch.setattr(server, "LARGEST_FILE", 3)

    status, answer = await add(ann.id, b"%PDF")

    assert (status, answer["detail"]) == (413, "The sandbox takes files of up to 20 MB.")


async def test_a_file_that_does_not_come_whole_is_nothing_to_tell_of(slack, ann, add, caplog):
    """A tab was closed in the middle: that is no error, and nothing of it is kept."""
    _, before = await add(ann.id, b"%PDF")
    host, port = add.address
    reading, writing = await asyncio.open_connection(host, port)
    start = (
        f"POST /files?person={ann.id}&name=loa.pdf HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\n%PDF"
    )
    writing.write(start.encode())
    writing.write_eof()

    await reading.read()

    writing.close()
    assert list(slack.uploads) == [before["id"]]
    assert not caplog.records
