"""What `portwire doctor` asks of Slack: is the token good, what may it do, what time is it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.blocks import Block
from bot.slack.errors import (
    OUTAGE_ERRORS,
    Refusal,
    SlackRefusedError,
    SlackUnavailableError,
    error_of,
    refusal_of,
    status_of,
)
from bot.slack.transport import carried, trouble_of, web_client

ANOTHER = "What answers there is not Slack's Web API. Check SLACK_API_URL."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Slack takes us for. `scopes` is None where Slack did not say; `server_time` is aware UTC."""

    team: str
    name: str
    scopes: frozenset[str] | None
    server_time: datetime | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """Questions with one token. Each may raise SlackRefusedError, and SlackUnavailableError, whose words say
    what to do."""

    web: AsyncWebClient

    @classmethod
    def of(cls, token: str, api_url: str, http: aiohttp.ClientSession) -> "Inspection":
        """The questions that `token` may ask."""
        return cls(web_client(token, api_url, http))

    async def identity(self) -> Identity:
        """Who we are."""
        answer = await self._ask("auth.test")
        scopes = answer.headers.get("x-oauth-scopes")
        return Identity(
            team=str(answer.get("team", "")),
            name=str(answer.get("user", "")),
            scopes=frozenset(scope.strip() for scope in scopes.split(",")) if scopes is not None else None,
            server_time=_moment(answer.headers.get("Date")),
        )

    async def check_app_token(self) -> None:
        """Ask for a Socket Mode address, which is not used."""
        await self._ask("apps.connections.open")

    async def channel(self, channel_id: str) -> Mapping[str, object]:
        """What Slack tells of a channel."""
        found = (await self._ask("conversations.info", channel=channel_id)).get("channel")
        return found if isinstance(found, dict) else {}

    async def check_person(self, person_id: str) -> None:
        """Ask for a user, or for a user group (`S…`): refused where Slack knows none."""
        if person_id.startswith("S"):
            await self._ask("usergroups.users.list", usergroup=person_id)
        else:
            await self._ask("users.info", user=person_id)

    async def blocks_problems(self, blocks: Sequence[Block]) -> list[str] | None:
        """What Slack's own validator finds wrong in blocks; None where Slack has none."""
        try:
            answer = await self._ask("blocks.validate", blocks=list(blocks))
        except SlackRefusedError as error:
            return None if error.error == "unknown_method" else [error.error]
        found = answer.get("errors")
        return [str(each) for each in found] if isinstance(found, list) else []

    async def _ask(self, method: str, **arguments: object) -> AsyncSlackResponse:
        try:
            answer = await self.web.api_call(method, **carried(method, arguments))
        except SlackApiError as error:
            raise _trouble(error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = f"Slack cannot be reached ({trouble_of(error)}). Check SLACK_API_URL and the network."
            raise SlackUnavailableError(why) from error
        except (AttributeError, TypeError, ValueError, LookupError, RecursionError) as error:
            # slack_sdk trips over it.
            raise SlackUnavailableError(ANOTHER) from error
        if not isinstance(answer.data, dict):
            raise SlackUnavailableError(ANOTHER)
        return answer


def _trouble(error: SlackApiError) -> SlackUnavailableError | SlackRefusedError:
    status, told = status_of(error.response), error_of(error.response)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = f"HTTP {status}"
    elif told is None:
        return SlackUnavailableError(ANOTHER)
    elif refusal_of(told) is not Refusal.RATE and told not in OUTAGE_ERRORS:
        return SlackRefusedError(told)
    return SlackUnavailableError(f"Slack does not answer properly just now ({told}). Try again in a minute.")


def _moment(date: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(date)).astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None
