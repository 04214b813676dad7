"""`portwire trace`: the life of one event from the tables. The answer to "why did (or didn't) I get it?"."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import known_orders
from bot.changes import Change
from bot.errors import PortwireError
from bot.filters import Subscription
from bot.recall import change_of_row
from bot.references import SHORTEST_BEGINNING
from bot.subscriptions import subscription_of
from bot.telnyx.events import Source
from bot.telnyx.orders import Order
from bot.telnyx.pages import LONGEST_ID
from storage import audit, deliveries, event_ids, events, promises, subscriptions, watermarks
from storage.database import Database, Tx
from storage.deliveries import Message
from storage.events import StoredEvent
from storage.promises import Fate

WHOLE_ID = 36
HOW_TO_NAME = "Name it by its id, or by the first 8 or more characters of it: `events` in Slack lists them."
_LIKE_AN_ID = re.compile(r"[0-9a-f][0-9a-f-]{0,35}…?", re.IGNORECASE)


async def life(database: Database, typed: str) -> list[str]:
    """The event's life, line by line; `typed` is its id or the first characters of it.

    Raises PortwireError where we never saw it, or where several events begin so.
    """
    typed = typed.strip()
    if not typed.isprintable() or not 0 < len(typed) <= LONGEST_ID:
        raise PortwireError(f"That is no event's id. {HOW_TO_NAME}")
    event_id = typed.rstrip("…").lower() if _LIKE_AN_ID.fullmatch(typed) else typed
    async with database.reading() as tx:
        rows = await _found(tx, event_id)
        following = [subscription_of(row) for row in await subscriptions.active(tx)]
        known = await known_orders.find(tx, [_key(row) for row in rows])
        lines: list[str] = []
        for row in rows:
            fates = await promises.of_event(tx, row.key)
            messages = {
                fate.delivery_id: await deliveries.find(tx, fate.delivery_id)
                for fate in fates
                if fate.delivery_id
            }
            change = change_of_row(row, known.get(_key(row)) or _bare(row))
            lines += [*_arrival(row), *_nobody(row, fates), *_deliveries(fates, messages)]
            lines += _others(row, change, fates, following)
            lines += map(_done, await audit.of_target(tx, f"{row.source}:{row.event_id}"))
        return lines


async def _found(tx: Tx, event_id: str) -> list[StoredEvent]:
    """The stored events with this id, or the one that begins so."""
    rows = await _with_id(tx, event_id)
    if rows:
        return rows
    if not _LIKE_AN_ID.fullmatch(event_id):
        raise PortwireError(f"No event {event_id} is in the tables. {HOW_TO_NAME}")
    if len(event_id) < WHOLE_ID:
        return await _beginning_with(tx, event_id)
    why = "Telnyx has not listed it, it is too old, or it names an order, or the bot has not read it yet"
    raise PortwireError(f"No event {event_id} is in the tables: {why}. {await _read_up_to(tx)}")


async def _read_up_to(tx: Tx) -> str:
    """How far the lists have been read: what was created later can't be in the tables."""
    lists = {source: await watermarks.find(tx, source.value) for source in Source}
    read = [f"{source} events up to {_stamp(each.watermark)}" for source, each in lists.items() if each]
    return f"It has read {' and '.join(read)}." if read else "It has read no events at all so far."


async def _beginning_with(tx: Tx, beginning: str) -> list[StoredEvent]:
    if len(beginning) < SHORTEST_BEGINNING:
        raise PortwireError(f"{beginning} is too short for an event's id. {HOW_TO_NAME}")
    found = [each for source in Source for each in await event_ids.beginning_with(tx, source, beginning)]
    if len(found) > 1:
        raise PortwireError(f"Several events begin with {beginning}: {', '.join(found)}. Name one of them.")
    if not found:
        raise PortwireError(f"No event in the tables begins with {beginning}. {HOW_TO_NAME}")
    return await _with_id(tx, found[0])


async def _with_id(tx: Tx, event_id: str) -> list[StoredEvent]:
    return [row for source in Source for row in await events.find(tx, event_id, source)]


def _arrival(row: StoredEvent) -> Iterator[str]:
    yield f"{row.event_type} {row.event_id} ({row.source}, order {row.order_id or 'unknown'})"
    yield f"  created  {_stamp(row.created_at)}"
    late = (row.first_seen_at - row.created_at).total_seconds()
    yield f"  seen     {_stamp(row.first_seen_at)}, {late:.1f} s later"
    if row.payload is None:
        yield f"  payload  none yet (Telnyx says: {row.payload_status or 'nothing'})"
    if row.is_baseline:
        yield "  matched  never: it was created before watching began, such events are not posted"
    elif row.fanned_out_at is None:
        yield "  matched  not yet: it waits for its payload, or for facts of its order"
    else:
        before = f", status before: {row.status_before}" if row.status_before else ""
        yield f"  matched  {_stamp(row.fanned_out_at)}, severity {row.severity}{before}"


def _nobody(row: StoredEvent, fates: Sequence[Fate]) -> Iterator[str]:
    """That nobody was promised it, for an event that went through the filters."""
    if not fates and row.fanned_out_at and not row.is_baseline:
        yield "  promised to nobody: no channel follows it"


def _deliveries(fates: Sequence[Fate], messages: dict[str, Message | None]) -> Iterator[str]:
    for fate in fates:
        names = " ".join(fate.promise.subscription_names) or "nobody any more"
        message = messages.get(fate.delivery_id or "")
        yield f"  {fate.promise.channel_id}  for {names}: {_outcome(fate, message)}"


def _outcome(fate: Fate, message: Message | None) -> str:
    """What became of the promise, in Slack's own words where it has some."""
    if fate.cancelled_at:
        return f"cancelled at {_stamp(fate.cancelled_at)}, its subscription was ended"
    if message is None:
        return f"waits since {_stamp(fate.promise.promised_at)}"
    tries = f"{message.kind}, delivery {message.id}, attempt {message.attempt}"
    if message.state == "posted" and message.posted_at:
        return f"posted at {_stamp(message.posted_at)}, Slack's ts {message.ts} ({tries})"
    answer = f", Slack's answer: {message.error}" if message.error else ""
    return f"{message.state}{answer} ({tries})"


def _others(
    row: StoredEvent, change: Change, fates: Sequence[Fate], following: Sequence[Subscription]
) -> Iterator[str]:
    """The subscriptions that do not get it, each with the reason."""
    if row.is_baseline or row.fanned_out_at is None:
        return
    matched = {name for fate in fates for name in fate.promise.subscription_names}
    for one in following:
        if f"S{one.id}" not in matched:
            yield f"  {one.channel_id}  S{one.id}: {_why_not(one, change, row.fanned_out_at)}"


def _done(line: audit.Line) -> str:
    """What somebody did with the event, and what came of it."""
    is_open = line.outcome == audit.ASKED
    came = "asked, and nobody saw what came of it" if is_open else f"{line.outcome} {line.detail}".strip()
    return f"  {line.action} by {line.actor_id} at {_stamp(line.at)}: {came}"


def _why_not(one: Subscription, change: Change, matched_at: datetime) -> str:
    if one.created_at > matched_at:
        return "is younger than the event"
    term = one.wish.filter.stopped_by(change)
    return f"stopped by {term}" if term else "would match by what is known of the order today"


def _key(row: StoredEvent) -> known_orders.Key:
    return Source(row.source), row.order_id


def _bare(row: StoredEvent) -> Order:
    return Order(source=Source(row.source), order_id=row.order_id)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
