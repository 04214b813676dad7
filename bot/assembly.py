"""The two ways joined from their parts: in (the schedule of polls) and out (the delivery)."""

import asyncio
from collections.abc import Callable
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
from bot.enquiries import Enquiries
from bot.followers import Followers
from bot.foundation import Foundation
from bot.frontier import Frontier
from bot.intake import Intake
from bot.poller import Poller
from bot.promising import Promising
from bot.retention import Retention
from bot.schedule import Schedule
from bot.subscriptions import Subscriptions
from bot.windows import Span


class Team:
    """The delivery, once Slack has told us which workspace we are in."""

    def __init__(self) -> None:
        self.delivery: Delivery | None = None

    def wake(self) -> None:
        """Something is owed to a channel."""
        if self.delivery:
            self.delivery.wake()


def promising_of(
    base: Foundation,
    subscriptions: Subscriptions,
    fan_out_due: asyncio.Event,
    on_promises: Callable[[], None],
) -> Promising:
    """The fan-out, with its questions to Telnyx."""
    frontier = Frontier()
    return Promising(
        base.database,
        base.leases,
        Followers(subscriptions),
        Enquiries(base.telnyx, frontier, base.now, fan_out_due.set),
        frontier,
        base.now,
        timedelta(seconds=base.settings.payload_wait_s),
        on_promises,
    )


def schedule_of(base: Foundation, promising: Promising, fan_out_due: asyncio.Event, ops: Telling) -> Schedule:
    """The polls, the fan-out and the cleaning."""
    settings = base.settings
    poller = _poller_of(base, promising, fan_out_due)
    keep = timedelta(days=settings.retention_days)
    retention = Retention(base.database, keep, poller.span.farthest, base.now)
    return Schedule(
        poller=poller,
        promising=promising,
        fan_out_due=fan_out_due,
        health=base.health,
        metrics=base.metrics,
        interval_s=settings.poll_interval_s,
        clean=retention.clean,
        now=base.now,
        ops=ops,
    )


def _poller_of(base: Foundation, promising: Promising, fan_out_due: asyncio.Event) -> Poller:
    settings = base.settings
    span = Span(
        overlap=timedelta(seconds=settings.poll_overlap_s),
        deep=timedelta(seconds=settings.deep_sweep_s),
        deep_every=timedelta(seconds=settings.deep_sweep_every_s),
    )
    return Poller(
        database=base.database,
        telnyx=base.telnyx,
        leases=base.leases,
        intake=Intake(base.database, base.leases, base.metrics, base.now),
        metrics=base.metrics,
        span=span,
        now=base.now,
        frontier=promising.frontier,
        on_stored=fan_out_due.set,
    )


def delivery_of(base: Foundation, team_id: str, bot_id: str | None, ops: Telling) -> Delivery:
    """Everything that posts to one workspace; `bot_id` is ours, where Slack told it."""
    settings = base.settings
    settle, probe = timedelta(seconds=settings.reconcile_settle_s), timedelta(seconds=settings.probe_s)
    troubles = Troubles(base.health, team_id, base.now, ops)
    settling = Settling(base.metrics, troubles, team_id, base.now, settle, probe)
    histories = Histories(base.slack, base.now)
    reconciling = Reconciling(
        base.database, base.slack, histories, settling, base.metrics, base.now, settle, bot_id
    )
    reach = Reach(base.database, base.slack, settling, base.now)
    restoring = Restoring(
        base.database, base.leases, histories, settling, reach, base.metrics, base.now, bot_id
    )
    choosing = Choosing(restoring, team_id, base.now)
    posting = Posting(
        base.leases,
        base.slack,
        settling,
        reconciling,
        reach,
        restoring,
        choosing,
        base.look,
        base.now,
    )
    editing = Editing(base.database, base.slack, settling, base.look, base.now, probe)
    return Delivery(
        base.database,
        base.leases,
        base.hints,
        base.slack,
        posting,
        editing,
        reconciling,
        base.health,
        team_id,
        base.now,
        settle,
        probe,
    )
