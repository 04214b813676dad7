"""`portwire doctor`: looks at everything the bot needs, and says what to do about what is wrong.

Nothing is changed and nothing is posted, so it may run beside a running bot.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.errors import PermanentError, TemporaryError
from bot.messages.wording import Look
from bot.metrics import Metrics
from bot.samples import samples
from bot.settings import Settings
from bot.slack.client import session
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from bot.slack.inspection import Identity, Inspection
from bot.slack.manifest import SCOPES
from bot.telnyx.client import Telnyx
from bot.telnyx.events import Source
from storage.database import Database
from storage.errors import StorageError

CLOCK_TOLERANCE = timedelta(seconds=60)
LATELY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it is; where it is not fine, the text says what to do."""

    text: str
    is_fine: bool = True

    @property
    def line(self) -> str:
        """For the terminal."""
        return f"{'✓' if self.is_fine else '✗'} {self.text}"


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
        sockets = await _sockets(settings, http)
    clocks = _clock("Telnyx", at_telnyx.clock) + _clock("Slack", at_slack.clock)
    return [
        Check("Settings: complete."),
        *await _database(settings),
        *at_telnyx.checks,
        *at_slack.checks,
        *sockets,
        *clocks,
    ]


def _wrong(text: str) -> Check:
    return Check(text, is_fine=False)


async def _database(settings: Settings) -> list[Check]:
    async with Database.open(settings.database_url) as database:
        if not database.path.exists():
            folder = database.path.parent
            if folder.is_dir() and os.access(folder, os.W_OK):
                return [Check(f"Database: {database.path.name} will be made by the first start.")]
            return [
                _wrong(
                    f"Database: {folder} is no folder that can be written to. Make it, or set DATABASE_URL."
                )
            ]
        try:
            await database.check()
        except StorageError as error:
            return [_wrong(f"Database: {error}")]
        return [Check(f"Database: {database.path.name} has the newest schema.")]


async def _telnyx(settings: Settings) -> Neighbour:
    since = datetime.now(UTC) - LATELY
    key = settings.telnyx_api_key.get_secret_value()
    try:
        async with Telnyx.open(settings.telnyx_base_url, key, Metrics()) as telnyx:
            pages = [await telnyx.event_page(source, since=since, size=1) for source in Source]
    except PermanentError as error:
        return Neighbour([_wrong(f"Telnyx: {error} A v2 key is made in the Telnyx portal, API Keys.")])
    except TemporaryError as error:
        advice = "Check TELNYX_BASE_URL, the network and Telnyx's status page."
        return Neighbour([_wrong(f"Telnyx: {error} {advice}")])
    found = [page.total_results if page.total_results is not None else len(page.rows) for page in pages]
    counted = f"{found[0]} port-in and {found[1]} port-out events in the last two days"
    return Neighbour([Check(f"Telnyx: the key is accepted; {counted}.")], pages[-1].server_time)


async def _slack(settings: Settings, http: aiohttp.ClientSession) -> Neighbour:
    slack = Inspection.of(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, http)
    try:
        found = await slack.identity()
    except SlackRefusedError as error:
        advice = "Copy it anew to SLACK_BOT_TOKEN (your Slack app, Install App)."
        what = f"Slack: the bot token is refused ({error.error}). {advice}"
        return Neighbour([_wrong(what)])
    except SlackUnavailableError as error:
        return Neighbour([_wrong(f"Slack: {error} Check SLACK_API_URL and the network.")])
    here = Check(f"Slack: the bot token is accepted; we are @{found.name} in {found.team}.")
    return Neighbour([here, *_scopes(found), *await _messages(settings, slack)], found.server_time)


def _scopes(found: Identity) -> Iterable[Check]:
    if found.scopes is None:
        return [Check("Slack scopes: Slack did not tell them.")]
    missing = [scope for scope in SCOPES if scope not in found.scopes]
    if not missing:
        return [Check("Slack scopes: all are there.")]
    advice = "Paste `portwire manifest` into the app's manifest and install the app again"
    return [_wrong(f"Slack scopes: {scope} is missing, for {SCOPES[scope]}. {advice}.") for scope in missing]


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
        return [_wrong(f"Slack messages: {error} Try again later.")]
    if not refused:
        return [Check("Slack messages: Slack's validator takes every sample.")]
    advice = "They would be posted plainer. Please report it, with this line"
    return [_wrong(f"Slack messages: {problem}. {advice}.") for problem in refused]


async def _sockets(settings: Settings, http: aiohttp.ClientSession) -> list[Check]:
    if settings.slack_app_token is None:
        return [Check("Slack requests: by HTTP, at /slack/events of the bot's public address.")]
    slack = Inspection.of(settings.slack_app_token.get_secret_value(), settings.slack_api_url, http)
    try:
        await slack.check_app_token()
    except SlackRefusedError as error:
        advice = "Make one with connections:write (app, Basic Information) and set SLACK_APP_TOKEN."
        return [_wrong(f"Slack Socket Mode: the app token is refused ({error.error}). {advice}")]
    except SlackUnavailableError as error:
        return [_wrong(f"Slack Socket Mode: {error} Check SLACK_API_URL and the network.")]
    return [Check("Slack Socket Mode: the app token is accepted.")]


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
        _wrong(
            f"Clock: {seconds} s {way} {whose}'s. Set this machine's clock (NTP): signatures depend on it."
        )
    ]
