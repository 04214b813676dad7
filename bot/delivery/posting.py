"""Posts the head of a channel's queue: intent first, then the call, then the outcome.

Without the intent a crash would leave no trace that a message may stand in the channel. No transaction is
held across a network call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.delivery import drafts, queue
from bot.delivery.choosing import Attempt, Choosing, Chosen, NotMadeError, Obstacle
from bot.delivery.queue import Next, Wait
from bot.delivery.reach import Reach
from bot.delivery.reconciling import WINDOW, Reconciling
from bot.delivery.restoring import Restoring
from bot.delivery.settling import Settling
from bot.failpoints import reached
from bot.leases import Leases, of_channel
from bot.messages.wording import Look
from bot.slack.client import Slack
from bot.slack.errors import (
    Outcome,
    Posted,
    Refused,
    SlackRefusedError,
    SlackUnavailableError,
)
from storage import deliveries
from storage.deliveries import Message

log = structlog.get_logger()

JOINED = "joined the channel"
"""What stands as a message's error after its channel was joined for it."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One step of a channel's queue at a time."""

    leases: Leases
    slack: Slack
    settling: Settling
    reconciling: Reconciling
    reach: Reach
    restoring: Restoring
    choosing: Choosing
    look: Callable[[], Look]
    now: Callable[[], datetime]

    async def step(self, channel_id: str) -> datetime | None:
        """Do what the channel's queue needs now; return when to come back, None while nothing waits.

        Nothing is done for a channel that another process serves.
        """
        if not await self.leases.hold(of_channel(channel_id)):
            return None
        chosen = await self._chosen(channel_id)
        if isinstance(chosen, Obstacle):
            return await self._overcome(chosen)
        return await self._go(chosen)

    async def _overcome(self, obstacle: Obstacle) -> datetime | None:
        channel = obstacle.channel
        if channel.unsure_since and (come_back_at := await self.restoring.read_next(channel)):
            return come_back_at
        if obstacle.in_flight is not None:
            return await self._go_on_with(obstacle.in_flight)
        if channel.paused_at is not None and not await self.reach.may_probe(channel):
            return None
        target = await self.reach.target(channel)
        if target is None:
            return None
        return await self._go(await self._chosen(channel.id, target))

    async def _chosen(self, channel_id: str, target: str | None = None) -> Chosen:
        # With a target it may be a restored channel, of which more is put on record than its own rows.
        alone = target is not None
        try:
            async with self.leases.unit(of_channel(channel_id), alone=alone) as tx:
                return await self.choosing.choose(tx, channel_id, target)
        except NotMadeError:  # it must not stop its channel for good
            log.exception("a message could not be made", channel_id=channel_id)
            return await self._not_made(channel_id)

    async def _go(self, chosen: Chosen) -> datetime | None:
        if isinstance(chosen, Attempt):
            return await self._send(chosen)
        return chosen.until if isinstance(chosen, Wait) else None

    async def _go_on_with(self, in_flight: Message) -> datetime:
        """A message holds the queue whose fate is not known yet."""
        if in_flight.state == "sending":
            return await self._unrecorded(in_flight)
        if in_flight.due_at > self.now():
            return in_flight.due_at
        await self.reconciling.look(in_flight)
        return self.now()

    async def _unrecorded(self, message: Message) -> datetime:
        """Nobody is sending it (this is the channel's only actor): its outcome could not be recorded, by us
        or by a process that had the channel before."""
        async with self.leases.unit(of_channel(message.channel_id)) as tx:
            return await self.settling.unclear(tx, message, "its outcome was not recorded", is_slacks=False)

    async def _send(self, chosen: Attempt) -> datetime:
        """Post it and record what became of it."""
        reached("send.intent_kept")
        name = of_channel(chosen.message.channel_id)
        if not self.leases.is_sure(name):  # we stood still meanwhile: it may be another's turn
            return await self._not_begun(chosen, name)
        message = drafts.draw(chosen.draft, self.look(), chosen.message.plainness)
        event_ids, key = chosen.draft.event_ids, chosen.mac_key
        metadata = drafts.metadata(chosen.message, event_ids, target=chosen.target, key=key)
        outcome = await self.slack.post(
            chosen.target,
            message,
            metadata=metadata,
            thread_ts=chosen.message.thread_ts,
            broadcast=chosen.message.broadcast,
        )
        reached("send.accepted")
        if isinstance(outcome, Posted) and chosen.message.thread_ts and outcome.thread_ts is None:
            outcome = await self._placed(chosen, outcome)
            reached("send.placed")
        joined = await self._joined(chosen, outcome)
        alone = self.settling.concerns_others(outcome)
        async with self.leases.unit(name, alone=alone) as tx:
            if joined:
                await self.settling.again(tx, chosen.message, JOINED)
            else:
                await self.settling.record(tx, chosen.draft, chosen.message, outcome, alone=alone)
        reached("send.recorded")
        return chosen.next_at if isinstance(outcome, Posted) else self.now()

    async def _not_begun(self, chosen: Attempt, lease: str) -> datetime:
        """It was certainly not sent: back to the queue, if that is ours still."""
        async with self.leases.unit(lease) as tx:
            await self.settling.again(tx, chosen.message, "this process stood still")
        return self.now()

    async def _not_made(self, channel_id: str) -> Wait:
        """Keep the message that is next in the channel's queue as it stands, for another try or for none."""
        async with self.leases.unit(of_channel(channel_id)) as tx:
            head = await deliveries.head(tx, channel_id)
            chosen = await queue.next_message(tx, channel_id, head, self.now())
            if isinstance(chosen, Next):  # pragma: no branch - it was there a moment ago
                if chosen.is_new:
                    await queue.keep(tx, chosen.message, chosen.members)
                await self.settling.not_made(tx, chosen.message)
        return Wait(self.now())

    async def _placed(self, attempt: Attempt, outcome: Posted) -> Posted:
        """The answer names no thread: see whether the reply stands in its own, whose parent may be gone."""
        parent = attempt.message.thread_ts or ""
        started = attempt.message.started_at or self.now()
        window = {"oldest": started - WINDOW, "latest": started + WINDOW}
        try:
            listed = await self.slack.replies(attempt.target, parent, **window)
        except (SlackRefusedError, SlackUnavailableError):
            return outcome
        stands_there = any(seen.ts == outcome.ts for seen in listed)
        return Posted(outcome.ts, parent) if stands_there else outcome

    async def _joined(self, attempt: Attempt, outcome: Outcome) -> bool:
        """A public channel that the bot is not in: join it, once a message."""
        if not isinstance(outcome, Refused) or outcome.error != "not_in_channel":
            return False
        if attempt.message.error == JOINED:
            return False
        return await self.reach.join(attempt.message.channel_id)
