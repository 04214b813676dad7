"""The command line: reads what is asked, runs it, and turns what went wrong into one line and an exit code.

0 done, 1 a check failed or a fatal error, 2 wrong usage or settings. Only the parts of the command that was
asked for are imported: the bot starts quicker, and its process stays small.
"""

# ruff: noqa: PLC0415  # imports inside the commands, for the reason above

import argparse
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.arguments import parser
from bot.errors import PortwireError, SettingsError
from bot.signals import first_signal, interrupt
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.settings import LocalSettings

DONE, FAILED, WRONG = 0, 1, 2
ENDED_BY_HAND = ("run", "sandbox")
"""What has no other end than a signal."""


class UsageError(PortwireError):
    """The command line asks for something that cannot be."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code. argparse itself exits with 2 on wrong usage."""
    arguments = parser().parse_args(argv)
    try:
        with first_signal(interrupt):
            return COMMANDS[arguments.command](arguments) or DONE
    except SettingsError as error:
        return _tell(*error.problems, *_misspelt(), code=WRONG)
    except UsageError as error:
        return _tell(str(error), code=WRONG)
    except KeyboardInterrupt:
        return _tell("stopped.", code=DONE if arguments.command in ENDED_BY_HAND else FAILED)
    except Exception as error:  # the last place: a person gets a line, never a traceback
        logging.getLogger(__name__).debug("fatal error", exc_info=error)
        return _tell(_in_one_line(error), code=FAILED)


def _in_one_line(error: Exception) -> str:
    """What went wrong, for the person at the terminal."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, (PortwireError, StorageError)):
        return str(error)
    from bot import log

    where = f"unexpected {type(error).__name__}"
    return f"{where}: {log.Redactor()(' '.join(str(error).split()))[:300]}"


def _show(text: str) -> None:
    """Write it to the terminal, or to whoever reads there and may have read enough."""
    try:
        print(text, flush=True)  # noqa: T201  # this is the terminal's end
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(*lines: str, code: int) -> int:
    for line in lines:
        print(f"portwire: {line}", file=sys.stderr)  # noqa: T201  # this is the terminal's end
    return code


def _misspelt() -> list[str]:
    from bot.settings import misspelt

    return [f"{name} is no setting: is {meant} meant?" for name, meant in misspelt()]


def _run(arguments: argparse.Namespace) -> None:
    import asyncio

    import structlog

    from bot import log
    from bot.roles import Role
    from bot.settings import load, misspelt
    from storage.database import is_postgres

    settings = load()
    role = Role(arguments.role)
    if role is not Role.ALL and not is_postgres(settings.database_url):
        raise UsageError(
            f"--role {role} needs PostgreSQL in DATABASE_URL, which several processes may share: SQLite takes"
            " one process, --role all."
        )
    log.configure(settings.log_level, settings.log_format, settings.secrets())
    for name, meant in misspelt():
        structlog.get_logger().warning("no such setting, is another meant?", name=name, meant=meant)
    from bot import app

    asyncio.run(app.run(settings, role))


def _sandbox(arguments: argparse.Namespace) -> None:
    import asyncio

    from bot import log

    log.configure("warning")
    try:
        from bot.sandbox import world
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the sandbox is not installed here ({error.name} is missing): try it by make sandbox in a clone"
            " of the repository."
        ) from error

    asyncio.run(
        world.run(port=arguments.port, speed=arguments.speed, browser=arguments.browser, keep=arguments.keep)
    )


def _doctor(_: argparse.Namespace) -> int:
    import asyncio

    from bot import doctor, log
    from bot.settings import load

    log.configure("error")

    try:
        settings = load()
    except SettingsError as error:
        checks = doctor.about_settings(error.problems)
    else:
        log.configure("error", None, settings.secrets())
        checks = asyncio.run(doctor.examine(settings))
    for check in [*checks, *doctor.about_names(_misspelt())]:
        _show(log.on_one_line(check.line))
    return FAILED if any(check.is_wrong for check in checks) else DONE


def _manifest(arguments: argparse.Namespace) -> None:
    from bot.settings import load_local
    from bot.slack import manifest

    settings = load_local()
    if arguments.mode == "http" and not arguments.url:
        raise UsageError("--mode http needs --url, the public https address of the bot.")
    if arguments.url and arguments.mode != "http":
        raise UsageError(
            "--url is only for --mode http: add it, or leave --url out (Socket Mode needs none)."
        )
    _show(manifest.manifest(settings.slack_command, arguments.url).rstrip())


def _migrate(_: argparse.Namespace) -> None:
    _asked_of_the_database(_newest_schema)


async def _newest_schema(settings: "LocalSettings") -> list[str]:
    from storage.database import Database

    async with Database.open(settings.database_url) as database:
        await database.migrate()
        return [f"The database has the newest schema ({await database.schema()})."]


def _trace(arguments: argparse.Namespace) -> None:
    async def life(settings: "LocalSettings") -> list[str]:
        from bot import trace
        from storage.database import Database

        async with Database.open(settings.database_url) as database:
            if database.file and not database.file.exists():
                raise PortwireError(
                    f"no such file {database.file}: check DATABASE_URL and the folder you are in."
                    " The first start makes it, or portwire migrate."
                )
            await database.check()
            return await trace.life(database, arguments.event_id)

    _asked_of_the_database(life)


def _backup(arguments: argparse.Namespace) -> None:
    async def copied(settings: "LocalSettings") -> list[str]:
        from bot import backups

        return await backups.back_up(settings.database_url, arguments.file)

    _asked_of_the_database(copied)


def _restored(_: argparse.Namespace) -> None:
    async def noted(settings: "LocalSettings") -> list[str]:
        from bot import backups

        return await backups.note_restored(settings.database_url)

    _asked_of_the_database(noted)


def _asked_of_the_database(ask: "Callable[[LocalSettings], Coroutine[None, None, list[str]]]") -> None:
    import asyncio

    from bot import log
    from bot.settings import load_local

    settings = load_local()
    log.configure("warning", settings.log_format)
    for line in asyncio.run(ask(settings)):
        _show(log.on_one_line(line))


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int | None]] = {
    "run": _run,
    "sandbox": _sandbox,
    "doctor": _doctor,
    "manifest": _manifest,
    "migrate": _migrate,
    "trace": _trace,
    "backup": _backup,
    "restored": _restored,
}
