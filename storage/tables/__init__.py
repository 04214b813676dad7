"""The tables, and nothing else."""

from storage.tables.asked import Audit, Interaction, Republish, Subscription
from storage.tables.incoming import Event, Order, OrderNumber, Watermark
from storage.tables.outgoing import (
    Card,
    Channel,
    Delivery,
    DeliveryEvent,
    Lease,
    Rereading,
    Sighting,
    Trouble,
    Workspace,
)

__all__ = [
    "Audit",
    "Card",
    "Channel",
    "Delivery",
    "DeliveryEvent",
    "Event",
    "Interaction",
    "Lease",
    "Order",
    "OrderNumber",
    "Republish",
    "Rereading",
    "Sighting",
    "Subscription",
    "Trouble",
    "Watermark",
    "Workspace",
]
