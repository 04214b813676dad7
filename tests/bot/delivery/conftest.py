"""The delivery on a clock turned by hand, against the strict stand-in of Slack."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack.client import Slack
from bot.slack.transport import session, web_client
from tests.processes import leases_of
from tests.way_in import WayIn, way_in
from tests.way_out import WayOut, delivery_to


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


@dataclass(kw_only=True)
class Day(WayOut):
    """A day in the life of the bot: Telnyx's world, Slack's world, and what carries one into the other."""

    telnyx: object
    workspace: SlackWorkspace
    way_in: WayIn
    channel: str
    owner: str

    async def follow(self, filters="", channel=None):
        return await self.way_in.follow(filters, channel or self.channel, self.workspace.team_id, self.owner)

    async def take_in(self):
        """Poll both lists and promise what is new."""
        return await self.way_in.take_in()

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
    leases = leases_of(database, metrics)
    delivery = delivery_to(workspace, slack, database, leases, metrics, clock)
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
