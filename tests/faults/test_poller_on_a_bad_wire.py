"""The real poller on a real database: whatever Telnyx answers, no watermark runs ahead."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from storage import watermarks
from tests.clock import START
from tests.faults.servers import Said, answer, faulty
from tests.faults.telnyx_answers import BROKEN, LATE
from tests.way_in import way_in

SIZE = 3
EVENTS = [
    {
        "id": f"e{nth}",
        "event_type": "porting_order.new_comment",
        "porting_order_id": "o1",
        "created_at": f"2026-03-02T09:00:0{nth}.000000Z",
        "payload": {"comment": {"body": "Hello"}},
    }
    for nth in range(1, 9)
]
LIMITED = [
    answer("", "429 Too Many Requests", headers=[f"Retry-After: {each}"]) for each in ("1.5", "x", "1e9")
]


@asynccontextmanager
async def poller_of(database, metrics, clock, *says):
    """The poller and the server that it asks."""
    async with (
        faulty(*says, path="/v2") as server,
        Telnyx.open(server.url, "KEY_canary", metrics, clock) as telnyx,
    ):
        taking = await way_in(database, replace(telnyx, sleep=clock.sleep), metrics, clock)
        yield taking.poller, server


async def kept(database):
    """Up to where the list is known, and the events that are."""
    async with database.reading() as tx:
        found = await watermarks.find(tx, Source.PORT_IN)
        ids = [row[0] for row in await tx.execute(text("SELECT event_id FROM event ORDER BY event_id"))]
    return found.watermark, ids


def list_of(events, said_of=lambda _, meta: meta, page_of=lambda number, _: number):
    """Serves pages of SIZE of the events that a request asks for; the lies are its caller's."""

    async def form(request):
        query = {
            name: given[0] for name, given in parse_qs(urlsplit(request.split()[1].decode()).query).items()
        }
        since, until = (query.get(f"filter[created_at][{end}]", "") for end in ("gte", "lte"))
        wanted = [each for each in events if since <= each["created_at"] <= (until or "9")]
        number = int(query["page[number]"])
        pages = -(-len(wanted) // SIZE)
        nth = page_of(number, pages)
        meta = {"total_pages": pages, "total_results": len(wanted), "page_number": nth, "page_size": SIZE}
        rows = wanted[(nth - 1) * SIZE : nth * SIZE]
        return Said(answer({"data": rows, "meta": said_of(number, meta)}))

    return Said(forms=form)


async def test_answer_that_breaks_moves_nothing(database, metrics, clock, monkeypatch):
    broken = [said for said, _ in BROKEN.values()]
    async with poller_of(database, metrics, clock) as (poller, server):
        for said in [*broken, *LATE.values(), *map(Said, LIMITED)]:
            monkeypatch.setattr("bot.telnyx.transport.REQUEST_S", 0.02 if said in LATE.values() else 30)
            server.say(said)
            with pytest.raises((TelnyxUnavailableError, TelnyxRefusedError)):
                await poller.poll(Source.PORT_IN)
            assert await kept(database) == (START, []), said
            clock.forward(hours=1)
        server.say(list_of(EVENTS))
        clock.at = START + timedelta(minutes=2)
        poller.telnyx.transport.rest.until = None
        await poller.poll(Source.PORT_IN)

    watermark, ids = await kept(database)
    assert watermark > START
    assert ids == [each["id"] for each in EVENTS]


async def test_answer_that_breaks_at_a_later_page_moves_nothing(database, metrics, clock):
    whole, broken = list_of(EVENTS), None

    async def only_first_is_whole(request):
        return await whole.forms(request) if b"number%5D=1&" in request else broken

    async with poller_of(database, metrics, clock) as (poller, server):
        clock.forward(minutes=2)
        for broken, _ in BROKEN.values():
            server.say(Said(forms=only_first_is_whole))
            with pytest.raises((TelnyxUnavailableError, TelnyxRefusedError)):
                await poller.poll(Source.PORT_IN)
            assert await kept(database) == (START, ["e1", "e2", "e3"]), broken
        server.say(whole)
        await poller.poll(Source.PORT_IN)

    assert (await kept(database))[1] == [each["id"] for each in EVENTS]


def says(**lies):
    """Every page says so."""
    return list_of(EVENTS, lambda _, meta: meta | lies)


LIES = {
    "no pages": says(total_pages=0),
    "fewer than no pages": says(total_pages=-4),
    "pages in words": says(total_pages="3"),
    "half pages": says(total_pages=2.5),
    "pages that are true": says(total_pages=True),
    "pages left out": list_of(EVENTS, lambda _, meta: {"page_size": meta["page_size"]}),
    "too few pages": says(total_pages=2),
    "one too few, no results": list_of(EVENTS, lambda _, meta: meta | {"total_pages": 2, "total_results": 0}),
    "too many pages": says(total_pages=9),
    "pages without end": says(total_pages=10**18),
    "too many results": says(total_results=10**18),
    "results of fewer than none": says(total_results=-1, total_pages=1),
    "pages that become more": list_of(EVENTS, lambda number, meta: meta | {"total_pages": number + 1}),
    "pages that become fewer": list_of(EVENTS, lambda number, meta: meta | {"total_pages": 4 - number}),
    "pages of another size": says(page_size=1000),
    "pages of no size": says(page_size=0),
    "the last page for ever": list_of(EVENTS, page_of=min),
    "the last page for ever, of many": list_of(EVENTS, lambda _, meta: meta | {"total_pages": 10**6}, min),
    "each page twice": list_of(
        EVENTS, lambda _, meta: meta | {"total_pages": 6}, lambda number, _: -(-number // 2)
    ),
    "more than a page holds": Said(answer({"data": EVENTS, "meta": {"total_pages": 1, "page_size": 2}})),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_figures_that_lie_lose_nothing_and_end(database, metrics, clock, lie):
    async with poller_of(database, metrics, clock, lie) as (poller, server):
        clock.forward(minutes=2)
        await poller.poll(Source.PORT_IN)

    watermark, ids = await kept(database)
    assert ids == [each["id"] for each in EVENTS]
    assert watermark <= START + timedelta(minutes=1)
    assert server.callers < 1000  # five for each of some hundred windows of a second


async def test_empty_page_among_others_is_read_again(database, metrics, clock):
    gone = {2}
    emptied = list_of(
        EVENTS, page_of=lambda number, _: 99 if number in gone and not gone.remove(number) else number
    )
    async with poller_of(database, metrics, clock, emptied) as (poller, _):
        clock.forward(minutes=2)
        await poller.poll(Source.PORT_IN)

    assert (await kept(database))[1] == [each["id"] for each in EVENTS]
