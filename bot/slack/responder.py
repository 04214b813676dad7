"""Answers through Slack's `response_url`: they work where the bot is no member, and only the asker sees them.

Bolt's own `respond` follows redirects and posts to whatever host it is told; this one does neither.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from yarl import URL

from bot.slack.blocks import Message
from bot.slack.errors import seconds
from bot.slack.plain import forms
from bot.slack.transport import trouble_of

log = structlog.get_logger()

SLACK_HOST = "hooks.slack.com"
LONGEST_WAIT_S = 5.0
SHORT_WAIT_S = 0.5
TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Responder:
    """Posts to `response_url`s of Slack's own host and of `api_url`'s host, and nowhere else."""

    session: aiohttp.ClientSession
    api_url: str
    proxy: str | None = None
    """The one that Slack's Web API is reached by."""

    async def answer(
        self, response_url: str, message: Message, *, replace: bool = False, thread_ts: str = ""
    ) -> bool:
        """Show `message`; return whether Slack took it. Nothing that Slack does raises.

        Slack itself counts: it takes five answers at an address, within 30 minutes.
        `replace` puts it in the place of the message that the address belongs to, for a click the one with
        the button. `thread_ts` is the thread that it is shown in.
        """
        url = self._allowed(response_url)
        if url is None:
            return False
        choices: dict[str, Any] = {"response_type": "ephemeral", "replace_original": replace}
        if thread_ts:
            choices["thread_ts"] = thread_ts
        status = 0
        for body in forms(message):
            status = await self._post(url, choices | body)
            if status == 200:
                return True
            if status not in (400, 404):  # Slack's answers to blocks that it does not draw
                break
        log.warning("answer not taken by slack", status=status)
        return False

    def _allowed(self, response_url: str) -> URL | None:
        """The address as the HTTP client itself reads it, or None where it is not Slack's."""
        api = URL(self.api_url)
        try:
            url = URL(response_url)
        except ValueError:
            url = URL()
        is_slack = url.host == SLACK_HOST and url.scheme == "https" and url.explicit_port in (None, 443)
        is_ours = url.host is not None and url.host == api.host and url.scheme == api.scheme
        if (is_slack or is_ours) and url.user is None and url.password is None:
            return url
        log.warning("answer refused: not an address of slack", host=url.host)
        return None

    async def _post(self, url: URL, body: dict[str, Any]) -> int:
        """Slack's HTTP status, 0 where it did not answer; tried once more where that may help and be soon."""
        status, wait_s = await self._try(url, body)
        if (status in (0, 429) or status >= 500) and wait_s <= LONGEST_WAIT_S:
            await asyncio.sleep(wait_s)
            status, _ = await self._try(url, body)
        return status

    async def _try(self, url: URL, body: dict[str, Any]) -> tuple[int, float]:
        try:
            async with self.session.post(
                url, json=body, allow_redirects=False, timeout=TIMEOUT, proxy=self.proxy
            ) as answer:
                wait = seconds(answer.headers.get("Retry-After"))
                return answer.status, SHORT_WAIT_S if wait is None else wait.total_seconds()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("answer failed", reason=trouble_of(error))
            return 0, SHORT_WAIT_S
