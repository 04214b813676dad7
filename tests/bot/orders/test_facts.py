"""Facts asked of Telnyx within a budget."""

import pytest

from bot.sandbox.telnyx.faults import NextFailure
from bot.telnyx.events import Source


def add(api, place=0, numbers=("+13035550100",)):
    return api.add_port_in(
        reference=f"ACME-{place}", numbers=list(numbers), carrier="Onvoy", foc_requested=None
    )


def paths(api):
    return [seen.path for seen in api.requests]


async def test_few_orders_are_asked_for_one_by_one(orders, telnyx_api):
    port_in = (Source.PORT_IN, add(telnyx_api))
    port_out = (
        Source.PORT_OUT,
        telnyx_api.add_port_out(numbers=["+13035550199"], carrier="Bandwidth", spid="987H"),
    )

    facts = await orders.facts([port_in, port_out], budget_s=5)

    assert facts[port_in].customer_reference == "ACME-0"
    assert (facts[port_out].carrier, facts[port_out].spid) == ("Bandwidth", "987H")
    assert all(order.facts_are_known for order in facts.values())
    assert len(paths(telnyx_api)) == 2


async def test_many_orders_are_read_from_the_list(orders, telnyx_api):
    keys = [(Source.PORT_IN, add(telnyx_api, place)) for place in range(30)]

    facts = await orders.facts(keys, budget_s=5)

    assert set(facts) == set(keys)
    assert paths(telnyx_api) == ["/v2/porting_orders"]


async def test_what_the_list_does_not_show_is_asked_for_singly(orders, telnyx_api):
    keys = [(Source.PORT_IN, add(telnyx_api, place)) for place in range(12)]
    gone = (Source.PORT_IN, add(telnyx_api))
    telnyx_api.delete(gone[1])

    facts = await orders.facts([*keys, gone], budget_s=5)

    assert set(facts) == {*keys, gone}
    assert facts[gone].is_missing
    assert paths(telnyx_api).count("/v2/porting_orders") == 1


async def test_unknown_order_is_an_answer(orders, telnyx_api):
    key = (Source.PORT_IN, "00000000-0000-4000-8000-000000000000")

    facts = await orders.facts([key], budget_s=5)

    assert facts[key].is_missing
    assert facts[key].facts_are_known


@pytest.mark.parametrize("count", [1, 12])
async def test_what_could_not_be_asked_is_left_out(orders, telnyx_api, count):
    keys = [(Source.PORT_IN, add(telnyx_api, place)) for place in range(count)]
    telnyx_api.faults.down = "503"

    assert await orders.facts(keys, budget_s=5) == {}


async def test_end_of_the_budget_keeps_what_was_found(orders, telnyx_api):
    keys = [(Source.PORT_IN, add(telnyx_api, place)) for place in range(2)]
    telnyx_api.faults.slow_s = 5

    assert await orders.facts(keys, budget_s=0.05) == {}


async def test_trouble_of_a_moment_is_outlasted(orders, telnyx_api, clock):
    key = (Source.PORT_IN, add(telnyx_api))
    telnyx_api.faults.next_failures += [NextFailure("500"), NextFailure("cut_json")]

    assert key in await orders.facts([key], budget_s=5)
    assert len(clock.slept) == 2


@pytest.mark.parametrize("others", [0, 12])
async def test_numbers_beyond_the_first_fifty_are_fetched_too(orders, telnyx_api, others):
    numbers = [f"+1303555{place:04}" for place in range(600)]
    keys = [(Source.PORT_IN, add(telnyx_api, numbers=numbers))]
    keys += [(Source.PORT_IN, add(telnyx_api, place)) for place in range(others)]

    facts = await orders.facts(keys, budget_s=10)

    assert sorted(facts[keys[0]].numbers) == numbers
    assert len(facts) == len(keys)


async def test_secrets_of_orders_stay_outside(orders, telnyx_api):
    key = (Source.PORT_IN, add(telnyx_api))

    facts = await orders.facts([key], budget_s=5)

    assert "CANARY" not in repr(facts)


async def test_list_is_read_on_until_everything_is_found(orders, telnyx_api):
    keys = [(Source.PORT_IN, add(telnyx_api, place)) for place in range(300)]

    facts = await orders.facts(keys, budget_s=10)

    assert set(facts) == set(keys)
    assert paths(telnyx_api) == ["/v2/porting_orders"] * 2


async def test_list_stops_where_telnyx_ends_it(orders, telnyx_api):
    unknown = [(Source.PORT_OUT, f"00000000-0000-4000-8000-{place:012}") for place in range(9)]

    facts = await orders.facts(unknown, budget_s=10)

    assert all(order.is_missing for order in facts.values())
    assert paths(telnyx_api).count("/v2/portouts") == 1
