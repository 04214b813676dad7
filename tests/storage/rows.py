"""Valid rows; a test names only what matters to it."""

from datetime import UTC, datetime, timedelta

from storage.cards import CardRow
from storage.deliveries import Message
from storage.events import NewEvent
from storage.promises import Promise

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)


def at(seconds):
    """A moment so many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def new_event(event_id, **fields):
    given = {
        "event_type": "porting_order.status_changed",
        "order_id": "o1",
        "created_at": NOW,
        "updated_at": None,
        "payload": "{}",
        "payload_status": "completed",
        "methods": "email",
        "is_baseline": False,
    }
    return NewEvent(event_id=event_id, **(given | fields))


def promise(event_key, **fields):
    given = {
        "channel_id": "C1",
        "team_id": "T1",
        "source": "port_in",
        "order_id": "o1",
        "created_at": at(event_key),
        "promised_at": at(event_key),
        "is_critical": False,
        "style": "flat",
        "broadcast": False,
        "subscriptions": ",1,",
    }
    return Promise(event_key=event_key, **(given | fields))


def message(message_id, **fields):
    given = {"team_id": "T1", "channel_id": "C1", "kind": "event", "created_at": NOW, "due_at": NOW}
    return Message(id=message_id, **(given | fields))


def card(order_id="o1", **fields):
    given = {"channel_id": "C1", "source": "port_in", "team_id": "T1", "ts": "1.0", "delivery_id": "d1"}
    return CardRow(order_id=order_id, **(given | fields))
