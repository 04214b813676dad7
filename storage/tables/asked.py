"""What people ask for and did."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.base import SQLModel


class Subscription(SQLModel, table=True):
    """A channel's wish, shown as `S<id>`; `filters` and the options are the canonical text."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_channel_id", "channel_id"),
        Index("ix_subscription_revision", "revision"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    channel_id: str
    filters: str
    style: str
    broadcast: str
    owner_id: str
    created_at: datetime
    removed_at: datetime | None = None
    revision: int = 0


class Republish(SQLModel, table=True):
    """The last wish to republish an event: holds a second click back for 60 s."""

    __tablename__ = "republish"

    source: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    asked_at: datetime
    asked_by: str
    outcome: str


class Interaction(SQLModel, table=True):
    """A Slack payload that was handled already; kept for ten minutes."""

    __tablename__ = "interaction"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


class Audit(SQLModel, table=True):
    """Who did what to what, and what came of it."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: str
    action: str
    target: str
    outcome: str
    detail: str = ""
