"""Event ids by their first characters, which is what messages show of them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import table_of
from storage.tables import Event

_table = table_of(Event)
ABOVE_ALL_IDS = "\uffff"
MOST_FOUND = 25


async def beginning_with(tx: AsyncConnection, source: str, beginning: str) -> list[str]:
    """Up to MOST_FOUND ids of the source's events that begin so."""
    begins = (_table.c.event_id >= beginning, _table.c.event_id < beginning + ABOVE_ALL_IDS)
    wanted = select(_table.c.event_id).where(_table.c.source == source, *begins).limit(MOST_FOUND)
    return [row.event_id for row in await tx.execute(wanted)]
