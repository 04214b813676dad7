"""Waits that a clock wrote down which has been set back since: none lasts until it comes so far again."""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import deliveries
from storage.statements import one_of, table_of
from storage.tables import Card, Channel, Delivery, Workspace

CLOCKS_DIFFER = timedelta(seconds=10)
"""The clocks of two processes, at most."""

_channels = table_of(Channel)
_workspaces = table_of(Workspace)
_deliveries = table_of(Delivery)
_cards = table_of(Card)


async def end_waits_ahead(tx: AsyncConnection, now: datetime, *, longest_put_off: timedelta) -> int:
    """End what rests by a moment that is still to come; return for how many channels.

    Each rest names when it was written. An edit or a check is never put off for longer than
    `longest_put_off`.
    """
    ahead = now + CLOCKS_DIFFER
    from_ahead = or_(_channels.c.held_at > ahead, _channels.c.paced_until > ahead)
    held = [row.id for row in await tx.execute(select(_channels.c.id).where(from_ahead))]
    of_held = and_(_deliveries.c.channel_id.in_(held), one_of(_deliveries.c.state, *deliveries.OPEN))
    await tx.execute(update(_deliveries).where(of_held, _deliveries.c.due_at > now).values(due_at=now))
    probe_at = case((_channels.c.paused_at.is_not(None), now))
    rested = {"not_before": None, "paced_until": None, "probe_at": probe_at, "eager_until": None}
    await tx.execute(update(_channels).where(_channels.c.id.in_(held)).values(**rested, held_at=now))
    await _end_for_workspaces(tx, now, ahead)
    for column in (_cards.c.stale_at, _deliveries.c.stale_at, _deliveries.c.verify_at):
        too_late = update(column.table).where(column > now + longest_put_off)
        await tx.execute(too_late.values({column.name: now}))
    return len(held)


async def _end_for_workspaces(tx: AsyncConnection, now: datetime, ahead: datetime) -> None:
    held = update(_workspaces).where(_workspaces.c.held_at > ahead)
    await tx.execute(held.values(posts_not_before=None, edits_not_before=None, held_at=now))
    await tx.execute(update(_workspaces).where(_workspaces.c.trouble_at > ahead).values(trouble_at=now))
