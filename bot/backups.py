"""`portwire backup` and `portwire restored`: a copy of the database, and its return."""

from datetime import UTC, datetime
from pathlib import Path

from bot.errors import PortwireError
from storage import leases, restores
from storage.database import Database

BEFORE_POSTING = "Before anything is posted to a channel, the bot looks for what it got since"


async def back_up(url: str, target: Path) -> list[str]:
    """Copy a file's database to `target`, also beside a running bot; return lines for the terminal.

    The copy knows that it is one: a bot that is started on it looks into the channels first.
    """
    async with Database.open(url) as database:
        _check_file(database)
        await database.check()
        await database.copy_to(target)
    async with Database.open(f"sqlite:///{target}") as copy, copy.transaction() as tx:
        await restores.mark(tx, datetime.now(UTC))
    return [
        f"{target} is a whole copy of {database.name}, for its own user's eyes.",
        "To go back to it: stop the bot, move the database away with its -wal and -shm, put the copy there.",
    ]


async def note_restored(url: str) -> list[str]:
    """A backup was put in the database's place, and no bot runs on it; return lines for the terminal."""
    async with Database.open(url) as found:
        _check_file(found)
    async with Database.open(url, to_serve=True) as database:
        await database.check()
        async with database.transaction() as tx:
            if database.is_shared and await leases.is_any_held(tx):
                raise PortwireError(
                    f"A bot works on {database.name}, or did until a moment ago: stop every process of it,"
                    " and try again in a minute."
                )
            if await restores.is_blank(tx):
                raise PortwireError(
                    f"No bot has ever worked on {database.name}, so it is no backup: check DATABASE_URL, and"
                    " whether the backup was put there."
                )
            since = await restores.mark(tx, datetime.now(UTC))
    return [f"Noted. {BEFORE_POSTING} {since.isoformat(timespec='seconds')}."]


def _check_file(database: Database) -> None:
    if database.file and not database.file.exists():
        raise PortwireError(
            f"no such file {database.file}: check DATABASE_URL and the folder you are in."
            " The first start makes it, or portwire migrate."
        )
