"""The way out, wired as the app wires it, on a clock turned by hand."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.delivery import Delivery
from bot.delivery.choosing import Choosing
from bot.delivery.editing import Editing
from bot.delivery.histories import Histories
from bot.delivery.posting import Posting
from bot.delivery.reach import Reach
from bot.delivery.reconciling import Reconciling
from bot.delivery.restoring import Restoring
from bot.delivery.settling import Settling
from bot.delivery.telling import Telling
from bot.delivery.troubles import Troubles
from bot.health import Health
from bot.hints import Hints
from bot.messages.wording import Look
from tests.bot.delivery.moments import next_moment

SETTLE = timedelta(seconds=15)
PROBE = timedelta(seconds=300)
REST_S = 30
"""How far the clock goes at once while nothing is written down for sooner."""


def delivery_to(workspace, slack, database, leases, metrics, clock):
    """The delivery to a stand-in workspace, not begun yet."""
    look = lambda: Look(now=clock())  # noqa: E731  # short
    health, team_id = Health(), workspace.team_id
    ops = Telling(database, None, clock, lambda: None, team_id)
    settling = Settling(metrics, Troubles(health, team_id, clock, ops), team_id, clock, SETTLE, PROBE)
    histories = Histories(slack, clock)
    reconciling = Reconciling(database, slack, histories, settling, metrics, clock, SETTLE, workspace.bot_id)
    reach = Reach(database, slack, settling, clock)
    restoring = Restoring(database, leases, histories, settling, reach, metrics, clock, workspace.bot_id)
    choosing = Choosing(restoring, team_id, clock)
    posting = Posting(leases, slack, settling, reconciling, reach, restoring, choosing, look, clock)
    editing = Editing(database, slack, settling, look, clock, PROBE)
    return Delivery(
        database,
        leases,
        Hints(database, health.database.failed_again),
        slack,
        posting,
        editing,
        reconciling,
        health,
        team_id,
        clock,
        SETTLE,
        PROBE,
    )


@dataclass(kw_only=True)
class WayOut:
    """The delivery's rounds, driven by hand."""

    delivery: Delivery
    database: object
    clock: object

    async def deliver(self, *, seconds=120):
        """Let the channels' queues work for so long, on the clock."""
        end = self.clock() + timedelta(seconds=seconds)
        while self.clock() < end:
            served = await self.turn()
            await self._pass_time(0.5 if served else REST_S, end)

    async def turn(self):
        """One round and what it begins, to the end; return for how many channels."""
        await self.delivery.round()
        actors = list(self.delivery._actors.values())
        await asyncio.gather(*actors)
        await self.delivery.rarer_round()
        return len(actors)

    async def edit(self, *, seconds=10):
        """Let the edits work for so long, on the clock, whatever waits to be posted."""
        end = self.clock() + timedelta(seconds=seconds)
        while self.clock() < end:
            is_idle = await self.delivery.editing.step() is None
            await self._pass_time(REST_S if is_idle else 1, end)

    async def _pass_time(self, most_s, end):
        """Go to where the next thing may come due, but so far at most."""
        now = self.clock()
        by = min(now + timedelta(seconds=most_s), max(end, now + timedelta(seconds=1)))
        if by - now > timedelta(seconds=1):
            at = await next_moment(self.database, self.delivery, now) or by
            by = min(by, max(at, now + timedelta(seconds=0.5)))
        self.clock.forward(seconds=(by - now).total_seconds())
