"""The delivery on a clock turned by hand, against the strict stand-in of Slack."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.delivery import Delivery
from bot.delivery.editing import Editing
from bot.delivery.posting import Posting
from bot.delivery.reach import Reach
from bot.delivery.reconciling import Reconciling
from bot.delivery.restoring import Restoring
from bot.delivery.settling import Settling
from bot.delivery.troubles import Troubles
from bot.health import Health
from bot.hints import Hints
from bot.messages.wording import Look
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack.client import Slack
from bot.slack.transport import session, web_client
from tests.bot.delivery.moments import next_moment
from tests.processes import leases_of
from tests.way_in import WayIn, way_in

SETTLE = timedelta(seconds=15)
PROBE = timedelta(seconds=300)
REST_S = 30
"""How far the clock goes at once while nothing is written down for sooner."""


@pytest.fixture
async def workspace(clock):
    made = SlackWorkspace(now=clock)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def slack(workspace, metrics):
    async with session() as http:
        yield Slack(web_client("xoxb-sandbox", workspace.url, http), metrics)


@dataclass
class Day:
    """A day in the life of the bot: Telnyx's world, Slack's world, and what carries one into the other."""

    telnyx: object
    workspace: SlackWorkspace
    delivery: Delivery
    way_in: WayIn
    database: object
    clock: object
    channel: str
    owner: str

    async def follow(self, filters="", channel=None):
        return await self.way_in.follow(filters, channel or self.channel, self.workspace.team_id, self.owner)

    async def take_in(self):
        """Poll both lists and promise what is new."""
        return await self.way_in.take_in()

    async def deliver(self, *, seconds=120):
        """Let the channels' queues work for so long, on the clock."""
        end = self.clock() + timedelta(seconds=seconds)
        while self.clock() < end:
            await self.delivery.round()
            actors = list(self.delivery._actors.values())
            await asyncio.gather(*actors)
            await self.delivery.rarer_round()
            await self._pass_time(0.5 if actors else REST_S, end)

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

    async def restart(self):
        """What a new process does first."""
        await self.delivery.begin()

    def order(self, **facts):
        given = {
            "reference": "ACME Dental",
            "numbers": ["+13035550101", "+13035550102"],
            "carrier": "Onvoy",
            "foc_requested": self.clock() + timedelta(days=3),
        }
        return self.telnyx.add_port_in(**(given | facts))

    def posts(self, channel=None):
        messages = self.workspace.messages(channel or self.channel)
        return [each for each in messages if each.bot_id and not each.deleted]

    def event_ids(self, channel=None):
        """The ids of all events that the channel's messages carry, in the order of the messages."""
        found = []
        for message in self.posts(channel):
            payload = (message.metadata or {}).get("event_payload", {})
            found += payload.get("event_ids", [])
        return found


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    return request.param


@pytest.fixture(autouse=True)
def _no_stay(monkeypatch):
    """An actor stays for its channel's next message in real time, which does not pass here."""
    monkeypatch.setattr("bot.delivery.SHORT_WAIT", timedelta(0))


@pytest.fixture
async def day(database, telnyx, telnyx_api, workspace, slack, metrics, clock):
    look = lambda: Look(now=clock())  # noqa: E731  # short
    health = Health()
    troubles = Troubles(health, workspace.team_id, clock)
    settling = Settling(metrics, troubles, workspace.team_id, clock, SETTLE, PROBE)
    reconciling = Reconciling(database, slack, settling, metrics, clock, SETTLE, workspace.bot_id)
    reach = Reach(database, slack, settling, clock)
    leases = leases_of(database, metrics)
    team_id, bot_id = workspace.team_id, workspace.bot_id
    restoring = Restoring(database, leases, slack, settling, reach, metrics, clock, bot_id)
    posting = Posting(database, leases, slack, settling, reconciling, reach, restoring, look, clock)
    editing = Editing(database, slack, settling, look, clock, PROBE)
    delivery = Delivery(
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
    await delivery.begin()
    taking = await way_in(database, telnyx, metrics, clock, on_promises=delivery.wake, leases=leases)
    owner = workspace.add_person("alex")
    return Day(
        telnyx=telnyx_api,
        workspace=workspace,
        delivery=delivery,
        way_in=taking,
        database=database,
        clock=clock,
        channel=workspace.add_channel("porting"),
        owner=owner,
    )
