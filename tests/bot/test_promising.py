"""The fan-out: each event is promised once, and nothing waits for what it does not need."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from bot import known_orders
from bot.leases import LeaseLostError
from bot.sandbox.telnyx.faults import NextFailure
from bot.telnyx.events import Source
from bot.telnyx.pages import ListedEvent
from storage import events, fan_out, promises, subscriptions
from storage.errors import StorageError
from tests.way_in import way_in


@pytest.fixture
async def bench(database, telnyx, metrics, clock):
    return await way_in(database, telnyx, metrics, clock)


def order(api, **facts):
    given = {"reference": "ACME", "numbers": ["+13035550101"], "carrier": "Onvoy", "foc_requested": None}
    return api.add_port_in(**(given | facts))


async def poll(bench):
    bench.clock.forward(seconds=1)
    for source in Source:
        await bench.poller.poll(source)


async def promised(database, channel_id="C1"):
    """The ids of the events that the channel is owed, as it sees them."""
    async with database.reading() as tx:
        owed = [promise for ask in (promises.oldest,) for promise in await ask(tx, channel_id, 9999)]
        if critical := await promises.first_critical(tx, channel_id):
            owed.append(critical)
        found = await events.by_keys(tx, [promise.event_key for promise in owed])
    return [found[promise.event_key].event_id for promise in owed]


async def found_out(database, event_id):
    """The event's row after its fan-out."""
    async with database.reading() as tx:
        [row] = await events.find(tx, event_id, "port_in")
    return row


def asked_orders(api):
    return [seen.path for seen in api.requests if "events" not in seen.path]


async def test_event_is_promised_once_to_each_channel_that_follows_it(bench, telnyx_api, database):
    for channel in ("C1", "C2"):
        await bench.follow(channel_id=channel)
    await bench.follow("kind:out", channel_id="C3")
    event_id = telnyx_api.set_status(order(telnyx_api), "in-process")

    made = [await bench.take_in(), await bench.take_in()]

    assert made == [2, 0]
    assert [await promised(database, channel) for channel in ("C1", "C2", "C3")] == [
        [event_id],
        [event_id],
        [],
    ]


async def test_what_was_there_before_the_first_start_is_promised_to_nobody(
    bench, telnyx_api, database, clock
):
    await bench.follow()
    old = clock() - timedelta(minutes=5)
    telnyx_api.set_status(order(telnyx_api, created_at=old), "in-process", created_at=old)

    assert await bench.take_in() == 0
    assert await promised(database) == []
    async with database.reading() as tx:
        assert await fan_out.to_fan_out(tx, 9) == []


async def test_event_waits_for_its_payload_and_younger_ones_of_its_order_wait_too(
    bench, telnyx_api, database, clock
):
    await bench.follow()
    order_id, other = order(telnyx_api), order(telnyx_api)
    late = telnyx_api.set_status(order_id, "in-process", payload_after=timedelta(seconds=60))
    clock.forward(seconds=1)
    younger, free = telnyx_api.comment(order_id, "younger"), telnyx_api.comment(other, "another order")

    await bench.take_in()
    first = await promised(database)
    clock.forward(seconds=61)
    await bench.take_in()

    owed = await promised(database)
    assert first == [free]
    assert owed.index(late) < owed.index(younger)


async def test_younger_event_waits_while_the_list_is_read_that_may_hold_an_older_one(
    bench, telnyx_api, database, clock
):
    await bench.follow()
    order_id = order(telnyx_api)
    ids = []
    for number in range(600):
        ids.append(telnyx_api.comment(order_id, f"number {number}", author="user"))
        clock.forward(seconds=2)
    keep, seen = type(bench.poller.intake).store, []

    async def and_fan_out(self, *given, **named):
        await keep(self, *given, **named)
        await bench.promising.fan_out()
        seen.append(len(await promised(database)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(bench.poller.intake), "store", and_fan_out)
        await poll(bench)
    await bench.fan_out()

    assert seen[:3] == [0, 0, 0]
    assert await promised(database) == ids


async def test_payload_that_never_comes_is_waited_for_only_so_long(bench, telnyx_api, clock):
    await bench.follow()
    telnyx_api.set_status(order(telnyx_api), "in-process", payload_after=timedelta(hours=5))

    before = await bench.take_in()
    clock.forward(seconds=121)

    assert (before, await bench.fan_out()) == (0, 1)


async def test_late_payload_hurries_its_event_where_it_tells_of_trouble_and_no_other(
    bench, telnyx_api, database, clock
):
    await bench.follow()
    late = timedelta(minutes=30)
    bad = telnyx_api.set_status(order(telnyx_api), "exception", payload_after=late)
    clock.forward(seconds=1)
    fine = telnyx_api.set_status(order(telnyx_api), "in-process", payload_after=late)
    await bench.take_in()
    clock.forward(seconds=121)
    await bench.fan_out()
    unhurried = await promised(database)
    clock.forward(minutes=30)

    await bench.take_in()

    assert unhurried == [bad, fine]
    assert await promised(database) == [fine, bad]  # the critical one is told last


async def test_payload_is_not_waited_for_until_a_clock_that_was_set_back_comes_so_far_again(
    bench, telnyx_api, clock
):
    await bench.follow()
    telnyx_api.set_status(order(telnyx_api), "in-process", payload_after=timedelta(hours=5))
    clock.forward(minutes=50)
    before = await bench.take_in()
    clock.forward(minutes=-50)

    clock.forward(seconds=121)

    assert (before, await bench.fan_out()) == (0, 1)


async def test_facts_are_not_asked_for_without_end_after_the_clock_was_set_back(
    bench, telnyx_api, database, clock
):
    await bench.follow("carrier:Onvoy")
    event_id = telnyx_api.set_status(order(telnyx_api), "in-process")
    clock.forward(minutes=50)
    for source in Source:
        await bench.poller.poll(source)
    clock.forward(minutes=-50)

    await bench.fan_out()

    assert await promised(database) == [event_id]


@pytest.mark.parametrize("payload_after", [timedelta(0), timedelta(hours=5)])
async def test_nothing_is_waited_for_while_our_clock_is_set_back_behind_telnyxs(
    bench, telnyx_api, clock, payload_after
):
    await bench.follow()
    clock.forward(minutes=50)
    telnyx_api.set_status(order(telnyx_api), "in-process", payload_after=payload_after)
    clock.forward(minutes=50)
    for source in Source:
        await bench.poller.poll(source)
    clock.forward(minutes=-100)

    assert await bench.fan_out() == 1


async def test_payload_that_comes_during_the_fan_out_keeps_its_order(
    bench, telnyx_api, database, clock, monkeypatch
):
    await bench.follow()
    order_id = order(telnyx_api)
    late = telnyx_api.set_status(order_id, "in-process", payload_after=timedelta(seconds=121))
    clock.forward(seconds=1)
    younger = telnyx_api.comment(order_id, "younger")
    await poll(bench)
    clock.forward(seconds=121)
    payloads, came = fan_out.payloads, []

    async def meanwhile(tx, keys):
        return await payloads(tx, keys) if came else dict.fromkeys(keys, "{}")

    monkeypatch.setattr(fan_out, "payloads", meanwhile)
    await bench.promising.fan_out()
    during = await promised(database)
    came.append(True)
    await bench.take_in()

    assert during == []
    assert await promised(database) == [late, younger]


async def test_event_without_an_order_waits_for_its_payload_alone(bench, telnyx_api, database, clock):
    await bench.follow()
    late = telnyx_api.set_status(order(telnyx_api), "in-process", payload_after=timedelta(seconds=60))
    row = telnyx_api.find_event(late)
    telnyx_api.remove_event(late)
    telnyx_api.add_event("port_in", row | {"porting_order_id": None, "payload": None})
    free = telnyx_api.comment(order(telnyx_api), "of an order")

    await bench.take_in()
    first = await promised(database)
    clock.forward(seconds=121)
    await bench.take_in()

    assert first == [free]
    assert set(await promised(database)) == {free, late}


@pytest.mark.parametrize("half", [{}, {"id": "o1"}, {"status": None}])
async def test_payload_that_lacks_what_it_is_about_is_waited_for(bench, telnyx_api, database, clock, half):
    await bench.follow("status:exception")
    event_id = telnyx_api.set_status(order(telnyx_api), "exception")
    whole = telnyx_api.find_event(event_id)
    later = (clock() + timedelta(minutes=1)).isoformat()
    telnyx_api.remove_event(event_id)
    telnyx_api.add_event("port_in", whole | {"payload": half, "payload_status": "created"})

    early = await bench.take_in()
    telnyx_api.remove_event(event_id)
    telnyx_api.add_event("port_in", whole | {"updated_at": later})
    await bench.take_in()

    assert early == 0
    assert await promised(database) == [event_id]


async def test_whole_payload_that_is_not_called_completed_is_promised_at_once(bench, telnyx_api):
    await bench.follow("status:exception")
    event_id = telnyx_api.set_status(order(telnyx_api), "exception")
    early = telnyx_api.find_event(event_id) | {"payload_status": "created"}
    telnyx_api.remove_event(event_id)
    telnyx_api.add_event("port_in", early)

    assert await bench.take_in() == 1


async def test_payload_that_changed_while_it_was_made_is_matched_again(bench, telnyx_api, database, clock):
    await bench.follow("status:exception")
    event_id = telnyx_api.set_status(order(telnyx_api), "submitted")
    whole = telnyx_api.find_event(event_id)
    telnyx_api.remove_event(event_id)
    telnyx_api.add_event("port_in", whole | {"payload_status": "created"})
    early = await bench.take_in()
    payload = whole["payload"] | {"status": {"value": "exception", "details": []}}
    later = (clock() + timedelta(minutes=1)).isoformat()
    telnyx_api.remove_event(event_id)
    telnyx_api.add_event("port_in", whole | {"payload": payload, "updated_at": later})

    await bench.take_in()

    assert early == 0
    assert await promised(database) == [event_id]


@pytest.mark.parametrize("odd", [True, -1, 10**30, "12", [3]])
async def test_order_with_an_odd_number_of_numbers_stops_nothing(bench, telnyx_api, database, odd):
    await bench.follow()
    order_id = order(telnyx_api)
    telnyx_api.faults.odd_order = {"porting_phone_numbers_count": odd}
    ids = [telnyx_api.set_status(order_id, "in-process"), telnyx_api.comment(order(telnyx_api), "fine")]

    await bench.take_in()
    ids.append(telnyx_api.set_status(order_id, "submitted"))
    await bench.take_in()

    assert sorted(await promised(database)) == sorted(ids)


async def test_event_dated_far_ahead_does_not_freeze_its_order(bench, telnyx_api, database, clock):
    await bench.follow()
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "submitted", created_at=clock() + timedelta(days=3000))
    await bench.take_in()
    clock.forward(minutes=1)
    telnyx_api.set_status(order_id, "exception")
    await bench.take_in()

    async with database.reading() as tx:
        kept = (await known_orders.find(tx, [(Source.PORT_IN, order_id)])).popitem()[1]
    assert kept.status == "exception"


async def test_filter_fact_is_asked_for_before_matching(bench, telnyx_api, database):
    await bench.follow("carrier:Onvoy")
    telnyx_api.set_status(order(telnyx_api, carrier="Lumen"), "in-process")
    meant = telnyx_api.set_status(order(telnyx_api, carrier="Onvoy"), "in-process")

    await bench.take_in()

    assert await promised(database) == [meant]


async def test_filter_fact_that_can_not_be_asked_for_counts_as_a_match_in_the_end(bench, telnyx_api, clock):
    await bench.follow("carrier:Onvoy")
    telnyx_api.set_status(order(telnyx_api, carrier="Lumen"), "in-process")
    await poll(bench)
    telnyx_api.faults.down = True

    waiting = await bench.fan_out()
    clock.forward(seconds=121)

    assert (waiting, await bench.fan_out()) == (0, 1)


async def test_fact_that_came_into_being_later_is_seen_by_later_events(bench, telnyx_api, database, clock):
    await bench.follow("carrier:Onvoy")
    order_id = order(telnyx_api, carrier="")
    telnyx_api.set_status(order_id, "draft")
    await bench.take_in()
    clock.forward(hours=1)
    telnyx_api.port_ins[order_id].carrier = "Onvoy"
    later = telnyx_api.set_status(order_id, "submitted")

    await bench.take_in()

    assert await promised(database) == [later]


async def test_order_that_was_missing_once_is_asked_for_again(bench, telnyx_api, database, clock):
    await bench.follow("carrier:Onvoy")
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "in-process")
    telnyx_api.faults.next_failures = [NextFailure("404", path="/porting_orders/")]
    await bench.take_in()
    clock.forward(hours=1)
    later = telnyx_api.set_status(order_id, "submitted")

    await bench.take_in()

    assert await promised(database) == [later]


async def test_fact_that_is_known_is_not_asked_for_again(bench, telnyx_api, clock):
    await bench.follow("carrier:Onvoy")
    order_id = order(telnyx_api)
    for status in ("in-process", "submitted"):
        telnyx_api.set_status(order_id, status)
        await bench.take_in()
        clock.forward(hours=1)

    assert asked_orders(telnyx_api) == [f"/v2/porting_orders/{order_id}"]


async def test_one_order_that_can_not_be_asked_for_keeps_nothing_else_waiting(
    bench, telnyx_api, database, clock
):
    await bench.follow("ref:X*")
    await bench.follow("kind:out", channel_id="C2")
    bad = order(telnyx_api, reference="X1")
    telnyx_api.set_status(bad, "in-process")
    good = telnyx_api.set_status(order(telnyx_api, reference="X2"), "in-process")
    out = telnyx_api.add_port_out(numbers=["+13035550199"], carrier="Lumen", spid="073H")
    telnyx_api.faults.next_failures = [NextFailure("500", path=f"/porting_orders/{bad}")] * 99

    await bench.take_in()

    assert await promised(database) == [good]
    assert await promised(database, "C2") != []
    assert out
    clock.forward(seconds=121)
    await bench.fan_out()
    assert len(await promised(database)) == 2


async def test_older_event_is_not_kept_waiting_by_the_younger_ones_of_its_order(
    bench, telnyx_api, database, clock
):
    await bench.follow("carrier:Onvoy")
    order_id, ids = order(telnyx_api), []
    telnyx_api.faults.next_failures = [NextFailure("500", path="/porting_orders/")] * 9999
    for minute in range(6):
        ids.append(telnyx_api.comment(order_id, f"minute {minute}"))
        await bench.take_in()
        clock.forward(seconds=59)

    assert (await promised(database))[:3] == ids[:3]


@pytest.mark.parametrize(
    ("before", "status", "severity"),
    [
        ("foc-date-confirmed", "submitted", "critical"),
        ("cancel-pending", "cancelled", "info"),
        ("submitted", "cancelled", "critical"),
    ],
)
async def test_status_is_weighed_by_the_one_before_our_watch_began(
    database, telnyx, metrics, clock, telnyx_api, before, status, severity
):
    old = clock() - timedelta(days=5)
    order_id = order(telnyx_api, created_at=old)
    telnyx_api.set_status(order_id, "in-process", created_at=old)
    telnyx_api.set_status(order_id, before, created_at=old + timedelta(days=1))
    bench = await way_in(database, telnyx, metrics, clock)
    await bench.follow()
    clock.forward(seconds=1)
    event_id = telnyx_api.set_status(order_id, status)

    await bench.take_in()

    row = await found_out(database, event_id)
    assert (row.status_before, row.severity) == (before, severity)


@pytest.mark.parametrize("filters", ["kind:out", "severity:warning"])
async def test_what_nobody_follows_is_asked_for_by_nobody(bench, telnyx_api, filters):
    await bench.follow(filters)
    telnyx_api.set_status(order(telnyx_api), "in-process")

    await bench.take_in()

    assert asked_orders(telnyx_api) == []


async def test_message_waits_for_the_orders_facts_only_a_moment(bench, telnyx_api, clock):
    await bench.follow()
    telnyx_api.set_status(order(telnyx_api), "in-process")
    await poll(bench)

    while_asked = await bench.promising.fan_out()
    clock.forward(seconds=2)
    after_two_seconds = await bench.promising.fan_out()
    await bench.enquiries.settled()

    assert (while_asked, after_two_seconds) == (0, 1)


async def test_message_does_not_wait_for_facts_while_telnyx_tells_none(bench, telnyx_api):
    await bench.follow()
    telnyx_api.set_status(order(telnyx_api), "in-process")
    await poll(bench)
    telnyx_api.faults.down = True

    assert await bench.fan_out() == 1


async def test_foc_that_did_not_move_is_no_warning(bench, telnyx_api, database, clock):
    await bench.follow("severity:warning")
    order_id, date = order(telnyx_api), clock() + timedelta(days=2)
    for _ in range(2):
        telnyx_api.set_status(order_id, "foc-date-confirmed", foc=date)
        await bench.take_in()
        clock.forward(minutes=5)

    assert await promised(database) == []


async def test_foc_that_telnyx_can_not_tell_in_time_is_no_warning_where_none_is_asked_for(
    bench, telnyx_api, database, clock
):
    await bench.follow()
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "foc-date-confirmed", foc=clock() + timedelta(days=2))
    await bench.take_in()
    clock.forward(seconds=30)
    event_id = telnyx_api.set_status(order_id, "foc-date-confirmed", foc=clock() + timedelta(days=2))
    await poll(bench)
    telnyx_api.faults.down = True
    clock.forward(seconds=121)
    await bench.fan_out()

    assert (await found_out(database, event_id)).severity == "info"


async def test_dates_that_a_confirmation_moved_are_kept_with_it(bench, telnyx_api, database, clock):
    await bench.follow()
    order_id, dates = order(telnyx_api), [clock() + timedelta(days=days) for days in (2, 5)]
    for date in dates:
        event_id = telnyx_api.set_status(order_id, "foc-date-confirmed", foc=date)
        await bench.take_in()
        clock.forward(minutes=10)

    told = await found_out(database, event_id)
    assert [told.foc_before, told.foc_after] == dates


async def test_foc_that_telnyx_can_not_tell_in_time_counts_as_moved(bench, telnyx_api, clock):
    await bench.follow("severity:warning")
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "foc-date-confirmed", foc=clock() + timedelta(days=2))
    await bench.take_in()
    clock.forward(seconds=30)
    telnyx_api.set_status(order_id, "foc-date-confirmed", foc=clock() + timedelta(days=2))
    await poll(bench)
    telnyx_api.faults.down = True

    waiting = await bench.fan_out()
    clock.forward(seconds=121)

    assert (waiting, await bench.fan_out()) == (0, 1)


async def test_subscription_made_during_a_fan_out_gets_what_is_promised_after_it(
    bench, telnyx_api, database, monkeypatch
):
    telnyx_api.set_status(order(telnyx_api), "in-process")
    await poll(bench)
    version, seen = subscriptions.version, []

    async def following(tx):
        if not seen:
            seen.append(await version(tx))
            await asyncio.create_task(bench.follow())  # as somebody else does it
            return seen[0]
        return await version(tx)

    monkeypatch.setattr(subscriptions, "version", following)
    await bench.fan_out()

    assert len(await promised(database)) == 1


async def test_many_promises_are_made_in_several_transactions(bench, telnyx_api, database, monkeypatch):
    monkeypatch.setattr("bot.promising.MOST_PROMISES", 3)
    for number in range(3):
        await bench.follow(channel_id=f"C{number}")
    ids = [telnyx_api.comment(order(telnyx_api), f"number {number}") for number in range(5)]
    made, make = [], promises.make

    async def counted(tx, owed):
        made.append(len(owed))
        await make(tx, owed)

    monkeypatch.setattr(promises, "make", counted)
    assert await bench.take_in() == 15

    assert [count for count in made if count] == [3] * 5
    assert sorted(await promised(database)) == sorted(ids)


def one_behind_those_that_wait(api, clock, *, waiting):
    """The id of an event that is ready, behind so many others whose payloads are hours away."""
    for _ in range(waiting):
        api.set_status(order(api), "in-process", payload_after=timedelta(hours=5))
        clock.forward(seconds=1)
    return api.comment(order(api), "behind them")


async def test_held_events_are_looked_through_only_so_far(bench, telnyx_api, clock, monkeypatch):
    monkeypatch.setattr("bot.promising.BATCH", 2)
    monkeypatch.setattr("bot.promising.MOST_HELD", 3)
    await bench.follow()
    one_behind_those_that_wait(telnyx_api, clock, waiting=6)
    await poll(bench)

    made = await bench.fan_out()
    clock.forward(seconds=121)

    assert (made, await bench.fan_out()) == (0, 7)


async def test_what_is_ready_is_found_behind_however_many_that_wait(
    bench, telnyx_api, database, clock, monkeypatch
):
    monkeypatch.setattr("bot.promising.BATCH", 2)
    await bench.follow()
    ready = one_behind_those_that_wait(telnyx_api, clock, waiting=5)

    assert await bench.take_in() == 1
    assert await promised(database) == [ready]


async def test_database_trouble_is_told_and_not_taken_for_a_bad_event(bench, telnyx_api, monkeypatch):
    telnyx_api.comment(order(telnyx_api), "hello")
    await poll(bench)

    async def full(*_):
        raise StorageError("disk full")

    monkeypatch.setattr(fan_out, "note_fan_out", full)
    with pytest.raises(StorageError):
        await bench.promising.fan_out()


async def test_row_that_we_trip_over_while_reading_stops_no_other_and_is_told_once(
    bench, telnyx_api, monkeypatch, database
):
    order_id = order(telnyx_api)
    bad, good = telnyx_api.comment(order_id, "bad"), telnyx_api.comment(order_id, "good")
    to_event = ListedEvent.to_event

    def stumbling(self, now):
        if self.event_id == bad:
            raise RecursionError
        return to_event(self, now)

    monkeypatch.setattr(ListedEvent, "to_event", stumbling)
    with structlog.testing.capture_logs() as logs:
        await poll(bench)
        await poll(bench)

    async with database.reading() as tx:
        assert await events.find(tx, good, "port_in")
        assert not await events.find(tx, bad, "port_in")
    assert [entry["event_id"] for entry in logs] == [bad]


async def test_event_that_says_more_later_is_renewed(bench, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    event_id = telnyx_api.set_status(order_id, "in-process")
    await poll(bench)
    newer = (clock() + timedelta(seconds=1)).isoformat()
    more = {"available_notification_methods": ["email"], "updated_at": newer}
    event = telnyx_api.find_event(event_id) | more
    telnyx_api.remove_event(event_id)
    telnyx_api.add_event("port_in", event)

    await poll(bench)

    async with database.reading() as tx:
        [row] = await events.find(tx, event_id, "port_in")
    assert row.methods == "email"


async def test_no_secret_is_stored(bench, telnyx_api, tmp_path, clock):
    await bench.follow()
    clock.forward(seconds=5)
    telnyx_api.add_port_out(numbers=["+13035550101"], carrier="Lumen", spid="073H")
    telnyx_api.set_status(order(telnyx_api), "in-process")

    await bench.take_in()

    held = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    assert b"Lumen" in held
    assert b"CANARY" not in held


@pytest.mark.parametrize("engine", ["postgres"])
async def test_who_reads_no_list_promises_nothing(bench, telnyx_api, database):
    await bench.follow()
    telnyx_api.set_status(order(telnyx_api), "in-process")
    await poll(bench)
    await bench.promising.leases.release()

    assert await bench.promising.fan_out() is None
    assert await promised(database) == []


@pytest.mark.parametrize("engine", ["postgres"])
async def test_who_reads_one_list_promises_its_events_alone(bench, telnyx_api, database):
    await bench.follow()
    bench.clock.forward(seconds=1)
    event = telnyx_api.set_status(order(telnyx_api), "in-process")
    telnyx_api.add_port_out(numbers=["+13125550177"], carrier="Bandwidth", spid="981E")
    await poll(bench)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DELETE FROM lease WHERE name = 'list:port_out'")
    del bench.promising.leases._held["list:port_out"]

    await bench.fan_out()

    assert await promised(database) == [event]


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_reader_that_was_replaced_promises_nothing(bench, telnyx_api, database):
    await bench.follow()
    telnyx_api.set_status(order(telnyx_api), "in-process")
    await poll(bench)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE lease SET holder = 'another', token = token + 1")

    with pytest.raises(LeaseLostError):
        await bench.fan_out()

    assert await promised(database) == []
