"""Who does what for all: a claim that ends by itself, with a token that grows with each new holder.

Times are the database's own, so that the clocks of the processes do not matter. Only a shared database has
leases: what one process alone serves needs none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, case, delete, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array, insert
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


async def take(
    tx: AsyncConnection, names: Sequence[str], holder: str, lasting: timedelta
) -> dict[str, Claim]:
    """Take those of these leases that are free or ended, and renew one's own; others' are left to them."""
    # In one order, so that two who take the same ones never wait for each other.
    each = func.unnest(array(sorted(names), type_=String)).column_valued("name")
    row = select(each, literal(holder), literal(1), _now + lasting)
    fresh = insert(_table).from_select(["name", "holder", "token", "expires_at"], row)
    is_mine = and_(_table.c.holder == holder, _table.c.expires_at > _now)
    taken = fresh.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": holder,
            "token": case((is_mine, _table.c.token), else_=_table.c.token + 1),
            "expires_at": _now + lasting,  # anew: for another's row it may have had to wait
        },
        where=or_(_table.c.holder == holder, _table.c.expires_at <= _now),
    )
    rows = await tx.execute(taken.returning(_table.c.name, _table.c.token, _table.c.expires_at))
    return {row.name: Claim(row.name, row.token, row.expires_at) for row in rows}


async def is_held(tx: AsyncConnection, claim: Claim, holder: str) -> bool:
    """Whether the claim still stands: its row is locked, nobody can take it before this unit of work ends."""
    mine = select(_table.c.token).where(
        _table.c.name == claim.name, _table.c.holder == holder, _table.c.token == claim.token
    )
    locked = mine.where(_table.c.expires_at > _now).with_for_update()
    return (await tx.execute(locked)).scalar() is not None


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
