"""The one place that builds, joins, starts and closes all parts."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import talking
from bot.assembly import Team, promising_of, schedule_of
from bot.delivery.telling import Telling
from bot.foundation import Foundation, founded, utc_now, when_it_can, when_usable
from bot.health import MISSED_AFTER, Health
from bot.heartbeat import Heartbeat
from bot.hints import POLL
from bot.listening import serving
from bot.metrics import Metrics
from bot.orders import Orders
from bot.pulse import Pulse
from bot.roles import Role
from bot.schedule import Schedule
from bot.settings import Settings
from bot.signals import until_stopped
from bot.subscriptions import Subscriptions
from bot.talking import UseCases
from bot.web import SlackRoute, TelnyxRoute, Watch, application
from storage.database import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs."""

    database: Database
    subscriptions: Subscriptions
    metrics: Metrics
    health: Health
    port: int | None
    talking: "asyncio.Task[None]"
    """Ends only with the bot, or by a bug."""


@asynccontextmanager
async def running(
    settings: Settings, *, role: Role = Role.ALL, own_time: Callable[[], datetime] = utc_now
) -> AsyncIterator[Bot]:
    """A bot with the parts of its role, stopped in order at the end of the block."""
    async with AsyncExitStack() as stack:
        base = await founded(settings, stack, own_time)
        now = base.now
        _look_after_workers(base, role)
        subscriptions = Subscriptions(base.database, now)
        orders = Orders(base.database, base.telnyx, now, timedelta(days=settings.retention_days))
        team = Team()
        ops = Telling(base.database, settings.ops_channel, now, team.wake)
        fan_out_due = asyncio.Event()
        promising = promising_of(base, subscriptions, fan_out_due, team.wake)
        stack.push_async_callback(promising.enquiries.close)
        schedule = schedule_of(base, promising, fan_out_due, ops)
        port = await stack.enter_async_context(_http(base, role, schedule, team))
        await when_usable(base)
        outage = base.health.database
        await stack.enter_async_context(
            Pulse(base.database, outage, now, schedule.wake, ops.passed).beating()
        )
        since = None
        if role.works:
            since = await when_it_can(partial(schedule.poller.begin, settings.poll_start), outage, now)
            schedule.start()
            base.hints.on(POLL, schedule.wake)
            await _beating(base, stack)
        talk = asyncio.create_task(
            talking.talk(base, UseCases(subscriptions, orders, ops), team, role, since)
        )
        stack.push_async_callback(_stopped, base.health, schedule, talk, team)
        gc.collect()
        gc.freeze()
        log.info("portwire runs", port=port)
        yield Bot(base.database, subscriptions, base.metrics, base.health, port, talk)


async def _beating(base: Foundation, stack: AsyncExitStack) -> None:
    """A service outside hears that we live and work, where one is set."""
    if base.settings.heartbeat_url:
        within = base.health.worker_is_missed_after
        heartbeat = Heartbeat(
            base.settings.heartbeat_url, base.health, base.database, base.leases, base.now, within
        )
        await stack.enter_async_context(heartbeat.beating())


def _look_after_workers(base: Foundation, role: Role) -> None:
    """Who only answers people tells them when no worker reads the lists."""
    base.health.answers_only = not role.works
    interval = timedelta(seconds=base.settings.poll_interval_s)
    base.health.worker_is_missed_after = max(MISSED_AFTER, 3 * interval)


@asynccontextmanager
async def _http(base: Foundation, role: Role, schedule: Schedule, team: Team) -> AsyncIterator[int | None]:
    settings = base.settings
    if settings.port == 0:
        yield None
        return
    secret = settings.slack_signing_secret if role.answers else None
    public_key = settings.telnyx_public_key if role.answers else None

    def is_ready() -> bool:
        return team.delivery is not None and not base.health.is_stopping

    slack = (
        SlackRoute(base.bolt, secret.get_secret_value(), base.payloads.seen, base.own_time, is_ready)
        if secret
        else None
    )

    def poll() -> None:
        if role.works:
            schedule.wake()
        base.hints.send(POLL)

    telnyx = TelnyxRoute(public_key, poll, base.own_time) if public_key else None
    app = application(Watch(base.health, base.database, base.metrics, base.now), slack, telnyx)
    async with serving(app, settings.host, settings.port) as port:
        yield port


async def _stopped(health: Health, schedule: Schedule, talk: "asyncio.Task[None]", team: Team) -> None:
    """Posts in flight are finished and recorded; what takes longer is left to the next start's look."""
    health.is_stopping = True
    log.info("portwire stops")
    polls = asyncio.create_task(schedule.stop())
    if team.delivery:
        team.delivery.stop()
    else:
        talk.cancel()
    await asyncio.wait({talk}, timeout=talking.STOP_WITHIN_S)
    talk.cancel()
    await asyncio.gather(talk, return_exceptions=True)
    await polls


async def run(settings: Settings, role: Role = Role.ALL) -> None:
    """What a role does of the bot until SIGTERM or Ctrl-C, which may come at any moment of its start."""
    await until_stopped(asyncio.create_task(_live(settings, role)))
    log.info("portwire has stopped")


async def _live(settings: Settings, role: Role) -> None:
    async with running(settings, role=role) as bot:
        await asyncio.wait({bot.talking})
        bot.talking.result()
