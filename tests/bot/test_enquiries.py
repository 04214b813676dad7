"""Questions about orders: asked in the background, few at a time, and again after a while."""

from datetime import timedelta

import pytest
import structlog

from bot.enquiries import AT_ONCE, FEW, Enquiries
from bot.frontier import Frontier
from bot.sandbox.telnyx.faults import NextFailure
from bot.telnyx.events import Source

MISSING = (Source.PORT_IN, "00000000-0000-4000-8000-000000000000")
WAIT = timedelta(seconds=120)


@pytest.fixture
async def enquiries(telnyx, clock):
    made = Enquiries(telnyx, Frontier(), clock, lambda: None)
    yield made
    await made.close()


def add(api, place=0):
    order_id = api.add_port_in(
        reference=f"ACME-{place}", numbers=["+13035550100"], carrier="Onvoy", foc_requested=None
    )
    return Source.PORT_IN, order_id


async def ask(enquiries, *keys):
    for key in keys:
        enquiries.want(key)
    enquiries.ask()
    await enquiries.settled()


def paths(api):
    return [seen.path.removeprefix("/v2") for seen in api.requests]


async def test_answer_is_there_until_it_is_used(enquiries, telnyx_api, clock):
    key = add(telnyx_api)
    await ask(enquiries, key)

    found = enquiries.answer(key, clock())
    enquiries.used([key])

    assert found.customer_reference == "ACME-0"
    assert enquiries.answer(key, clock()) is None


async def test_answer_of_before_is_no_answer(enquiries, telnyx_api, clock):
    key = add(telnyx_api)
    await ask(enquiries, key)

    assert enquiries.answer(key, clock() + timedelta(seconds=1)) is None


async def test_every_answer_is_told(telnyx, telnyx_api, clock):
    told = []
    enquiries = Enquiries(telnyx, Frontier(), clock, lambda: told.append(1))

    await ask(enquiries, add(telnyx_api), MISSING)

    assert len(told) == 2
    assert enquiries.answer(MISSING, clock()).is_missing


async def test_clock_that_is_set_back_puts_no_question_off(enquiries, telnyx_api, clock):
    key = add(telnyx_api)
    clock.forward(minutes=50)
    telnyx_api.faults.down = True
    await ask(enquiries, key)
    telnyx_api.faults.down = False
    clock.forward(minutes=-50)

    await ask(enquiries, key)

    assert enquiries.answer(key, clock())


async def test_question_under_way_is_not_asked_twice(enquiries, telnyx_api):
    key = add(telnyx_api)
    enquiries.want(key)
    enquiries.ask()

    await ask(enquiries, key)

    assert paths(telnyx_api) == [f"/porting_orders/{key[1]}"]


async def test_question_that_failed_is_asked_again_after_five_seconds(enquiries, telnyx_api, clock):
    key = add(telnyx_api)
    telnyx_api.faults.next_failures = [NextFailure("500")]
    asked = []
    for _ in range(3):
        await ask(enquiries, key)
        asked.append(len(telnyx_api.requests))
        clock.forward(seconds=3)

    assert asked == [1, 1, 2]
    assert enquiries.answer(key, clock() - WAIT)


async def test_many_orders_are_looked_for_in_the_lists_first(enquiries, telnyx_api, clock):
    keys = [add(telnyx_api, place) for place in range(FEW + 1)]

    await ask(enquiries, *keys, MISSING)

    assert all(enquiries.answer(key, clock()) for key in (*keys, MISSING))
    assert paths(telnyx_api).count("/porting_orders") == 1
    assert f"/porting_orders/{MISSING[1]}" in paths(telnyx_api)


async def test_lists_that_can_not_be_read_leave_the_orders_to_be_asked_for_singly(
    enquiries, telnyx_api, clock
):
    keys = [add(telnyx_api, place) for place in range(FEW + 1)]
    telnyx_api.faults.next_failures = [NextFailure("500", path="/porting_orders")]

    await ask(enquiries, *keys)

    assert all(enquiries.answer(key, clock()) for key in keys)


async def test_only_a_few_are_asked_for_at_the_same_time(enquiries, telnyx_api, telnyx, monkeypatch):
    under_way, most = [], []
    order = type(telnyx).order

    async def counted(*given):
        under_way.append(1)
        most.append(len(under_way))
        try:
            return await order(*given)
        finally:
            under_way.pop()

    monkeypatch.setattr(type(telnyx), "order", counted)
    await ask(enquiries, *(add(telnyx_api, place) for place in range(FEW)))

    assert max(most) == AT_ONCE


async def test_order_that_can_not_be_asked_for_is_given_up_in_the_end(enquiries, telnyx_api, clock):
    key = add(telnyx_api)
    telnyx_api.faults.next_failures = [NextFailure("500", path=f"/porting_orders/{key[1]}")] * 99
    await ask(enquiries, key, MISSING)
    at_first = enquiries.is_given_up(key, WAIT)
    clock.forward(seconds=120)
    await ask(enquiries, key, MISSING)

    assert (at_first, enquiries.is_given_up(key, WAIT)) == (False, True)


async def test_all_are_given_up_when_telnyx_has_told_nothing_for_long(enquiries, telnyx_api, clock):
    telnyx_api.faults.down = True
    await ask(enquiries, add(telnyx_api))
    clock.forward(seconds=120)

    assert enquiries.is_given_up(add(telnyx_api, 1), WAIT)
    telnyx_api.faults.down = False
    await ask(enquiries, add(telnyx_api, 2))
    assert not enquiries.is_given_up(add(telnyx_api, 3), WAIT)


async def test_there_are_only_so_many_questions_at_a_time(enquiries, telnyx_api, clock, monkeypatch):
    monkeypatch.setattr("bot.enquiries.MOST", 2)
    keys = [add(telnyx_api, place) for place in range(3)]

    await ask(enquiries, *keys)
    first = [key for key in keys if enquiries.answer(key, clock())]
    await ask(enquiries, *keys[2:])

    assert first == keys[:2]
    assert enquiries.answer(keys[2], clock())


async def test_what_nobody_wants_any_more_is_forgotten(enquiries, telnyx_api, clock):
    key, other = add(telnyx_api), add(telnyx_api, 1)
    telnyx_api.faults.next_failures = [NextFailure("500", path=f"/porting_orders/{key[1]}")]
    await ask(enquiries, key, other)
    clock.forward(minutes=11)

    enquiries.ask()

    assert not enquiries._questions
    assert not enquiries._answers


async def test_trouble_is_told_once_in_ten_minutes(enquiries, telnyx_api, clock):
    key = add(telnyx_api)
    telnyx_api.faults.down = True
    with structlog.testing.capture_logs() as logs:
        for _ in range(100):
            await ask(enquiries, key)
            clock.forward(seconds=6)

    assert [entry["event"] for entry in logs] == ["an order can't be asked for just now"]


async def test_order_that_we_trip_over_is_logged_and_asked_for_again(
    enquiries, telnyx_api, clock, monkeypatch
):
    key, fetched = add(telnyx_api), []

    async def stumbling(*_):
        fetched.append(1)
        raise RecursionError

    monkeypatch.setattr("bot.enquiries.fetch_order", stumbling)
    with structlog.testing.capture_logs() as logs:
        await ask(enquiries, key)
        clock.forward(seconds=5)
        await ask(enquiries, key)

    assert len(fetched) == 2
    assert "an order could not be read" in [entry["event"] for entry in logs]


async def test_end_leaves_no_question_open(telnyx, telnyx_api, clock):
    telnyx_api.faults.slow_s = 60
    enquiries = Enquiries(telnyx, Frontier(), clock, lambda: None)
    enquiries.want(add(telnyx_api))
    enquiries.ask()

    await enquiries.close()

    assert not enquiries._under_way
