"""`portwire backup` makes whole copies, and `portwire restored` is refused where a bot is at work."""

import sqlite3
import stat
from datetime import timedelta

import pytest

from bot.backups import back_up, note_restored
from bot.errors import PortwireError
from storage import leases, subscriptions, workspaces
from storage.database import Database
from storage.errors import DatabaseIsTakenError, StorageError
from storage.subscriptions import NewSubscription


async def a_subscription(database, clock):
    async with database.transaction() as tx:
        await workspaces.ensure(tx, "T1")
        await subscriptions.add(
            tx,
            NewSubscription(
                team_id="T1",
                channel_id="C1",
                filters="",
                style="flat",
                broadcast="none",
                owner_id="U1",
                created_at=clock(),
            ),
        )


async def test_copy_beside_a_bot_is_whole_private_and_knows_what_it_is(
    database, database_url, clock, tmp_path
):
    await a_subscription(database, clock)  # which still lies in the write-ahead log
    target = tmp_path / "copy.db"

    said = await back_up(database_url, target)

    assert str(target) in said[0]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob("copy*")] == ["copy.db"]
    async with Database.open(f"sqlite:///{target}") as copy, copy.reading() as tx:
        assert (await workspaces.get(tx, "T1")).unsure_since == clock()
    async with database.reading() as tx:
        assert (await workspaces.get(tx, "T1")).unsure_since is None


async def test_copy_goes_over_no_file_and_into_no_folder_that_is_not_there(database_url, tmp_path):
    (tmp_path / "copy.db").write_text("mine")

    with pytest.raises(StorageError, match=r"copy\.db is there already"):
        await back_up(database_url, tmp_path / "copy.db")
    with pytest.raises(StorageError, match="written: No such file"):
        await back_up(database_url, tmp_path / "nowhere" / "copy.db")


async def test_damaged_database_gives_no_copy(database_url, database, clock, tmp_path):
    await a_subscription(database, clock)
    file = tmp_path / "test.db"
    with sqlite3.connect(file) as opened:
        (page,) = opened.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_subscription_channel_id'"
        ).fetchone()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    file.write_bytes(content)

    with pytest.raises(StorageError, match=r"no copy|malformed|damaged"):
        await back_up(database_url, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


async def test_copy_that_sqlite_refuses_is_told_with_what_to_do(tmp_path):
    (tmp_path / "odd.db").write_bytes(b"something else" * 1000)

    async with Database.open(f"sqlite:///{tmp_path}/odd.db") as database:
        with pytest.raises(StorageError, match="it is no SQLite database"):
            await database.copy_to(tmp_path / "copy.db")

    assert {path.name for path in tmp_path.glob("copy*")} == set()


async def test_where_there_is_no_database_nothing_is_made(tmp_path):
    url = f"sqlite:///{tmp_path}/none.db"

    for refused in (back_up(url, tmp_path / "copy.db"), note_restored(url)):
        with pytest.raises(PortwireError, match="no such file"):
            await refused
    assert list(tmp_path.iterdir()) == []


async def test_restore_is_noted_with_the_moment_since_when_posts_are_unknown(database_url, database, clock):
    await a_subscription(database, clock)

    (said,) = await note_restored(database_url)

    assert clock().isoformat(timespec="seconds") in said


async def test_restore_is_not_noted_where_no_backup_was_put(database_url):
    with pytest.raises(PortwireError, match="No bot has ever worked on"):
        await note_restored(database_url)


async def test_restore_is_not_noted_beside_a_bot(database_url):
    async with Database.open(database_url, to_serve=True):
        with pytest.raises(DatabaseIsTakenError):
            await note_restored(database_url)


class TestOnAServer:
    @pytest.fixture
    def engine(self):
        return "postgres"

    async def test_restore_is_not_noted_while_a_process_holds_leases(self, database_url, database, clock):
        await a_subscription(database, clock)
        async with database.transaction() as tx:
            await leases.take(tx, ["upkeep"], "somebody", timedelta(seconds=60))

        with pytest.raises(PortwireError, match="stop every process"):
            await note_restored(database_url)

        async with database.transaction() as tx:
            await leases.release(tx, "somebody")
        assert await note_restored(database_url)

    async def test_the_servers_own_tools_make_the_copy(self, database_url, tmp_path):
        with pytest.raises(StorageError, match="pg_dump"):
            await back_up(database_url, tmp_path / "copy.db")
