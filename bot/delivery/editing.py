"""Keeps cards at their order's newest state, and completes messages whose payload came late.

Slack takes 50 edits a minute for the whole workspace, so edits are coalesced (the last state wins), spread,
and always come after posts. An edit done twice does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.delivery import drafts, timing
from bot.delivery.drafts import Draft
from bot.delivery.settling import Settling
from bot.failpoints import reached
from bot.messages.wording import Look
from bot.slack.client import Slack
from bot.slack.errors import METHOD_ERRORS, Outcome, Posted, Refusal, Refused, Unclear
from storage import cards, deliveries, promises, workspaces
from storage.cards import CardRow
from storage.database import Database, Tx

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Edit:
    """A message of ours that is behind, and how it reads now."""

    draft: Draft
    channel_id: str
    ts: str
    event_ids: list[str]
    mac_key: str
    card: CardRow | None


@dataclass(slots=True)
class Editing:
    """One edit at a time. After a start the first waits its turn: the minute before may be used up."""

    database: Database
    slack: Slack
    settling: Settling
    look: Callable[[], Look]
    now: Callable[[], datetime]
    probe: timedelta
    next_at: datetime | None = field(default=None)

    async def step(self) -> datetime | None:
        """Do the edit that has waited longest, if there may be one now; return when to come back."""
        now = self.now()
        self.next_at = self.next_at or now + timing.EDIT_PACE
        if self.next_at > now:
            return self.next_at
        edit = await self._choose(now)
        if edit is None:
            return None
        self.next_at = now + timing.EDIT_PACE
        reached("edit.chosen")
        plainness = edit.card.tries if edit.card else edit.draft.delivery.plainness
        message = drafts.draw(edit.draft, self.look(), plainness)
        metadata = drafts.metadata(
            edit.draft.delivery, edit.event_ids, target=edit.channel_id, key=edit.mac_key
        )
        outcome = await self.slack.edit(edit.channel_id, edit.ts, message, metadata=metadata)
        reached("edit.accepted")
        await self._record(edit, outcome)
        reached("edit.recorded")
        return self.next_at

    async def _choose(self, now: datetime) -> Edit | None:
        async with self.database.reading() as tx:
            workspace = await workspaces.get(tx, self.settling.team_id)
            if workspace.edits_not_before and workspace.edits_not_before > now:
                self.next_at = workspace.edits_not_before
                return None
            card = await cards.first_stale(tx, now)
            found = await drafts.load_card(tx, card) if card else None
            if card and found:
                return Edit(found[0], card.channel_id, card.ts, found[1], workspace.mac_key, card)
            message = await deliveries.first_stale(tx, now)
            if message is not None and message.ts:
                members = await promises.carried_by(tx, message.id)
                draft = await drafts.load(tx, message, message.shape, members)
                return Edit(draft, message.channel_id, message.ts, draft.event_ids, workspace.mac_key, None)
        if card:
            await self._drop(card)
        return None

    async def _drop(self, card: CardRow) -> None:
        async with self.database.transaction() as tx:
            await cards.drop(tx, card)

    async def _record(self, edit: Edit, outcome: Outcome) -> None:
        now = self.now()
        if not isinstance(outcome, Posted):
            log.info("edit failed", channel_id=edit.channel_id, ts=edit.ts, error=outcome.error)
        async with self.database.transaction() as tx:
            if isinstance(outcome, Posted):
                await self._done(tx, edit)
            elif isinstance(outcome, Unclear):
                await self._unclear(tx, edit, outcome, now)
            else:
                await self._refused(tx, edit, outcome, now)

    async def _unclear(self, tx: Tx, edit: Edit, outcome: Unclear, now: datetime) -> None:
        """An outage passes; an error that we do not know may be for good."""
        if outcome.is_outage:
            await self._put_off(tx, edit, now + timing.ASK_LATER)
        else:
            await self._plainer(tx, edit, now + timing.ASK_LATER)

    async def _refused(self, tx: Tx, edit: Edit, outcome: Refused, now: datetime) -> None:
        if outcome.kind is Refusal.UNREACHED:
            await self._put_off(tx, edit, now + timing.ASK_LATER)
        elif outcome.kind is Refusal.RATE:
            wait = outcome.retry_after or timing.RATE_DEFAULT
            await workspaces.hold_edits(tx, self.settling.team_id, now + wait, now=now)
        elif outcome.kind is Refusal.CHANNEL or outcome.error in METHOD_ERRORS:
            await self._put_off(tx, edit, now + self.probe)
        elif outcome.kind is Refusal.TOKEN:
            await self.settling.troubles.token_refused(tx, outcome.error)
        elif outcome.kind is Refusal.THREAD:
            await self._gone(tx, edit)
        else:
            await self._plainer(tx, edit, now)

    async def _done(self, tx: Tx, edit: Edit) -> None:
        if edit.card:
            await cards.fresh_again(tx, edit.card)
        else:
            await deliveries.fresh_again(tx, edit.draft.delivery.id, edit.draft.delivery.stale_at)

    async def _gone(self, tx: Tx, edit: Edit) -> None:
        """The message was deleted: the order's next event begins a new card."""
        if edit.card:
            await cards.drop(tx, edit.card)
        else:
            await self._done(tx, edit)

    async def _put_off(self, tx: Tx, edit: Edit, until: datetime) -> None:
        if edit.card is None:
            await deliveries.change(tx, edit.draft.delivery.id, stale_at=until)
        else:
            await cards.put_off(tx, edit.card, until, tries=edit.card.tries)

    async def _plainer(self, tx: Tx, edit: Edit, at: datetime) -> None:
        """Slack refused how it was drawn: it is drawn plainer, and given up when it can't be any more."""
        delivery = edit.draft.delivery
        tries = (edit.card.tries if edit.card else delivery.plainness) + 1
        again_at = at if tries <= drafts.MOST_PLAIN else None
        if edit.card is None:
            await deliveries.change(tx, delivery.id, stale_at=again_at, plainness=tries)
        else:
            await cards.put_off(tx, edit.card, again_at, tries=tries)
