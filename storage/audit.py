"""Who did what to what, and what came of it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Audit

_table = table_of(Audit)


async def add(
    tx: AsyncConnection,
    *,
    at: datetime,
    actor_id: str,
    action: str,
    target: str,
    outcome: str,
    detail: str = "",
) -> None:
    """Write one line of the audit; `actor_id` is a Slack user."""
    row = {"at": at, "actor_id": actor_id, "action": action, "target": target}
    await tx.execute(insert(tx, _table), [row | {"outcome": outcome, "detail": detail}])
