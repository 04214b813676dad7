"""Finds out whether a post whose fate is unknown stands in its channel, by the metadata of each message.

Not found twice means not posted. Where the history can't be read for good, the message is sent again with a
line that says so: missing one is worse than seeing one twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.delivery import drafts, timing
from bot.delivery.histories import Histories
from bot.delivery.settling import MOST_REFUSALS, Settling
from bot.failpoints import reached
from bot.metrics import Metrics
from bot.slack.client import NotWholeError, Seen, Slack
from bot.slack.errors import (
    HISTORY_FORBIDDEN,
    Posted,
    Refusal,
    SlackRefusedError,
    SlackUnavailableError,
)
from storage import channels, deliveries, promises, workspaces
from storage.database import Database, Tx
from storage.deliveries import Message

log = structlog.get_logger()

WINDOW = timedelta(minutes=10)
"""Around the attempt's start: wider than most differences between our clock and Slack's."""
WIDE_WINDOW = timedelta(days=1)
"""For the look that decides that a message is not there, whatever clock is wrong."""
LOOKS = 2
VERIFY_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Looks unclear posts up, and takes back repeats that came through after all."""

    database: Database
    slack: Slack
    histories: Histories
    settling: Settling
    metrics: Metrics
    now: Callable[[], datetime]
    settle: timedelta
    bot_id: str | None
    """Ours, where Slack told it: what another bot posted is not ours, whatever it says."""

    async def look(self, message: Message) -> None:
        """Ask the channel's history for `message`, whose fate is unknown, and record what it says."""
        window = WINDOW if message.looks + 1 < LOOKS else WIDE_WINDOW
        try:
            _, found = await self._found(message, window)
        except SlackUnavailableError as error:
            self.metrics.reconcile_total.labels(result="unavailable").inc()
            self.settling.troubles.no_answer(str(error))
            await self._later(message, error.retry_after or timing.ASK_LATER)
            return
        except SlackRefusedError as error:
            self.metrics.reconcile_total.labels(result="unavailable").inc()
            await self._refused(message, error)
            return
        reached("reconcile.looked")
        self.metrics.reconcile_total.labels(result="found" if found else "absent").inc()
        if found:
            await self._was_posted(message, found[0])
        else:
            await self._absent(message)
        reached("reconcile.recorded")

    async def _found(self, message: Message, around: timedelta) -> tuple[str, list[Seen]]:
        """Where the message went, and all that stands there with its mark, oldest first."""
        async with self.database.reading() as tx:
            channel = await channels.find(tx, message.channel_id)
            workspace = await workspaces.get(tx, self.settling.team_id)
        target = (channel.direct_id if channel else None) or message.channel_id
        started = message.started_at or message.created_at
        listed, gap = await self._listed(target, message.thread_ts, started - around, started + around)
        ours = {
            each.ts: each
            for each in listed
            if drafts.is_ours(each.metadata, message.id, message.target or target, workspace.mac_key)
            and (each.bot_id is None or self.bot_id in (each.bot_id, None))
        }
        if gap and not ours:
            raise gap
        return target, [ours[ts] for ts in sorted(ours)]

    async def _listed(
        self, target: str, thread_ts: str | None, oldest: datetime, latest: datetime
    ) -> tuple[list[Seen], NotWholeError | None]:
        """What stands in the channel and the thread, and the error where that is not all.

        A reply to a deleted parent stands in the channel itself, so both places are asked.
        """
        listed, gap = list[Seen](), None
        try:
            listed += await self.histories.history(target, oldest=oldest, latest=latest)
        except NotWholeError as error:
            listed, gap = error.seen, error
        if thread_ts:
            try:
                listed += await self.histories.replies(target, thread_ts, oldest=oldest, latest=latest)
            except NotWholeError as error:
                listed, gap = listed + error.seen, error
        return listed, gap

    async def _was_posted(self, message: Message, seen: Seen) -> None:
        log.info("unclear post was found", delivery_id=message.id, ts=seen.ts)
        async with self.database.transaction() as tx:
            members = await promises.carried_by(tx, message.id)
            draft = await drafts.load(tx, message, "flat", members)
            await self.settling.posted(tx, draft, message, Posted(seen.ts, seen.thread_ts))
            await channels.hold(tx, message.channel_id, self.now(), now=self.now())

    async def _absent(self, message: Message) -> None:
        now = self.now()
        looks = message.looks + 1
        async with self.database.transaction() as tx:
            if looks < LOOKS:
                due = now + self.settle * 2
                await deliveries.change(tx, message.id, at_attempt=message.attempt, looks=looks, due_at=due)
                await channels.hold(tx, message.channel_id, due, now=self.now())
            elif message.refusals >= MOST_REFUSALS:
                await self.settling.give_up(tx, message, message.error or "unclear")
            else:
                await self._send_again(message, tx, looks=looks, may_repeat=message.may_repeat)

    async def _send_again(self, message: Message, tx: Tx, *, looks: int, may_repeat: bool) -> None:
        log.info(
            "unclear post was not found, it is sent again", delivery_id=message.id, may_repeat=may_repeat
        )
        values = {
            "state": "pending",
            "due_at": self.now(),
            "looks": looks,
            "sent_again": True,
            "may_repeat": may_repeat,
        }
        await deliveries.change(tx, message.id, at_attempt=message.attempt, **values)
        await channels.hold(tx, message.channel_id, self.now(), now=self.now())

    async def _later(self, message: Message, wait: timedelta) -> None:
        """The history can't be asked now."""
        due = self.now() + wait
        async with self.database.transaction() as tx:
            await deliveries.change(tx, message.id, at_attempt=message.attempt, due_at=due)
            await channels.hold(tx, message.channel_id, due, now=self.now())

    async def _refused(self, message: Message, error: SlackRefusedError) -> None:
        is_closed = error.kind is Refusal.CHANNEL
        if error.error in HISTORY_FORBIDDEN or (message.kind == "direct" and is_closed):
            await self._forbidden(message, error.error)
        elif error.kind is Refusal.TOKEN:
            async with self.database.transaction() as tx:
                await self.settling.troubles.token_refused(tx, error.error)
            await self._later(message, timing.TROUBLE_PROBE)
        elif is_closed:
            await self._channel_closed(message, error.error)
        elif message.refusals < MOST_REFUSALS:
            async with self.database.transaction() as tx:
                await deliveries.change(tx, message.id, refusals=message.refusals + 1)
            await self._later(message, timing.ASK_LATER)
        else:
            await self._forbidden(message, error.error)

    async def _channel_closed(self, message: Message, error: str) -> None:
        """The bot is not in the channel any more: join it, or wait until it is let in, and look then."""
        try:
            await self.slack.join(message.channel_id)
            await self._later(message, timedelta(seconds=1))
        except SlackUnavailableError as unavailable:
            await self._later(message, unavailable.retry_after or timing.ASK_LATER)
        except SlackRefusedError:
            async with self.database.transaction() as tx:
                wait = await self.settling.probe_wait(tx, message.channel_id)
                await self.settling.pause(tx, message.channel_id, error)
            await self._later(message, wait)

    async def _forbidden(self, message: Message, error: str) -> None:
        async with self.database.transaction() as tx:
            await channels.note_history(tx, message.channel_id, error)
            await self._send_again(message, tx, looks=LOOKS, may_repeat=True)

    async def verify(self, messages: Sequence[Message]) -> None:
        """Messages that were sent again: where one stands twice after all, take back the one we don't know.

        The one that we recorded stays: replies may stand in its thread already.
        """
        for message in messages:
            wait = self.settle * timing.VERIFY_AFTER_SETTLES
            try:
                target, found = await self._found(message, WIDE_WINDOW)
                is_shown = any(seen.ts == message.ts for seen in found)
                for repeat in found if is_shown else []:
                    if repeat.ts != message.ts:
                        await self.slack.delete(target, repeat.ts)
                        reached("verify.taken_back")
                        log.warning("a repeat was taken back", delivery_id=message.id, ts=repeat.ts)
            except (SlackRefusedError, SlackUnavailableError) as error:
                log.info("a message sent again can't be verified", delivery_id=message.id, reason=str(error))
                is_shown = False
                if isinstance(error, SlackUnavailableError) and error.retry_after:
                    wait += error.retry_after  # those whose fate is unknown come first
            # A history that lags behind the recorded post may hide the other one too.
            is_over = is_shown or message.posted_at is None or self.now() - message.posted_at > VERIFY_FOR
            async with self.database.transaction() as tx:
                await deliveries.change(tx, message.id, verify_at=None if is_over else self.now() + wait)
