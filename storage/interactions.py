"""Slack payloads that were handled already: Slack repeats what it thinks we missed."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Interaction

REMEMBERED_FOR = timedelta(minutes=10)

_table = table_of(Interaction)


async def first_times(tx: AsyncConnection, keys: Collection[str], now: datetime) -> set[str]:
    """Remember the payloads; return those that were not handled already."""
    statement = insert(tx, _table).on_conflict_do_nothing(index_elements=["key"]).returning(_table.c.key)
    return set((await tx.execute(statement, [{"key": key, "at": now} for key in keys])).scalars())


async def forget_old(tx: AsyncConnection, now: datetime) -> int:
    """Remove what is older than ten minutes; return how many there were."""
    statement = delete(_table).where(_table.c.at < now - REMEMBERED_FOR)
    return (await tx.execute(statement)).rowcount
