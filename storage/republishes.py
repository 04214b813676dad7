"""The last wish to republish each event: what holds a second click back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.clocks import CLOCKS_DIFFER
from storage.statements import insert, table_of
from storage.tables import Republish

ASKED = "asked"
REFUSED = "refused"

_table = table_of(Republish)


@dataclass(frozen=True, slots=True)
class LastWish:
    """Who asked last for an event's notification, when, and what came of it."""

    asked_at: datetime
    asked_by: str
    outcome: str


async def claim(
    tx: AsyncConnection, source: str, event_id: str, *, user_id: str, now: datetime, held_since: datetime
) -> LastWish | None:
    """Take the right to ask Telnyx now; return the wish that is in the way, or None when it was granted.

    In the way is a wish asked after `held_since`, unless Telnyx surely refused it. One that is still to come
    was asked by a clock that has been set back since.
    """
    statement = insert(tx, _table)
    new = statement.excluded
    upsert = statement.on_conflict_do_update(
        index_elements=["source", "event_id"],
        set_={"asked_at": new.asked_at, "asked_by": new.asked_by, "outcome": new.outcome},
        where=or_(
            _table.c.asked_at <= held_since,
            _table.c.asked_at > now + CLOCKS_DIFFER,
            _table.c.outcome == REFUSED,
        ),
    ).returning(_table.c.event_id)
    row = {"source": source, "event_id": event_id, "asked_at": now, "asked_by": user_id, "outcome": ASKED}
    if (await tx.execute(upsert, row)).first():
        return None
    return await _last(tx, source, event_id)


async def note(
    tx: AsyncConnection, source: str, event_id: str, *, asked_at: datetime, user_id: str, outcome: str
) -> None:
    """Record what came of the wish that `claim` granted; a later wish is left alone."""
    mine = (_table.c.source == source, _table.c.event_id == event_id, _table.c.asked_by == user_id)
    await tx.execute(update(_table).where(*mine, _table.c.asked_at == asked_at).values(outcome=outcome))


async def _last(tx: AsyncConnection, source: str, event_id: str) -> LastWish | None:
    wanted = select(_table.c.asked_at, _table.c.asked_by, _table.c.outcome).where(
        _table.c.source == source, _table.c.event_id == event_id
    )
    row = (await tx.execute(wanted)).first()
    return LastWish(*row) if row else None
