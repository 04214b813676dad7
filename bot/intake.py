"""Each event once, and one promise for each channel that follows it.

Storing and promising are two durable steps. An event that is not promised yet is itself the queue: a crash
anywhere between them resumes at the next fan-out, and unique keys keep promises from repeating.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import known_orders
from bot.changes import Change, Severity, change_of
from bot.failpoints import reached
from bot.followers import Followers
from bot.known_orders import Key
from bot.metrics import Metrics
from bot.orders import Orders
from bot.recall import event_of, row_of
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order
from bot.telnyx.pages import ListedEvent
from storage import cards, deliveries, events, promises, subscriptions
from storage.database import Database, Tx
from storage.events import FannedOut, Known, StoredEvent
from storage.promises import Promise
from storage.watermarks import Progress

BATCH = 500
FACTS_BUDGET_S = 10
"""How long one fan-out asks Telnyx for facts that a filter needs; what is left is asked again later."""
WORDS_BUDGET_S = 2
"""How long a message may wait for facts that only make it more readable."""
MOST_FOR_WORDS = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored event on its way to the channels."""

    row: StoredEvent
    event: Event

    @property
    def key(self) -> Key:
        return self.event.source, self.event.order_id


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes in what the poller read. `on_promises` wakes the delivery."""

    database: Database
    orders: Orders
    followers: Followers
    metrics: Metrics
    now: Callable[[], datetime]
    payload_wait: timedelta
    on_promises: Callable[[], None]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _held: set[Key] = field(default_factory=set)

    @property
    def is_holding(self) -> bool:
        """True while events wait for a payload or for facts of their order."""
        return bool(self._held)

    async def store(
        self,
        source: Source,
        listed: Sequence[ListedEvent],
        progress: Progress,
        routine_since: datetime | None,
    ) -> None:
        """Store what is new of a page, and what a known event says anew. Nothing new writes nothing.

        `routine_since`: only the deep sweep looks for events created before it (None: the first pass).
        """
        if not listed:
            return
        rows = {row.event_id: row for row in listed}
        async with self.database.reading() as tx:
            known = await events.known(tx, source, list(rows))
        now = self.now()
        fresh = [row.to_event(now) for row in rows.values() if row.event_id not in known]
        renewed = [row.to_event(now) for row in rows.values() if _says_more(row, known.get(row.event_id))]
        if known:
            self.metrics.events_duplicate_total.labels(source=source).inc(len(known))
        if not fresh and not renewed:
            return
        async with self.database.transaction() as tx:
            baseline_at = progress.baseline_at
            await events.store(tx, source, [row_of(event, baseline_at) for event in fresh], now)
            await events.renew(tx, source, [row_of(event, baseline_at) for event in renewed])
        self._count(fresh, now, routine_since)

    def _count(self, fresh: Sequence[Event], now: datetime, routine_since: datetime | None) -> None:
        counts = Counter((event.source, event.event_type) for event in fresh)
        for (source, event_type), count in counts.items():
            self.metrics.events_ingested_total.labels(source=source, type=event_type).inc(count)
        for event in fresh:
            self.metrics.event_lateness_seconds.observe(max((now - event.created_at).total_seconds(), 0))
        if routine_since is not None:
            late = sum(event.created_at < routine_since for event in fresh)
            self.metrics.deep_sweep_finds_total.inc(late)

    async def fan_out(self) -> int:
        """Promise what is stored to the channels that follow it; return how many promises were made."""
        async with self._turn:
            held: set[Key] = set()
            made, after = 0, None
            while True:
                async with self.database.reading() as tx:
                    rows = await events.to_fan_out(tx, BATCH, after=after)
                if rows:
                    made += await self._fan_out_batch([Candidate(row, event_of(row)) for row in rows], held)
                    after = (rows[-1].created_at, rows[-1].key)
                if len(rows) < BATCH:
                    break
            self._held.clear()
            self._held.update(held)
            return made

    async def _fan_out_batch(self, batch: Sequence[Candidate], held: set[Key]) -> int:
        now = self.now()
        complete = [each for each in batch if not self._is_held(each, held, now)]
        reached("fan_out.chosen")
        async with self.database.reading() as tx:
            await self.followers.refresh(await subscriptions.version(tx))
            known = await known_orders.find(tx, {each.key for each in complete})
        fetched = await self._facts(complete, known, held, now)
        reached("fan_out.facts_fetched")
        ready = [each for each in complete if each.key not in held]
        return await self._promise(ready, fetched, now) if ready else 0

    def _is_held(self, candidate: Candidate, held: set[Key], now: datetime) -> bool:
        """An event waits for its payload, and the younger ones of its order wait with it."""
        row, event = candidate.row, candidate.event
        if row.is_baseline:
            return False
        waits = event.awaits_payload and row.first_seen_at > now - self.payload_wait
        if waits or (event.order_id and candidate.key in held):
            held.add(candidate.key)
            return True
        return False

    async def _facts(
        self, batch: Sequence[Candidate], known: dict[Key, Order], held: set[Key], now: datetime
    ) -> dict[Key, Order]:
        """What Telnyx says of orders that a filter asks about, and of those that messages will name."""
        if not self.followers.any:
            return {}
        needed = {each.key for each in batch if self._needs(each, known)}
        fetched = await self.orders.facts(needed, budget_s=FACTS_BUDGET_S) if needed else {}
        for each in batch:
            if each.key in needed - set(fetched) and each.row.first_seen_at > now - self.payload_wait:
                held.add(each.key)
        words = {each.key for each in batch if _wants_words(each, known)} - needed
        if 0 < len(words) <= MOST_FOR_WORDS:
            fetched |= await self.orders.facts(words, budget_s=WORDS_BUDGET_S)
        return fetched

    def _needs(self, candidate: Candidate, known: dict[Key, Order]) -> bool:
        if not self.followers.asks_for_facts or candidate.row.is_baseline or not candidate.event.order_id:
            return False
        before = known.get(candidate.key) or _unknown(candidate)
        if before.facts_are_known:
            return False
        return self.followers.need_facts(change_of(candidate.event, before))

    async def _promise(self, batch: Sequence[Candidate], fetched: dict[Key, Order], now: datetime) -> int:
        async with self.database.transaction() as tx:
            before = await known_orders.find(tx, {each.key for each in batch})
            current = dict(before)
            fanned_out: list[FannedOut] = []
            owed: list[Promise] = []
            for each in batch:
                order = current.get(each.key) or _unknown(each)
                change = change_of(each.event, order, fetched.get(each.key))
                current[each.key] = change.order
                fanned_out.append(_found_out(each, change))
                owed += [] if each.row.is_baseline else self._owed(each, change, now)
            orders = [order for order in current.values() if order.order_id]
            await known_orders.save(tx, orders, now, before)
            await promises.make(tx, owed)
            await events.note_fan_out(tx, fanned_out, now)
            changed = {(key[0].value, key[1]) for key in current}
            await cards.mark_stale(tx, changed, now)
            await _late_payloads(tx, batch, fanned_out, now)
            reached("fan_out.before_commit")
        reached("fan_out.committed")
        self.on_promises()
        return len(owed)

    def _owed(self, candidate: Candidate, change: Change, now: datetime) -> list[Promise]:
        return [
            Promise(
                channel_id=follower.channel_id,
                event_key=candidate.row.key,
                team_id=follower.team_id,
                source=change.event.source,
                order_id=change.event.order_id,
                created_at=change.event.created_at,
                promised_at=now,
                is_critical=change.severity is Severity.CRITICAL,
                style=plan.style,
                broadcast=plan.broadcast,
                subscriptions=",".join(["", *map(str, plan.subscriptions), ""]),
            )
            for follower, plan in self.followers.plans(change)
        ]


def _says_more(row: ListedEvent, known: Known | None) -> bool:
    if known is None:
        return False
    if row.has_payload and not known.has_payload:
        return True
    newer = row.updated_at is not None and (known.updated_at is None or row.updated_at > known.updated_at)
    return newer and row.has_payload == known.has_payload


def _wants_words(candidate: Candidate, known: dict[Key, Order]) -> bool:
    """A message reads better with the order's facts: names, numbers, the FOC that only the order tells."""
    if candidate.row.is_baseline or not candidate.event.order_id:
        return False
    order = known.get(candidate.key)
    if order is None or not order.facts_are_known:
        return True
    asked = order.fetched_at
    confirmed = candidate.event.status == "foc-date-confirmed"
    return confirmed and (asked is None or asked < candidate.row.first_seen_at)


def _unknown(candidate: Candidate) -> Order:
    return Order(source=candidate.event.source, order_id=candidate.event.order_id)


def _found_out(candidate: Candidate, change: Change) -> FannedOut:
    return FannedOut(
        key=candidate.row.key,
        status_before=change.status_before,
        foc_before=change.foc_before,
        foc_after=change.foc_after,
        severity=change.severity,
    )


async def _late_payloads(
    tx: Tx, batch: Sequence[Candidate], found: Collection[FannedOut], now: datetime
) -> None:
    """Events that go through the fan-out again because their payload came after all."""
    again = {each.row.key for each in batch if each.row.severity is not None}
    if not again:
        return
    await deliveries.mark_stale(tx, sorted(again), now)
    critical = [each.key for each in found if each.key in again and each.severity == Severity.CRITICAL]
    await promises.make_critical(tx, critical)
