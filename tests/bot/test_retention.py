"""What is older than it has to be kept goes, but nothing that polls still read."""

from datetime import timedelta

import pytest

from bot.retention import Retention
from storage import deliveries, event_history, events, fan_out, interactions, leases, watermarks
from storage.fan_out import FannedOut
from tests.storage.rows import message, new_event

DAY = timedelta(days=1)


async def stored(database, now, ages, source="port_in"):
    async with database.transaction() as tx:
        rows = [new_event(f"{source}-{days}", created_at=now - days * DAY) for days in ages]
        await events.store(tx, source, rows, now)
        keys = [row.key for row in await fan_out.to_fan_out(tx, 99)]
        said = {"status_before": None, "foc_before": None, "foc_after": None, "severity": "info"}
        await fan_out.note_fan_out(tx, [FannedOut(key=key, **said) for key in keys], now)


async def left(database):
    async with database.reading() as tx:
        return [
            row.event_id for row in await event_history.newest(tx, sources=["port_in", "port_out"], limit=99)
        ]


async def test_old_events_and_messages_go_and_younger_ones_stay(database, clock):
    now = clock()
    async with database.transaction() as tx:
        await watermarks.begin(tx, "port_in", watermark=now, baseline_at=now)
        for days in (99, 101):
            finished = message(f"d{days}", state="posted", created_at=now - days * DAY)
            await deliveries.add(tx, finished)
    await stored(database, now, (1, 99, 101))

    await Retention(database, 100 * DAY, 2 * DAY, clock).clean()

    assert await left(database) == ["port_in-1", "port_in-99"]
    async with database.reading() as tx:
        assert await deliveries.find(tx, "d101") is None
        assert await deliveries.find(tx, "d99") is not None


async def test_event_that_polls_still_read_is_kept_however_old(database, clock):
    now = clock()
    async with database.transaction() as tx:
        await watermarks.begin(tx, "port_in", watermark=now - 30 * DAY, baseline_at=now - 30 * DAY)
    await stored(database, now, (31, 33))

    await Retention(database, DAY, 2 * DAY, clock).clean()

    assert await left(database) == ["port_in-31"]


async def test_event_that_the_next_deep_sweep_reads_is_kept_however_old(database, clock):
    now = clock()
    async with database.transaction() as tx:
        await watermarks.begin(tx, "port_in", watermark=now, baseline_at=now - 90 * DAY)
        await watermarks.note_deep_sweep(tx, "port_in", now - 30 * DAY)
    await stored(database, now, (31, 33))

    await Retention(database, DAY, 2 * DAY, clock).clean()

    assert await left(database) == ["port_in-31"]


async def test_list_that_was_never_read_keeps_its_events(database, clock):
    await stored(database, clock(), (500,), source="port_out")

    await Retention(database, DAY, DAY, clock).clean()

    assert await left(database) == ["port_out-500"]


async def test_payload_of_slack_is_remembered_for_ten_minutes(database, clock):
    retention = Retention(database, DAY, DAY, clock)
    async with database.transaction() as tx:
        await interactions.first_times(tx, ["k"], clock())

    known = []
    for minutes in (9, 2):
        clock.forward(minutes=minutes)
        await retention.clean()
        async with database.transaction() as tx:
            known.append(not await interactions.first_times(tx, ["k"], clock()))

    assert known == [True, False]


@pytest.mark.parametrize("engine", ["postgres"])
async def test_leases_that_ended_long_ago_are_removed(database, clock):
    async with database.transaction() as tx:
        await leases.take(tx, ["channel:C1"], "a", -2 * DAY)

    await Retention(database, DAY, DAY, clock).clean()

    async with database.transaction() as tx:
        assert (await leases.take(tx, ["channel:C1"], "b", DAY))["channel:C1"].token == 1
