"""The one place that builds, joins, starts and closes all parts."""

import asyncio
import gc
from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

import handlers
from bot.assembly import Team, delivery_of, schedule_of
from bot.channel_life import Channels
from bot.delivery import Delivery
from bot.delivery.telling import Telling
from bot.enquiries import Enquiries
from bot.followers import Followers
from bot.foundation import Foundation, founded, utc_now, when_it_can
from bot.frontier import Frontier
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.hints import OWED, POLL
from bot.listening import serving
from bot.metrics import Metrics
from bot.orders import Orders
from bot.promising import Promising
from bot.pulse import Pulse
from bot.republishing import Republishing
from bot.reviews import Reviews
from bot.roles import Role
from bot.schedule import Schedule
from bot.settings import Settings
from bot.signals import until_stopped
from bot.slack import sockets
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from bot.subscriptions import Subscriptions
from bot.web import SlackRoute, TelnyxRoute, Watch, application
from handlers.parts import Parts
from handlers.people import People
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

STOP_WITHIN_S = 11
MISSED_AFTER = timedelta(minutes=5)
"""No worker has read a list for so long, or for three intervals: then something is wrong with them."""
TRY_SLACK_EVERY_S = 5


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


@dataclass(frozen=True, slots=True)
class UseCases:
    """What listeners use and does not need Slack."""

    subscriptions: Subscriptions
    orders: Orders
    ops: Telling


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
        wait = timedelta(seconds=settings.payload_wait_s)
        fan_out_due, frontier = asyncio.Event(), Frontier()
        enquiries = Enquiries(base.telnyx, frontier, now, fan_out_due.set)
        stack.push_async_callback(enquiries.close)
        promising = Promising(
            base.database, base.leases, Followers(subscriptions), enquiries, frontier, now, wait, team.wake
        )
        schedule = schedule_of(base, promising, fan_out_due, ops)
        await stack.enter_async_context(
            Pulse(base.database, base.health.database, now, schedule.wake, ops.passed).beating()
        )
        port = await stack.enter_async_context(_http(base, role, schedule, team))
        since = None
        if role.works:
            since = await when_it_can(partial(schedule.poller.begin, settings.poll_start))
            schedule.start()
            base.hints.on(POLL, schedule.wake)
            await _beating(base, stack)
        use_cases = UseCases(subscriptions, orders, ops)
        talking = asyncio.create_task(_talk(base, use_cases, team, role, since))
        stack.push_async_callback(_stopped, base.health, schedule, talking, team)
        gc.collect()
        gc.freeze()
        log.info("portwire runs", port=port)
        yield Bot(base.database, subscriptions, base.metrics, base.health, port, talking)


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


async def _talk(
    base: Foundation, use_cases: UseCases, team: Team, role: Role, since: datetime | None
) -> None:
    """Everything that needs Slack: it begins when Slack has taken our token."""
    try:
        identity = await _identity(base)
        team_id = str(identity["team_id"])
        delivery = delivery_of(base, team_id, identity.get("bot_id"))
        await _begun(delivery, base)
        team.delivery = delivery
        use_cases.ops.team_id = team_id
        base.hints.on(OWED, delivery.look)
        async with AsyncExitStack() as stack:
            if role.answers:
                parts = _parts(base, use_cases, delivery, team_id)
                await stack.enter_async_context(_answering(base, parts))
            log.info(
                "Slack accepts the bot, new events are posted" if role.works else "Slack accepts the bot",
                bot=identity.get("user"),
                workspace=identity.get("team"),
                created_since=since and since.isoformat(timespec="seconds"),
            )
            await (delivery.run() if role.works else delivery.until_stopped())
    except Exception:
        log.exception("the part that talks to Slack ended")
        raise


@asynccontextmanager
async def _answering(base: Foundation, parts: Parts) -> AsyncIterator[None]:
    """Everything that people do in Slack is answered until the end of the block."""
    under_way = handlers.register(base.bolt, parts)
    async with AsyncExitStack() as stack:
        if base.settings.slack_app_token:
            token = base.settings.slack_app_token.get_secret_value()
            await stack.enter_async_context(sockets.connected(base.bolt, token))
        # Before the sockets close: acknowledgements go through them.
        stack.push_async_callback(under_way.finish, STOP_WITHIN_S)
        yield


async def _begun(delivery: Delivery, base: Foundation) -> None:
    """The delivery's first look into the database, which may be locked or full just now."""
    while True:
        try:
            return await delivery.begin()
        except StorageError as error:
            base.health.database.failed(error, base.now())
        await sleep(TRY_SLACK_EVERY_S)


async def _identity(base: Foundation) -> Mapping[str, Any]:
    """Ask Slack who we are until it says so."""
    is_told = False
    while True:
        asked_to_wait = None
        try:
            found = await base.slack.identity()
        except SlackRefusedError as error:
            if base.health.slack_refusal != error.error:
                log.warning("Slack refuses the bot's token, check SLACK_BOT_TOKEN", error=error.error)
            base.health.slack_refused(error.error)
        except SlackUnavailableError as error:
            if not is_told:
                log.warning("Slack can't be reached, it is tried again", reason=str(error))
            is_told = True
            asked_to_wait = error.retry_after
        else:
            base.health.slack_accepted(base.now())
            return found
        wait_s = asked_to_wait.total_seconds() if asked_to_wait else 0.0
        await sleep(max(wait_s, TRY_SLACK_EVERY_S))


def _parts(base: Foundation, use_cases: UseCases, delivery: Delivery, team_id: str) -> Parts:
    settings, now = base.settings, base.now
    return Parts(
        database=base.database,
        subscriptions=use_cases.subscriptions,
        orders=use_cases.orders,
        republishing=Republishing(base.database, base.telnyx, now),
        reviews=Reviews(base.database, now),
        people=People(base.slack, team_id, tuple(settings.operators), tuple(settings.admins), now),
        slack=base.slack,
        responder=base.responder,
        metrics=base.metrics,
        look=base.look,
        health=base.health,
        notices=delivery.tell,
        channels=Channels(base.database, base.slack, delivery.posting.settling, now, delivery.wake),
        seen=base.payloads.seen,
        now=now,
    )


async def _stopped(health: Health, schedule: Schedule, talking: "asyncio.Task[None]", team: Team) -> None:
    """Posts in flight are finished and recorded; what takes longer is left to the next start's look."""
    health.is_stopping = True
    log.info("portwire stops")
    polls = asyncio.create_task(schedule.stop())
    if team.delivery:
        team.delivery.stop()
    else:
        talking.cancel()
    await asyncio.wait({talking}, timeout=STOP_WITHIN_S)
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    await polls


async def run(settings: Settings, role: Role = Role.ALL) -> None:
    """What a role does of the bot until SIGTERM or Ctrl-C, which may come at any moment of its start."""
    await until_stopped(asyncio.create_task(_live(settings, role)))
    log.info("portwire has stopped")


async def _live(settings: Settings, role: Role) -> None:
    async with running(settings, role=role) as bot:
        await asyncio.wait({bot.talking})
        bot.talking.result()
