"""What this process alone does for all that share the database, and until when it may believe so."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.metrics import Metrics
from storage import leases
from storage.database import Database, Tx
from storage.errors import StorageError
from storage.leases import Claim

log = structlog.get_logger()

EDITS = "edits"
"""The lease on edits, of which Slack takes few a minute."""
UPKEEP = "upkeep"
"""The lease on probes and looks for repeats."""
RENEWED_AFTER = 1 / 3
"""So much of a lease passes before it is renewed."""
SURE_UNTIL = 2 / 3
"""So much of it may have passed when something is begun that others must not do meanwhile."""


class LeaseLostError(StorageError):
    """Another process has taken over what this one did: it was too slow, or stood still."""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim, and when it was asked for by our own clock, which no one sets."""

    claim: Claim
    since: float


@dataclass(frozen=True, slots=True)
class Leases:
    """Of a database that is not shared everything is ours, and nothing is asked."""

    database: Database
    lasting: timedelta
    metrics: Metrics
    told_time: Callable[[datetime], None]
    """Told what the database's clock says, whenever it says so."""
    holder: str = field(default_factory=lambda: uuid4().hex)
    tick: Callable[[], float] = time.monotonic
    _held: dict[str, Held] = field(default_factory=dict)

    async def hold(self, name: str) -> bool:
        """Whether it is ours, taken or renewed where need be."""
        return await self.hold_some([name]) == [name]

    async def hold_some(self, names: list[str]) -> list[str]:
        """Those that are ours, taken or renewed in one unit of work where need be."""
        if not self.database.is_shared:
            return names
        wanted = [name for name in names if self._passed(name) >= RENEWED_AFTER]
        if wanted:
            asked_at = self.tick()
            async with self.database.transaction(alone=False) as tx:
                claims = await leases.take(tx, wanted, self.holder, self.lasting)
            for name in wanted:
                self._held.pop(name, None)
            for name, claim in claims.items():
                self._held[name] = Held(claim, asked_at)
                self.told_time(claim.ends_at - self.lasting)
        return [name for name in names if name in self._held]

    async def renewed(self, name: str) -> bool:
        """Whether it has been ours without a gap, and stays so.

        After a gap another may have held it: what we knew by it counts no more, and it has to be taken anew.
        """
        if not self.database.is_shared:
            return True
        before = self._held.get(name)
        if before is None or not await self.hold(name):
            return False
        now = self._held.get(name)
        if now and now.claim.token == before.claim.token:
            return True
        self._held.pop(name, None)
        return False

    def is_sure(self, name: str) -> bool:
        """Whether it stays ours for long enough to do one thing more, without asking."""
        return not self.database.is_shared or self._passed(name) < SURE_UNTIL

    async def check(self, tx: Tx, name: str) -> None:
        """Raise LeaseLostError where it is not ours any more: then nothing of this unit of work is kept."""
        if not self.database.is_shared:
            return
        held = self._held.get(name)
        if held is None or not await leases.is_held(tx, held.claim, self.holder):
            self._held.pop(name, None)
            self.metrics.stale_writes_rejected_total.inc()
            raise LeaseLostError(f"{name} is another process's by now.")

    @asynccontextmanager
    async def unit(self, name: str, *, alone: bool = True) -> AsyncIterator[Tx]:
        """A unit of work on what this is the lease on; LeaseLostError where it is not ours any more.

        `alone=False`: it touches nothing else, and such units on other things go on beside it.
        """
        async with self.database.transaction(alone=alone) as tx:
            await self.check(tx, name)
            yield tx

    @property
    def served_by(self) -> str | None:
        """Who we are to the others; None where there are no others."""
        return self.holder if self.database.is_shared else None

    async def release(self) -> None:
        """Let go of all of them, at the end; without a database they end by themselves."""
        if not self._held:
            return
        self._held.clear()
        try:
            async with self.database.transaction() as tx:
                await leases.release(tx, self.holder)
        except StorageError as error:
            log.warning("others have to wait until our leases end", reason=str(error))

    def _passed(self, name: str) -> float:
        """How much of a lease is over, as a share; more than all of it for one that we don't hold."""
        held = self._held.get(name)
        if held is None:
            return 2.0
        return (self.tick() - held.since) / self.lasting.total_seconds()


def of_list(source: str) -> str:
    """The lease on reading an event list, and on promising what it brings."""
    return f"list:{source}"


def of_channel(channel_id: str) -> str:
    """The lease on posting to a channel."""
    return f"{leases.OF_CHANNEL}{channel_id}"
