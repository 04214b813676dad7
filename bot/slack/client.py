"""The door to Slack's Web API: each answer becomes one of our outcomes, and nothing is tried twice here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.slack.blocks import Message
from bot.slack.errors import (
    OUTAGE_ERRORS,
    Outcome,
    Posted,
    Refusal,
    Refused,
    SlackRefusedError,
    SlackUnavailableError,
    Unclear,
    error_of,
    refusal_of,
    seconds,
    status_of,
)
from bot.slack.transport import CALL_TIMEOUT_S, carried, trouble_of

ODD_HISTORY = "the history is not whole"
PAGE = 200
MOST_PAGES = 25
"""A cursor that never ends ends here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message found in a channel's history, as far as we need it."""

    ts: str
    thread_ts: str | None
    bot_id: str | None
    metadata: Mapping[str, Any]
    has_replies: bool = False


class NotWholeError(SlackRefusedError):
    """Slack did not show all of a history; `seen` is what it did show."""

    def __init__(self, seen: list[Seen]) -> None:
        super().__init__(ODD_HISTORY)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Slack:
    """The calls that the bot starts by itself."""

    web: AsyncWebClient
    metrics: Metrics

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        metadata: Mapping[str, Any],
        thread_ts: str | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        """Post once. Links, names and previews stay off: texts come from outside."""
        arguments: dict[str, Any] = {
            "channel": channel,
            "text": message.text,
            "blocks": message.blocks or None,
            "metadata": metadata,
            "thread_ts": thread_ts,
            "reply_broadcast": True if broadcast and thread_ts else None,
            "unfurl_links": False,
            "unfurl_media": False,
            "link_names": False,
            "parse": "none",
        }
        outcome = await self._outcome("chat.postMessage", arguments)
        self._count("chat.postMessage", outcome)
        return outcome

    async def edit(self, channel: str, ts: str, message: Message, *, metadata: Mapping[str, Any]) -> Outcome:
        """Replace a message of ours; doing it twice does no harm."""
        arguments = {
            "channel": channel,
            "ts": ts,
            "text": message.text,
            "blocks": message.blocks,
            "metadata": metadata,
            "link_names": False,
            "parse": "none",
        }
        outcome = await self._outcome("chat.update", arguments)
        self._count("chat.update", outcome)
        return outcome

    async def history(self, channel: str, *, oldest: datetime, latest: datetime) -> list[Seen]:
        """Messages of the channel itself between two moments, with their metadata.

        Raises NotWholeError where Slack does not show all of them.
        """
        return await self._pages("conversations.history", {"channel": channel}, oldest, latest)

    async def replies(self, channel: str, ts: str, *, oldest: datetime, latest: datetime) -> list[Seen]:
        """Replies in a thread between two moments; none where the thread is gone."""
        try:
            return await self._pages("conversations.replies", {"channel": channel, "ts": ts}, oldest, latest)
        except SlackRefusedError as error:
            if error.error in ("thread_not_found", "message_not_found"):
                return []
            raise

    async def delete(self, channel: str, ts: str) -> None:
        """Take back a message of ours (only ever a repeat)."""
        await self.call("chat.delete", {"channel": channel, "ts": ts})

    async def join(self, channel: str) -> None:
        """Join a public channel; SlackRefusedError says why it can't be."""
        await self.call("conversations.join", {"channel": channel})

    async def open_direct(self, user_id: str) -> str:
        """The conversation in which a person reads our direct messages."""
        answer = await self.call("conversations.open", {"users": user_id})
        channel = answer.get("channel")
        direct_id = channel.get("id") if isinstance(channel, Mapping) else None
        if not isinstance(direct_id, str):
            raise SlackUnavailableError("Slack named no conversation.")
        return direct_id

    async def info(self, channel: str) -> Mapping[str, Any]:
        """What Slack says of a channel: is_member, is_archived, is_private …"""
        answer = await self.call("conversations.info", {"channel": channel})
        found = answer.get("channel")
        return found if isinstance(found, Mapping) else {}

    async def identity(self) -> Mapping[str, Any]:
        """`auth.test`: who we are (user_id, bot_id, and surely team_id)."""
        answer = await self.call("auth.test", {})
        if not isinstance(answer.get("team_id"), str) or not answer["team_id"]:
            raise SlackUnavailableError("Slack did not say which workspace the token is for (no team_id).")
        return answer

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call a method whose repetition does no harm.

        Raises SlackRefusedError, or SlackUnavailableError where another try may help.
        """
        outcome, answer = await self._ask(method, arguments)
        if outcome is None:
            self.metrics.slack_requests_total.labels(method=method, outcome="ok").inc()
            return answer
        self._count(method, outcome)
        if isinstance(outcome, Refused) and outcome.kind not in (Refusal.RATE, Refusal.UNREACHED):
            raise SlackRefusedError(outcome.error)
        if isinstance(outcome, Unclear) and not outcome.is_outage:
            raise SlackRefusedError(outcome.error)
        wait = outcome.retry_after if isinstance(outcome, Refused) else None
        raise SlackUnavailableError(f"Slack: {outcome.error}", retry_after=wait)

    async def _pages(
        self, method: str, arguments: Mapping[str, Any], oldest: datetime, latest: datetime
    ) -> list[Seen]:
        found: list[Seen] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            window = {"oldest": f"{oldest.timestamp():.6f}", "latest": f"{latest.timestamp():.6f}"}
            asked = {**arguments, **window, "inclusive": True, "limit": PAGE, "include_all_metadata": True}
            answer = await self.call(method, asked | ({"cursor": cursor} if cursor else {}))
            listed, following = answer.get("messages"), answer.get("response_metadata")
            following_cursor = following.get("next_cursor") if isinstance(following, Mapping) else None
            if not isinstance(listed, list):
                break
            found += [_seen(row) for row in listed if isinstance(row, Mapping)]
            if not following_cursor and answer.get("has_more") is not True:
                return found
            if not following_cursor or following_cursor == cursor:
                break
            cursor = str(following_cursor)
        raise NotWholeError(found)  # what is not shown might be there all the same

    async def _outcome(self, method: str, arguments: Mapping[str, Any]) -> Outcome:
        outcome, answer = await self._ask(method, arguments)
        if outcome is not None:
            return outcome
        ts = answer.get("ts")
        if not isinstance(ts, str) or not ts:
            return Unclear("ok without ts")
        message = answer.get("message")
        thread_ts = message.get("thread_ts") if isinstance(message, Mapping) else None
        if not isinstance(message, Mapping):
            thread_ts = arguments.get("thread_ts")
        return Posted(ts, thread_ts if isinstance(thread_ts, str) else None)

    async def _ask(
        self, method: str, arguments: Mapping[str, Any]
    ) -> tuple[Refused | Unclear | None, Mapping[str, Any]]:
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                answer = await self.web.api_call(method, **carried(method, given))
        except SlackApiError as error:
            return _refused(error.response), {}
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Refused(trouble_of(error), Refusal.UNREACHED), {}
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unclear(trouble_of(error)), {}
        except (AttributeError, TypeError, ValueError, LookupError, RecursionError):
            # slack_sdk trips over bodies that are JSON but no object, over text/plain and odd charsets.
            return Unclear("unreadable answer"), {}
        data = answer.data
        return (None, data) if isinstance(data, Mapping) else (Unclear("unreadable answer"), {})

    def _count(self, method: str, outcome: Outcome) -> None:
        word = {Posted: "ok", Refused: "refused", Unclear: "unclear"}[type(outcome)]
        if isinstance(outcome, Refused) and outcome.kind is Refusal.RATE:
            word = "rate_limited"
        self.metrics.slack_requests_total.labels(method=method, outcome=word).inc()


def _refused(response: Any) -> Refused | Unclear:
    status, error = status_of(response), error_of(response)
    if error in ("ratelimited", "rate_limited"):
        return Refused("ratelimited", Refusal.RATE, seconds(response.headers.get("Retry-After")))
    if status >= 500 or error is None:
        return Unclear(error or f"HTTP {status} without an answer")
    kind = refusal_of(error)
    if kind is not None:
        return Refused(error, kind)
    return Unclear(error, is_outage=error in OUTAGE_ERRORS)


def _seen(row: Mapping[str, Any]) -> Seen:
    metadata, thread_ts, bot_id = row.get("metadata"), row.get("thread_ts"), row.get("bot_id")
    return Seen(
        ts=str(row.get("ts", "")),
        thread_ts=thread_ts if isinstance(thread_ts, str) else None,
        bot_id=bot_id if isinstance(bot_id, str) else None,
        metadata=metadata if isinstance(metadata, Mapping) else {},
        has_replies=bool(row.get("reply_count")),
    )
