"""The database file: its unit of work, its schema, and who may serve it."""

import asyncio
import sqlite3
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from storage import channels, workspaces
from storage.database import Database
from storage.errors import DatabaseIsTakenError, SchemaIsOldError, StorageError
from storage.migrations import NEWEST, check, upgrade
from storage.ownership import sole_owner
from tests.storage.rows import NOW


@pytest.fixture
def engine():
    """What follows is about files; servers have `test_postgres.py`."""
    return "sqlite"


def test_migrations_make_exactly_our_tables_go_down_and_come_up_again(tmp_path):
    assert check.problems(f"sqlite:///{tmp_path}/check.db") == []


def test_tables_that_differ_from_the_migrations_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(check, "NEWEST", "0000")

    code = check.main()

    assert code == 1
    assert "NEWEST is 0000" in capsys.readouterr().out


def test_check_of_good_migrations_says_so(capsys):
    assert check.main() == 0
    assert capsys.readouterr().out == "migrations: as the tables\n"


def test_column_that_our_tables_do_not_have_is_told(tmp_path, monkeypatch):
    def upgrade_too_far(url):
        upgrade(url)
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.execute("ALTER TABLE watermark ADD COLUMN forgotten TEXT")
        connection.close()

    monkeypatch.setattr(check, "upgrade", upgrade_too_far)

    [problem] = check.problems(f"sqlite:///{tmp_path}/check.db")

    assert "forgotten" in problem


async def test_new_file_has_no_schema_until_it_is_migrated(tmp_path):
    async with Database.open(f"sqlite:///{tmp_path}/new.db") as database:
        before = await database.schema()
        await database.migrate()
        await database.migrate()

        assert (before, await database.schema()) == (None, NEWEST)
        await database.check()


async def test_file_of_another_schema_is_refused_with_what_to_do(database):
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(SchemaIsOldError, match=f"schema 0000, {NEWEST} is needed: run portwire migrate"):
        await database.check()


async def test_file_of_a_later_version_is_refused_with_what_to_do(database):
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for look in (database.check, database.migrate):
        with pytest.raises(StorageError, match=r"A later version .* \(schema 9999, .*: start that version"):
            await look()


async def test_file_of_another_program_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "songs.db") as songs:
        songs.execute("CREATE TABLE song (title TEXT)")
    songs.close()

    async with Database.open(f"sqlite:///{tmp_path}/songs.db") as database:
        with pytest.raises(StorageError, match=r"songs\.db is another program's"):
            await database.migrate()


async def test_no_empty_file_comes_to_be_where_ours_was_taken_away(database):
    async with Database.open(f"sqlite:///{database.path}") as ours:
        away = database.path.rename(database.path.with_name("away.db"))
        with pytest.raises(StorageError, match="it can't be opened"):
            async with ours.transaction() as tx:
                await channels.ensure(tx, "C1", "T1")
        was_made = database.path.exists()
        away.rename(database.path)
        async with ours.transaction() as tx:
            await channels.ensure(tx, "C1", "T1")

    assert not was_made


@pytest.mark.parametrize("replaced", [False, True])
async def test_file_that_is_taken_away_beside_us_is_noticed(database, replaced):
    async with Database.open(f"sqlite:///{database.path}") as ours:
        await ours.check()
        copy = database.path.read_bytes()
        database.path.unlink()
        if replaced:
            database.path.write_bytes(copy)

        with pytest.raises(StorageError, match="was removed or replaced beside us"):
            await ours.check()


async def test_two_that_migrate_at_once_both_end_well(tmp_path):
    async def migrate():
        async with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
            await database.migrate()
            return await database.schema()

    assert await asyncio.gather(migrate(), migrate()) == [NEWEST, NEWEST]
    assert (tmp_path / "bot.db").stat().st_mode & 0o077 == 0


async def test_file_that_a_bot_serves_is_not_migrated_under_it(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.sqlite.MIGRATED_WITHIN_S", 0)
    async with sole_owner(tmp_path / "bot.db"), Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        with pytest.raises(DatabaseIsTakenError, match="Stop it first"):
            await database.migrate()


async def fill(database):
    async with database.transaction() as tx:
        await tx.exec_driver_sql("PRAGMA max_page_count = 1")
        await tx.exec_driver_sql("CREATE TABLE big AS SELECT randomblob(1000000) AS rest")


async def test_disk_that_is_full_is_told_with_what_to_do(database):
    with pytest.raises(StorageError, match=r"test\.db can't be used: the disk is full\. Make room"):
        await fill(database)


async def test_empty_file_is_refused_with_what_to_do(tmp_path):
    async with Database.open(f"sqlite:///{tmp_path}/new.db") as database:
        with pytest.raises(SchemaIsOldError, match="schema empty"):
            await database.check()


@pytest.fixture
async def _threads_end():
    """None is left, not even of a connection that failed."""
    before = set(threading.enumerate())
    yield
    assert [
        each.name for each in set(threading.enumerate()) - before if "_connection_worker" in each.name
    ] == []


@pytest.mark.usefixtures("_threads_end")
async def test_file_that_cannot_be_opened_is_told_in_our_words(tmp_path):
    async with Database.open(f"sqlite:///{tmp_path}/missing/portwire.db") as database:
        with pytest.raises(StorageError, match=r"missing/portwire\.db can't be used: it can't be opened"):
            await database.check()


@pytest.mark.usefixtures("_threads_end")
async def test_file_that_is_no_database_is_told_in_our_words(tmp_path):
    (tmp_path / "odd.db").write_bytes(b"this is a letter, not a database" * 64)

    async with Database.open(f"sqlite:///{tmp_path}/odd.db") as database:
        with pytest.raises(
            StorageError, match=r"odd\.db can't be used: it is no SQLite database\. Check DATABASE_URL"
        ):
            await database.check()


async def make_twice(database, channel_id):
    async with database.transaction() as tx:
        await channels.ensure(tx, channel_id, "T1")
        twice = text("INSERT INTO channel (id, team_id) VALUES (:id, :team)")
        await tx.execute(twice, {"id": channel_id, "team": "PIN-4711"})


async def test_error_in_a_transaction_takes_all_of_it_back_and_tells_no_value(database):
    with pytest.raises(StorageError, match="UNIQUE") as told:
        await make_twice(database, "C1")

    async with database.reading() as tx:
        assert await channels.find(tx, "C1") is None
    assert "4711" not in str(told.value)


async def test_no_update_is_lost_between_two_writers_of_one_file(database):
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE counter (n INTEGER)"))
        await tx.execute(text("INSERT INTO counter VALUES (0)"))

    async def add_one(into):
        async with into.transaction() as tx:
            n = (await tx.execute(text("SELECT n FROM counter"))).scalar_one()
            await asyncio.sleep(0)
            await tx.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    async with Database.open(f"sqlite:///{database.path}") as other:
        await asyncio.gather(*(add_one(each) for each in (database, other) * 10))

    async with database.reading() as tx:
        assert (await tx.execute(text("SELECT n FROM counter"))).scalar_one() == 20


async def test_reader_sees_one_state_and_waits_for_no_writer(database):
    async with database.reading() as tx:
        assert await channels.find(tx, "C1") is None
        async with database.transaction() as other:
            await channels.ensure(other, "C1", "T1")

        assert await channels.find(tx, "C1") is None


async def test_close_waits_for_the_last_user(tmp_path):
    begun = asyncio.Event()

    async def use(database):
        async with database.reading() as tx:
            begun.set()
            await asyncio.sleep(0.01)
            return (await tx.execute(text("SELECT 1"))).scalar()

    async with Database.open(f"sqlite:///{tmp_path}/new.db") as database:
        user = asyncio.create_task(use(database))
        await begun.wait()

    assert user.done()
    assert await user == 1


async def test_times_come_back_aware_and_in_utc(database):
    berlin = timezone(timedelta(hours=1))
    async with database.transaction() as tx:
        await channels.ensure(tx, "C1", "T1")
        await channels.pace(tx, "C1", datetime(2026, 12, 1, 15, 2, 3, 456789, tzinfo=berlin))

    async with database.reading() as tx:
        paced_until = (await channels.find(tx, "C1")).paced_until
    assert paced_until == datetime(2026, 12, 1, 14, 2, 3, 456789, tzinfo=UTC)
    assert paced_until.utcoffset() == timedelta(0)


async def test_commit_survives_a_power_cut(database):
    async with database.transaction() as tx:
        pragmas = [
            (await tx.execute(text(f"PRAGMA {name}"))).scalar() for name in ("journal_mode", "synchronous")
        ]

    assert pragmas == ["wal", 2]


async def test_file_has_one_owner_at_a_time(tmp_path):
    path = tmp_path / "bot.db"

    async with sole_owner(path):
        with pytest.raises(DatabaseIsTakenError, match=r"Another Portwire serves .*bot\.db: .*Stop it first"):
            async with sole_owner(path):
                pass
    async with sole_owner(path):
        assert (tmp_path / "bot.db.lock").stat().st_mode & 0o777 == 0o600


async def test_second_process_is_refused_while_the_first_lives(tmp_path):
    holding = (
        "import fcntl, os, sys; lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT);"
        "fcntl.flock(lock, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    )
    first = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        holding,
        str(tmp_path / "bot.db.lock"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    await first.stdout.readline()

    with pytest.raises(DatabaseIsTakenError):
        async with sole_owner(tmp_path / "bot.db"):
            pass
    await first.communicate(b"")

    async with sole_owner(tmp_path / "bot.db"):
        assert first.returncode == 0


async def test_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "folder.db").mkdir()
    told = {
        "missing/bot.db": "no folder .*missing for the",
        "folder.db": "folder.db can't be written: Is a dir",
    }

    for path, words in told.items():
        with pytest.raises(StorageError, match=rf"{words}.*Check DATABASE_URL"):
            async with sole_owner(tmp_path / path):
                pass


async def test_database_that_is_locked_by_others_is_told_in_our_words(database, monkeypatch):
    monkeypatch.setattr("storage.sqlite.BUSY_TIMEOUT_S", 0)
    holder = sqlite3.connect(database.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    async with Database.open(f"sqlite:///{database.path}") as other:
        with pytest.raises(StorageError, match="locked"):
            async with other.transaction():
                pass
    holder.close()


async def test_workspace_keeps_its_key_for_good(database):
    async with database.transaction() as tx:
        first = await workspaces.ensure(tx, "T1")
        again = await workspaces.ensure(tx, "T1")
        other = await workspaces.ensure(tx, "T2")

    assert first.mac_key == again.mac_key != other.mac_key
    assert len(bytes.fromhex(first.mac_key)) == 32


async def test_workspace_rests_and_is_in_trouble_by_itself(database):
    async with database.transaction() as tx:
        await workspaces.ensure(tx, "T1")
        await workspaces.ensure(tx, "T2")
        await workspaces.hold_posts(tx, "T1", NOW, now=NOW)
        await workspaces.hold_edits(tx, "T1", NOW, now=NOW)
        await workspaces.note_trouble(tx, "T1", "token_revoked", NOW)
        troubled = await workspaces.get(tx, "T1")
        await workspaces.note_trouble(tx, "T1", None, NOW)
        mended, other = await workspaces.get(tx, "T1"), await workspaces.get(tx, "T2")

    assert (troubled.posts_not_before, troubled.edits_not_before) == (NOW, NOW)
    assert (troubled.trouble, troubled.trouble_at) == ("token_revoked", NOW)
    assert (mended.trouble, mended.trouble_at) == (None, None)
    assert (other.posts_not_before, other.edits_not_before, other.trouble) == (None, None, None)
