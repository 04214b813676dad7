"""What people write to us: with our name in a channel, or in their conversation with us."""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from handlers.commands import Commands
from handlers.exchanges import Body, Exchange
from handlers.failures import Guard
from handlers.words import ENDS

_BETWEEN = " \t\r\n,:"
"""What stands between a name and the words for it."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Runs what is written as the slash command would: it can't be typed in a thread, a mention can."""

    commands: Commands

    def register(self, app: AsyncApp, guarded: Guard) -> None:
        """Listen to mentions, and to messages (of which Slack sends us those in direct conversations)."""
        app.event("app_mention")(guarded(self.spoken))
        app.event("message")(guarded(self.spoken))

    async def spoken(self, event: Body, context: AsyncBoltContext, exchange: Exchange) -> None:
        """A person wrote to us; what bots write, and what Slack tells of a message, is not answered."""
        if exchange.is_spoken and exchange.user_id != context.bot_user_id:
            await self.commands.run(exchange, line_of(str(event.get("text") or ""), context.bot_user_id))


def line_of(text: str, bot_user_id: str | None) -> str:
    """The words for us: what stands behind our name; before it where nothing does."""
    before, named, behind = _around(text, bot_user_id)
    if not named:
        return text.strip()
    said = behind.strip(_BETWEEN)
    return said if said.strip(ENDS) else before.strip(_BETWEEN) or said


def _around(text: str, bot_user_id: str | None) -> tuple[str, bool, str]:
    name = re.search(rf"<@{re.escape(bot_user_id or '')}(?:\|[^<>]*)?>", text)
    return (text[: name.start()], True, text[name.end() :]) if name else (text, False, "")
