"""One promise for each channel that follows an event, made once: unique keys keep them from repeating.

An event waits here for a payload that Telnyx is still making, and for facts of its order that a filter asks
for; the younger events of its order wait with it.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot import known_orders
from bot.changes import Change, Severity, change_of
from bot.errors import PortwireError
from bot.failpoints import reached
from bot.followers import Followers
from bot.known_orders import Key
from bot.orders import Orders
from bot.recall import event_of
from bot.telnyx.events import Event
from bot.telnyx.orders import Order
from storage import cards, deliveries, events, promises, subscriptions
from storage.database import Database, Tx
from storage.errors import StorageError
from storage.events import FannedOut, StoredEvent
from storage.promises import Promise

log = structlog.get_logger()

BATCH = 500
FACTS_BUDGET_S = 10
"""How long one fan-out asks Telnyx for facts that a filter needs; what is left is asked again later."""
WORDS_BUDGET_S = 2
"""How long a message may wait for facts that only make it more readable."""
WORDS_FOR = timedelta(hours=1)
"""Older events come from a backlog: they are not worth a request each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored event on its way to the channels."""

    row: StoredEvent
    event: Event

    @property
    def key(self) -> Key:
        return self.event.source, self.event.order_id

    @property
    def bare_order(self) -> Order:
        """The order of which nothing is known yet."""
        return Order(source=self.event.source, order_id=self.event.order_id)


@dataclass(frozen=True, slots=True)
class Facts:
    """What Telnyx answered, and the orders that it could not be asked for."""

    fetched: dict[Key, Order]
    unasked: set[Key]


@dataclass(frozen=True, slots=True)
class Promising:
    """The fan-out. `on_promises` wakes the delivery."""

    database: Database
    orders: Orders
    followers: Followers
    now: Callable[[], datetime]
    payload_wait: timedelta
    on_promises: Callable[[], None]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _set_aside: set[int] = field(default_factory=set)
    """Events that a bug of ours stops; they are tried again after a restart."""

    async def fan_out(self) -> int:
        """Promise what is stored to the channels that follow it; return how many promises were made."""
        async with self._turn:
            held: set[Key] = set()
            made, after = 0, None
            while True:
                async with self.database.reading() as tx:
                    rows = await events.to_fan_out(tx, BATCH, after=after)
                if rows:
                    made += await self._fan_out_rows(rows, held)
                    after = (rows[-1].created_at, rows[-1].key)
                if len(rows) < BATCH:
                    return made

    async def _fan_out_rows(self, rows: Sequence[StoredEvent], held: set[Key]) -> int:
        wanted = [row for row in rows if row.key not in self._set_aside]
        try:
            return await self._fan_out_batch([Candidate(row, event_of(row)) for row in wanted], held)
        except (StorageError, PortwireError):
            raise
        except Exception:  # one event that we trip over must not stop the others
            if len(wanted) > 1:
                return sum([await self._fan_out_rows([row], held) for row in wanted])
            log.exception("an event could not be promised, it is set aside", event_id=wanted[0].event_id)
            self._set_aside.add(wanted[0].key)
            return 0

    async def _fan_out_batch(self, batch: Sequence[Candidate], held: set[Key]) -> int:
        now = self.now()
        complete = [each for each in batch if not self._is_held(each, held, now)]
        reached("fan_out.chosen")
        async with self.database.reading() as tx:
            await self.followers.refresh(await subscriptions.version(tx))
            known = await known_orders.find(tx, {each.key for each in complete})
        facts = await self._facts(complete, known, now)
        for each in complete:
            if each.key in facts.unasked and each.row.first_seen_at > now - self.payload_wait:
                held.add(each.key)
        reached("fan_out.facts_fetched")
        ready = [each for each in complete if each.key not in held]
        return await self._promise(ready, facts) if ready else 0

    def _is_held(self, candidate: Candidate, held: set[Key], now: datetime) -> bool:
        row, event = candidate.row, candidate.event
        if row.is_baseline:
            return False
        waits = event.awaits_payload and row.first_seen_at > now - self.payload_wait
        if waits and event.order_id:
            held.add(candidate.key)
        return waits or candidate.key in held

    async def _facts(self, batch: Sequence[Candidate], known: dict[Key, Order], now: datetime) -> Facts:
        """What Telnyx says of orders that a filter asks about, and of those that messages will name."""
        asked = [each for each in batch if each.event.order_id and not each.row.is_baseline]
        if not self.followers.any or not asked:
            return Facts({}, set())
        needed = {each.key for each in asked if self._needs(each, known.get(each.key) or each.bare_order)}
        fetched = await self.orders.facts(needed, budget_s=FACTS_BUDGET_S) if needed else {}
        recent = [each for each in asked if each.event.created_at > now - WORDS_FOR]
        words = {each.key for each in recent if _wants_words(each, known.get(each.key))} - needed
        if words:
            fetched |= await self.orders.facts(words, budget_s=WORDS_BUDGET_S)
        return Facts(fetched, needed - set(fetched))

    def _needs(self, candidate: Candidate, order: Order) -> bool:
        """A filter can't be answered without the order; whether a FOC moved, only the order tells."""
        if self.followers.asks_for_severity and order.foc_at and _is_confirmed_anew(candidate, order):
            return True
        if not self.followers.asks_for_facts or order.facts_are_known:
            return False
        return self.followers.need_facts(change_of(candidate.event, order))

    async def _promise(self, batch: Sequence[Candidate], facts: Facts) -> int:
        async with self.database.transaction() as tx:
            now = self.now()  # of the commit: a card that is drawn before it shows an older state
            await self.followers.refresh(await subscriptions.version(tx))
            batch = await _unchanged(tx, batch)
            before = await known_orders.find(tx, {each.key for each in batch})
            current = dict(before)
            fanned_out: list[FannedOut] = []
            owed: list[Promise] = []
            for each in batch:
                change = _change(each, current.get(each.key), facts)
                if each.event.order_id:
                    current[each.key] = change.order
                fanned_out.append(_found_out(each, change))
                owed += [] if each.row.is_baseline else self._owed(each, change, now)
            await known_orders.save(tx, current.values(), now, before)
            await promises.make(tx, owed)
            await events.note_fan_out(tx, fanned_out, now)
            await cards.mark_stale(tx, {(key[0].value, key[1]) for key in current}, now)
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


async def _unchanged(tx: Tx, batch: Sequence[Candidate]) -> Sequence[Candidate]:
    """Without those whose payload came while facts were asked for: they are matched with it next time."""
    bare = [each.row.key for each in batch if each.event.payload is None]
    if not bare:
        return batch
    still = await events.without_payload(tx, bare)
    return [each for each in batch if each.event.payload is not None or each.row.key in still]


def _change(candidate: Candidate, order: Order | None, facts: Facts) -> Change:
    known = order if order and candidate.event.order_id else candidate.bare_order
    change = change_of(candidate.event, known, facts.fetched.get(candidate.key))
    is_unsure = candidate.key in facts.unasked and _is_confirmed_anew(candidate, known)
    if is_unsure and change.severity is Severity.INFO:
        # Perhaps the FOC moved: a message too many is better than one missed.
        return replace(change, severity=Severity.WARNING)
    return change


def _is_confirmed_anew(candidate: Candidate, order: Order) -> bool:
    """A FOC was confirmed since Telnyx was last asked for the order."""
    asked = order.fetched_at
    return candidate.event.status == "foc-date-confirmed" and (
        asked is None or asked < candidate.row.first_seen_at
    )


def _wants_words(candidate: Candidate, order: Order | None) -> bool:
    """A message reads better with the order's facts: names, numbers, the FOC that only the order tells."""
    return order is None or not order.facts_are_known or _is_confirmed_anew(candidate, order)


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
