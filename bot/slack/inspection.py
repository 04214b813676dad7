"""What `portwire doctor` asks of Slack: is the token good, what may it do, what time is it there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import SlackRefusedError, SlackUnavailableError


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Slack takes us for. `scopes` is None where Slack did not say; `server_time` is aware UTC."""

    team: str
    name: str
    scopes: frozenset[str] | None
    server_time: datetime | None


async def identity(web: AsyncWebClient) -> Identity:
    """Who we are. Raises SlackRefusedError or SlackUnavailableError."""
    answer = await _ask(web, "auth.test")
    scopes = answer.headers.get("x-oauth-scopes")
    return Identity(
        team=str(answer.get("team", "")),
        name=str(answer.get("user", "")),
        scopes=frozenset(scope.strip() for scope in scopes.split(",")) if scopes is not None else None,
        server_time=_moment(answer.headers.get("Date")),
    )


async def check_app_token(web: AsyncWebClient) -> None:
    """Ask for a Socket Mode address, which is not used. Raises as `identity` does."""
    await _ask(web, "apps.connections.open")


async def _ask(web: AsyncWebClient, method: str) -> AsyncSlackResponse:
    try:
        return await web.api_call(method)
    except SlackApiError as error:
        # On an unreadable body slack_sdk hands over aiohttp's response, which has no `data`.
        data = getattr(error.response, "data", None)
        told = data.get("error") if isinstance(data, dict) else None
        if isinstance(told, str):
            raise SlackRefusedError(told) from error
        raise SlackUnavailableError("What answers there is not Slack's Web API.") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SlackUnavailableError(f"Slack cannot be reached ({type(error).__name__}).") from error
    except (AttributeError, TypeError, ValueError) as error:  # bodies that slack_sdk trips over
        raise SlackUnavailableError("What answers there is not Slack's Web API.") from error


def _moment(date: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(date)).astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None
