"""What Telnyx tells of orders that are known by their id."""

import pytest

from bot.orders.facts import fetch_listed, fetch_order
from bot.sandbox.telnyx.faults import NextFailure
from bot.telnyx.errors import TelnyxUnavailableError
from bot.telnyx.events import Source


def add(api, place=0, numbers=("+13035550100",)):
    return api.add_port_in(
        reference=f"ACME-{place}", numbers=list(numbers), carrier="Onvoy", foc_requested=None
    )


def paths(api):
    return [seen.path for seen in api.requests]


async def test_order_of_either_list_is_fetched_by_its_id(telnyx, telnyx_api):
    out = telnyx_api.add_port_out(numbers=["+13035550199"], carrier="Bandwidth", spid="987H")

    port_in = await fetch_order(telnyx, (Source.PORT_IN, add(telnyx_api)))
    port_out = await fetch_order(telnyx, (Source.PORT_OUT, out))

    assert port_in.customer_reference == "ACME-0"
    assert (port_out.carrier, port_out.spid) == ("Bandwidth", "987H")
    assert port_in.facts_are_known
    assert port_out.facts_are_known


async def test_unknown_order_is_an_answer(telnyx, telnyx_api):
    found = await fetch_order(telnyx, (Source.PORT_IN, "00000000-0000-4000-8000-000000000000"))

    assert found.is_missing
    assert found.facts_are_known


async def test_order_that_can_not_be_shown_is_trouble(telnyx, telnyx_api):
    telnyx_api.faults.down = "503"

    with pytest.raises(TelnyxUnavailableError):
        await fetch_order(telnyx, (Source.PORT_IN, add(telnyx_api)))


async def test_numbers_beyond_the_first_fifty_are_fetched_too(telnyx, telnyx_api):
    numbers = [f"+1303555{place:04}" for place in range(600)]

    found = await fetch_order(telnyx, (Source.PORT_IN, add(telnyx_api, numbers=numbers)))

    assert sorted(found.numbers) == numbers


async def test_order_whose_numbers_can_not_be_listed_is_kept_with_those_that_it_shows(telnyx, telnyx_api):
    numbers = [f"+1303555{place:04}" for place in range(60)]
    telnyx_api.faults.next_failures = [NextFailure("403", path="/porting_phone_numbers")]

    found = await fetch_order(telnyx, (Source.PORT_IN, add(telnyx_api, numbers=numbers)))

    assert (found.carrier, len(found.numbers), found.numbers_count) == ("Onvoy", 50, 60)


async def test_many_orders_are_read_from_the_list(telnyx, telnyx_api):
    keys = [(Source.PORT_IN, add(telnyx_api, place)) for place in range(300)]

    found = await fetch_listed(telnyx, keys)

    assert set(found) == set(keys)
    assert paths(telnyx_api) == ["/v2/porting_orders"] * 2


async def test_order_that_the_list_shows_without_all_its_numbers_is_not_taken_from_it(telnyx, telnyx_api):
    numbers = [f"+1303555{place:04}" for place in range(60)]
    key = (Source.PORT_IN, add(telnyx_api, numbers=numbers))

    assert await fetch_listed(telnyx, [key]) == {}


async def test_list_stops_where_telnyx_ends_it(telnyx, telnyx_api):
    unknown = [(Source.PORT_OUT, f"00000000-0000-4000-8000-{place:012}") for place in range(9)]

    assert await fetch_listed(telnyx, unknown) == {}
    assert paths(telnyx_api) == ["/v2/portouts"]


@pytest.mark.parametrize(("wanted", "pages"), [(1, 4), (300, 6)])
async def test_list_is_read_on_only_while_that_is_worth_it(telnyx, telnyx_api, clock, wanted, pages):
    keys = []
    for place in range(1500):
        key = (Source.PORT_IN, add(telnyx_api, place))
        keys += [key] if place % (1500 // wanted) == 0 else []
        clock.forward(seconds=1)

    found = await fetch_listed(telnyx, keys[:1] if wanted == 1 else keys)

    assert len(found) == (0 if wanted == 1 else wanted)
    assert len(paths(telnyx_api)) == pages


async def test_secrets_of_orders_stay_outside(telnyx, telnyx_api):
    assert "CANARY" not in repr(await fetch_order(telnyx, (Source.PORT_IN, add(telnyx_api))))
