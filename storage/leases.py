"""Who does what for all: a claim that ends by itself, with a token that grows with each new holder.

Times are the database's own, so that the clocks of the processes do not matter. Only a shared database has
leases: what one process alone serves needs none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import table_of
from storage.tables import Lease

_table = table_of(Lease)
OF_CHANNEL = "channel:"
"""What the name of a channel's lease begins with."""
_now = func.clock_timestamp()  # now() is the transaction's beginning, which may be long ago


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease as its holder has it. `token` is greater than that of every holder before."""

    name: str
    token: int
    ends_at: datetime
    """By the database's clock."""


async def take(tx: AsyncConnection, name: str, holder: str, lasting: timedelta) -> Claim | None:
    """Take a lease that is free or ended, or renew one's own; None while another holds it."""
    fresh = insert(_table).values(name=name, holder=holder, token=1, expires_at=_now + lasting)
    is_mine = and_(_table.c.holder == holder, _table.c.expires_at > _now)
    taken = fresh.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": holder,
            "token": case((is_mine, _table.c.token), else_=_table.c.token + 1),
            "expires_at": fresh.excluded.expires_at,
        },
        where=or_(_table.c.holder == holder, _table.c.expires_at <= _now),
    )
    row = (await tx.execute(taken.returning(_table.c.token, _table.c.expires_at))).first()
    return Claim(name, row.token, row.expires_at) if row else None


async def is_held(tx: AsyncConnection, claim: Claim, holder: str) -> bool:
    """Whether the claim still stands: nobody can take it before the end of this unit of work."""
    mine = select(_table.c.token).where(
        _table.c.name == claim.name, _table.c.holder == holder, _table.c.token == claim.token
    )
    return (await tx.execute(mine.where(_table.c.expires_at > _now))).scalar() is not None


def is_anothers(channel_id: ColumnElement[str], holder: str) -> ColumnElement[bool]:
    """Whether another one holds the lease on that channel."""
    of_it = _table.c.name == literal(OF_CHANNEL) + channel_id
    return exists().where(of_it, _table.c.holder != holder, _table.c.expires_at > _now)


async def release(tx: AsyncConnection, holder: str) -> None:
    """Let go of everything: others need not wait for the end. Rows stay, so that tokens go on growing."""
    await tx.execute(_table.update().where(_table.c.holder == holder).values(expires_at=_now))


async def is_any_held(tx: AsyncConnection) -> bool:
    """Whether a process is at work, or was until a moment ago."""
    return (await tx.execute(select(_table.c.name).where(_table.c.expires_at > _now))).first() is not None


async def forget(tx: AsyncConnection, ended_before: timedelta) -> None:
    """Remove leases that ended so long ago that no process can still believe in them."""
    await tx.execute(delete(_table).where(_table.c.expires_at < _now - ended_before))


async def time(tx: AsyncConnection) -> datetime:
    """What the database's clock says."""
    now: datetime = (await tx.execute(select(_now))).scalar_one()
    return now
