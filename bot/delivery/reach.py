"""Whether and where a queue's messages can go: a direct conversation, a channel to join or paused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.delivery import timing
from bot.delivery.settling import Settling
from bot.failpoints import reached
from bot.slack.client import Slack
from bot.slack.errors import (
    MEMBERSHIP_ERRORS,
    METHOD_ERRORS,
    Refusal,
    SlackRefusedError,
    SlackUnavailableError,
)
from storage import channels, deliveries
from storage.channels import ChannelState
from storage.database import Database, Tx

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reach:
    """The ways into channels; nothing here posts."""

    database: Database
    slack: Slack
    settling: Settling
    now: Callable[[], datetime]

    async def target(self, channel: ChannelState) -> str | None:
        """Where the queue's messages go: the channel, or the conversation with a person."""
        if channel.target:
            return channel.target
        try:
            direct_id = await self.slack.open_direct(channel.id)
        except (SlackUnavailableError, SlackRefusedError) as error:
            async with self.database.transaction() as tx:
                await self._not_reached(tx, channel, error)
            return None
        reached("send.conversation_opened")
        async with self.database.transaction() as tx:
            await channels.note_direct(tx, channel.id, direct_id)
        return direct_id

    async def _not_reached(
        self, tx: Tx, channel: ChannelState, error: SlackUnavailableError | SlackRefusedError
    ) -> None:
        now = self.now()
        if isinstance(error, SlackUnavailableError):
            self.settling.troubles.no_answer(str(error))
            wait = error.retry_after or timing.wait_before_retry(2)
            await channels.hold(tx, channel.id, now + wait, now=now)
            return
        if error.error in METHOD_ERRORS:  # to write to people: channels can be posted to all the same
            await channels.hold(tx, channel.id, now + self.settling.probe, now=now)
            return
        if error.kind is Refusal.TOKEN:
            await self.settling.troubles.token_refused(tx, error.error)
            return
        log.info("a person can't be written to", user_id=channel.id, reason=error.error)
        message = await deliveries.head(tx, channel.id)
        if message and message.state == "pending":  # pragma: no branch - served when something waits
            await self.settling.give_up(tx, message, error.error)

    async def join(self, channel_id: str) -> bool:
        """Join a public channel; False where Slack does not let us."""
        try:
            await self.slack.join(channel_id)
        except (SlackRefusedError, SlackUnavailableError):
            return False
        reached("send.joined")
        log.info("joined channel", channel_id=channel_id)
        return True

    async def may_probe(self, channel: ChannelState) -> bool:
        """A paused channel is tried when its probe is due: joined first if need be."""
        now = self.now()
        if channel.probe_at is not None and channel.probe_at > now:
            return False
        await self.join(channel.id)
        return True

    async def probe_idle(self, channel: ChannelState) -> None:
        """A paused channel that nothing waits for: ask Slack whether it would take a message."""
        is_open = channel.paused_reason in MEMBERSHIP_ERRORS and await self._is_open(channel.id)
        async with self.database.transaction() as tx:
            if is_open:
                await channels.resume(tx, channel.id)
                log.info("channel takes messages again", channel_id=channel.id)
            else:
                wait = await self.settling.probe_wait(tx, channel.id)
                now = self.now()
                await channels.put_off_probe(tx, channel.id, now + wait, now=now)

    async def _is_open(self, channel_id: str) -> bool:
        await self.join(channel_id)
        try:
            found = await self.slack.info(channel_id)
        except (SlackRefusedError, SlackUnavailableError):
            return False
        return found.get("is_member") is True and not found.get("is_archived")
