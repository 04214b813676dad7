"""What happens to channels while we are in them, as Slack's events tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.delivery.settling import Settling
from bot.delivery.timing import EAGER_FOR
from bot.slack.client import Slack
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from storage import audit, channels
from storage.database import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Channels:
    """Events may come late or out of order, so a bad one is checked before it is believed."""

    database: Database
    slack: Slack
    settling: Settling
    now: Callable[[], datetime]
    wake: Callable[[], None]

    async def resumed(self, channel_id: str) -> None:
        """The channel may take messages again: it is tried at once, and for a while."""
        now = self.now()
        async with self.database.transaction() as tx:
            await channels.probe_now(tx, channel_id, now, eager_until=now + EAGER_FOR)
        self.wake()

    async def left(self, channel_id: str) -> None:
        """The channel seems closed to us: pause it, and tell its subscriptions' owners, if Slack agrees."""
        async with self.database.reading() as tx:
            channel = await channels.find(tx, channel_id)
        if channel is None or channel.paused_at is not None:
            return
        try:
            found = await self.slack.info(channel_id)
        except SlackUnavailableError:
            return
        except SlackRefusedError:
            found = {}
        if found.get("is_member") is True and not found.get("is_archived"):
            return
        reason = "is_archived" if found.get("is_archived") else "not_in_channel"
        async with self.database.transaction() as tx:
            await self.settling.pause(tx, channel_id, reason)
        self.wake()

    async def moved(self, old_id: str, new_id: str) -> None:
        """Slack gave the channel another id for good: all that we keep goes with it."""
        async with self.database.transaction() as tx:
            await channels.renumber(tx, old_id, new_id)
            await audit.add(
                tx,
                at=self.now(),
                actor_id="slack",
                action="channel_moved",
                target=new_id,
                outcome="done",
                detail=old_id,
            )
        log.info("channel has a new id", channel_id=new_id, before=old_id)
        self.wake()
