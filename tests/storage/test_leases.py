"""Leases on a shared database: one holder at a time, and a token that tells a stale one."""

from datetime import timedelta

import pytest

from storage import leases

LASTING = timedelta(seconds=60)
ENDED = timedelta(seconds=-1)


@pytest.fixture
def engine():
    return "postgres"


async def test_only_one_of_many_gets_a_lease(database):
    async with database.transaction() as tx:
        claims = [await leases.take(tx, "list:port_in", holder, LASTING) for holder in "abc"]

    assert [claim is not None for claim in claims] == [True, False, False]


async def test_the_holder_renews_it_with_the_same_token(database):
    async with database.transaction() as tx:
        first = await leases.take(tx, "list:port_in", "a", LASTING)
        again = await leases.take(tx, "list:port_in", "a", LASTING)

    assert again.token == first.token
    assert again.ends_at > first.ends_at


async def test_one_that_has_ended_goes_to_the_next_with_a_greater_token(database):
    async with database.transaction() as tx:
        old = await leases.take(tx, "list:port_in", "a", ENDED)
        new = await leases.take(tx, "list:port_in", "b", LASTING)

        assert new.token > old.token
        assert not await leases.is_held(tx, old, "a")
        assert await leases.is_held(tx, new, "b")


async def test_a_holder_that_comes_back_too_late_gets_a_new_token(database):
    async with database.transaction() as tx:
        old = await leases.take(tx, "list:port_in", "a", ENDED)
        again = await leases.take(tx, "list:port_in", "a", LASTING)

        assert again.token > old.token
        assert not await leases.is_held(tx, old, "a")


async def test_what_is_released_is_free_at_once_and_its_token_goes_on(database):
    async with database.transaction() as tx:
        first = await leases.take(tx, "list:port_in", "a", LASTING)
        await leases.release(tx, "a")
        second = await leases.take(tx, "list:port_in", "b", LASTING)

    assert second.token == first.token + 1


async def test_leases_that_ended_long_ago_are_forgotten(database):
    async with database.transaction() as tx:
        await leases.take(tx, "channel:C1", "a", -timedelta(days=2))
        await leases.take(tx, "channel:C2", "a", LASTING)
        await leases.forget(tx, timedelta(days=1))
        fresh = await leases.take(tx, "channel:C1", "b", LASTING)
        held = await leases.take(tx, "channel:C2", "b", LASTING)

    assert fresh.token == 1
    assert held is None
