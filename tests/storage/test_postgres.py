"""A PostgreSQL server as the keeper: addresses, one writer at a time, schema, words between processes."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from storage import workspaces
from storage.database import Database, is_postgres
from storage.errors import DatabaseIsAwayError, SchemaIsOldError, StorageError
from storage.migrations import NEWEST
from storage.postgres import IMPATIENT, POOL, PREPARED_AFTER, server_url

OTHERS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
END_ALL = f"SELECT pg_terminate_backend(pid) {OTHERS}"
COUNT = f"SELECT count(*) + 1 {OTHERS}"


@pytest.fixture
def engine():
    return "postgres"


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("postgres://u:p@h/d", {}),
        ("postgresql://u:p@h:6432/d?sslmode=verify-full", {"sslmode": "verify-full"}),
        ("postgres://u:p@h/d?ssl=true", {"sslmode": "require"}),
        ("postgres://u:p@h/d?ssl=true&sslmode=verify-ca", {"sslmode": "verify-ca"}),
        ("postgres://u:p@h/d?pgbouncer=true&connection_limit=1", {}),
        ("postgres://u:p@h/d?ssl=false", {}),
    ],
)
def test_every_spelling_of_platforms_is_understood(url, query):
    parsed = server_url(url)

    assert is_postgres(url)
    assert parsed.drivername == "postgresql+psycopg"
    assert dict(parsed.query) == query
    assert (parsed.username, parsed.password, parsed.host, parsed.database) == ("u", "p", "h", "d")


async def test_a_wrong_password_is_never_repeated():
    async with Database.open("postgres://maya:s3cret@127.0.0.1:1/portwire") as database:
        with pytest.raises(StorageError) as raised:
            await database.check()

    assert "s3cret" not in str(raised.value)
    assert "portwire on 127.0.0.1" in str(raised.value)
    assert "nothing answers there" in str(raised.value)


async def test_many_writers_take_turns_and_lose_no_update(database_url):
    async def count(database):
        async with database.transaction() as tx:
            seen = (await tx.exec_driver_sql("SELECT count(*) FROM audit")).scalar()
            await asyncio.sleep(0)
            await tx.exec_driver_sql(
                "INSERT INTO audit (at, actor_id, action, target, outcome, detail)"
                " VALUES (now(), 'U1', 'count', %s, 'done', '')",
                (str(seen),),
            )

    async with Database.open(database_url) as one, Database.open(database_url) as other:
        await asyncio.gather(*(count(database) for _ in range(20) for database in (one, other)))
        async with one.reading() as tx:
            counted = list((await tx.exec_driver_sql("SELECT target FROM audit")).scalars())

    assert sorted(map(int, counted)) == list(range(40))


async def test_a_reader_waits_for_no_writer_and_writes_nothing(database):
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DELETE FROM audit")
        async with database.reading() as view:
            assert (await view.exec_driver_sql("SELECT count(*) FROM audit")).scalar() == 0
            with pytest.raises(StorageError):
                async with database.reading() as other:
                    await other.exec_driver_sql("DELETE FROM audit")


async def test_an_old_schema_is_told_and_migrations_may_meet(postgres):
    with postgres.database(is_empty=True) as url:
        async with Database.open(url) as one, Database.open(url) as other:
            with pytest.raises(SchemaIsOldError, match="run portwire migrate"):
                await one.check()

            await asyncio.gather(one.migrate(), other.migrate(), one.migrate())

            assert await one.schema() == NEWEST
            await other.check()
            await one.migrate()


async def test_another_programs_tables_are_left_alone(postgres):
    with postgres.database(is_empty=True) as url:
        async with Database.open(url) as database:
            async with database.transaction() as tx:
                await tx.exec_driver_sql("CREATE TABLE invoices (id int)")

            with pytest.raises(StorageError, match="another program's"):
                await database.migrate()


async def test_a_word_reaches_the_other_processes(database_url):
    heard = asyncio.Queue()
    async with Database.open(database_url) as one, Database.open(database_url) as other:
        ear = asyncio.create_task(other.listen(heard.put_nowait))
        while heard.empty():  # the ear may still be on its way
            await one.notify("owed")
            await asyncio.wait([asyncio.create_task(heard.join())], timeout=0.05)

        assert await heard.get() == "owed"
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)


async def test_a_connection_that_broke_is_told_and_the_next_use_has_another(database, database_url):
    ear = asyncio.create_task(database.listen(print))
    async with Database.open(database_url) as other:
        while not ear.done():
            async with other.transaction() as tx:
                await tx.exec_driver_sql(END_ALL)
            await asyncio.wait([ear], timeout=0.05)

    assert isinstance(ear.exception(), StorageError)
    await database.check()


@pytest.mark.parametrize("kind", ["transaction", "reading"])
async def test_connections_that_broke_while_nobody_used_them_are_replaced(database, database_url, kind):
    async with database.reading(), database.reading(), database.reading():
        pass
    async with Database.open(database_url) as other, other.transaction() as tx:
        await tx.exec_driver_sql(END_ALL)

    async with getattr(database, kind)() as tx:
        assert (await tx.exec_driver_sql("SELECT 1")).scalar() == 1


async def test_more_than_all_connections_wait_for_one(database, database_url):
    async def ask():
        async with database.reading() as tx:
            return (await tx.exec_driver_sql(COUNT)).scalar()

    counts = await asyncio.gather(*(ask() for _ in range(3 * POOL)))

    assert max(counts) <= POOL


async def test_a_writer_that_keeps_the_others_waiting_is_told(database, database_url, monkeypatch):
    monkeypatch.setattr(
        "storage.postgres.IMPATIENT",
        IMPATIENT.replace("'lock_timeout', '10s'", "'lock_timeout', '50ms'"),
    )
    async with Database.open(database_url) as other, database.transaction() as tx:
        with pytest.raises(DatabaseIsAwayError, match="another process keeps it busy"):
            async with other.transaction():
                raise AssertionError("two writers at once")
        await tx.exec_driver_sql("SELECT 1")


@pytest.mark.parametrize("first", [True, False])
async def test_units_that_are_not_alone_go_on_beside_each_other_only(database, monkeypatch, first):
    monkeypatch.setattr(
        "storage.postgres.IMPATIENT", IMPATIENT.replace("'lock_timeout', '10s'", "'lock_timeout', '50ms'")
    )
    begun = []
    async with database.transaction(alone=first):
        for alone in (True, False):
            with suppress(DatabaseIsAwayError):
                async with database.transaction(alone=alone):
                    begun.append(alone)

    assert begun == ([] if first else [False])


async def test_a_process_that_stands_still_in_a_unit_of_work_stops_nobody(
    database, database_url, monkeypatch
):
    monkeypatch.setattr(
        "storage.postgres.IMPATIENT", IMPATIENT.replace("_timeout', '10s'", "_timeout', '100ms'")
    )
    async with Database.open(database_url) as other:
        stuck = database.transaction()
        await stuck.__aenter__()
        while True:  # until the server has thrown it out
            try:
                async with other.transaction() as tx:
                    await tx.exec_driver_sql("DELETE FROM audit")
                break
            except StorageError:
                continue
        with pytest.raises(StorageError, match=r"stood still|connection"):
            await stuck.__aexit__(None, None, None)


async def kept_plans(url):
    """How many plans the server keeps of a statement that was asked again and again."""
    async with Database.open(url) as database:
        for _ in range(2 * PREPARED_AFTER):
            async with database.reading() as tx:
                await workspaces.find(tx, "T1")
        async with database.reading() as tx:
            plans = await tx.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements")
            return plans.scalar_one()


async def test_server_keeps_the_plans_of_statements_that_come_again(database_url):
    assert await kept_plans(database_url) == 1


async def test_nothing_is_prepared_behind_a_pooler(database_url):
    async with pooler(database_url) as url:
        assert await kept_plans(url) == 0


@pytest.mark.parametrize("said", ["pgbouncer=true", "prepareThreshold=0"])
async def test_nothing_is_prepared_where_the_address_says_that_a_pooler_is_there(database_url, said):
    assert await kept_plans(f"{database_url}&{said}") == 0


async def test_a_plan_that_a_pooler_lost_is_said(database):
    with pytest.raises(StorageError, match=r"a pooler stands before it\. Add pgbouncer=true"):
        async with database.reading() as tx:
            await tx.exec_driver_sql("EXECUTE _pg3_0")


async def test_who_reads_waits_for_no_writers_however_many_wait(database, database_url, monkeypatch):
    monkeypatch.setattr("storage.postgres.IMPATIENT", IMPATIENT.replace("'10s'", "'300ms'"))
    async with Database.open(database_url) as other, other.transaction():
        writers = [asyncio.create_task(_written(database)) for _ in range(2 * POOL)]
        await asyncio.wait(writers, timeout=0.05)
        async with database.reading() as tx:
            await tx.exec_driver_sql("SELECT 1")
        waiting = [each for each in writers if not each.done()]
        for each in writers:
            each.cancel()
    await asyncio.gather(*writers, return_exceptions=True)

    assert len(waiting) == len(writers)


async def _written(database):
    async with database.transaction():
        pass


@pytest.mark.parametrize("hint", [False, True])
async def test_hints_find_another_connection_where_theirs_broke(database, database_url, hint):
    async with database.reading(), database.reading():
        pass
    heard = asyncio.Queue()
    async with Database.open(database_url) as other:
        async with other.transaction() as tx:
            await tx.exec_driver_sql(END_ALL)
        speaker, listener = (database, other) if hint else (other, database)
        ear = asyncio.create_task(listener.listen(heard.put_nowait))
        while heard.empty():
            await speaker.notify("owed")
            await asyncio.wait([ear], timeout=0.05)
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)

    assert await heard.get() == "owed"


@asynccontextmanager
async def pooler(url):
    """Stands before the server as PgBouncer does: it greets with a process number of its own."""
    place, serving = f"{server_url(url).query['host']}/.s.PGSQL.5432", []

    async def serve(reader, writer):
        serving.append(asyncio.current_task())
        answers, questions = await asyncio.open_unix_connection(place)
        both = [
            asyncio.create_task(_pass_on(reader, questions)),
            asyncio.create_task(_pass_on(answers, writer, _as_its_own)),
        ]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for each in both:
            each.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        for each in (questions, writer):
            each.close()
            await each.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    there = server_url(url).set(drivername="postgresql", host="127.0.0.1", query={"sslmode": "disable"})
    try:
        yield there.set(port=server.sockets[0].getsockname()[1]).render_as_string(hide_password=False)
    finally:
        server.close()
        await asyncio.gather(*serving)


async def _pass_on(reader, writer, changed=bytes):
    while said := await reader.read(65536):
        writer.write(changed(said))


def _as_its_own(said):
    """BackendKeyData: K, its length (12), the number of the process, a secret."""
    head, key, rest = said.partition(b"K\x00\x00\x00\x0c")
    return head + key + (b"\x00\x00\x00\x07" + rest[4:] if key else b"")
