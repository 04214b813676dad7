"""The tables, and nothing else.

Times are plain `datetime` annotations: SQLModel stores them as UTC and gives them back aware. An `sa_type`
on a time would silently store the local wall clock on SQLite.
"""

from datetime import datetime

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlmodel import Field, SQLModel

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


class Event(SQLModel, table=True):
    """An event of Telnyx, secrets removed. `fanned_out_at` empty: still to be promised to channels."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index("ix_event_order", "source", "order_id", "created_at", "id"),
        Index("ix_event_source", "source", "created_at", "id"),
        Index("ix_event_type", "event_type", "created_at", "id"),
        Index(
            "ix_event_to_fan_out",
            "created_at",
            "id",
            sqlite_where=text("fanned_out_at IS NULL"),
            postgresql_where=text("fanned_out_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # a number is never used again: promises go by it
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    event_id: str
    event_type: str
    order_id: str
    created_at: datetime
    updated_at: datetime | None = None
    first_seen_at: datetime
    payload: str | None = None
    payload_status: str | None = None
    methods: str = ""
    is_baseline: bool = False
    fanned_out_at: datetime | None = None
    status_before: str | None = None
    foc_before: datetime | None = None
    foc_after: datetime | None = None
    severity: str | None = None


class Order(SQLModel, table=True):
    """The newest known facts of a port-in or port-out order; `facts` is JSON."""

    __tablename__ = "order"
    __table_args__ = (
        Index("ix_order_support_key", "support_key"),
        Index("ix_order_customer_reference", "customer_reference"),
        Index("ix_order_parent_support_key", "parent_support_key"),
        Index("ix_order_pon", "pon"),
    )

    source: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    support_key: str | None = None
    customer_reference: str | None = None
    parent_support_key: str | None = None
    pon: str | None = None
    facts: str
    updated_at: datetime


class OrderNumber(SQLModel, table=True):
    """A phone number of an order, digits only: how a number finds its orders."""

    __tablename__ = "order_number"

    digits: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)


class Watermark(SQLModel, table=True):
    """How far one event list has been read."""

    __tablename__ = "watermark"

    source: str = Field(primary_key=True)
    watermark: datetime
    baseline_at: datetime
    last_deep_at: datetime | None = None
    is_by_our_clock: bool = False


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
