"""What a bot stands on when its database is not what it should be."""

import sqlite3
import subprocess
import sys
from contextlib import AsyncExitStack
from errno import EACCES, EROFS

import pytest

from bot.assembly import Team
from bot.foundation import founded, utc_now, when_usable
from bot.settings import load
from storage.database import Database
from storage.errors import DatabaseIsTakenError, StorageError
from storage.ownership import sole_owner


def settings(path):
    return load(
        {
            "TELNYX_API_KEY": "KEY_TEST",
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_APP_TOKEN": "xapp-test",
            "DATABASE_URL": f"sqlite:///{path}",
        },
        env_file=None,
    )


async def test_new_file_gets_the_newest_schema_and_is_private(tmp_path):
    async with AsyncExitStack() as stack:
        base = await founded(settings(tmp_path / "new.db"), stack, utc_now)
        await when_usable(base)
        await base.database.check()

    assert (tmp_path / "new.db").stat().st_mode & 0o077 == 0


async def test_schema_of_a_later_version_is_refused_in_one_line(tmp_path):
    path = tmp_path / "later.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")

    async with AsyncExitStack() as stack:
        base = await founded(settings(path), stack, utc_now)
        with pytest.raises(StorageError, match=r"later\.db \(schema 9999"):
            await when_usable(base)


@pytest.mark.parametrize(("said", "told"), [("the disk is full.\n", "the disk is full."), ("", "no reason")])
async def test_migration_that_fails_says_why_in_one_line(tmp_path, monkeypatch, said, told):
    failing = tmp_path / "failing"
    failing.write_text(
        f"#!/bin/sh\necho 'a traceback' >&2; printf '{said}' >&2; exit 1\n" if said else "#!/bin/sh\nexit 1\n"
    )
    failing.chmod(0o700)
    monkeypatch.setattr("bot.foundation.sys.executable", str(failing))

    async with AsyncExitStack() as stack:
        base = await founded(settings(tmp_path / "new.db"), stack, utc_now)
        with pytest.raises(StorageError, match=f"The newest schema can't be made. {told}"):
            await when_usable(base)


def test_migration_by_itself_says_why_in_one_line(tmp_path):
    command = [sys.executable, "-m", "storage.migrations", f"sqlite:///{tmp_path}/missing/own.db"]

    ended = subprocess.run(command, check=False, capture_output=True, text=True)

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert "own.db can't be used: it can't be opened" in line


@pytest.mark.parametrize("code", [EACCES, EROFS])
async def test_a_folder_that_we_must_not_write_to_says_what_to_do(tmp_path, monkeypatch, code):
    def shut(path, *_):
        raise OSError(code, "Not for you", path)

    with monkeypatch.context() as patch:
        patch.setattr("storage.ownership.os.open", shut)
        with pytest.raises(
            StorageError, match=r"bot\.db\.lock can't be written: Not for you\. Let the bot's user"
        ):
            async with sole_owner(tmp_path / "bot.db"):
                pass


async def test_file_with_a_second_name_is_refused(tmp_path):
    async with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        await database.migrate()
    (tmp_path / "other.db").hardlink_to(tmp_path / "bot.db")

    with pytest.raises(DatabaseIsTakenError, match="2 names"):
        async with sole_owner(tmp_path / "bot.db"):
            pass


def test_migration_runs_as_a_process_of_its_own(tmp_path):
    command = [sys.executable, "-m", "storage.migrations", f"sqlite:///{tmp_path}/own.db"]

    subprocess.run(command, check=True)

    with sqlite3.connect(tmp_path / "own.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone()


def test_what_is_owed_before_slack_answers_wakes_nobody():
    team = Team()

    team.wake()

    assert team.delivery is None
