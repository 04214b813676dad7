"""A service outside hears once a minute that all is well, and nothing while it is not."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import structlog
from aiohttp import web
from pydantic import SecretStr

from bot import heartbeat
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.settings import load
from bot.telnyx.events import Source
from storage import channels, deliveries, leases, watermarks
from storage.errors import StorageError
from tests.processes import leases_of
from tests.storage.rows import message

KEY = "0b9e2d61-never-in-a-log"
WITHIN = timedelta(minutes=5)


class Listener:
    """The service: counts what it hears."""

    def __init__(self):
        self.heard, self.status, self.url = [], 200, ""
        self.came = asyncio.Event()

    async def hear(self, request):
        self.heard.append(request.path)
        self.came.set()
        headers = {"Location": "/elsewhere"} if self.status == 302 else {}
        return web.Response(status=self.status, headers=headers)

    @asynccontextmanager
    async def serving(self):
        app = web.Application()
        app.router.add_route("GET", "/{path:.*}", self.hear)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/{KEY}"
        yield self
        await runner.cleanup()


@pytest.fixture
async def listener():
    async with Listener().serving() as made:
        yield made


@pytest.fixture
async def health(database, clock):
    """All is well."""
    made = Health()
    made.slack_accepted(clock())
    async with database.transaction() as tx:
        for source in Source:
            await watermarks.begin(tx, source, watermark=clock(), baseline_at=clock())
            made.polled(source, clock())
        await channels.ensure(tx, "C1", "T1")
    return made


@pytest.fixture
def beat_of(listener, health, database, metrics, clock):
    def made(**changes):
        given = {
            "url": SecretStr(listener.url),
            "health": health,
            "database": database,
            "leases": leases_of(database, metrics),
            "now": clock,
            "read_within": WITHIN,
        }
        return Heartbeat(**(given | changes))

    return made


async def test_beats_while_all_is_well_by_itself(listener, beat_of, monkeypatch):
    monkeypatch.setattr(heartbeat, "EVERY_S", 0)

    async with beat_of().beating():
        for _ in range(2):
            await listener.came.wait()
            listener.came.clear()

    assert set(listener.heard) == {f"/{KEY}"}


async def test_withheld_while_lists_are_not_read_and_told_at_both_ends(listener, health, beat_of, clock):
    beating = beat_of()
    clock.forward(minutes=6)
    with structlog.testing.capture_logs() as logs:
        await beating.beat()
        await beating.beat()
        for source in Source:
            health.polled(source, clock())
        await beating.beat()

    assert len(listener.heard) == 1
    assert [entry["event"] for entry in logs] == ["the heartbeat is withheld", "the heartbeat goes on"]


async def test_withheld_while_the_bot_is_not_ready(listener, health, beat_of):
    health.slack_refused("token_revoked")

    await beat_of().beat()

    assert listener.heard == []


@pytest.mark.parametrize(("paused", "beats"), [(False, 0), (True, 1)])
async def test_withheld_while_messages_are_stuck_but_not_for_a_channel_that_slack_refuses(
    listener, beat_of, database, clock, paused, beats
):
    old = clock() - timedelta(minutes=20)
    async with database.transaction() as tx:
        await deliveries.add(tx, message("d1", created_at=old))
        if paused:
            await channels.pause(tx, "C1", "is_archived", now=clock(), probe_at=clock())

    await beat_of().beat()

    assert len(listener.heard) == beats


async def test_withheld_while_the_database_fails(listener, beat_of, metrics):
    class Failing:
        async def hold(self, name):
            raise StorageError(name)

    await beat_of(leases=Failing()).beat()

    assert listener.heard == []


@pytest.mark.parametrize(("status", "reason"), [(302, "HTTP 302"), (500, "HTTP 500")])
async def test_a_beat_that_is_not_taken_is_told_once_and_follows_nothing(listener, beat_of, status, reason):
    beating, listener.status = beat_of(), status
    with structlog.testing.capture_logs() as logs:
        await beating.beat()
        await beating.beat()
        listener.status = 200
        await beating.beat()

    assert [(entry["event"], entry.get("reason")) for entry in logs] == [
        ("the heartbeat is not taken", reason),
        ("the heartbeat is taken again", None),
    ]
    assert listener.heard == [f"/{KEY}"] * 3
    assert KEY not in str(logs)


async def test_a_server_that_is_not_there_hurts_nobody(beat_of, unused_tcp_port):
    with structlog.testing.capture_logs() as logs:
        await beat_of(url=SecretStr(f"http://127.0.0.1:{unused_tcp_port}/{KEY}")).beat()

    assert logs[0]["reason"] == "ConnectError"
    assert KEY not in str(logs)


async def test_the_doctor_reaches_the_server_without_a_beat(listener, unused_tcp_port):
    there = await heartbeat.unreached(SecretStr(listener.url))
    gone = await heartbeat.unreached(SecretStr(f"http://127.0.0.1:{unused_tcp_port}/{KEY}"))

    assert (there, gone) == (None, "ConnectError")
    assert listener.heard == ["/"]


def test_the_key_in_the_address_counts_as_a_secret():
    url = f"https://hc-ping.com/ping/{KEY}"
    settings = load(
        {
            "TELNYX_API_KEY": "KEY1",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "HEARTBEAT_URL": url,
        },
        env_file=None,
    )

    assert {url, KEY} <= set(settings.secrets())
    assert "ping" not in settings.secrets()


class TestOfSeveral:
    @pytest.fixture
    def engine(self):
        return "postgres"

    async def test_only_one_process_beats(self, listener, database, beat_of):
        async with database.transaction() as tx:
            await leases.take(tx, [heartbeat.LEASE], "another", timedelta(seconds=60))

        await beat_of().beat()

        assert listener.heard == []
