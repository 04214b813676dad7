"""What was told of our own trouble: its beginning once, its end once, whichever process meets them."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Trouble

_table = table_of(Trouble)
PROBE = "a row that comes and goes"
MET_WITHIN = timedelta(minutes=1)
"""Processes meet the same trouble of the database, and its end, so far apart at most."""


async def begin(tx: AsyncConnection, what: str, since: datetime) -> bool:
    """Note that a trouble is told; False where it has been already."""
    row = {"what": what, "since": since}
    made = insert(tx, _table).on_conflict_do_nothing(index_elements=["what"]).returning(_table.c.what)
    return (await tx.execute(made, row)).scalar() is not None


async def is_told(tx: AsyncConnection, what: str) -> bool:
    """Whether it was told that this began, and not yet that it is over."""
    return (await tx.execute(select(_table.c.what).where(_table.c.what == what))).scalar() is not None


async def end(tx: AsyncConnection, what: str) -> datetime | None:
    """Note that its end is told; return since when it lasted, None where nobody was told of it."""
    ended = delete(_table).where(_table.c.what == what).returning(_table.c.since)
    since: datetime | None = (await tx.execute(ended)).scalar()
    return since


async def passed(tx: AsyncConnection, what: str, since: datetime, until: datetime) -> bool:
    """Note that a trouble is told which could not be told while it lasted; False where another process, that
    met the same one, has."""
    row = (await tx.execute(select(_table.c.until).where(_table.c.what == what))).first()
    if row and row.until and since <= row.until + MET_WITHIN:
        return False
    await tx.execute(delete(_table).where(_table.c.what == what))
    await tx.execute(_table.insert(), {"what": what, "since": since, "until": until})
    return True


async def probe(tx: AsyncConnection, now: datetime) -> None:
    """Write something that is gone again at once: can anything be kept just now?"""
    await begin(tx, PROBE, now)
    await end(tx, PROBE)
