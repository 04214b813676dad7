"""The Slack workspace: the key that signs our metadata, its pace, and whether it refuses our token."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Workspace

_table = table_of(Workspace)


@dataclass(frozen=True, slots=True)
class WorkspaceState:
    """The workspace as the sender sees it. `trouble`: why Slack refuses our token, None while it does not."""

    team_id: str
    mac_key: str
    posts_not_before: datetime | None
    edits_not_before: datetime | None
    trouble: str | None
    trouble_at: datetime | None
    held_at: datetime | None
    """When a rest was last written down: by a clock that may have been set back since."""
    restored_at: datetime | None = None
    """The first start on a backup that was put back."""
    unsure_since: datetime | None = None
    """Since when posts may stand in channels that the backup knows nothing of; None when that is over."""


async def ensure(tx: AsyncConnection, team_id: str) -> WorkspaceState:
    """The workspace, made with a key of its own where there is none."""
    row = {"team_id": team_id, "mac_key": secrets.token_hex(32)}
    await tx.execute(insert(tx, _table).on_conflict_do_nothing(index_elements=["team_id"]), row)
    return await get(tx, team_id)


async def get(tx: AsyncConnection, team_id: str) -> WorkspaceState:
    """The workspace, which must be there."""
    row = (await tx.execute(select(_table).where(_table.c.team_id == team_id))).one()
    return WorkspaceState(*row)


async def find(tx: AsyncConnection, team_id: str) -> WorkspaceState | None:
    """The workspace, or None before the bot was in it."""
    row = (await tx.execute(select(_table).where(_table.c.team_id == team_id))).first()
    return WorkspaceState(*row) if row else None


async def hold_posts(tx: AsyncConnection, team_id: str, until: datetime, *, now: datetime) -> None:
    """Slack asked the whole workspace to rest: nothing is posted before `until`; a longer rest stays."""
    held = _table.c.posts_not_before
    wanted = update(_table).where(_table.c.team_id == team_id, or_(held.is_(None), held < until))
    await tx.execute(wanted.values(posts_not_before=until, held_at=now))


async def hold_edits(tx: AsyncConnection, team_id: str, until: datetime, *, now: datetime) -> None:
    """Slack asked for a rest from edits until then; a longer rest stays."""
    held = _table.c.edits_not_before
    wanted = update(_table).where(_table.c.team_id == team_id, or_(held.is_(None), held < until))
    await tx.execute(wanted.values(edits_not_before=until, held_at=now))


async def note_trouble(tx: AsyncConnection, team_id: str, trouble: str | None, now: datetime) -> None:
    """Slack refuses our token (why), or takes it again (None)."""
    at = now if trouble else None
    await tx.execute(update(_table).where(_table.c.team_id == team_id).values(trouble=trouble, trouble_at=at))
