"""A town for stories: both stand-ins, people, and the whole bot, which can be stopped and started again."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot import app
from bot.roles import Role
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx.wire import CANARY, utc_now
from bot.sandbox.telnyx_api import TelnyxApi
from bot.sandbox.workspace import environment, populate
from bot.sandbox.world import follow_everything
from bot.settings import load
from tests import schema

PATIENCE_S = 90
HASTE = {"POLL_INTERVAL_S": "0.2", "RECONCILE_SETTLE_S": "0.5", "PROBE_S": "1", "PAYLOAD_WAIT_S": "1"}


class Noticed(list):
    """A list that tells of each new entry."""

    def __init__(self, tell):
        super().__init__()
        self.tell = tell

    def append(self, entry):
        super().append(entry)
        self.tell()


class Town:
    """Who lives there, and how to look around."""

    def __init__(self, home):
        self.home = home
        self.telnyx = TelnyxApi(strict=True)
        self.slack = SlackWorkspace()
        self.who = populate(self.slack)
        self.telnyx.requests = Noticed(self.slack.touch)

    @asynccontextmanager
    async def bot(self, *, follows=True, role=Role.ALL, **settings):
        """The bot at work, or one role of it; #porting follows everything unless told otherwise."""
        given = environment(
            self.slack, self.who, telnyx_url=self.telnyx.url, telnyx_key="KEY_SANDBOX", directory=self.home
        )
        async with app.running(load(given | HASTE | settings, env_file=None), role=role) as running:
            if follows:
                await follow_everything(running.subscriptions, self.slack.team_id, self.who)
            if role.answers:
                await self.until(lambda: self.slack.open_sockets)
            yield running

    async def until(self, condition):
        await self.slack.until(condition, within_s=PATIENCE_S)

    async def posted(self, *events, channel="porting"):
        """Wait until the channel has had all these events."""
        await self.until(lambda: set(events) <= set(self.events_in(channel)))

    async def polled_again(self):
        """Wait until the bot has asked for both event lists twice more."""
        before = len(self.telnyx.requests)
        await self.until(
            lambda: all(
                sum(each.path.endswith(path) for each in self.telnyx.requests[before:]) >= 2
                for path in ("porting/events", "portouts/events")
            )
        )

    def port_in(self, reference="ACME-1", numbers=("+13035550142",), carrier="Onvoy"):
        foc = utc_now() + timedelta(days=3)
        return self.telnyx.add_port_in(
            reference=reference, numbers=list(numbers), carrier=carrier, foc_requested=foc
        )

    def port_out(self):
        return self.telnyx.add_port_out(
            numbers=["+13125550177"], carrier="Bandwidth", spid="981E", subscriber_name="Globex Logistics"
        )

    def posts(self, channel="porting"):
        """Messages that carry events, thread replies among them, oldest first."""
        return [
            message
            for message in self.slack.messages(channel)
            if message.metadata and "event_ids" in message.metadata["event_payload"] and not message.deleted
        ]

    def events_in(self, channel="porting"):
        return [e for m in self.posts(channel) for e in m.metadata["event_payload"]["event_ids"]]

    def first_of(self, event_id, channel="porting"):
        return next(m for m in self.posts(channel) if event_id in m.metadata["event_payload"]["event_ids"])

    def cards(self, channel="porting"):
        return [m for m in self.posts(channel) if not m.thread_ts]

    def all_that_slack_was_sent(self):
        sent = [repr(call.arguments) for call in self.slack.calls]
        return "\n".join(sent + [repr((e.text, e.blocks)) for e in self.slack.ephemerals])


@pytest.fixture
async def town(tmp_path):
    town = Town(tmp_path)
    schema.newest(tmp_path / "portwire.db")
    await town.telnyx.start()
    await town.slack.start()
    yield town
    await town.slack.stop()
    await town.telnyx.stop()
    assert CANARY not in town.all_that_slack_was_sent()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(CANARY.encode() in content for content in kept)
