"""How Slack's and Telnyx's requests reach the bot, and whether they will."""

import re
from collections.abc import Iterator

import aiohttp

from bot.doctor.checks import UNSURE, WHERE_APP, Check, wrong
from bot.heartbeat import unreached
from bot.settings import Settings
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from bot.slack.inspection import Inspection

_SECRET = re.compile(r"[0-9a-f]{32}")


async def ways_in(settings: Settings, http: aiohttp.ClientSession) -> list[Check]:
    """A line for each way that is set up."""
    return [*await _sockets(settings, http), *_by_http(settings)]


async def heartbeat(settings: Settings) -> list[Check]:
    """Whether the service that wants to hear from the bot is there."""
    if settings.heartbeat_url is None:
        return []
    if refusal := await unreached(settings.heartbeat_url):
        advice = "Check HEARTBEAT_URL and the way out to it"
        return [wrong(f"Heartbeat: its server can't be reached ({refusal}). {advice}.")]
    return [Check("Heartbeat: its server answers; the address itself was not called.")]


async def _sockets(settings: Settings, http: aiohttp.ClientSession) -> list[Check]:
    if settings.slack_app_token is None:
        return []
    slack = Inspection.of(settings.slack_app_token.get_secret_value(), settings.slack_api_url, http)
    try:
        await slack.check_app_token()
    except SlackRefusedError as error:
        return [wrong(f"Slack Socket Mode: refused ({error.error}). {WHERE_APP}")]
    except SlackUnavailableError as error:
        return [wrong(f"Slack Socket Mode: {error}")]
    return [Check("Slack Socket Mode: the app token is accepted.")]


def _by_http(settings: Settings) -> Iterator[Check]:
    if settings.slack_signing_secret:
        yield Check("Slack requests: by HTTP, at /slack/events of the bot's public address.")
        if not _SECRET.fullmatch(settings.slack_signing_secret.get_secret_value()):
            where = "Copy it from your Slack app, Basic Information"
            yield Check(f"SLACK_SIGNING_SECRET: Slack's have 32 digits or letters a to f. {where}.", UNSURE)
    served = {
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
        "TELNYX_PUBLIC_KEY": settings.telnyx_public_key,
    }
    for name in (name for name, value in served.items() if value and settings.port == 0):
        yield Check(
            f"{name}: it is of no use with PORT=0, which serves nothing. Set PORT, or leave it out.", UNSURE
        )
