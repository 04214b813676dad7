"""What processes tell each other, so that none waits for its next tick."""

import asyncio

import pytest

from bot import hints
from bot.hints import OWED, POLL, Hints
from bot.outage import Outage
from storage.database import Database


@pytest.fixture
def engine():
    return "postgres"


@pytest.fixture
async def others(database_url, monkeypatch):
    """What another process hears, as it comes."""
    monkeypatch.setattr(hints, "LISTEN_AGAIN_S", 0)
    heard = asyncio.Queue()
    async with Database.open(database_url) as database:
        other = Hints(database, Outage().failed_again)
        other.on(OWED, lambda: heard.put_nowait(OWED))
        async with other.listening():
            yield heard


async def until_heard(ours, heard):
    waiting = asyncio.ensure_future(heard.get())
    while not waiting.done():
        ours.send(OWED)
        await asyncio.wait([waiting], timeout=0.05)
    return waiting.result()


async def test_a_hint_reaches_the_other_process(database, others):
    ours = Hints(database, Outage().failed_again)
    async with ours.listening():
        assert await until_heard(ours, others) == OWED


async def test_a_hint_that_nobody_waits_for_does_nothing(database, others):
    ours = Hints(database, Outage().failed_again)
    async with ours.listening():
        ours.send(POLL)

        assert await until_heard(ours, others) == OWED


async def test_hints_are_heard_again_after_the_connection_broke(database, others):
    ours = Hints(database, Outage().failed_again)
    async with ours.listening():
        await until_heard(ours, others)
        async with database.transaction() as tx:
            await tx.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )

        assert await until_heard(ours, others) == OWED


async def test_a_hint_that_is_on_its_way_at_the_end_is_given_up(database):
    ours = Hints(database, Outage().failed_again)
    async with ours.listening():
        ours.send(OWED)
        [sending] = ours._sending.values()

    assert sending.cancelled()


async def test_a_database_that_is_away_stops_nobody(monkeypatch):
    monkeypatch.setattr(hints, "LISTEN_AGAIN_S", 0)
    outage = Outage(tick=lambda: 60.0)
    async with Database.open("postgresql://maya@127.0.0.1:1/portwire") as away:
        ours = Hints(away, outage.failed_again)
        async with ours.listening():
            ours.send(OWED)
            await asyncio.wait(list(ours._sending.values()))
            async with asyncio.timeout(60):
                while outage.is_quiet:  # noqa: ASYNC110  # the ear listens beside us
                    await asyncio.sleep(0)

        assert not ours._sending
        assert outage.trouble is None


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_where_there_are_no_others_nothing_is_told(database):
    ours = Hints(database, Outage().failed_again)
    async with ours.listening():
        ours.send(OWED)

        assert not ours._sending
    await database.notify(OWED)
