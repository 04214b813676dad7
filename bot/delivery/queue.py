"""What goes next in a channel: the rule of roll-ups, and the order that a channel sees.

An order's events appear by `created_at`; critical ones go first, but never before an older one of their own
order. A message's members are fixed here, in the transaction that writes its intent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from storage import cards, deliveries, fan_out, promises
from storage.database import Tx
from storage.deliveries import Message
from storage.promises import Promise

FEW_WAITING = 5
FEW_POSTED = 20
RECENT = timedelta(minutes=5)
ROLL_UP_SIZE = 60
GATHER = timedelta(seconds=60)
LONGEST_HELD = timedelta(minutes=10)
"""An event that could not be promised for so long is not waited for: it may never be."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing goes out before this moment."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Next:
    """A message whose turn it is, and the promises that it carries. One that is new is not kept yet."""

    message: Message
    members: Sequence[Promise]
    is_new: bool = False


async def next_message(tx: Tx, channel_id: str, head: Message | None, now: datetime) -> Next | Wait | None:
    """The channel's next message, a new one where its queue has no `head`; when there will be one; or None
    while nothing waits, or `head` is on its way."""
    if head is not None:
        if head.state != "pending":
            return None
        if head.due_at > now:
            return Wait(head.due_at)
        return Next(head, await promises.carried_by(tx, head.id))
    members = await next_members(tx, channel_id, now)
    if isinstance(members, Wait):
        return members
    return Next(formed(members, now), members, is_new=True) if members else None


async def next_members(tx: Tx, channel_id: str, now: datetime) -> list[Promise] | Wait:
    """What the channel's next message carries, or when it is made; none where all wait for older events."""
    few = await promises.some_waiting(tx, channel_id, FEW_WAITING + 1)
    if not few:
        return []
    recent = await deliveries.posted_since(tx, channel_id, now - RECENT, at_most=FEW_POSTED + 1)
    is_flood, is_noisy = len(few) > FEW_WAITING, recent > FEW_POSTED
    if is_flood:
        critical = await promises.first_critical(tx, channel_id)
        oldest = await promises.oldest(tx, channel_id, ROLL_UP_SIZE)
    else:
        critical = next((promise for promise in few if promise.is_critical), None)
        oldest = [promise for promise in few if not promise.is_critical]
    if critical is not None and await _ready(tx, [critical], now):
        older = await promises.older_of_order(tx, critical, ROLL_UP_SIZE) if critical.order_id else []
        if not older:
            return [critical]
        return older if is_flood or is_noisy else older[:1]
    gathered = await _ready(tx, oldest, now)
    if not gathered or not (is_flood or is_noisy):
        return gathered[:1]
    since = min(promise.promised_at for promise in gathered)
    # A promise that is still to be made was made by a clock that has been set back since.
    if is_noisy and len(gathered) < ROLL_UP_SIZE and since <= now < since + GATHER:
        return Wait(since + GATHER)
    return gathered


async def _ready(tx: Tx, gathered: Sequence[Promise], now: datetime) -> list[Promise]:
    """Those that overtake no older event of their order, which may still wait for its payload."""
    orders = {(promise.source, promise.order_id) for promise in gathered if promise.order_id}
    held = await fan_out.oldest_to_fan_out(tx, orders, seen_since=now - LONGEST_HELD)
    return [
        promise
        for promise in gathered
        if promise.created_at <= held.get((promise.source, promise.order_id), promise.created_at)
    ]


def formed(members: Sequence[Promise], now: datetime) -> Message:
    """A message for these promises; its place in the queue is `now`."""
    first = members[0]
    is_single = len(members) == 1
    return Message(
        id=uuid4().hex,
        team_id=first.team_id,
        channel_id=first.channel_id,
        kind="event" if is_single else "roll_up",
        created_at=now,
        due_at=now,
        source=first.source if is_single else None,
        order_id=first.order_id if is_single else None,
        broadcast=first.broadcast and is_single,
    )


async def keep(tx: Tx, message: Message, members: Sequence[Promise]) -> None:
    """Keep a new message, which carries these promises from now on."""
    await deliveries.add(tx, message)
    await promises.carry(tx, message.id, members)


async def split(tx: Tx, roll_up: Message, now: datetime) -> None:
    """Each event of a roll-up becomes a message of its own, in the roll-up's place and order."""
    for place, promise in enumerate(await promises.carried_by(tx, roll_up.id)):
        await keep(tx, formed([promise], now + timedelta(microseconds=place)), [promise])


async def shape_of(tx: Tx, message: Message, members: Sequence[Promise]) -> tuple[str, str | None]:
    """How the message appears now (flat, card, reply) and in which thread: asked anew at each attempt."""
    if message.kind != "event" or members[0].style != "thread" or not members[0].order_id:
        return "flat", message.thread_ts if message.kind == "notice" else None
    promise = members[0]
    card = await cards.find(tx, promise.channel_id, promise.source, promise.order_id)
    return ("reply", card.ts) if card else ("card", None)
