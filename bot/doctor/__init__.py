"""`portwire doctor`: looks at everything the bot needs, and says what to do about what is wrong.

Nothing is changed and nothing is posted, so it may run beside a running bot.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.doctor.checks import SOURCES, UNSURE, WHERE_BOT, WHERE_TELNYX, Check, wrong
from bot.doctor.files import about_env_file, privacy
from bot.doctor.naming import ops_channel, people
from bot.doctor.requests import heartbeat, ways_in
from bot.messages.wording import Look, full_stop
from bot.metrics import Metrics
from bot.samples import samples
from bot.settings import ENV_FILE, Settings
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from bot.slack.inspection import Identity, Inspection
from bot.slack.manifest import SCOPES
from bot.slack.transport import session
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from storage.database import Database
from storage.errors import StorageError

CLOCK_TOLERANCE = timedelta(seconds=60)
LATELY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What came of looking at a neighbour: checks, and its clock where it showed one."""

    checks: list[Check]
    clock: datetime | None = None


async def examine(settings: Settings) -> list[Check]:
    """Look at everything; the settings themselves are fine by now."""
    async with session() as http:
        at_telnyx = await _telnyx(settings)
        at_slack = await _slack(settings, http)
        sockets = await ways_in(settings, http)
    clocks = _clock("Telnyx", at_telnyx.clock) + _clock("Slack", at_slack.clock)
    return [
        Check("Settings: complete."),
        *await _database(settings),
        *at_telnyx.checks,
        *at_slack.checks,
        *sockets,
        *await heartbeat(settings),
        *clocks,
    ]


def about_settings(problems: Sequence[str]) -> list[Check]:
    """What is wrong with the settings, each with where the right value comes from."""
    advice = [SOURCES.get(problem.partition(" ")[0], "") for problem in problems]
    checks = [wrong(f"{problem} {more}".strip()) for problem, more in zip(problems, advice, strict=True)]
    here = "is there" if ENV_FILE.exists() else "is not there"
    read = f"Settings are read from the environment and from {ENV_FILE} in the current folder: {Path.cwd()}"
    return [*checks, Check(f"{read} ({ENV_FILE} {here}).", UNSURE)]


def about_names(doubts: Iterable[str]) -> list[Check]:
    """What is set and is no setting, and what of the file of settings is odd."""
    return [*about_env_file(ENV_FILE), *(Check(doubt, UNSURE) for doubt in doubts)]


async def _database(settings: Settings) -> list[Check]:
    async with Database.open(settings.database_url) as database:
        if database.file and (found := _about_file(database.file)):
            return found
        try:
            await database.check()
        except StorageError as error:
            return [wrong(f"Database: {error}")]
        name = database.file.name if database.file else database.name
        about_file = privacy(database.file) if database.file else []
        return [Check(f"Database: {name} has the newest schema."), *about_file]


def _about_file(file: Path) -> list[Check]:
    """Why a database's file can't be used, nothing where it can."""
    folder = file.parent
    if not folder.is_dir():
        return [wrong(f"Database: there is no folder {folder}. Make it, or set DATABASE_URL.")]
    places = [file, folder] if file.exists() else [folder]
    if shut := next((place for place in places if not os.access(place, os.W_OK)), None):
        return [wrong(f"Database: {shut} can't be written to. Give the bot's user the right to.")]
    if not file.exists():
        missing = f"Database: no such file {file}, it will be made by the first start."
        advice = "If the bot runs already, check DATABASE_URL and the folder you are in."
        return [Check(f"{missing} {advice}", UNSURE)]
    return []


async def _telnyx(settings: Settings) -> Neighbour:
    since = datetime.now(UTC) - LATELY
    key = settings.telnyx_api_key.get_secret_value()
    try:
        async with Telnyx.open(settings.telnyx_base_url, key, Metrics()) as telnyx:
            pages = [await telnyx.event_page(source, since=since, size=1) for source in Source]
    except (TelnyxRefusedError, TelnyxUnavailableError) as error:
        return Neighbour([wrong(f"Telnyx: {_telnyx_advice(error)}")])
    found = [page.total_results if page.total_results is not None else len(page.rows) for page in pages]
    counted = f"{found[0]} port-in and {found[1]} port-out events in the last two days"
    return Neighbour([Check(f"Telnyx: the key is accepted; {counted}.")], pages[-1].server_time)


def _telnyx_advice(error: TelnyxRefusedError | TelnyxUnavailableError) -> str:
    said = full_stop(str(error))
    if isinstance(error, TelnyxUnavailableError):
        if error.kind == "rate_limited":
            return f"{said} Try again in a minute: all that use this key share its limit."
        elsewhere = error.kind in ("not_json", "wrong_shape")
        rest = "it ends in /v2" if elsewhere else "the network and Telnyx's status page"
        return f"{said} Check TELNYX_BASE_URL{':' if elsewhere else ','} {rest}."
    if error.status == 404:
        return f"{said} Check TELNYX_BASE_URL: it ends in /v2."
    return f"{said} {WHERE_TELNYX}" if error.status in (401, 403) else said


async def _slack(settings: Settings, http: aiohttp.ClientSession) -> Neighbour:
    slack = Inspection.of(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, http)
    try:
        found = await slack.identity()
    except SlackRefusedError as error:
        return Neighbour([wrong(f"Slack: the bot token is refused ({error.error}). {WHERE_BOT}")])
    except SlackUnavailableError as error:
        return Neighbour([wrong(f"Slack: {error}")])
    here = Check(f"Slack: the bot token is accepted; we are @{found.name} in {found.team}.")
    named = [*await ops_channel(settings, slack), *await people(settings, slack)]
    checks = [here, *_scopes(found), *named, *await _messages(settings, slack)]
    return Neighbour(checks, found.server_time)


def _scopes(found: Identity) -> Iterable[Check]:
    if found.scopes is None:
        return [Check("Slack scopes: Slack did not tell them.")]
    missing = [scope for scope in SCOPES if scope not in found.scopes]
    if not missing:
        return [Check("Slack scopes: all are there.")]
    advice = "Paste `portwire manifest` into the app's manifest and install the app again"
    return [wrong(f"Slack scopes: {scope} is missing, for {SCOPES[scope]}. {advice}.") for scope in missing]


async def _messages(settings: Settings, slack: Inspection) -> list[Check]:
    """Have Slack's validator look at a sample of what we post: it is the only judge of our own."""
    look = Look(
        now=datetime.now(UTC),
        command=settings.slack_command,
        portal_order_url=settings.portal_order_url,
    )
    refused = []
    try:
        for name, message in samples(look).items():
            problems = await slack.blocks_problems(message.blocks)
            if problems is None:
                return [Check("Slack messages: Slack has no validator here, so they were not checked.")]
            refused += [f"{name}: {problem}" for problem in problems]
    except SlackUnavailableError as error:
        return [wrong(f"Slack messages: {error}")]
    if not refused:
        return [Check("Slack messages: Slack's validator takes every sample.")]
    advice = "They would be posted plainer. Please report it, with this line"
    return [wrong(f"Slack messages: {problem}. {advice}.") for problem in refused]


def _clock(whose: str, clock: datetime | None) -> list[Check]:
    """Nothing where the neighbour showed no clock: that it was not reached is said already."""
    if clock is None:
        return []
    off = datetime.now(UTC) - clock
    if abs(off) <= CLOCK_TOLERANCE:
        return [Check(f"Clock: the same as {whose}'s.")]
    way = "ahead of" if off > timedelta(0) else "behind"
    seconds = round(abs(off).total_seconds())
    return [
        wrong(f"Clock: {seconds} s {way} {whose}'s. Set this machine's clock (NTP): signatures depend on it.")
    ]
