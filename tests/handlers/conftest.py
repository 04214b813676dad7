"""Our listeners behind a real Bolt app, between the two stand-ins."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt.async_app import AsyncApp

import handlers
from bot.channel_life import Channels
from bot.delivery.settling import Settling
from bot.delivery.telling import Telling
from bot.delivery.troubles import Troubles
from bot.health import Health
from bot.listening import serving
from bot.messages.wording import Look
from bot.orders import Orders
from bot.republishing import Republishing
from bot.reviews import Reviews
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack.client import Slack
from bot.slack.repeats import Payloads
from bot.slack.responder import Responder
from bot.slack.transport import session, web_client
from bot.subscriptions import Subscriptions
from bot.web import SlackRoute, Watch, application
from handlers.parts import Parts
from handlers.people import People
from storage.errors import StorageError


class Notices(list):
    """What channels and people were told; while `fails`, the database keeps no more."""

    fails = False


class Notice(tuple):
    """A channel and its message; `thread_ts` is the thread that it belongs to."""

    def __new__(cls, pair, thread_ts):
        made = super().__new__(cls, pair)
        made.thread_ts = thread_ts
        return made


@dataclass
class Desk:
    """The listeners in service: what they use, and what they told channels."""

    app: AsyncApp
    parts: Parts
    notices: list
    woken: asyncio.Event
    """Set when something is owed to a channel."""


@pytest.fixture
async def workspace():
    workspace = SlackWorkspace()
    workspace.add_channel("porting")
    workspace.add_person("bo", role="member")
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def make_parts(*, workspace, database, telnyx, metrics, clock, operators):
    """Parts between the stand-ins."""

    def make(http, notices, woken):
        slack = Slack(web_client("xoxb-sandbox", workspace.url, http), metrics)
        settle = timedelta(seconds=15)
        health = Health()
        ops = Telling(database, None, clock, woken.set)
        troubles = Troubles(health, workspace.team_id, clock, ops)
        settling = Settling(metrics, troubles, workspace.team_id, clock, settle=settle, probe=settle)

        async def notice(channel_id, message, *, thread_ts=None):
            if notices.fails:
                raise StorageError("the disk is full")
            notices.append(Notice((channel_id, message), thread_ts))

        return Parts(
            database=database,
            subscriptions=Subscriptions(database, clock),
            orders=Orders(database, telnyx, clock),
            republishing=Republishing(database, telnyx, clock),
            reviews=Reviews(database, clock),
            channels=Channels(database, slack, settling, clock, woken.set),
            people=People(slack, workspace.team_id, operators, (), clock),
            slack=slack,
            responder=Responder(http, workspace.url),
            metrics=metrics,
            look=lambda: Look(now=clock()),
            health=health,
            notices=notice,
            seen=Payloads(database, clock).seen,
            now=clock,
        )

    return make


@pytest.fixture
def operators():
    """OPERATORS; nobody is named unless a test says so."""
    return ()


@pytest.fixture
async def desk(workspace, make_parts, database, metrics):
    async with session() as http:
        notices, woken = Notices(), asyncio.Event()
        parts = make_parts(http, notices, woken)
        # The guard of bot.web checks signatures before Bolt sees anything, as in bot.app.
        app = AsyncApp(
            client=web_client("xoxb-sandbox", workspace.url, http), request_verification_enabled=False
        )
        handlers.register(app, parts)
        route = SlackRoute(app, workspace.signing_secret, parts.seen, lambda: datetime.now(UTC), lambda: True)
        web = application(Watch(parts.health, database, metrics, lambda: datetime.now(UTC)), slack=route)
        async with serving(web, "127.0.0.1", 0) as port:
            workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
            yield Desk(app, parts, notices, woken)
