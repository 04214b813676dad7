"""What can be asked for on the command line, and what each option may be."""

import argparse
from math import isfinite
from pathlib import Path

LAST_PORT_OF_THREE = 65_533


def parser() -> argparse.ArgumentParser:
    """The parser; `command` is the name of what is asked for."""
    whole = argparse.ArgumentParser(
        "portwire", description="A Slack bot that follows number porting at Telnyx."
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")

    def add(name: str, what: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")

    run = add("run", "the bot, until Ctrl-C or SIGTERM")
    run.add_argument(
        "--role",
        choices=("all", "web", "worker"),
        default="all",
        help="all (default) is one process for everything; web answers Slack, worker polls and posts: any"
        " number of each may share one PostgreSQL",
    )
    _add_sandbox_options(add("sandbox", "the bot against stand-ins of Telnyx and Slack; no account needed"))
    add("doctor", "check settings, keys, scopes, database and clock")
    manifest = add("manifest", "print the Slack app manifest")
    manifest.add_argument(
        "--mode",
        choices=("socket", "http"),
        default="socket",
        help="socket (default): we call Slack; http: Slack calls us",
    )
    manifest.add_argument("--url", type=_https, help="the public https address of the bot, for --mode http")
    add("migrate", "bring the database to the newest schema")
    trace = add("trace", "the life of one event, from the tables")
    trace.add_argument("event_id", metavar="EVENT-ID", help="the id, or its first 8 or more characters")
    backup = add("backup", "copy a SQLite database to a file, also beside a running bot")
    backup.add_argument("file", type=Path, metavar="FILE", help="the copy, which must not be there yet")
    add("restored", "say that a backup was put back: channels are read before anything is posted to them")
    return whole


def _add_sandbox_options(sandbox: argparse.ArgumentParser) -> None:
    sandbox.add_argument(
        "--port",
        type=_port,
        default=8080,
        help="of the page (default: 8080); the next two are the stand-ins'",
    )
    sandbox.add_argument(
        "--speed",
        type=_speed,
        default=60,
        help="minutes of a porting story that pass in one real minute (default: 60, an hour a minute);"
        " two events are at least 4 seconds apart at any speed",
    )
    sandbox.add_argument("--no-browser", dest="browser", action="store_false", help="do not open the page")
    sandbox.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the database there (default: nothing is kept)"
    )


class _Version(argparse.Action):
    """Prints the version of what is installed, which is looked up only here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # only for this

        try:
            print(f"portwire {version('portwire')}")  # noqa: T201  # this is the terminal's end
        except PackageNotFoundError:
            parser.exit(1, "portwire: not installed as a package, so its version is unknown.\n")
        parser.exit()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT_OF_THREE:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to {LAST_PORT_OF_THREE}")
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not isfinite(speed) or speed <= 0:
        raise argparse.ArgumentTypeError("expected a number above 0")
    return speed


def _https(text: str) -> str:
    if not text.startswith("https://") or any(letter.isspace() for letter in text):
        raise argparse.ArgumentTypeError("expected an https:// address")
    return text.rstrip("/")
