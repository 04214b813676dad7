"""Clocks that jump, that differ from each other's, and events whose dates can't be right."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.foundation import Clock
from bot.leases import Leases
from bot.sandbox.slack.faults import Fault
from storage import events, leases
from storage.database import Database
from tests import schema
from tests.clock import START
from tests.faults.machines.world import World, small_pages
from tests.storage.rows import new_event

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class Town:
    """A world with an order, and a channel that follows everything."""

    def __init__(self, world):
        self.world = world
        self.channel = world.workspace.add_channel("porting")
        self.person = world.workspace.add_person("alex")
        self.order = world.telnyx.add_port_in(
            reference="ACME", numbers=["+13035550101"], carrier="Onvoy", foc_requested=None
        )

    async def follow(self):
        await self.world.do(
            lambda: self.world.way_in.follow(
                "style:flat", self.channel, self.world.workspace.team_id, self.person
            )
        )

    def comment(self, **timing):
        return self.world.telnyx.comment(self.order, "Please look.", **timing)

    async def goes_on(self, *, seconds=60, sweeping=False):
        await self.world.do(lambda: self.world.take_in(sweeping=sweeping))
        await self.world.do(lambda: self.world.way_out.deliver(seconds=seconds))

    @property
    def posted(self):
        return [
            event_id
            for message in self.world.workspace.messages(self.channel)
            if message.bot_id and not message.deleted
            for event_id in message.metadata["event_payload"].get("event_ids", [])
        ]


@pytest.fixture
async def town(tmp_path):
    with small_pages():
        world = World(schema.newest(tmp_path / "clocks.db"))
        await world.open()
        world.clock.forward(seconds=10)
        made = Town(world)
        await made.follow()
        yield made
        await world.close()


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY])
@pytest.mark.parametrize("restarts", [False, True])
async def test_clock_that_jumps_loses_repeats_and_delays_nothing(town, jump, restarts):
    events_made = [town.comment()]
    await town.goes_on()
    events_made.append(town.comment())
    town.world.workspace.faults.next_failures.append(("chat.postMessage", Fault.LOSE_ANSWER))
    await town.goes_on(seconds=1)

    town.world.clock.ahead += jump
    if restarts:
        await town.world.kill()
    events_made.append(town.comment())
    await town.goes_on()

    assert town.posted == events_made
    town.world.clock.ahead -= jump
    events_made.append(town.comment())
    await town.goes_on()
    assert town.posted == events_made


@pytest.mark.parametrize("telnyx", [-5 * MINUTE, 5 * MINUTE])
@pytest.mark.parametrize("ours", [-5 * MINUTE, 5 * MINUTE])
async def test_clocks_that_differ_by_five_minutes_lose_and_repeat_nothing(town, telnyx, ours):
    """Ours from Slack's, and Telnyx's Date and its events' from both."""
    town.world.clock.forward(minutes=10)
    town.world.clock.ahead = ours
    town.world.telnyx.faults.date_skew = telnyx
    events_made = []
    for _ in range(3):
        events_made.append(town.comment(created_at=town.world.true() + telnyx))
        town.world.workspace.faults.next_failures.append(("chat.postMessage", Fault.ACCEPT_THEN_500))
        await town.goes_on()

    assert town.posted == events_made


@pytest.mark.parametrize("dated", [START + HOUR, START + 365 * DAY, LATEST])
async def test_event_dated_in_the_future_is_posted_and_hides_none_that_comes_later(town, dated):
    odd = town.comment(created_at=dated)
    await town.goes_on()
    town.world.clock.forward(minutes=2)
    late = town.comment(listed_after=50 * MINUTE)
    on_time = town.comment()
    await town.goes_on()
    town.world.clock.forward(minutes=50)
    await town.goes_on()

    assert town.posted == [odd, on_time, late]
    marks = town.world.rows("SELECT watermark FROM watermark WHERE source = 'port_in'")
    assert datetime.fromisoformat(marks[0][0]).replace(tzinfo=UTC) <= town.world.true()


async def test_port_out_of_the_last_day_of_all_is_told_with_its_sentence(town):
    town.world.telnyx.add_port_out(numbers=["+13035550102"], carrier="Onvoy", spid="987H", created_at=LATEST)
    await town.goes_on()

    [message] = town.world.workspace.messages(town.channel)
    assert "could not be drawn" not in message.text


async def test_event_of_1970_is_kept_and_not_posted(town):
    town.comment(created_at=datetime(1970, 1, 1, tzinfo=UTC))
    new = town.comment()
    await town.goes_on(sweeping=True)

    assert town.posted == [new]


@pytest.fixture
def in_los_angeles(monkeypatch):
    """Where the machine stands, as far as the C library tells."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/Los_Angeles")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_los_angeles")
@pytest.mark.parametrize(
    "shift", [datetime(2026, 3, 8, 10, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC)]
)
async def test_hour_that_daylight_saving_skips_or_repeats_keeps_its_order(town, shift):
    """It is no matter, for everything is kept in UTC."""
    town.world.true.at = shift - HOUR
    await town.goes_on()
    events_made = []
    for _ in range(5):
        town.world.clock.forward(minutes=25)
        events_made.append(town.comment())
        await town.goes_on(seconds=30)

    assert town.posted == events_made


@pytest.mark.parametrize("ahead", [-5 * MINUTE, 5 * MINUTE])
async def test_processes_go_by_the_databases_clock_and_catch_up_when_their_own_jumps(
    postgres, metrics, ahead
):
    own = [ahead]
    clock = Clock(lambda: datetime.now(UTC) + own[0])
    with postgres.database() as url:
        async with Database.open(url) as database:
            ticks = [0.0]
            ours = Leases(database, MINUTE, metrics, clock.set, tick=lambda: ticks[0])
            assert await ours.hold("list:port_in")
            told = await _differs(database, clock)
            own[0] += HOUR
            ticks[0] = 21.0
            held = await ours.renewed("list:port_in")

            assert held
            assert (told, await _differs(database, clock)) == (False, False)


async def _differs(database, clock):
    async with database.reading() as tx:
        return abs(await leases.time(tx) - clock()) > timedelta(seconds=30)


async def test_last_moment_of_all_is_read_from_a_server_whose_zone_is_ahead(postgres):
    with postgres.database() as url:
        postgres.run(f"ALTER DATABASE {url.partition('?')[0].rpartition('/')[2]} SET timezone = 'Asia/Tokyo'")
        async with Database.open(url) as database:
            async with database.transaction() as tx:
                await events.store(tx, "port_in", [new_event("e1", created_at=LATEST)], START)
            async with database.reading() as tx:
                [kept] = await events.find(tx, "e1", "port_in")

    assert kept.created_at == LATEST
