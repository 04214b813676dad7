"""Events newest first, ours and Telnyx's."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import respx

from bot.orders import EventQuery
from bot.orders.backwards import OlderEvents
from bot.results import Place
from bot.telnyx.events import Source
from tests.clock import START

DAY = timedelta(days=1)
PAGE = 10


def add(api, reference="ACME", created_at=START - 900 * DAY):
    return api.add_port_in(
        reference=reference,
        numbers=["+13035550100"],
        carrier="Onvoy",
        foc_requested=None,
        created_at=created_at,
    )


async def all_pages(orders, query):
    found, number = [], 1
    while True:
        page = await orders.events(query, number)
        found += [change.event.event_id for change in page.changes]
        if not page.has_more:
            return found
        number += 1


async def test_newest_events_come_first(orders, watch, telnyx_api, clock):
    order_id, said = add(telnyx_api), []
    for place in range(PAGE + 3):
        clock.forward(seconds=20)
        said.append(telnyx_api.comment(order_id, f"Comment {place}"))
    await watch()

    page = await orders.events(EventQuery())

    assert [change.event.event_id for change in page.changes] == said[::-1][:PAGE]
    assert page.has_more
    assert not page.has_older


@pytest.mark.parametrize("order", ["newest_first", "oldest_first", "uuid"])
async def test_what_is_older_than_our_tables_comes_from_telnyx(orders, watch, telnyx_api, clock, order):
    telnyx_api.faults.order = order
    order_id = add(telnyx_api)
    said = [
        telnyx_api.comment(order_id, f"{days} days ago", created_at=START - days * DAY)
        for days in (800, 400, 300, 299, 60, 30, 29, 28, 10, 3, 2, 1)
    ]
    for _ in range(PAGE + 2):
        clock.forward(seconds=20)
        said.append(telnyx_api.comment(order_id, "now"))
    await watch()

    found = await all_pages(orders, EventQuery())

    assert found == said[::-1]


async def test_page_without_older_events_claims_none(orders, watch, telnyx_api, clock):
    clock.forward(seconds=20)
    telnyx_api.comment(add(telnyx_api), "now")
    await watch()

    assert not (await orders.events(EventQuery())).has_older


async def test_window_that_holds_too_much_is_made_smaller(orders, telnyx_api, clock):
    order_id = add(telnyx_api)
    said = [
        telnyx_api.comment(order_id, "busy", created_at=START - timedelta(minutes=5, seconds=place))
        for place in range(2_100)
    ]

    page = await orders.events(EventQuery())

    assert [change.event.event_id for change in page.changes] == said[:PAGE]
    assert page.has_older


async def test_kinds_sources_and_times_choose(orders, watch, telnyx_api, clock):
    order_id = add(telnyx_api)
    clock.forward(seconds=20)
    telnyx_api.comment(order_id, "Hello")
    port_out = telnyx_api.add_port_out(numbers=["+13035550199"], carrier="Bandwidth", spid="987H")
    clock.forward(seconds=20)
    moved = telnyx_api.set_status(order_id, "in-process")
    ported = telnyx_api.set_status(port_out, "authorized")
    await watch()

    async def ids(**query):
        page = await orders.events(EventQuery(**query))
        return [change.event.event_id for change in page.changes]

    assert await ids(source=Source.PORT_IN, kinds=("status_changed",)) == [moved]
    assert await ids(since=START + timedelta(seconds=30), source=Source.PORT_OUT) == [ported]
    assert await ids(until=START) == []
    assert await ids(kinds=("invented",)) == []


async def test_old_events_are_chosen_too(orders, telnyx_api):
    order_id = add(telnyx_api)
    telnyx_api.comment(order_id, "Hello", created_at=START - 5 * DAY)
    moved = telnyx_api.set_status(order_id, "in-process", created_at=START - 4 * DAY)
    early = telnyx_api.set_status(order_id, "submitted", created_at=START - 9 * DAY)

    one = await orders.events(EventQuery(kinds=("status_changed",), since=START - 6 * DAY))
    two = await orders.events(EventQuery(kinds=("status_changed", "split"), until=START - 8 * DAY))

    assert [change.event.event_id for change in one.changes] == [moved]
    assert [change.event.event_id for change in two.changes] == [early]


async def test_reference_chooses_its_orders_events(orders, watch, telnyx_api, clock):
    mine, other = add(telnyx_api, "MINE"), add(telnyx_api, "OTHER")
    old = telnyx_api.comment(mine, "old", created_at=START - 20 * DAY)
    telnyx_api.comment(other, "not mine", created_at=START - 20 * DAY)
    clock.forward(seconds=20)
    new = telnyx_api.set_status(mine, "in-process")
    telnyx_api.set_status(other, "in-process")
    await watch()

    page = await orders.events(EventQuery(ref="MINE"))
    none = await orders.events(EventQuery(ref="MINE", source=Source.PORT_OUT))
    unknown = await orders.events(EventQuery(ref="nobody"))

    assert [change.event.event_id for change in page.changes] == [new, old]
    assert [order.order_id for order in page.found.orders] == [mine]
    assert none.changes == unknown.changes == ()


async def test_telnyx_that_is_down_leaves_what_we_have(orders, watch, telnyx_api, clock):
    order_id = add(telnyx_api)
    before = telnyx_api.comment(order_id, "before the start", created_at=START - timedelta(hours=5))
    clock.forward(seconds=20)
    after = telnyx_api.comment(order_id, "after it")
    await watch()
    telnyx_api.faults.down = "503"

    page = await orders.events(EventQuery())

    assert [change.event.event_id for change in page.changes] == [after, before]
    assert page.failed is Place.UNREACHED


async def test_timeline_is_whole_and_oldest_first(orders, watch, telnyx_api, clock):
    order_id = add(telnyx_api)
    said = [telnyx_api.set_status(order_id, "submitted", created_at=START - 30 * DAY)]
    said.append(telnyx_api.set_status(order_id, "cancel-pending", created_at=START - 20 * DAY))
    clock.forward(seconds=20)
    said.append(telnyx_api.set_status(order_id, "cancelled"))
    await watch()
    [order] = (await orders.look_up(order_id)).orders

    changes = await orders.timeline(order)

    assert [change.event.event_id for change in changes] == said
    assert [change.status_before for change in changes[:2]] == [None, "submitted"]


async def test_timeline_without_telnyx_is_what_we_have(orders, watch, telnyx_api, clock):
    order_id = add(telnyx_api)
    clock.forward(seconds=20)
    moved = telnyx_api.set_status(order_id, "in-process")
    await watch()
    [order] = (await orders.look_up(order_id)).orders
    telnyx_api.faults.down = True

    assert [change.event.event_id for change in await orders.timeline(order)] == [moved]


async def test_nobody_waits_long_for_older_events(orders, telnyx_api, monkeypatch):
    monkeypatch.setattr("bot.orders.histories.BUDGET_S", 0.05)
    telnyx_api.faults.slow_s = 5

    assert (await orders.events(EventQuery())).failed is Place.UNREACHED


async def test_lists_without_meta_are_read_to_their_empty_page(orders, telnyx_api):
    order_id = add(telnyx_api)
    said = telnyx_api.comment(order_id, "Hello", created_at=START - DAY)
    telnyx_api.faults.no_meta = True

    page = await orders.events(EventQuery(since=START - 2 * DAY))

    assert [change.event.event_id for change in page.changes] == [said]


@respx.mock
async def test_rows_that_were_not_asked_for_are_left_out(telnyx):
    def row(event_id, order_id, days, kind="split"):
        moment = (START - days * DAY).isoformat()
        event_type = f"porting_order.{kind}"
        return {"id": event_id, "porting_order_id": order_id, "created_at": moment, "event_type": event_type}

    rows = [
        row("e1", "mine", 3),
        row("e2", "other", 3),
        row("e3", "mine", 30),
        row("e4", "mine", 3, "deleted"),
    ]
    answer = {"data": rows, "meta": {"total_pages": 1}}
    respx.get(url__regex=".*/porting/events").mock(return_value=httpx.Response(200, json=answer))
    reader = OlderEvents(telnyx, Source.PORT_IN, "mine", ("split",), START)

    assert set(await reader.read(START - 10 * DAY, START, 50)) == {"e1"}


@respx.mock
async def test_minute_that_holds_too_much_does_not_hold_up_the_rest(telnyx):
    answer = {"data": [{"id": "e1", "created_at": START.isoformat()}], "meta": {"total_pages": 99}}
    respx.get(url__regex=".*/porting/events").mock(return_value=httpx.Response(200, json=answer))
    reader = OlderEvents(telnyx, Source.PORT_IN, None, (), START)

    assert set(await reader.read(START - timedelta(seconds=90), START, 50)) == {"e1"}


@respx.mock
async def test_lists_that_never_end_are_left_after_eight_pages(telnyx):
    answer = {"data": [{"id": "e1", "created_at": START.isoformat()}]}
    route = respx.get(url__regex=".*/porting/events").mock(return_value=httpx.Response(200, json=answer))
    reader = OlderEvents(telnyx, Source.PORT_IN, None, (), START)

    await reader.read(START - timedelta(seconds=30), START, 50)

    assert 8 <= route.call_count <= 100


async def test_timeline_of_an_order_made_since_we_watch_asks_nobody(orders, watch, telnyx_api, clock):
    clock.forward(seconds=20)
    order_id = add(telnyx_api, created_at=clock.at)
    moved = telnyx_api.set_status(order_id, "in-process")
    await watch()
    order, _ = await orders.current((await orders.look_up(order_id)).orders[0])
    asked = len(telnyx_api.requests)

    changes = await orders.timeline(order)

    assert [change.event.event_id for change in changes] == [moved]
    assert len(telnyx_api.requests) == asked


async def test_of_many_orders_telnyx_is_asked_for_some_and_that_is_told(orders, watch, telnyx_api):
    for _ in range(13):
        telnyx_api.comment(add(telnyx_api), "Hello", created_at=START - 30 * DAY)
    await watch()

    page = await orders.events(EventQuery(ref="ACME"))

    assert page.unasked == 3


@pytest.mark.parametrize("since", ["0001-01-01", "2015-01-01"])
async def test_a_time_before_all_events_is_as_good_as_none(orders, watch, telnyx_api, since):
    telnyx_api.comment(add(telnyx_api), "Hello", created_at=START - 300 * DAY)
    await watch()

    page = await orders.events(EventQuery(since=datetime.fromisoformat(since).replace(tzinfo=UTC)))

    assert len(page.changes) == 1


async def test_the_last_page_leads_to_no_other(orders, watch, telnyx_api, clock, monkeypatch):
    monkeypatch.setattr("bot.orders.histories.LAST_PAGE", 2)
    order_id = add(telnyx_api)
    for place in range(2 * PAGE + 1):
        clock.forward(seconds=20)
        telnyx_api.comment(order_id, f"Comment {place}")
    await watch()

    pages = [await orders.events(EventQuery(), number) for number in (1, 2, 3)]

    assert [(page.number, page.has_more, page.is_last) for page in pages] == [
        (1, True, False),
        (2, False, True),
        (2, False, True),
    ]
