"""Looking up what a person named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import known_orders
from bot.changes import Severity
from bot.errors import UserError
from bot.results import EventQuery, Place
from bot.telnyx.errors import TelnyxUnavailableError
from bot.telnyx.events import Source
from tests.factories import make_order

HOUR = timedelta(hours=1)


@pytest.fixture
def port_in(telnyx_api):
    order_id = telnyx_api.add_port_in(
        reference="ACME Dental",
        numbers=["+13035550100", "+13035550101"],
        carrier="Onvoy",
        foc_requested=None,
        support_key="sr_b1a2c3",
    )
    telnyx_api.set_status(order_id, "in-process")
    return order_id


@pytest.fixture
def port_out(telnyx_api):
    return telnyx_api.add_port_out(numbers=["+13035550199"], carrier="Bandwidth", spid="987H", pon="PON77")


def ids(found):
    return [order.order_id for order in found.orders]


@pytest.mark.parametrize(
    "spell",
    [str, str.upper, lambda order_id: order_id[:8], lambda order_id: f"https://portal.telnyx.com/{order_id}"],
    ids=["as it is", "capitals", "beginning", "link"],
)
async def test_seen_order_is_found_by_its_id_without_asking(orders, watch, telnyx_api, port_in, spell):
    await watch()
    asked = len(telnyx_api.requests)

    found = await orders.look_up(spell(port_in))

    assert ids(found) == [port_in]
    assert found.looked_in == (Place.SEEN,)
    assert len(telnyx_api.requests) == asked


@pytest.mark.parametrize("typed", ["sr_b1a2c3", "SR_B1A2C3"])
async def test_seen_order_is_found_by_its_support_key(orders, watch, port_in, typed):
    await watch()

    assert ids(await orders.look_up(typed)) == [port_in]


@pytest.mark.parametrize("typed", ["ACME Dental", "acme dental", "Acme  DENTAL!"])
async def test_seen_order_is_found_by_its_reference_in_any_case_while_telnyx_is_down(
    orders, watch, telnyx_api, port_in, typed
):
    await watch()
    telnyx_api.faults.down = True

    assert ids(await orders.look_up(typed)) == [port_in]


async def test_name_that_a_seen_order_goes_by_leads_to_those_of_before_too(
    orders, watch, telnyx_api, port_in, database, clock
):
    older = telnyx_api.add_port_in(
        reference="ACME Dental", numbers=["+13035550109"], carrier="Lumen", foc_requested=None
    )
    [seen] = (await orders.look_up(port_in)).orders
    known = replace(seen, last_comment=None, reviewed_by="U1")
    async with database.transaction() as tx:
        await known_orders.save(tx, [known], clock())

    found = await orders.look_up("acme dental")

    assert sorted(ids(found)) == sorted([port_in, older])
    assert known in found.orders
    assert found.looked_in == (Place.SEEN, Place.TELNYX)
    telnyx_api.faults.unauthorized = True
    assert (await orders.look_up("acme dental")).looked_in[-1] is Place.LOCKED_OUT


async def test_name_that_only_one_order_can_have_is_not_asked_for(orders, telnyx_api, database, clock):
    async with database.transaction() as tx:
        await known_orders.save(tx, [make_order(support_key="sr_b1a2c3")], clock())

    found = await orders.look_up("sr_b1a2c3")

    assert (found.looked_in, telnyx_api.requests) == ((Place.SEEN,), [])


async def test_seen_order_is_found_by_its_parents_key_and_its_pon_while_telnyx_is_down(
    orders, telnyx_api, database, clock
):
    split = make_order(order_id="o8", support_key="sr_child", parent_support_key="SR_Parent")
    leaving = make_order(source="port_out", order_id="o9", support_key="po_1", pon="PON77")
    async with database.transaction() as tx:
        await known_orders.save(tx, [split, leaving], clock())
    telnyx_api.faults.down = True

    assert ids(await orders.look_up("sr_parent")) == ["o8"]
    assert ids(await orders.look_up("pon77")) == ["o9"]


async def test_seen_port_out_is_found_by_a_number(orders, watch, port_out):
    await watch()

    assert ids(await orders.look_up("(303) 555-0199")) == [port_out]


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("ACME Dental", (Place.SEEN, Place.TELNYX)),
        ("303-555-0101", (Place.SEEN, Place.TELNYX)),
        ("sr_b1a2c3", (Place.SEEN, Place.TELNYX, Place.NEWEST)),
        ("acme dental", (Place.SEEN, Place.TELNYX)),
    ],
)
async def test_order_that_was_never_seen_is_found_at_telnyx(orders, port_in, typed, where):
    found = await orders.look_up(typed)

    assert ids(found) == [port_in]
    assert found.looked_in == where


@pytest.mark.parametrize("typed", ["PON77", "+13035550199"])
async def test_port_out_that_was_never_seen_is_found_at_telnyx(orders, port_out, typed):
    assert ids(await orders.look_up(typed)) == [port_out]


async def test_ids_that_were_never_seen_are_found_at_telnyx(orders, port_in, port_out):
    assert ids(await orders.look_up(port_in)) == [port_in]
    assert ids(await orders.look_up(port_out)) == [port_out]


@pytest.mark.parametrize("is_seen", [True, False])
async def test_event_is_found_by_its_id(orders, watch, telnyx_api, port_in, is_seen):
    event_id = telnyx_api.set_status(port_in, "exception", details=[("OTHER", "see comments")])
    if is_seen:
        await watch()

    found = await orders.look_up(event_id)

    [change] = found.events
    assert (change.event.event_id, change.event.status) == (event_id, "exception")
    assert change.severity is Severity.CRITICAL
    assert (await orders.event(event_id)).event.event_id == event_id


async def test_seen_event_is_found_by_the_characters_that_messages_show(orders, watch, telnyx_api, port_in):
    event_id = telnyx_api.comment(port_in, "Hello")
    await watch()

    [change] = (await orders.look_up(event_id[:8])).events

    assert change.event.event_id == event_id


async def test_unknown_name_says_where_was_looked(orders, port_in):
    found = await orders.look_up("nobody")

    assert (found.orders, found.events) == ((), ())
    assert found.looked_in == (Place.SEEN, Place.TELNYX, Place.NEWEST)


async def test_unknown_id_is_not_looked_for_among_names(orders):
    found = await orders.look_up("00000000-0000-4000-8000-000000000000")

    assert found.looked_in == (Place.SEEN, Place.BY_ID)
    assert await orders.event("00000000-0000-4000-8000-000000000000") is None


async def test_telnyx_that_is_down_is_said_so(orders, telnyx_api, port_in):
    telnyx_api.faults.down = "503"

    found = await orders.look_up("sr_b1a2c3")

    assert found.orders == ()
    assert Place.UNREACHED in found.looked_in


async def test_a_key_that_telnyx_refuses_is_said_so(orders, watch, telnyx_api, port_in):
    await watch()
    [seen] = (await orders.look_up(port_in)).orders
    telnyx_api.faults.unauthorized = True

    assert (await orders.look_up("sr_nobody")).looked_in[-1] is Place.LOCKED_OUT
    assert await orders.current(seen) == (seen, Place.LOCKED_OUT)
    assert (await orders.events(EventQuery())).failed is Place.LOCKED_OUT


async def test_empty_name_is_a_question_back(orders):
    with pytest.raises(UserError):
        await orders.look_up(" “” ")


async def test_current_order_is_as_telnyx_shows_it_now(orders, watch, telnyx_api, port_in):
    await watch()
    [seen] = (await orders.look_up(port_in)).orders
    telnyx_api.set_status(port_in, "exception", details=[("OTHER", "see comments")])

    current, _ = await orders.current(seen)

    assert (current.status, current.details[0].code) == ("exception", "OTHER")


async def test_deleted_order_is_shown_as_its_events_told_it(orders, watch, telnyx_api, port_in):
    await watch()
    [seen] = (await orders.look_up(port_in)).orders
    telnyx_api.delete(port_in)

    current, _ = await orders.current(seen)

    assert current.is_missing
    assert current.customer_reference == "ACME Dental"


async def test_current_order_is_the_known_one_when_telnyx_is_down(orders, watch, telnyx_api, port_in):
    await watch()
    [seen] = (await orders.look_up(port_in)).orders
    telnyx_api.faults.down = True

    assert await orders.current(seen) == (seen, Place.UNREACHED)


async def test_look_up_does_not_run_ahead_of_the_events(orders, watch, telnyx_api, port_in):
    telnyx_api.set_status(port_in, "exception")
    await orders.look_up("ACME Dental")

    async with orders.database.reading() as tx:
        assert await known_orders.find(tx, [(Source.PORT_IN, port_in)]) == {}


async def test_what_is_no_id_is_no_event(orders, telnyx_api):
    assert await orders.event("../\ud800") is None
    assert telnyx_api.requests == []


async def test_newest_thousand_orders_are_looked_through(orders, telnyx_api):
    ids_made = [
        telnyx_api.add_port_in(
            reference=None, numbers=[], carrier="Onvoy", foc_requested=None, support_key=f"sr_{place:06}"
        )
        for place in range(300)
    ]
    for order_id in ids_made:
        telnyx_api.set_status(order_id, "in-process")

    found = await orders.look_up("sr_000000")

    assert ids(found) == [ids_made[0]]
    assert sum(seen.query.get("page[number]") == "2" for seen in telnyx_api.requests) == 1


async def test_nobody_waits_long_for_telnyx(orders, telnyx_api, port_in, monkeypatch):
    monkeypatch.setattr("bot.orders.search.BUDGET_S", 0.05)
    telnyx_api.faults.slow_s = 5

    assert Place.UNREACHED in (await orders.look_up("nobody")).looked_in
    with pytest.raises(TelnyxUnavailableError):
        await orders.event(port_in)


async def test_search_goes_no_further_than_the_newest_thousand(orders, telnyx_api, clock, monkeypatch):
    monkeypatch.setattr("bot.orders.search.NEWEST_PAGES", 1)
    for place in range(251):
        clock.forward(seconds=1)
        made = telnyx_api.add_port_in(
            reference=None, numbers=[], carrier="Onvoy", foc_requested=None, support_key=f"sr_{place:06}"
        )
        telnyx_api.set_status(made, "in-process")

    found = await orders.look_up("sr_000000")

    assert found.orders == ()
    assert found.looked_in[-1] is Place.NEWEST


async def test_number_beyond_the_fiftieth_is_found(orders, telnyx_api):
    numbers = [f"+1303555{number:04}" for number in range(120)]
    made = telnyx_api.add_port_in(reference=None, numbers=numbers, carrier="Onvoy", foc_requested=None)

    found = await orders.look_up("303-555-0119")

    assert ids(found) == [made]


async def test_only_some_large_orders_are_looked_into(orders, telnyx_api, monkeypatch):
    monkeypatch.setattr("bot.orders.search.MOST_LARGE", 1)
    telnyx_api.faults.strict = False
    numbers = [f"+1303555{number:04}" for number in range(120)]
    for _ in range(2):
        telnyx_api.add_port_in(reference=None, numbers=numbers, carrier="Onvoy", foc_requested=None)

    await orders.look_up("303-555-0119")

    asked = [seen for seen in telnyx_api.requests if seen.path.endswith("/porting_phone_numbers")]
    assert len(asked) == 1


async def test_many_orders_of_a_name_are_all_listed(orders, watch, telnyx_api):
    made = {
        telnyx_api.add_port_in(reference="ACME", numbers=[], carrier="Onvoy", foc_requested=None)
        for _ in range(34)
    }
    unseen = await orders.look_up("ACME")
    for order_id in made:
        telnyx_api.set_status(order_id, "in-process")
    await watch()
    seen = await orders.look_up("ACME")

    assert set(ids(unseen)) == set(ids(seen)) == made
    assert not any(found.has_more for found in (unseen, seen))


async def test_more_orders_than_are_listed_are_told_of(orders, telnyx_api, monkeypatch):
    monkeypatch.setattr("bot.orders.search.MOST_LISTED", 3)
    for _ in range(4):
        telnyx_api.add_port_in(reference="ACME", numbers=[], carrier="Onvoy", foc_requested=None)

    found = await orders.look_up("ACME")

    assert len(found.orders) == 3
    assert found.has_more


async def test_more_pages_than_the_first_are_told_of(orders, telnyx_api):
    for _ in range(251):
        telnyx_api.add_port_in(reference="ACME", numbers=[], carrier="Onvoy", foc_requested=None)

    found = await orders.look_up("ACME")

    assert len(found.orders) == 100
    assert found.has_more
