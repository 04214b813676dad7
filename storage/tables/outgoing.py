"""What Slack gets: promises, messages, cards, and the state of where they go."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.tables.base import SQLModel


class Workspace(SQLModel, table=True):
    """The Slack workspace: the key that signs our metadata, its pace, and whether it refuses our token."""

    __tablename__ = "workspace"

    team_id: str = Field(primary_key=True)
    mac_key: str
    posts_not_before: datetime | None = None
    edits_not_before: datetime | None = None
    trouble: str | None = None
    trouble_at: datetime | None = None
    held_at: datetime | None = None
    restored_at: datetime | None = None
    unsure_since: datetime | None = None


class Channel(SQLModel, table=True):
    """A channel (or a person: `U…`) that we post to: its pace, and whether Slack refuses it."""

    __tablename__ = "channel"

    id: str = Field(primary_key=True)
    team_id: str
    direct_id: str | None = None
    paced_until: datetime | None = None
    not_before: datetime | None = None
    paused_at: datetime | None = None
    paused_reason: str | None = None
    probe_at: datetime | None = None
    eager_until: datetime | None = None
    history_refused: str | None = None
    held_at: datetime | None = None
    unsure_since: datetime | None = None


class Delivery(SQLModel, table=True):
    """One message that is being posted or was: its members are fixed before the first attempt.

    kind: event, roll_up, notice, direct. shape: flat, card, reply. state: pending, sending, uncertain,
    posted, parked, cancelled. At most one of a channel is sending or uncertain. `target`: where it went, for
    which its metadata is sealed (a person's conversation, or an id that the channel had then).
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "uq_delivery_in_flight",
            "channel_id",
            unique=True,
            sqlite_where=text("state IN ('sending', 'uncertain')"),
            postgresql_where=text("state IN ('sending', 'uncertain')"),
        ),
        Index(
            "ix_delivery_open",
            "channel_id",
            "created_at",
            "id",
            sqlite_where=text("state IN ('pending', 'sending', 'uncertain')"),
            postgresql_where=text("state IN ('pending', 'sending', 'uncertain')"),
        ),
        Index(
            "ix_delivery_posted",
            "channel_id",
            "posted_at",
            sqlite_where=text("posted_at IS NOT NULL"),
            postgresql_where=text("posted_at IS NOT NULL"),
        ),
        Index("ix_delivery_created_at", "created_at"),
        Index(
            "ix_delivery_parked",
            "state",
            "created_at",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
        Index(
            "ix_delivery_verify",
            "verify_at",
            sqlite_where=text("verify_at IS NOT NULL"),
            postgresql_where=text("verify_at IS NOT NULL"),
        ),
        Index(
            "ix_delivery_stale",
            "stale_at",
            sqlite_where=text("stale_at IS NOT NULL"),
            postgresql_where=text("stale_at IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    team_id: str
    channel_id: str
    kind: str
    shape: str = "flat"
    state: str = "pending"
    attempt: int = 0
    refusals: int = 0
    plainness: int = 0
    created_at: datetime
    due_at: datetime
    started_at: datetime | None = None
    looks: int = 0
    sent_again: bool = False
    verify_at: datetime | None = None
    posted_at: datetime | None = None
    ts: str | None = None
    thread_ts: str | None = None
    target: str | None = None
    source: str | None = None
    order_id: str | None = None
    broadcast: bool = False
    may_repeat: bool = False
    body: str | None = None
    error: str | None = None
    stale_at: datetime | None = None
    dedupe_key: str | None = Field(default=None, unique=True)


class DeliveryEvent(SQLModel, table=True):
    """The promise that a channel gets an event, once; `delivery_id` empty: it waits for its message."""

    __tablename__ = "delivery_event"
    __table_args__ = (
        Index(
            "ix_delivery_event_waiting",
            "channel_id",
            "is_critical",
            "created_at",
            "event_key",
            sqlite_where=text("delivery_id IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("delivery_id IS NULL AND cancelled_at IS NULL"),
        ),
        Index("ix_delivery_event_delivery_id", "delivery_id"),
        Index("ix_delivery_event_event_key", "event_key"),
    )

    channel_id: str = Field(primary_key=True)
    event_key: int = Field(primary_key=True)
    team_id: str
    source: str
    order_id: str
    created_at: datetime
    promised_at: datetime
    is_critical: bool
    style: str
    broadcast: bool
    subscriptions: str
    delivery_id: str | None = None
    cancelled_at: datetime | None = None


class Card(SQLModel, table=True):
    """Which message shows an order in a channel; `stale_at`: since when it is behind the order's state."""

    __tablename__ = "card"
    __table_args__ = (
        Index("ix_card_order", "source", "order_id"),
        Index(
            "ix_card_stale",
            "stale_at",
            sqlite_where=text("stale_at IS NOT NULL"),
            postgresql_where=text("stale_at IS NOT NULL"),
        ),
    )

    channel_id: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    team_id: str
    ts: str
    delivery_id: str
    stale_at: datetime | None = None
    tries: int = 0


class Lease(SQLModel, table=True):
    """What one of several processes does for all of them, until when, and how often it changed hands."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    token: int
    expires_at: datetime


class Trouble(SQLModel, table=True):
    """What OPS_CHANNEL was told of our own trouble; `until` empty: not yet that it is over."""

    __tablename__ = "trouble"

    what: str = Field(primary_key=True)
    since: datetime
    until: datetime | None = None


class Sighting(SQLModel, table=True):
    """A message of ours that stands in a channel, though a database that was restored has no record of it.

    One row for each event that it carries; `event_id` empty: a notice.
    """

    __tablename__ = "sighting"

    channel_id: str = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    ts: str
    thread_ts: str | None = None


class Rereading(SQLModel, table=True):
    """How far a channel (`thread_ts` empty) or a thread of it was read after a restore."""

    __tablename__ = "rereading"

    channel_id: str = Field(primary_key=True)
    thread_ts: str = Field(primary_key=True)
    read_until: datetime
