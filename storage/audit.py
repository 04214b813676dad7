"""Who did what to what, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Audit

ASKED = "asked"
"""The outcome of what was begun and whose end nobody has seen yet."""

_table = table_of(Audit)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the audit."""

    at: datetime
    actor_id: str
    action: str
    outcome: str
    detail: str


async def add(
    tx: AsyncConnection,
    *,
    at: datetime,
    actor_id: str,
    action: str,
    target: str,
    outcome: str,
    detail: str = "",
) -> int:
    """Write one line of the audit and return its number; `actor_id` is a Slack user."""
    row = {"at": at, "actor_id": actor_id, "action": action, "target": target}
    statement = insert(tx, _table).returning(_table.c.id)
    number: int = (await tx.execute(statement, row | {"outcome": outcome, "detail": detail})).scalar_one()
    return number


async def note(tx: AsyncConnection, number: int, *, outcome: str, detail: str) -> None:
    """What came of something that was written as ASKED."""
    changed = update(_table).where(_table.c.id == number).values(outcome=outcome, detail=detail)
    await tx.execute(changed)


async def of_target(tx: AsyncConnection, target: str) -> list[Line]:
    """What people did to the target, oldest first."""
    wanted = select(*(_table.c[name] for name in Line.__dataclass_fields__))
    found = await tx.execute(wanted.where(_table.c.target == target).order_by(_table.c.id))
    return [Line(*row) for row in found]
