"""What one process does for all that share its database."""

import pytest
import structlog

from bot.leases import LeaseLostError, of_channel, of_list
from bot.metrics import Metrics
from storage.errors import StorageError
from tests.processes import LASTING, leases_of

NAME = of_list("port_in")


@pytest.fixture
def engine():
    return "postgres"


class Ticks:
    """A process's own clock, in seconds, which stands still until it is moved."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def pass_(self, share):
        self.now += share * LASTING.total_seconds()


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def ours(database, metrics, ticks):
    return leases_of(database, metrics, tick=ticks)


@pytest.fixture
def theirs(database):
    return leases_of(database, Metrics())


async def end(database, name):
    """Its time is over, as the database sees it."""
    async with database.transaction() as tx:
        await tx.exec_driver_sql(
            "UPDATE lease SET expires_at = now() - interval '1 s' WHERE name = %s", (name,)
        )


async def test_one_process_holds_it_and_the_other_does_not(ours, theirs):
    assert await ours.hold(NAME)
    assert not await theirs.hold(NAME)
    assert await theirs.hold(of_channel("C1"))


async def test_nothing_is_asked_again_before_a_third_of_it_has_passed(ours, database, ticks):
    await ours.hold(NAME)
    await end(database, NAME)
    ticks.pass_(0.3)

    assert await ours.hold(NAME)

    ticks.pass_(0.1)
    assert await ours.hold(NAME)
    async with database.transaction() as tx:
        await ours.check(tx, NAME)


async def test_a_process_that_stood_still_knows_by_its_own_clock(ours, theirs, database, ticks):
    await ours.hold(NAME)
    ticks.pass_(2)
    await end(database, NAME)
    await theirs.hold(NAME)

    assert not ours.is_sure(NAME)
    assert not await ours.hold(NAME)
    assert not await ours.renewed(NAME)


async def test_a_stale_write_is_rejected_and_counted(ours, theirs, database, metrics):
    await ours.hold(NAME)
    await end(database, NAME)
    await theirs.hold(NAME)

    with pytest.raises(LeaseLostError):
        async with database.transaction() as tx:
            await ours.check(tx, NAME)

    assert metrics.stale_writes_rejected_total._value.get() == 1
    async with database.transaction() as tx:
        await theirs.check(tx, NAME)


async def test_it_is_renewed_only_by_who_has_it(ours, theirs, ticks):
    assert not await ours.renewed(NAME)
    await ours.hold(NAME)
    ticks.pass_(0.5)

    assert await ours.renewed(NAME)
    assert not await theirs.renewed(NAME)


async def test_what_is_let_go_at_the_end_is_free_for_others_at_once(ours, theirs):
    await ours.hold(NAME)
    await ours.release()

    assert await theirs.hold(NAME)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_of_a_database_that_is_not_shared_everything_is_ours(ours, database):
    assert await ours.hold(NAME)
    assert await ours.renewed(NAME)
    assert ours.is_sure(NAME)
    assert ours.served_by is None
    async with database.transaction() as tx:
        await ours.check(tx, NAME)
    await ours.release()


async def test_the_databases_time_is_told(database, metrics):
    told = []
    leases = leases_of(database, metrics)
    object.__setattr__(leases, "told_time", told.append)

    await leases.hold(NAME)

    async with database.reading() as tx:
        [now] = (await tx.exec_driver_sql("SELECT clock_timestamp()")).scalars()
    assert abs(now - told[0]).total_seconds() < 30


async def test_after_a_gap_it_is_not_renewed_but_may_be_taken_anew(ours, database, ticks):
    await ours.hold(NAME)
    ticks.pass_(2)
    await end(database, NAME)

    assert not await ours.renewed(NAME)
    assert not await ours.renewed(NAME)
    assert await ours.hold(NAME)
    assert await ours.renewed(NAME)


async def test_a_database_that_is_away_at_the_end_spoils_no_end(ours, monkeypatch):
    async def away(*_):
        raise StorageError("it does not answer")

    await ours.hold(NAME)
    monkeypatch.setattr("storage.leases.release", away)
    with structlog.testing.capture_logs() as logs:
        await ours.release()

    assert [line["event"] for line in logs] == ["others have to wait until our leases end"]
