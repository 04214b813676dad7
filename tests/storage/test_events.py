"""Events in our tables: each once, in the order that channels see."""

from sqlalchemy import event as hooks

from storage import deliveries, event_history, events, fan_out, promises
from storage.events import Known
from storage.fan_out import FannedOut
from tests.storage.rows import NOW, at, message, new_event, promise

BOTH = ("port_in", "port_out")


async def stored(database, *rows, source="port_in"):
    async with database.transaction() as tx:
        await events.store(tx, source, rows, NOW)


async def fanned_out(database, *keys):
    found = [
        FannedOut(key=k, status_before=None, foc_before=None, foc_after=None, severity="info") for k in keys
    ]
    async with database.transaction() as tx:
        await fan_out.note_fan_out(tx, found, NOW)


async def ids(reading):
    return [row.event_id for row in await reading]


async def test_event_stored_twice_is_there_once_as_it_was_first(database):
    await stored(database, new_event("e1", order_id="first"))
    async with database.transaction() as tx:
        new = await events.store(tx, "port_in", [new_event("e1", order_id="second"), new_event("e2")], at(9))

    async with database.reading() as tx:
        [row] = await events.find(tx, "e1", "port_in")
    assert new == 1
    assert (row.order_id, row.first_seen_at) == ("first", NOW)


async def test_same_id_in_both_lists_is_two_events(database):
    await stored(database, new_event("e1"))
    await stored(database, new_event("e1"), source="port_out")

    async with database.reading() as tx:
        for source in BOTH:
            assert [row.source for row in await events.find(tx, "e1", source)] == [source]


async def test_nothing_to_write_writes_nothing(database):
    async with database.transaction() as tx:
        said = []
        hooks.listen(tx.sync_connection, "before_cursor_execute", lambda *given: said.append(given[2]))

        assert await events.store(tx, "port_in", [], NOW) == 0
        await events.renew(tx, "port_in", [])
        await fan_out.note_fan_out(tx, [], NOW)
        await promises.make(tx, [])

    assert said == []


async def test_what_is_known_of_a_thousand_events_is_found_at_once(database):
    await stored(database, *(new_event(f"e{n:04}", updated_at=NOW) for n in range(1100)))
    await stored(database, new_event("bare", payload=None))

    async with database.reading() as tx:
        found = await events.known(tx, "port_in", [*(f"e{n:04}" for n in range(1200)), "bare"])

    assert len(found) == 1101
    assert found["e0000"] == Known(updated_at=NOW, has_payload=True)
    assert found["bare"] == Known(updated_at=None, has_payload=False)


async def test_payload_that_came_late_sends_the_event_through_the_fan_out_again(database):
    await stored(database, new_event("late", payload=None), new_event("newer"))
    await fanned_out(database, 1, 2)
    async with database.transaction() as tx:
        renewed = [
            new_event("late", updated_at=at(5), methods="webhook"),
            new_event("newer", payload='{"a":1}'),
        ]
        await events.renew(tx, "port_in", renewed)

    async with database.reading() as tx:
        [waiting] = await fan_out.to_fan_out(tx, 10)
        [newer] = await events.find(tx, "newer", "port_in")
    assert (waiting.event_id, waiting.payload, waiting.updated_at) == ("late", "{}", at(5))
    assert (waiting.methods, waiting.severity) == ("webhook", "info")
    assert (newer.payload, newer.fanned_out_at) == ('{"a":1}', NOW)


async def test_payload_that_is_still_missing_sends_nothing_again(database):
    await stored(database, new_event("late", payload=None))
    await fanned_out(database, 1)
    async with database.transaction() as tx:
        await events.renew(tx, "port_in", [new_event("late", payload=None, updated_at=at(5))])

    async with database.reading() as tx:
        assert await fan_out.to_fan_out(tx, 10) == []


async def test_oldest_event_is_promised_first_and_a_page_follows_the_other(database):
    rows = [
        new_event("b", created_at=at(2)),
        new_event("a", created_at=at(2)),
        new_event("c", created_at=at(1)),
    ]
    await stored(database, *rows)

    async with database.reading() as tx:
        first = await fan_out.to_fan_out(tx, 2)
        rest = await fan_out.to_fan_out(tx, 2, after=(first[-1].created_at, first[-1].key))

    assert [row.event_id for row in first + rest] == ["c", "a", "b"]


async def test_newest_events_come_first_and_page_by_page(database):
    await stored(database, *(new_event(f"e{n}", created_at=at(n)) for n in range(5)))

    async with database.reading() as tx:
        assert await ids(event_history.newest(tx, sources=BOTH, limit=2)) == ["e4", "e3"]
        assert await ids(event_history.newest(tx, sources=BOTH, limit=2, offset=2)) == ["e2", "e1"]
        assert await ids(event_history.newest(tx, sources=BOTH, limit=9, since=at(1), until=at(3))) == [
            "e3",
            "e2",
            "e1",
        ]


async def test_newest_events_are_found_by_list_and_kind(database):
    await stored(database, new_event("in", event_type="porting_order.new_comment"), new_event("other"))
    await stored(database, new_event("out", event_type="portout.new_comment"), source="port_out")

    async with database.reading() as tx:
        types = ["porting_order.new_comment", "portout.new_comment"]
        assert await ids(event_history.newest(tx, sources=BOTH, limit=9, types=types)) == ["out", "in"]
        assert await ids(event_history.newest(tx, sources=["port_in"], limit=9)) == ["other", "in"]


async def test_events_of_orders_are_found_by_kind(database):
    await stored(database, new_event("wanted", event_type="porting_order.new_comment"), new_event("else"))

    async with database.reading() as tx:
        wanted = event_history.of_orders(
            tx, [("port_in", "o1")], limit=9, types=["porting_order.new_comment"]
        )
        assert await ids(wanted) == ["wanted"]


async def test_events_of_orders_are_found_by_list_and_order(database):
    await stored(database, new_event("mine", order_id="o1"), new_event("else", order_id="o2"))
    await stored(database, new_event("out", order_id="o1"), source="port_out")

    async with database.reading() as tx:
        assert await ids(event_history.of_orders(tx, [("port_in", "o1")], limit=9)) == ["mine"]
        found = await ids(event_history.of_orders(tx, [("port_in", "o2"), ("port_out", "o1")], limit=9))
    assert sorted(found) == ["else", "out"]


async def test_fan_out_keeps_what_it_found_out(database):
    await stored(database, new_event("e1"))
    said = FannedOut(key=1, status_before="submitted", foc_before=at(1), foc_after=at(2), severity="critical")
    async with database.transaction() as tx:
        await fan_out.note_fan_out(tx, [said], at(3))

    async with database.reading() as tx:
        row = (await events.by_keys(tx, [1, 99]))[1]
    kept = (row.status_before, row.foc_before, row.foc_after, row.severity, row.fanned_out_at)
    assert kept == ("submitted", at(1), at(2), "critical", at(3))


async def test_old_event_that_a_channel_still_waits_for_is_kept(database):
    names = ("waited_for", "formed", "cancelled", "posted", "unpromised", "young")
    times = (NOW, NOW, NOW, NOW, NOW, at(9))
    await stored(database, *(new_event(n, created_at=t) for n, t in zip(names, times, strict=True)))
    async with database.transaction() as tx:
        keys = {row.event_id: row.key for row in await fan_out.to_fan_out(tx, 9)}
        await promises.make(tx, [promise(keys[name]) for name in ("waited_for", "formed", "posted")])
        await promises.make(tx, [promise(keys["cancelled"], channel_id="C2", subscriptions=",2,")])
        await promises.cancel_followers(tx, "C2", [2], NOW)
        await deliveries.add(tx, message("d1", state="posted"))
        await promises.carry(tx, "d1", [promise(keys["posted"])])
        await deliveries.add(tx, message("d2", state="pending"))
        await promises.carry(tx, "d2", [promise(keys["formed"])])
    await fanned_out(database, *(key for name, key in keys.items() if name != "unpromised"))
    async with database.transaction() as tx:
        removed = await events.remove_before(tx, "port_in", at(5))

    async with database.reading() as tx:
        left = set(await ids(event_history.newest(tx, sources=BOTH, limit=9)))
    assert left == {"waited_for", "formed", "unpromised", "young"}
    assert removed == 2
