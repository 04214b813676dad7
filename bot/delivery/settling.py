"""Records what became of a post, in one transaction: the outcome table of the delivery protocol.

Certainly not posted: back to the queue, or paused, or parked. Unclear: the channel's history is asked before
anything is posted again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

import storage.orders
from bot.delivery import timing
from bot.delivery.drafts import MOST_PLAIN, Draft, body_of
from bot.health import Health
from bot.messages import notices
from bot.metrics import Metrics
from bot.slack.blocks import Message as Notice
from bot.slack.errors import Outcome, Posted, Refusal, Refused, Unclear
from storage import cards, channels, deliveries, subscriptions, workspaces
from storage.cards import CardRow
from storage.database import Tx
from storage.deliveries import Message
from storage.workspaces import WorkspaceState

log = structlog.get_logger()

MOST_REFUSALS = 3
"""An unknown refusal parks its message after this many tries: it never blocks its channel for long."""


@dataclass(frozen=True, slots=True)
class Settling:
    """What is done after each of Slack's answers."""

    metrics: Metrics
    health: Health
    team_id: str
    now: Callable[[], datetime]
    settle: timedelta
    probe: timedelta
    ops_channel: str | None = None
    _limited: dict[str, datetime] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    """Troubles with our token that were logged since a post last went through."""

    async def record(self, tx: Tx, draft: Draft, message: Message, outcome: Outcome) -> None:
        """Write down the outcome of `message`'s latest attempt."""
        if isinstance(outcome, Posted):
            await self.posted(tx, draft, message, outcome)
        elif isinstance(outcome, Unclear):
            await self._unclear(tx, message, outcome)
        else:
            await self._refused(tx, message, outcome)

    async def posted(self, tx: Tx, draft: Draft, message: Message, outcome: Posted) -> None:
        """Slack has it: the queue goes on; a card begins, or the order's card is behind now."""
        now = self.now()
        verify_at = now + timing.VERIFY_AFTER if message.may_repeat or message.looks else None
        values = {
            "state": "posted",
            "ts": outcome.ts,
            "posted_at": now,
            "error": None,
            "verify_at": verify_at,
        }
        if not await deliveries.change(tx, message.id, at_attempt=message.attempt, **values):
            return
        await self._card(tx, message, outcome, now)
        if await channels.resume(tx, message.channel_id):
            log.info("channel takes messages again", channel_id=message.channel_id)
        self._count_posted(draft, now)
        log.info("message posted", delivery_id=message.id, channel_id=message.channel_id, ts=outcome.ts)

    async def _card(self, tx: Tx, message: Message, outcome: Posted, now: datetime) -> None:
        if message.source is None or message.order_id is None:
            return
        # A reply whose thread is gone lands in the channel without an error: it is the order's card now.
        is_orphan = message.shape == "reply" and outcome.thread_ts is None
        if message.shape != "card" and not is_orphan:
            return
        started = message.started_at or now
        moved_on = await storage.orders.changed_since(tx, (message.source, message.order_id), started)
        card = CardRow(
            channel_id=message.channel_id,
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
        self.health.slack_accepted(now)
        self._told.clear()
        for change in draft.changes:
            took = (now - change.event.created_at).total_seconds()
            self.metrics.delivery_latency_seconds.observe(max(took, 0))

    async def _unclear(self, tx: Tx, message: Message, outcome: Unclear) -> None:
        self.metrics.deliveries_total.labels(outcome="ambiguous").inc()
        look_at = self.now() + self.settle
        refusals = message.refusals + (0 if outcome.is_outage else 1)
        values = {
            "state": "uncertain",
            "due_at": look_at,
            "looks": 0,
            "error": outcome.error,
            "refusals": refusals,
        }
        await deliveries.change(tx, message.id, at_attempt=message.attempt, **values)
        await channels.hold(tx, message.channel_id, look_at)
        log.warning(
            "post is unclear, its channel's history will tell", delivery_id=message.id, error=outcome.error
        )

    async def _refused(self, tx: Tx, message: Message, outcome: Refused) -> None:
        self.metrics.deliveries_total.labels(outcome="refused").inc()
        log.info(
            "post was refused", delivery_id=message.id, channel_id=message.channel_id, error=outcome.error
        )
        if outcome.kind is Refusal.RATE:
            await self._rate_limited(tx, message, outcome)
        elif outcome.kind is Refusal.UNREACHED:
            await self.again(tx, message, timing.wait_before_retry(message.attempt), outcome.error)
        elif outcome.kind is Refusal.TOKEN:
            await self.again(tx, message, timedelta(0), outcome.error)
            await self.trouble(tx, outcome.error)
        elif outcome.kind is Refusal.CHANNEL:
            await self._channel_refused(tx, message, outcome.error)
        elif outcome.kind is Refusal.THREAD:
            await self._thread_refused(tx, message, outcome.error)
        else:
            await self._message_refused(tx, message, outcome.error)

    async def _rate_limited(self, tx: Tx, message: Message, outcome: Refused) -> None:
        now = self.now()
        is_quota = outcome.error == "message_limit_exceeded"
        wait = outcome.retry_after or (timing.QUOTA_WAIT if is_quota else timing.RATE_DEFAULT)
        await self.again(tx, message, wait, outcome.error)
        self._limited[message.channel_id] = now
        recent = [at for at in self._limited.values() if now - at <= timing.BOTH_CHANNELS]
        if len(recent) > 1:
            await workspaces.hold_posts(tx, self.team_id, now + wait)

    async def again(self, tx: Tx, message: Message, wait: timedelta, error: str) -> None:
        """It was certainly not posted: it goes back to the head of its queue, for `wait` later."""
        due = self.now() + wait
        await deliveries.change(
            tx, message.id, at_attempt=message.attempt, state="pending", due_at=due, error=error
        )
        if wait:
            await channels.hold(tx, message.channel_id, due)

    async def _channel_refused(self, tx: Tx, message: Message, error: str) -> None:
        if message.kind == "direct":
            await self.park(tx, message, error)
            return
        await self.again(tx, message, timedelta(0), error)
        await self.pause(tx, message.channel_id, error)

    async def pause(self, tx: Tx, channel_id: str, reason: str) -> None:
        """Slack refuses the channel: what it is owed waits, its subscriptions' owners are told once."""
        now = self.now()
        if not await channels.pause(tx, channel_id, reason, now=now, probe_at=now + self.probe):
            return
        log.warning("channel is paused, Slack refuses it", channel_id=channel_id, reason=reason)
        told = notices.channel_paused(channel_id, reason)
        for owner_id in sorted({each.owner_id for each in await subscriptions.in_channel(tx, channel_id)}):
            await self._owe(tx, owner_id, "direct", told, f"paused:{channel_id}:{now.isoformat()}:{owner_id}")
        await self.tell_ops(tx, told, about=channel_id)

    async def _thread_refused(self, tx: Tx, message: Message, error: str) -> None:
        """The thread takes no reply: the message begins a new card."""
        if message.shape != "reply" or message.refusals >= MOST_REFUSALS:
            await self.park(tx, message, error)
            return
        await cards.drop_any(tx, message.channel_id, message.source or "", message.order_id or "")
        values = {"state": "pending", "due_at": self.now(), "error": error, "refusals": message.refusals + 1}
        await deliveries.change(tx, message.id, at_attempt=message.attempt, **values)

    async def _message_refused(self, tx: Tx, message: Message, error: str) -> None:
        log.warning("Slack refused a message's form", delivery_id=message.id, error=error)
        if message.plainness >= MOST_PLAIN:
            await self.park(tx, message, error)
            return
        values = {
            "state": "pending",
            "due_at": self.now(),
            "error": error,
            "plainness": message.plainness + 1,
        }
        await deliveries.change(tx, message.id, at_attempt=message.attempt, **values)

    async def park(self, tx: Tx, message: Message, error: str) -> None:
        """Give the message up: `/port status` shows it, the channel goes on."""
        self.metrics.deliveries_total.labels(outcome="parked").inc()
        await deliveries.change(tx, message.id, at_attempt=message.attempt, state="parked", error=error)
        given_up = notices.message_given_up(message.channel_id, error)
        await self.tell_ops(tx, given_up, about=message.channel_id)
        log.error("message was given up", delivery_id=message.id, channel_id=message.channel_id, error=error)

    async def trouble(self, tx: Tx, error: str) -> None:
        """Slack refuses our token: nothing is posted until it takes it again."""
        await workspaces.note_trouble(tx, self.team_id, error, self.now())
        self.health.slack_refused(error)
        if error not in self._told:
            self._told.add(error)
            log.error("Slack refuses the bot's token, posting stops until it is mended", error=error)

    async def trouble_over(self, tx: Tx, workspace: WorkspaceState) -> None:
        """Slack may take our token again: posting is tried."""
        now = self.now()
        await workspaces.note_trouble(tx, self.team_id, None, now)
        self.health.slack_accepted(now)
        what = f"Slack refused the bot's token ({workspace.trouble})"
        await self.tell_ops(tx, notices.trouble_ended(what, workspace.trouble_at or now, now))
        log.info("posting is tried again", trouble=workspace.trouble)

    async def tell_ops(self, tx: Tx, message: Notice, *, about: str = "") -> None:
        """Owe OPS_CHANNEL a line about our own trouble; none about the channel itself."""
        if self.ops_channel is None or about == self.ops_channel:
            return
        await self._owe(tx, self.ops_channel, "notice", message, None)

    async def _owe(self, tx: Tx, to: str, kind: str, message: Notice, key: str | None) -> None:
        now = self.now()
        await channels.ensure(tx, to, self.team_id)
        owed = Message(
            id=uuid4().hex,
            team_id=self.team_id,
            channel_id=to,
            kind=kind,
            created_at=now,
            due_at=now,
            body=body_of(message),
            dedupe_key=key,
        )
        await deliveries.add(tx, owed)
