"""One promise for each channel that follows an event, made once: unique keys keep them from repeating.

An event waits here for a payload that Telnyx is still making, and for facts of its order that a filter asks
for; the younger events of its order wait with it.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot import known_orders
from bot.candidates import Candidate, Held
from bot.changes import Change, Severity, change_of
from bot.enquiries import Enquiries
from bot.errors import PortwireError
from bot.failpoints import reached
from bot.followers import Followers
from bot.frontier import Frontier
from bot.known_orders import Key
from bot.leases import Leases, of_list
from bot.recall import event_of
from bot.telnyx.events import Source
from bot.telnyx.orders import Order
from storage import cards, deliveries, fan_out, promises
from storage.database import Database, Tx
from storage.errors import StorageError
from storage.events import StoredEvent
from storage.fan_out import FannedOut
from storage.promises import Promise

log = structlog.get_logger()

BATCH = 500
MOST_HELD = 2000
"""So many events are held back at most before the fan-out looks no further: each look reads them all."""
MOST_PROMISES = 2000
"""About so many are made in one transaction: the loop stays free, and the memory small."""
WORDS_WAIT = timedelta(seconds=2)
"""How long a message may wait for facts that only make it more readable."""
WORDS_FOR = timedelta(hours=1)
"""Older events come from a backlog: they are not worth a request each."""


@dataclass(frozen=True, slots=True)
class Promising:
    """The fan-out. `on_promises` wakes the delivery."""

    database: Database
    leases: Leases
    followers: Followers
    enquiries: Enquiries
    frontier: Frontier
    now: Callable[[], datetime]
    payload_wait: timedelta
    on_promises: Callable[[], None]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _set_aside: set[int] = field(default_factory=set)
    """Events that a bug of ours stops; they are tried again after a restart."""

    async def fan_out(self) -> int | None:
        """Promise what is stored to the channels that follow it; return how many promises were made, None
        where other processes do it for all lists."""
        async with self._turn:
            ours = [source for source in Source if await self.leases.renewed(of_list(source))]
            if not ours:
                return None
            held, made, after = Held(self.frontier.now()), 0, None
            while True:
                async with self.database.reading() as tx:
                    of = ours if len(ours) < len(Source) else None
                    rows = await fan_out.to_fan_out(tx, BATCH, after=after, of=of)
                if rows:
                    made += await self._fan_out_rows(rows, held)
                    after = (rows[-1].created_at, rows[-1].key)
                if len(rows) < BATCH or held.count >= MOST_HELD:
                    break
            self.enquiries.ask()
            return made

    async def _fan_out_rows(self, rows: Sequence[StoredEvent], held: Held) -> int:
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

    async def _fan_out_batch(self, batch: Sequence[Candidate], held: Held) -> int:
        async with self.database.reading() as tx:
            await self.followers.refresh(tx)
            known = await known_orders.find(tx, {each.key for each in batch})
        ready: Sequence[Candidate] = [each for each in batch if self._is_ready(each, known, held)]
        reached("fan_out.chosen")
        made = 0
        while ready:
            ready, promised = await self._promise(ready)
            made += promised
        return made

    def _is_ready(self, candidate: Candidate, known: Mapping[Key, Order], held: Held) -> bool:
        if candidate.row.is_baseline:
            return True
        order = known.get(candidate.key) or candidate.bare_order
        event = candidate.event
        is_early = not self.frontier.is_known(event.source, event.created_at, held.since)
        if is_early or candidate.key in held.orders or self._is_awaited(candidate, order):
            held.hold(candidate)
            return False
        return True

    def _is_awaited(self, candidate: Candidate, order: Order) -> bool:
        """Whether the event waits for its payload, or for what Telnyx tells of its order."""
        event, key = candidate.event, candidate.key
        now = self.now()
        seen_at = candidate.seen_at(now)
        if event.awaits_payload and seen_at > now - self.payload_wait:
            return True
        if not event.order_id or not self.followers.any or self.enquiries.answer(key, seen_at):
            return False
        if self._needs(candidate, order):
            self.enquiries.want(key)
            return not self.enquiries.is_given_up(key, self.payload_wait)
        if event.created_at > now - WORDS_FOR and self._wants_words(candidate, order):
            self.enquiries.want(key)
            return seen_at > now - WORDS_WAIT and self.enquiries.silent_since is None
        return False

    def _needs(self, candidate: Candidate, order: Order) -> bool:
        """A filter can't be answered without the order; whether a FOC moved, only the order tells."""
        if self.followers.asks_for_severity and order.foc_at and candidate.is_confirmed_anew(order):
            return True
        sure = candidate.as_sure(order)
        if not self.followers.asks_for_facts or sure.facts_are_known:
            return False
        return self.followers.need_facts(change_of(candidate.event, sure))

    def _wants_words(self, candidate: Candidate, order: Order) -> bool:
        """Names, numbers and the FOC, which only the order tells, make a message better to read."""
        if candidate.is_confirmed_anew(order) and self.followers.asks_for_severity:
            return True  # the next confirmation is told from this one by its date
        if order.facts_are_known and not candidate.is_confirmed_anew(order):
            return False
        return any(self.followers.plans(change_of(candidate.event, candidate.as_sure(order))))

    async def _promise(self, batch: Sequence[Candidate]) -> tuple[Sequence[Candidate], int]:
        """Promise as many events as one transaction takes; return the others, and how many promises."""
        async with self.database.transaction() as tx:
            for source in {each.event.source for each in batch}:
                await self.leases.check(tx, of_list(source))
            now = self.now()  # of the commit: a card that is drawn before it shows an older state
            await self.followers.refresh(tx)
            batch = await _unchanged(tx, batch)
            before = await known_orders.find(tx, {each.key for each in batch})
            current = dict(before)
            fanned_out: list[FannedOut] = []
            owed: list[Promise] = []
            for each in batch:
                change = self._change(each, current.get(each.key) or each.bare_order)
                if each.event.order_id:
                    current[each.key] = known_orders.as_asked(change.order, current.get(each.key))
                fanned_out.append(_found_out(each, change))
                owed += [] if each.row.is_baseline else self._owed(each, change, now)
                if len(owed) >= MOST_PROMISES:
                    break
            done, rest = batch[: len(fanned_out)], batch[len(fanned_out) :]
            await known_orders.save(tx, current.values(), now, before)
            await promises.make(tx, owed)
            await fan_out.note_fan_out(tx, fanned_out, now)
            await cards.mark_stale(tx, {(each.event.source.value, each.event.order_id) for each in done}, now)
            await _late_payloads(tx, done, fanned_out, now)
            reached("fan_out.before_commit")
        reached("fan_out.committed")
        self.enquiries.used({each.key for each in done})
        self.on_promises()
        return rest, len(owed)

    def _change(self, candidate: Candidate, order: Order) -> Change:
        answer = self.enquiries.answer(candidate.key, candidate.seen_at(self.now()))
        if answer and order.status_at is None and answer.status_at:
            order = replace(order, status=answer.status, status_at=answer.status_at)
        change = change_of(candidate.event, candidate.as_sure(order), answer)
        is_unsure = answer is None and order.foc_at and candidate.is_confirmed_anew(order)
        if is_unsure and self.followers.asks_for_severity and change.severity is Severity.INFO:
            # Perhaps the FOC moved: a message too many is better than one missed.
            return replace(change, severity=Severity.WARNING)
        return change

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
    """Without the orders of which a payload came since they were read: it is matched with it next time."""
    bare = {each.row.key: each for each in batch if each.event.payload_status != "completed"}
    if not bare:
        return batch
    payloads = await fan_out.payloads(tx, bare)
    came = {each.key for key, each in bare.items() if payloads.get(key) != each.row.payload}
    return [each for each in batch if each.key not in came] if came else batch


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
