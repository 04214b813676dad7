"""Whether we can post where somebody subscribes, and what they should do where we can't."""

from dataclasses import dataclass

from bot.errors import TemporaryError, UserError
from bot.slack.client import Slack
from bot.slack.errors import SlackRefusedError
from handlers.exchanges import Exchange

INVITE = (
    "I'm not in this channel and can't join by myself: type `/invite` and my name here. "
    "Until then its events wait."
)
UNCHECKED = (
    "Slack did not tell me just now whether I can post here; if I can't, events wait and you are told."
)
NO_HISTORY = (
    "I can't read this channel's history. I post all the same, but after a crash a message may come twice. "
    "Whoever runs this bot can give it the history scopes."
)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The channels that commands come from, as Slack knows them."""

    slack: Slack

    async def enter(self, exchange: Exchange) -> str | None:
        """Join the channel where that can be done; what the person should know, None where all is well.

        Raises UserError for a conversation that we can never be part of.
        """
        try:
            return await (
                self._own_direct(exchange) if exchange.is_direct else self._channel(exchange.channel_id)
            )
        except TemporaryError:
            return UNCHECKED

    async def history_refused(self, channel_id: str) -> str | None:
        """Why the channel's history can't be read; None where it can, or where nobody knows just now."""
        try:
            await self.slack.call("conversations.history", {"channel": channel_id, "limit": 1})
        except SlackRefusedError as error:
            return error.error
        except TemporaryError:
            return None
        return None

    async def _own_direct(self, exchange: Exchange) -> str | None:
        try:
            own = await self.slack.open_direct(exchange.user_id)
        except SlackRefusedError:
            return UNCHECKED
        if own != exchange.channel_id:
            raise UserError(
                "I can't post in a conversation between people. "
                "Subscribe in a channel, or in a direct message with me."
            )
        return None

    async def _channel(self, channel_id: str) -> str | None:
        try:
            channel = await self.slack.info(channel_id)
        except SlackRefusedError as error:
            return INVITE if error.error == "channel_not_found" else UNCHECKED
        if channel.get("is_archived"):
            raise UserError("This channel is archived: nothing can be posted here.")
        if channel.get("is_member"):
            return None
        try:
            await self.slack.join(channel_id)
        except SlackRefusedError:
            return INVITE
        return None
