"""Records what became of a post, in one transaction: the outcome table of the delivery protocol.

Certainly not posted: back to the queue, or paused, or parked. Unclear: the channel's history is asked before
anything is posted again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

import storage.orders
from bot.delivery import queue, timing
from bot.delivery.drafts import MOST_PLAIN, Draft
from bot.delivery.owing import owe_notice
from bot.delivery.troubles import Troubles
from bot.messages import notices
from bot.metrics import Metrics
from bot.slack.errors import Outcome, Posted, Refusal, Refused, Unclear
from storage import cards, channels, deliveries, event_history, subscriptions, workspaces
from storage.cards import CardRow
from storage.database import Tx
from storage.deliveries import Message

log = structlog.get_logger()

MOST_REFUSALS = 3
"""An unknown refusal parks its message after this many tries: it never blocks its channel for long."""

NOT_MADE = "it could not be made"
"""What stands as the error of a message that is made again."""


@dataclass(frozen=True, slots=True)
class Settling:
    """What is done after each of Slack's answers."""

    metrics: Metrics
    troubles: Troubles
    team_id: str
    now: Callable[[], datetime]
    settle: timedelta
    probe: timedelta
    _limited: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """When Slack last limited a channel, and until when."""

    def clock_was_set_back(self) -> None:
        """What was noted by the clock as it was before counts no more."""
        self._limited.clear()

    def concerns_others(self, outcome: Outcome) -> bool:
        """Whether more is written down of it than in its channel's own rows."""
        return not isinstance(outcome, Posted) or self.troubles.is_any

    async def record(
        self, tx: Tx, draft: Draft, message: Message, outcome: Outcome, *, alone: bool = True
    ) -> None:
        """Write down the outcome of `message`'s latest attempt; `alone`: as the unit of work is."""
        if isinstance(outcome, Posted):
            await self.posted(tx, draft, message, outcome, alone=alone)
        elif isinstance(outcome, Unclear):
            await self.unclear(tx, message, outcome.error, **_after(message, outcome))
        else:
            await self._refused(tx, message, outcome)

    async def posted(
        self, tx: Tx, draft: Draft, message: Message, outcome: Posted, *, alone: bool = True
    ) -> None:
        """Slack has it: the queue goes on; a card begins, or the order's card is behind now."""
        now = self.now()
        was_repeated = message.may_repeat or message.sent_again
        values = {
            "state": "posted",
            "ts": outcome.ts,
            "posted_at": now,
            "error": None,
            "verify_at": now + self.settle * timing.VERIFY_AFTER_SETTLES if was_repeated else None,
        }
        if not await deliveries.change(tx, message.id, at_attempt=message.attempt, **values):
            return
        await self._card(tx, message, outcome, now)
        if await channels.resume(tx, message.channel_id):
            log.info("channel takes messages again", channel_id=message.channel_id)
        self.troubles.answers_again()
        if alone:
            await self.troubles.over(tx)
        self._count_posted(draft, now)
        log.info("message posted", delivery_id=message.id, channel_id=message.channel_id, ts=outcome.ts)

    async def _card(self, tx: Tx, message: Message, outcome: Posted, now: datetime) -> None:
        if message.source is None or message.order_id is None:
            return
        # A reply whose thread is gone lands in the channel without an error: it is the order's card now.
        is_orphan = message.shape == "reply" and outcome.thread_ts is None
        if message.shape != "card" and not is_orphan:
            return
        kept = await deliveries.find(tx, message.id) or message
        key, drawn = (message.source, message.order_id), message.started_at or now
        moved_on = await storage.orders.changed_since(tx, key, drawn)
        moved_on = moved_on or await event_history.fanned_out_since(tx, key, drawn)
        card = CardRow(
            channel_id=kept.channel_id,  # Slack may have given the channel another id meanwhile
            source=message.source,
            order_id=message.order_id,
            team_id=message.team_id,
            ts=outcome.ts,
            delivery_id=message.id,
            stale_at=now if is_orphan or moved_on else None,
        )
        await cards.put(tx, card)

    def _count_posted(self, draft: Draft, now: datetime) -> None:
        self.metrics.deliveries_total.labels(outcome="posted").inc()
        for change in draft.changes:
            took = (now - change.event.created_at).total_seconds()
            self.metrics.delivery_latency_seconds.observe(max(took, 0))

    async def unclear(
        self, tx: Tx, message: Message, error: str, *, is_slacks: bool = True, **more: Any
    ) -> datetime:
        """Slack may have it: its channel rests until the history is asked; return when that is.

        `is_slacks`: its answer was unclear, and not lost by us.
        """
        self.metrics.deliveries_total.labels(outcome="ambiguous").inc()
        if is_slacks:
            self.troubles.no_answer(error)
        look_at = self.now() + self.settle
        values = {"state": "uncertain", "due_at": look_at, "looks": 0, "error": error, **more}
        await deliveries.change(tx, message.id, at_attempt=message.attempt, **values)
        await channels.hold(tx, message.channel_id, look_at, now=self.now())
        return look_at

    async def _refused(self, tx: Tx, message: Message, outcome: Refused) -> None:
        self.metrics.deliveries_total.labels(outcome="refused").inc()
        if outcome.kind is Refusal.RATE:
            await self._rate_limited(tx, message, outcome)
        elif outcome.kind is Refusal.UNREACHED:
            self.troubles.no_answer(outcome.error)
            await self.again(tx, message, outcome.error, wait=timing.wait_before_retry(message.attempt))
        elif outcome.kind is Refusal.TOKEN:
            await self.again(tx, message, outcome.error)
            await self.troubles.token_refused(tx, outcome.error)
        elif outcome.kind is Refusal.CHANNEL:
            await self._channel_refused(tx, message, outcome.error)
        elif outcome.kind is Refusal.THREAD:
            await self._thread_refused(tx, message, outcome.error)
        else:
            await self._message_refused(tx, message, outcome.error)

    async def _rate_limited(self, tx: Tx, message: Message, outcome: Refused) -> None:
        now = self.now()
        is_quota = outcome.error == "message_limit_exceeded"
        wait = timing.QUOTA_WAIT if is_quota else timing.RATE_DEFAULT
        if outcome.retry_after is not None:
            wait = max(outcome.retry_after, timing.LEAST_REST)
        log.info("Slack limits a channel", channel_id=message.channel_id, wait_s=wait.total_seconds())
        await self.again(tx, message, outcome.error, wait=wait)
        self._limited[message.channel_id] = (now, now + wait)
        recent = [until for at, until in self._limited.values() if now - at <= timing.BOTH_CHANNELS]
        if len(recent) > 1:
            await workspaces.hold_posts(tx, self.team_id, max(recent), now=now)

    async def again(
        self, tx: Tx, message: Message, error: str, *, wait: timedelta = timedelta(0), **more: Any
    ) -> None:
        """It was certainly not posted: it goes back to the head of its queue, for `wait` later."""
        due = self.now() + wait
        values = {"state": "pending", "due_at": due, "error": error, **more}
        await deliveries.change(tx, message.id, at_attempt=message.attempt, **values)
        if wait:
            await channels.hold(tx, message.channel_id, due, now=self.now())

    async def _channel_refused(self, tx: Tx, message: Message, error: str) -> None:
        if message.kind == "direct":
            await self.give_up(tx, message, error)
            return
        await self.again(tx, message, error)
        await self.pause(tx, message.channel_id, error)

    async def pause(self, tx: Tx, channel_id: str, reason: str) -> None:
        """Slack refuses the channel: what it is owed waits, its subscriptions' owners are told once."""
        now = self.now()
        probe_at = now + await self.probe_wait(tx, channel_id)
        if not await channels.pause(tx, channel_id, reason, now=now, probe_at=probe_at):
            return
        log.warning("channel is paused, Slack refuses it", channel_id=channel_id, reason=reason)
        told = notices.channel_paused(channel_id, reason)
        for owner_id in sorted({each.owner_id for each in await subscriptions.in_channel(tx, channel_id)}):
            key = f"paused:{channel_id}:{now.isoformat()}:{owner_id}"
            await owe_notice(tx, self.team_id, owner_id, told, now, key=key)
        await self.troubles.ops.owe(tx, told, about=channel_id)

    async def probe_wait(self, tx: Tx, channel_id: str) -> timedelta:
        """How long until a channel that Slack refuses is tried again."""
        channel = await channels.find(tx, channel_id)
        is_eager = channel and channel.eager_until and channel.eager_until > self.now()
        return timing.EAGER if is_eager else self.probe

    async def _thread_refused(self, tx: Tx, message: Message, error: str) -> None:
        """The thread takes no reply: the message begins a new card."""
        if message.shape != "reply" or message.refusals >= MOST_REFUSALS:
            await self.give_up(tx, message, error)
            return
        await cards.drop_any(tx, message.channel_id, message.source or "", message.order_id or "")
        await self.again(tx, message, error, refusals=message.refusals + 1)

    async def _message_refused(self, tx: Tx, message: Message, error: str) -> None:
        log.warning("Slack refused a message's form", delivery_id=message.id, error=error)
        if message.plainness >= MOST_PLAIN:
            await self.give_up(tx, message, error)
            return
        await self.again(tx, message, error, plainness=message.plainness + 1)

    async def not_made(self, tx: Tx, message: Message) -> None:
        """It could not be made: by a passing trouble of the process, or by a bug that it meets each time."""
        if message.refusals >= MOST_REFUSALS:
            await self.give_up(tx, message, "a bug of mine, see the log")
            return
        wait = timing.wait_before_making(message.refusals)
        await self.again(tx, message, NOT_MADE, wait=wait, refusals=message.refusals + 1)

    async def give_up(self, tx: Tx, message: Message, error: str) -> None:
        """Slack takes the message in no form: `/port status` shows it, the channel goes on.

        Of a roll-up each event is tried by itself: one that is bad must not take the others with it.
        """
        if message.kind == "roll_up":
            await deliveries.change(
                tx, message.id, at_attempt=message.attempt, state="cancelled", error=error
            )
            await queue.split(tx, message, self.now())
            log.warning("a roll-up was taken apart", delivery_id=message.id, error=error)
            return
        self.metrics.deliveries_total.labels(outcome="parked").inc()
        await deliveries.change(tx, message.id, at_attempt=message.attempt, state="parked", error=error)
        given_up = notices.message_given_up(message.channel_id, error)
        await self.troubles.ops.owe(tx, given_up, about=message.channel_id)
        log.error("message was given up", delivery_id=message.id, channel_id=message.channel_id, error=error)


def _after(message: Message, outcome: Unclear) -> dict[str, Any]:
    """What an unclear answer changes for the next try: after an error that we do not know it is plainer."""
    if outcome.is_outage:
        return {}
    return {"refusals": message.refusals + 1, "plainness": message.plainness + 1}
