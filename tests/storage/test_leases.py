"""Leases on a shared database: one holder at a time, and a token that tells a stale one."""

import asyncio
from datetime import timedelta

import pytest

from storage import leases
from storage.errors import StorageError

LASTING = timedelta(seconds=60)
ENDED = timedelta(seconds=-1)


@pytest.fixture
def engine():
    return "postgres"


async def take(tx, name, holder, lasting):
    """One lease; None where it is another's."""
    return (await leases.take(tx, [name], holder, lasting)).get(name)


async def test_only_one_of_many_gets_a_lease(database):
    async with database.transaction() as tx:
        claims = [await take(tx, "list:port_in", holder, LASTING) for holder in "abc"]

    assert [claim is not None for claim in claims] == [True, False, False]


async def test_the_holder_renews_it_with_the_same_token(database):
    async with database.transaction() as tx:
        first = await take(tx, "list:port_in", "a", LASTING)
        again = await take(tx, "list:port_in", "a", LASTING)

    assert again.token == first.token
    assert again.ends_at > first.ends_at


async def test_one_that_has_ended_goes_to_the_next_with_a_greater_token(database):
    async with database.transaction() as tx:
        old = await take(tx, "list:port_in", "a", ENDED)
        new = await take(tx, "list:port_in", "b", LASTING)

        assert new.token > old.token
        assert not await leases.is_held(tx, old, "a")
        assert await leases.is_held(tx, new, "b")


async def test_a_holder_that_comes_back_too_late_gets_a_new_token(database):
    async with database.transaction() as tx:
        old = await take(tx, "list:port_in", "a", ENDED)
        again = await take(tx, "list:port_in", "a", LASTING)

        assert again.token > old.token
        assert not await leases.is_held(tx, old, "a")


async def test_what_is_released_is_free_at_once_and_its_token_goes_on(database):
    async with database.transaction() as tx:
        first = await take(tx, "list:port_in", "a", LASTING)
        await leases.release(tx, "a")
        second = await take(tx, "list:port_in", "b", LASTING)

    assert second.token == first.token + 1


async def test_leases_that_ended_long_ago_are_forgotten(database):
    async with database.transaction() as tx:
        await take(tx, "channel:C1", "a", -timedelta(days=2))
        await take(tx, "channel:C2", "a", LASTING)
        await leases.forget(tx, timedelta(days=1))
        fresh = await take(tx, "channel:C1", "b", LASTING)
        held = await take(tx, "channel:C2", "b", LASTING)

    assert fresh.token == 1
    assert held is None


async def test_of_many_those_are_taken_that_are_free(database):
    async with database.transaction() as tx:
        await leases.take(tx, ["channel:C2", "channel:C1"], "a", LASTING)
        claims = await leases.take(tx, ["channel:C4", "channel:C1", "channel:C3"], "b", LASTING)

    assert list(claims) == ["channel:C3", "channel:C4"]  # in one order, else two of them wait for each other
    assert {claim.name for claim in claims.values()} == set(claims)


async def test_none_is_taken_while_a_unit_of_work_goes_by_it(database):
    async def hasty():
        async with database.transaction(alone=False) as tx:
            await tx.exec_driver_sql("SELECT set_config('lock_timeout', '50ms', true)")
            await take(tx, "channel:C1", "b", LASTING)

    async with database.transaction() as tx:
        claim = await take(tx, "channel:C1", "a", LASTING)

    async with database.transaction(alone=False) as held:
        assert await leases.is_held(held, claim, "a")
        with pytest.raises(StorageError, match="another process keeps it busy"):
            await hasty()


async def test_who_waited_for_it_has_it_from_then_on(database):
    waits_for_us = "SELECT true FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"

    async def patient():
        async with database.transaction(alone=False) as tx:
            return await take(tx, "channel:C1", "b", LASTING)

    async with database.transaction() as tx:
        claim = await take(tx, "channel:C1", "a", LASTING)
    async with database.transaction(alone=False) as held:
        assert await leases.is_held(held, claim, "a")
        taken = asyncio.create_task(patient())
        while not (await held.exec_driver_sql(waits_for_us)).first():  # noqa: ASYNC110
            await asyncio.sleep(0)
        await leases.release(held, "a")
        begun = await leases.time(held)

    assert (await taken).ends_at >= begun + LASTING
