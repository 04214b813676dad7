"""What Telnyx tells: events, orders, and how far each list was read."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import SQLModel


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
    read_at: datetime | None = None
