"""What a message says: its events and orders read from the tables, drawn by the builders, checked against
Slack's limits. A block that Slack refuses is drawn plainer, then as text: no event is lost for its looks."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from bot import known_orders
from bot.changes import Change
from bot.known_orders import Key
from bot.messages import events as event_messages
from bot.messages import orders as order_messages
from bot.messages import rollups
from bot.messages.wording import Look
from bot.recall import change_of_row
from bot.slack import plain
from bot.slack.blocks import Message, check_message
from bot.slack.escaping import inline
from bot.telnyx.events import Source
from bot.telnyx.orders import Order
from storage import deliveries, event_history, events, promises
from storage.cards import CardRow
from storage.database import Tx
from storage.events import StoredEvent
from storage.promises import Promise

log = structlog.get_logger()

LATEST_EVENTS = 6
EVENT_METADATA = "porting_event"
NOTICE_METADATA = "portwire_notice"
MOST_PLAIN = 2
"""0: as built; 1: only blocks that every client knows; 2: text alone."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a message says, read in one transaction; drawing it needs nothing more."""

    delivery: deliveries.Message
    shape: str
    changes: Sequence[Change] = ()
    subscriptions: tuple[str, ...] = ()
    other_events: tuple[str, ...] = ()
    alarms: rollups.Alarms = field(default_factory=dict)

    @property
    def event_ids(self) -> list[str]:
        return [change.event.event_id for change in self.changes]


async def load(tx: Tx, delivery: deliveries.Message, shape: str, members: Sequence[Promise]) -> Draft:
    """The draft of a message that carries these promises (none: a notice)."""
    changes = await _changes(tx, members)
    names = tuple(dict.fromkeys(name for promise in members for name in promise.subscription_names))
    others: tuple[str, ...] = ()
    if shape == "card" and changes:
        others = tuple(row.event_id for row in await _latest(tx, members[0].source, members[0].order_id))
    alarms: rollups.Alarms = {}
    if delivery.kind == "roll_up":
        orders = {(promise.source, promise.order_id) for promise in members}
        alarms = await promises.newest_alarms(tx, delivery.channel_id, orders)
    return Draft(delivery, shape, changes, names, others, alarms)


async def load_card(tx: Tx, card: CardRow) -> tuple[Draft, list[str]] | None:
    """The card's draft at the order's newest state, and the ids of the events that its message carries."""
    delivery = await deliveries.find(tx, card.delivery_id)
    latest = await _latest(tx, card.source, card.order_id)
    if delivery is None or not latest:
        return None
    carried = await promises.carried_by(tx, card.delivery_id)
    own = await events.by_keys(tx, [promise.event_key for promise in carried])
    key = (Source(card.source), card.order_id)
    order = (await known_orders.find(tx, [key])).get(key) or Order(source=key[0], order_id=key[1])
    names = tuple(dict.fromkeys(name for promise in carried for name in promise.subscription_names))
    others = tuple(row.event_id for row in latest)
    draft = Draft(delivery, "card", [change_of_row(latest[0], order)], names, others)
    return draft, [row.event_id for row in own.values()]


async def _latest(tx: Tx, source: str, order_id: str) -> list[StoredEvent]:
    rows = await event_history.of_orders(tx, [(source, order_id)], limit=LATEST_EVENTS)
    return [row for row in rows if row.fanned_out_at is not None] or rows[:1]


async def _changes(tx: Tx, members: Sequence[Promise]) -> list[Change]:
    rows = await events.by_keys(tx, [promise.event_key for promise in members])
    keys = {(Source(row.source), row.order_id) for row in rows.values()}
    orders = await known_orders.find(tx, keys)

    def order_of(row: StoredEvent) -> Order:
        key: Key = (Source(row.source), row.order_id)
        return orders.get(key) or Order(source=key[0], order_id=key[1])

    found = [rows[promise.event_key] for promise in members if promise.event_key in rows]
    return [change_of_row(row, order_of(row)) for row in found]


def draw(draft: Draft, look: Look, plainness: int) -> Message:
    """The message as Slack gets it, at least as plain as `plainness`, within Slack's limits."""
    if draft.delivery.kind in ("notice", "direct"):
        return _plainer(_stored(draft.delivery.body), plainness)
    try:
        built = _build(draft, look)
    except Exception:  # a bug in a builder must not stop the channel
        log.exception("a message could not be drawn", delivery_id=draft.delivery.id)
        return _bare(draft)
    return _within_limits(built, draft, plainness)


def _build(draft: Draft, look: Look) -> Message:
    first, repeat = draft.changes[0], draft.delivery.may_repeat
    if draft.delivery.kind == "roll_up":
        return rollups.roll_up(
            draft.changes, look, delivery_id=draft.delivery.id, may_repeat=repeat, alarms=draft.alarms
        )
    if draft.shape == "reply":
        return event_messages.reply(first, look, may_repeat=repeat)
    if draft.shape == "card":
        return order_messages.card(
            first,
            look,
            subscriptions=draft.subscriptions,
            other_events=draft.other_events,
            may_repeat=repeat,
        )
    return event_messages.flat(first, look, subscriptions=draft.subscriptions, may_repeat=repeat)


def _within_limits(built: Message, draft: Draft, plainness: int) -> Message:
    for level in range(plainness, MOST_PLAIN + 1):
        message = _plainer(built, level)
        breaches = check_message(message)
        if not breaches:
            return message
        log.warning("a message broke Slack's limits", delivery_id=draft.delivery.id, breaches=breaches[:5])
    return _bare(draft)


def _plainer(message: Message, plainness: int) -> Message:
    steps: tuple[Callable[[Message], Message], ...] = (lambda same: same, plain.classic, plain.only_text)
    return steps[min(plainness, MOST_PLAIN)](message)


def _bare(draft: Draft) -> Message:
    names = ", ".join(f"{change.event.event_type} ({change.event.event_id[:8]})" for change in draft.changes)
    return Message(text=f"Events that could not be drawn: {inline(names, 2800)}", blocks=[])


def _stored(body: str | None) -> Message:
    read: Mapping[str, Any] = msgspec.json.decode(body or "{}")
    return Message(text=read.get("text", ""), blocks=read.get("blocks", []))


def body_of(message: Message) -> str:
    """A notice as it is kept until it is posted."""
    return msgspec.json.encode({"text": message.text, "blocks": message.blocks}).decode()


def metadata(
    delivery: deliveries.Message, event_ids: Sequence[str], *, target: str, key: str
) -> dict[str, Any]:
    """What finds the message again in its channel. Any app can read it: ids and a seal, nothing else."""
    payload = {"delivery_id": delivery.id, "mac": seal(key, delivery.id, target)}
    if not event_ids:
        return {"event_type": NOTICE_METADATA, "event_payload": payload}
    return {"event_type": EVENT_METADATA, "event_payload": {"event_ids": list(event_ids), **payload}}


def seal(key: str, delivery_id: str, channel_id: str) -> str:
    """Hex HMAC-SHA256 over delivery id and channel: no other app can forge one and suppress a message."""
    return hmac.new(bytes.fromhex(key), f"{delivery_id}:{channel_id}".encode(), hashlib.sha256).hexdigest()


def is_ours(found: Mapping[str, Any], delivery_id: str, target: str, key: str) -> bool:
    """True for the metadata of exactly this delivery, sealed by us."""
    payload = found.get("event_payload")
    if not isinstance(payload, Mapping) or payload.get("delivery_id") != delivery_id:
        return False
    mac = payload.get("mac")
    return isinstance(mac, str) and hmac.compare_digest(mac.encode(), seal(key, delivery_id, target).encode())
