"""When something may come due: what the tables and the delivery have written down for later."""

from sqlalchemy import bindparam, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

import storage.tables  # noqa: F401  # declares the tables

OF_TABLES = ("card", "channel", "delivery", "workspace")
COLUMNS = [
    (table, column)
    for table in (SQLModel.metadata.tables[name] for name in OF_TABLES)
    for column in table.columns
    if isinstance(column.type, UTCDateTime)
]
EACH = " UNION ALL ".join(
    f"SELECT min({column.name}) AS at FROM {table.name} WHERE {column.name} > :now"  # noqa: S608  # our own names
    for table, column in COLUMNS
)
KIND = COLUMNS[0][1].type
NEXT = (
    text(f"SELECT min(at) AS at FROM ({EACH})")  # noqa: S608  # as above
    .bindparams(bindparam("now", type_=KIND))
    .columns(at=KIND)
)


async def next_moment(database, delivery, now):
    """The first of all moments after `now` that is written down, or None."""
    async with database.reading() as tx:
        stored = (await tx.execute(NEXT, {"now": now})).scalar()
    kept = [stored, delivery.editing.next_at, *delivery._due.rests.values()]
    return min((at for at in kept if at is not None and at > now), default=None)
