"""A day is lost with the database, a backup is put back, and no channel reads anything twice or misses it."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from bot.backups import back_up, note_restored


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    return request.param


@pytest.fixture
def make_backup(engine, database_url, request, tmp_path):
    """Makes a backup; what that gives puts it back, as docs/operations.md says, and returns its URL."""

    async def of_file():
        copy = tmp_path / "copy.db"
        await back_up(database_url, copy)

        async def put_back():
            return f"sqlite:///{copy}"

        return put_back

    async def of_server():
        server, original = request.getfixturevalue("postgres"), conninfo_to_dict(database_url)["dbname"]
        name = f"copy_{original}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {original}")
        request.addfinalizer(lambda: server.run(f"DROP DATABASE {name} WITH (FORCE)"))

        async def put_back():
            await note_restored(server.url(name))
            return server.url(name)

        return put_back

    return of_file if engine == "sqlite" else of_server


async def test_after_a_restore_nothing_is_lost_and_nothing_repeated(town, database_url, make_backup):
    old, new = town.port_in("ACME-1"), town.port_in("ACME-2")
    heartbeat = "http://127.0.0.1:9/which-beats-a-minute-later"
    async with town.bot(DATABASE_URL=database_url, HEARTBEAT_URL=heartbeat):
        events = [town.telnyx.set_status(old, "in-process")]
        await town.posted(*events)
    put_back = await make_backup()
    async with town.bot(DATABASE_URL=database_url):
        for order, status in ((old, "submitted"), (new, "in-process"), (new, "submitted")):
            events.append(town.telnyx.set_status(order, status))
            await town.posted(*events)

    async with town.bot(DATABASE_URL=await put_back()):
        events += [town.telnyx.set_status(order, "exception") for order in (new, old)]
        await town.posted(*events)
        await town.polled_again()

    assert sorted(town.events_in()) == sorted(events)
    assert len(town.cards()) == 2
