"""A payload is handled once, and remembered for ten minutes."""

import asyncio

from storage import interactions


async def test_a_payload_is_new_once(database, clock):
    async with database.transaction() as tx:
        assert await interactions.first_times(tx, ["click:1"], clock())
        assert not await interactions.first_times(tx, ["click:1"], clock())
        assert await interactions.first_times(tx, ["click:2"], clock())


async def test_of_several_payloads_those_are_told_that_are_new(database, clock):
    async with database.transaction() as tx:
        await interactions.first_times(tx, ["click:1"], clock())

        assert await interactions.first_times(tx, ["click:1", "click:2"], clock()) == {"click:2"}


async def test_one_of_many_at_the_same_moment_is_the_first(database, clock):
    async def first():
        async with database.transaction() as tx:
            return await interactions.first_times(tx, ["click:1"], clock())

    assert sum(map(bool, await asyncio.gather(*(first() for _ in range(10))))) == 1


async def test_what_is_older_than_ten_minutes_is_forgotten(database, clock):
    async with database.transaction() as tx:
        await interactions.first_times(tx, ["old"], clock())
    clock.forward(minutes=5)
    async with database.transaction() as tx:
        await interactions.first_times(tx, ["young"], clock())
    clock.forward(minutes=6)

    async with database.transaction() as tx:
        forgotten = await interactions.forget_old(tx, clock())

        assert forgotten == 1
        assert await interactions.first_times(tx, ["old"], clock())
        assert not await interactions.first_times(tx, ["young"], clock())
