"""All of a running bot that needs Slack: it begins when Slack has taken our token."""

from asyncio import sleep
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

import handlers
from bot.assembly import Team, delivery_of
from bot.channel_life import Channels
from bot.delivery import Delivery
from bot.delivery.telling import Telling
from bot.foundation import Foundation, when_it_can
from bot.hints import OWED
from bot.orders import Orders
from bot.republishing import Republishing
from bot.reviews import Reviews
from bot.roles import Role
from bot.slack import sockets
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from bot.subscriptions import Subscriptions
from handlers.parts import Parts
from handlers.people import People
from storage.errors import StorageError

log = structlog.get_logger()

STOP_WITHIN_S = 11
"""What is under way at the end may still take so long."""
TRY_SLACK_EVERY_S = 5


@dataclass(frozen=True, slots=True)
class UseCases:
    """What listeners use and does not need Slack."""

    subscriptions: Subscriptions
    orders: Orders
    ops: Telling


async def talk(base: Foundation, use_cases: UseCases, team: Team, role: Role, since: datetime | None) -> None:
    """Everything that needs Slack: it begins when Slack has taken our token."""
    try:
        identity = await _identity(base)
        team_id = str(identity["team_id"])
        delivery = delivery_of(base, team_id, identity.get("bot_id"), use_cases.ops)
        await when_it_can(delivery.begin, base.health.database, base.now, passes=StorageError)
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
