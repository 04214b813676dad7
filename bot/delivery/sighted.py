"""A message that was found in its channel after a restore, put on record as if we had posted it just so."""

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from storage import cards, deliveries, promises, restores
from storage.cards import CardRow
from storage.channels import ChannelState
from storage.database import Tx
from storage.deliveries import Message
from storage.promises import Promise
from storage.restores import Seen

log = structlog.get_logger()


async def put_on_record(tx: Tx, channel: ChannelState, seen: Sequence[Seen], now: datetime) -> bool:
    """Keep the promises that the message keeps already; False where the channel is owed nothing of it (yet).

    `seen`: what it carries, as far as that is not on record.
    """
    first = seen[0]
    owed = await promises.owed_of(tx, channel.id, [each.event_id for each in seen])
    message = await deliveries.find(tx, first.delivery_id)
    is_open = message is not None and message.state in deliveries.OPEN
    if not owed and not is_open:
        return False
    members = sorted(owed.values(), key=lambda each: (each.created_at, each.event_key))
    if message is None:
        message = _made(channel, members[0], first, is_single=len(seen) == 1)
        await deliveries.add(tx, message)
    if message.state != "posted":
        await _posted(tx, message, members, first, now)
    if members:
        await promises.carry(tx, message.id, members)
    await restores.recorded(tx, channel.id, message.id, [*owed, ""])
    log.info("message stands already", delivery_id=message.id, channel_id=channel.id, ts=first.ts)
    return True


def _made(channel: ChannelState, promise: Promise, seen: Seen, *, is_single: bool) -> Message:
    posted_at = _moment(seen.ts)
    return Message(
        id=seen.delivery_id,
        team_id=channel.team_id,
        channel_id=channel.id,
        kind="event" if is_single else "roll_up",
        created_at=posted_at,
        due_at=posted_at,
        source=promise.source if is_single else None,
        order_id=promise.order_id if is_single else None,
    )


async def _posted(tx: Tx, message: Message, members: Sequence[Promise], seen: Seen, now: datetime) -> None:
    """The message as posted, and the card that it may be; what a card shows may be old by now."""
    shape = _shape(message, members, seen)
    await deliveries.change(
        tx,
        message.id,
        state="posted",
        shape=shape,
        ts=seen.ts,
        thread_ts=seen.thread_ts,
        posted_at=_moment(seen.ts),
        error=None,
    )
    if shape == "card":
        card = CardRow(
            channel_id=message.channel_id,
            source=members[0].source,
            order_id=members[0].order_id,
            team_id=message.team_id,
            ts=seen.ts,
            delivery_id=message.id,
            stale_at=now,
        )
        await cards.put(tx, card)


def _shape(message: Message, members: Sequence[Promise], seen: Seen) -> str:
    if message.kind != "event" or not members or members[0].style != "thread" or not members[0].order_id:
        return "flat"
    return "reply" if seen.thread_ts else "card"


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
