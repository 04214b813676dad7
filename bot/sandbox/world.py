"""The sandbox: the real bot against stand-ins of Telnyx and Slack, with stories that unfold by themselves."""

import asyncio
import secrets
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from os import environ
from pathlib import Path

from bot.errors import PortwireError
from bot.filters import parse
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.controls import Controls
from bot.sandbox.keyboard import Keyboard
from bot.sandbox.page import panel
from bot.sandbox.page.server import Page
from bot.sandbox.page.suggestions import suggestions
from bot.sandbox.page.tab import Offer, Tabs
from bot.sandbox.ports import three_ports
from bot.sandbox.script import Script
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx.wire import utc_now
from bot.sandbox.telnyx_api import TelnyxApi
from bot.sandbox.terminal import Printer, TypedLines
from bot.sandbox.transcript import Transcript
from bot.sandbox.workspace import Residents, environment, populate, shortcuts
from bot.settings import Settings, misspelt
from bot.signals import until_stopped
from bot.slack.manifest import manifest
from bot.subscriptions import Subscriptions
from storage.database import Database

HOST = "127.0.0.1"
FIRST_REFERENCE = 1042
SETTLES_WITHIN = timedelta(seconds=30)
"""After that the bot runs without Slack: what it says is shown."""
HINT = (
    "Type a command, such as help or status; #channel goes there, @gus is who you are then,"
    " !click Republish presses a button. Ctrl-C or Ctrl-D ends."
)


class NoPlaceError(PortwireError):
    """The directory of `--keep` can't be used."""


@dataclass(frozen=True, slots=True)
class World:
    """Both stand-ins and the page, served; `who` is there, and who sits at the keyboard."""

    telnyx: TelnyxApi
    slack: SlackWorkspace
    page_url: str
    who: Residents
    keyboard: Keyboard
    controls: Controls


async def run(*, port: int, speed: float, browser: bool, keep: Path | None) -> None:
    """Run the sandbox until Ctrl-C, SIGTERM or a typed `exit`. `speed`: minutes of a story in a real minute.

    Without `keep` nothing stays; with it the database is kept in that directory. Raises PortInUseError,
    NoPlaceError, and what keeps the bot from starting.
    """

    def leave() -> None:
        life.cancel()

    life = asyncio.create_task(_run(port, speed, browser=browser, keep=keep, leave=leave))
    await until_stopped(life)


async def _run(
    port: int, speed: float, *, browser: bool, keep: Path | None, leave: Callable[[], None]
) -> None:
    """The whole sandbox; it ends by being cancelled, which `leave` brings about."""
    async with AsyncExitStack() as stack:
        is_kept = keep is not None
        kept = None if keep is None else _made(keep)
        printer = stack.enter_context(Printer())
        world = await stack.enter_async_context(served(port, printer.say, speed=speed, is_kept=is_kept))
        # Entered late, left early: the page's goodbye takes a second, in which Ctrl-C may cut all short.
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portwire-sandbox-")))
        controls = world.controls
        if sys.stdin.isatty():
            printer.hint(HINT)
        settings = environment(
            world.slack,
            world.who,
            telnyx_url=world.telnyx.url,
            telnyx_key=world.telnyx.api_key,
            directory=kept or home,
            since=controls.promise.since,
        )
        subscriptions = await stack.enter_async_context(_moved_in(settings["DATABASE_URL"], world))
        controls.bot = bot = BotProcess(_surroundings() | settings, home, printer.complain)
        stack.push_async_callback(bot.stop)
        stack.callback(controls.switches.repair)  # or a bot would take long to say goodbye
        await bot.start()
        if browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, world.page_url)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(TypedLines(world.keyboard.take, leave).serve())
            tasks.create_task(_tell_stories(controls.script))
            tasks.create_task(controls.watch(subscriptions))
            tasks.create_task(bot.settled(partial(_is_at_work, world.slack, utc_now() + SETTLES_WITHIN)))


@asynccontextmanager
async def served(
    port: int, say: Callable[[str], None], *, speed: float, is_kept: bool
) -> AsyncIterator[World]:
    """Both stand-ins and the page on three neighbouring ports, which are said first.

    `is_kept`: ids never seen before, since a kept database remembers those of the last time.
    """
    pages, telnyxs, slacks = three_ports(HOST, port)
    slack, telnyx = SlackWorkspace(), TelnyxApi(seed=secrets.randbits(64) if is_kept else 0)
    who = populate(slack)
    first = 1000 + secrets.randbelow(9000) if is_kept else FIRST_REFERENCE
    script = Script(telnyx, now=utc_now, speed=speed, first=first)
    controls = Controls(telnyx, slack, script, who.porting, utc_now)
    offer = Offer(
        shortcuts=shortcuts(manifest(slack.command_name)),
        suggestions=suggestions(slack.command_name),
        titles=who.titles(),
        panel=partial(panel.build, controls),
    )
    page = Page(Tabs(slack, offer))
    async with AsyncExitStack() as stack:
        for server, its_port in ((telnyx, telnyxs), (slack, slacks), (page, pages)):
            stack.push_async_callback(server.stop)
            await server.start(HOST, its_port)
        page_url = f"http://{HOST}:{pages}"
        for line in (f"page {page_url}", f"telnyx {telnyx.url}", f"slack {slack.url}"):
            say(line)
        slack.on_message.append(Transcript(slack, say).heard)
        keyboard = Keyboard(slack, say, person=who.account_manager, place=who.porting)
        yield World(telnyx, slack, page_url, who, keyboard, controls)


@asynccontextmanager
async def _moved_in(database_url: str, world: World) -> AsyncIterator[Subscriptions]:
    """The bot's database as it is before its first start: #porting follows everything."""
    async with Database.open(database_url) as database:
        await database.migrate()
        subscriptions = Subscriptions(database, utc_now)
        await follow_everything(subscriptions, world.slack.team_id, world.who)
        yield subscriptions


async def follow_everything(subscriptions: Subscriptions, team_id: str, who: Residents) -> None:
    """#porting follows everything, unless a kept database says what it follows."""
    if not await subscriptions.in_channel(who.porting):
        await subscriptions.follow(who.porting, team_id, who.account_manager, parse(""))


async def _tell_stories(script: Script) -> None:
    while True:
        until_next = script.play()
        with suppress(TimeoutError):
            await asyncio.wait_for(script.changed.wait(), until_next.total_seconds())
        script.changed.clear()


def _is_at_work(slack: SlackWorkspace, given_up_at: datetime) -> bool:
    return slack.open_sockets > 0 or utc_now() > given_up_at


def _surroundings() -> dict[str, str]:
    """Our environment without anything that the bot would take for a setting."""
    settings = {name.upper() for name in Settings.model_fields} | {
        name for name, _ in misspelt(environ, None)
    }
    return {name: value for name, value in environ.items() if name.upper() not in settings}


def _made(keep: Path) -> Path:
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlaceError(
            f"--keep {keep}: {error.strerror}. Name a directory that can be written."
        ) from error
    return keep


def _has_screen() -> bool:
    """Elsewhere a browser would be one of the kind that takes the terminal over."""
    return sys.platform in ("darwin", "win32") or bool(environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"})
