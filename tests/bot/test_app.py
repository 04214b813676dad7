"""The whole bot in this process, between the two stand-ins: how it begins, works, and ends."""

import asyncio
import gc
import json
import os
import signal
import socket
import sqlite3
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
import structlog
from sqlalchemy import text

from bot import app
from bot.filters import parse
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from bot.settings import load
from bot.slack.client import Slack
from bot.telnyx.client import Telnyx
from bot.telnyx.events import Source
from storage import channels, workspaces
from storage.database import Database
from storage.errors import DatabaseIsAwayError, DatabaseIsTakenError
from tests import schema

BEGAN = "the database can't be used, work waits and is tried again"

pytestmark = pytest.mark.usefixtures("connections_end", "haste", "signals_as_before")


@pytest.fixture
def haste(monkeypatch):
    """Waits that are seconds in life are moments here; what the bot froze for good is let go again."""
    monkeypatch.setattr("bot.talking.TRY_SLACK_EVERY_S", 0.01)
    monkeypatch.setattr("bot.delivery.TICK_S", 0.02)
    monkeypatch.setattr("bot.delivery.POSTS_FIRST_S", 0.02)
    yield
    gc.unfreeze()


class Town:
    """Both neighbours and one channel; `bot` lives between them."""

    def __init__(self, home):
        self.telnyx, self.slack = TelnyxApi(), SlackWorkspace()
        self.channel, self.person = self.slack.add_channel("porting"), self.slack.add_person("alex")
        self.home = home

    def settings(self, **given):
        basic = {
            "TELNYX_API_KEY": "KEY_SANDBOX",
            "TELNYX_BASE_URL": self.telnyx.url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
            "SLACK_API_URL": self.slack.url,
            "DATABASE_URL": f"sqlite:///{self.home}/bot.db",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "POLL_INTERVAL_S": "0.05",
            "RECONCILE_SETTLE_S": "0.1",
        }
        return load(basic | given, env_file=None)

    @asynccontextmanager
    async def bot(self, **given):
        async with app.running(self.settings(**given)) as running:
            async with running.database.transaction() as tx:
                await channels.ensure(tx, self.channel, self.slack.team_id)
            follow = running.subscriptions.follow
            await follow(self.channel, self.slack.team_id, self.person, parse("style:flat"))
            yield running

    def event(self):
        order = {"reference": "ACME", "numbers": ["+13035550101"], "carrier": "Onvoy", "foc_requested": None}
        return self.telnyx.set_status(self.telnyx.add_port_in(**order), "in-process")

    def posted(self, channel=None):
        return [
            event_id
            for message in self.slack.messages(channel or self.channel)
            for event_id in ((message.metadata or {}).get("event_payload") or {}).get("event_ids", [])
        ]

    def said(self, channel):
        return [message.text for message in self.slack.messages(channel) if message.bot_id]

    async def until(self, condition):
        await self.slack.until(condition, within_s=60)


@pytest.fixture
async def town(tmp_path):
    made = Town(tmp_path)
    schema.newest(tmp_path / "bot.db")
    await made.telnyx.start()
    await made.slack.start()
    yield made
    await made.slack.stop()
    await made.telnyx.stop()


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
async def http(port):
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session


async def states(database):
    async with database.reading() as tx:
        return {row.state for row in await tx.execute(text("SELECT state FROM delivery"))}


async def test_event_is_posted_and_told_about_over_http(town, port, http):
    async with town.bot(PORT=str(port)) as bot:
        event_id = town.event()
        while await states(bot.database) != {"posted"}:
            pass

        async with (
            http.get("/health") as health,
            http.get("/ready") as ready,
            http.get("/metrics") as metrics,
        ):
            told = (health.status, ready.status, metrics.status)
            lines = (await metrics.text()).splitlines()
        slack_accepted = bot.health.slack_accepted_at

    assert town.posted() == [event_id]
    assert (told, bot.port) == ((200, 200, 200), port)
    assert slack_accepted is not None
    assert 'portwire_deliveries_total{outcome="posted"} 1.0' in lines


async def test_bot_is_not_ready_while_slack_refuses_its_token_and_loses_nothing(town, port, http):
    town.slack.faults.token_revoked = True
    async with town.bot(PORT=str(port)) as bot:
        await town.until(lambda: bot.health.slack_refusal)
        event_id = town.event()
        async with http.get("/ready") as answer:
            refused, parts = answer.status, await answer.json()
        town.slack.faults.token_revoked = False
        await town.until(town.posted)
        async with http.get("/ready") as answer:
            accepted = answer.status

    assert (refused, accepted) == (503, 200)
    assert parts["slack"]["detail"] == "Slack refuses our token: token_revoked."
    assert town.posted() == [event_id]


async def test_bot_that_cannot_reach_slack_at_first_tries_again(town):
    town.slack.faults.next_failures = [("auth.test", Fault.HTTP_500_BEFORE)]
    async with town.bot() as bot:
        await town.until(lambda: any(call.method == "auth.test" for call in town.slack.calls))
        refused = bot.health.slack_refusal
        await town.until(lambda: bot.health.slack_accepted_at)

    assert refused is None


async def test_slack_that_is_away_for_long_is_logged_once(town):
    town.slack.faults.next_failures = [("auth.test", Fault.HTTP_500_BEFORE)] * 3
    with structlog.testing.capture_logs() as logs:
        async with town.bot() as bot:
            await town.until(lambda: bot.health.slack_accepted_at)

    said = "Slack can't be reached, it is tried again"
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == [said]


async def test_a_start_says_who_it_is_in_slack_and_since_when_events_are_posted(town):
    with structlog.testing.capture_logs() as logs:
        async with town.bot(POLL_START="2026-01-02") as bot:
            await town.until(lambda: bot.health.slack_accepted_at and bot.health.polled_at)
        async with town.bot() as bot:
            await town.until(lambda: bot.health.slack_accepted_at and bot.health.polled_at)

    said = [entry for entry in logs if entry["event"] == "Slack accepts the bot, new events are posted"]
    assert [entry["created_since"] for entry in said] == ["2026-01-02T00:00:00+00:00"] * 2
    assert (said[0]["bot"], said[0]["workspace"]) == (town.slack.bot_name, "Sandbox")


async def test_bot_that_never_reached_slack_ends_at_once(town):
    town.slack.faults.token_revoked = True
    began = time.monotonic()
    async with town.bot() as bot:
        await town.until(lambda: bot.health.slack_refusal)

    assert bot.talking.cancelled()
    assert time.monotonic() - began < 15


async def test_end_finishes_the_post_in_flight_and_leaves_nothing_unclear(town):
    async with town.bot() as bot:
        await town.until(lambda: bot.health.slack_accepted_at)
        town.slack.faults.slow_s = 2
        event_id = town.event()
        while "sending" not in await states(bot.database):
            pass
        before = town.posted()

    async with Database.open(f"sqlite:///{town.home}/bot.db") as database:
        assert await states(database) == {"posted"}
    assert (before, town.posted()) == ([], [event_id])
    assert bot.health.is_stopping


async def test_end_while_slack_hangs_leaves_the_post_to_the_next_start_which_finds_it(town, monkeypatch):
    monkeypatch.setattr("bot.talking.STOP_WITHIN_S", 0.2)
    town.slack.faults.always = Fault.ACCEPT_THEN_HANG
    async with town.bot() as bot:
        event_id = town.event()
        await town.until(town.posted)
        began = time.monotonic()
    took_s = time.monotonic() - began
    async with Database.open(f"sqlite:///{town.home}/bot.db") as database:
        left = await states(database)
    town.slack.faults.clear()
    second = town.event()
    async with town.bot():
        await town.until(lambda: len(town.posted()) > 1)

    assert (left, bot.health.is_stopping, took_s < 15) == ({"sending"}, True, True)
    assert town.posted() == [event_id, second]


async def test_restart_posts_what_came_meanwhile_and_nothing_again(town):
    async with town.bot():
        first = town.event()
        await town.until(town.posted)
    second = town.event()
    async with town.bot():
        await town.until(lambda: len(town.posted()) > 1)

    assert town.posted() == [first, second]


async def test_trouble_at_telnyx_is_told_once_when_it_begins_and_once_when_it_ends(town):
    ops = town.slack.add_channel("ops")
    async with town.bot(OPS_CHANNEL=ops) as bot:
        await town.until(lambda: bot.health.slack_accepted_at and len(bot.health.polled_at) == 2)
        town.telnyx.faults.unauthorized = True
        await town.until(lambda: len(bot.health.troubles) == 2)
        since = {what: trouble.since for what, trouble in bot.health.troubles.items()}
        asked = len(town.telnyx.requests)
        await town.until(lambda: len(town.telnyx.requests) > asked + 4)
        remembered = {what: trouble.since for what, trouble in bot.health.troubles.items()}
        town.telnyx.faults.unauthorized = False
        await town.until(lambda: len(town.said(ops)) == 4)
        await town.until(lambda: not bot.health.troubles)

    began, ended = town.said(ops)[:2], town.said(ops)[2:]
    assert remembered == since
    assert all("can't be read" in line for line in began + ended)
    assert sorted("port-in" in line for line in began) == sorted("port-in" in line for line in ended)
    assert set(began).isdisjoint(ended)


async def test_trouble_without_a_channel_for_it_is_told_nobody(town):
    async with town.bot() as bot:
        await town.until(lambda: bot.health.slack_accepted_at and len(bot.health.polled_at) == 2)
        town.telnyx.faults.unauthorized = True
        await town.until(lambda: len(bot.health.troubles) == 2)

    assert [call.method for call in town.slack.calls if "chat" in call.method] == []


async def test_command_that_slack_delivers_again_runs_once(town, port):
    async with town.bot(PORT=str(port)) as bot:
        town.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        await town.until(lambda: bot.health.slack_accepted_at)
        asked = await town.slack.command(town.person, town.channel, "/port subscribe kind:in style:flat")
        await town.until(lambda: town.slack.ephemerals)
        again = await town.slack.deliver_again(asked)
        await town.slack.command(town.person, town.channel, "/port subs")
        await town.until(lambda: len(town.slack.ephemerals) > 1)

    made, listed = town.slack.ephemerals
    assert (asked.acked, again.acked) == (True, True)
    assert "kind:in" in made.text + str(made.blocks)
    assert made.text != listed.text


async def test_socket_mode_answers_commands(town):
    async with town.bot(SLACK_APP_TOKEN="xapp-sandbox") as bot:
        await town.until(lambda: town.slack.open_sockets == 2)
        asked = await town.slack.command(town.person, town.channel, "/port status")
        await town.until(lambda: town.slack.ephemerals)

    assert not asked.refusal
    assert bot.port is None


async def test_telnyxs_webhooks_are_taken_only_with_a_key(town, port, http):
    key = "dGhpcyBpcyBhIGtleSBvZiB0aGlydHktdHdvIGJ5dGU="
    async with town.bot(PORT=str(port), TELNYX_PUBLIC_KEY=key), http.post("/telnyx/webhooks") as unsigned:
        with_key = unsigned.status
    async with town.bot(PORT=str(port)), http.post("/telnyx/webhooks") as unknown:
        without = unknown.status

    assert (with_key, without) == (401, 404)


async def test_second_bot_on_the_same_file_is_refused(town):
    async with town.bot():
        with pytest.raises(DatabaseIsTakenError, match="Stop it first"):
            await app.running(town.settings()).__aenter__()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_signal_ends_the_bot_in_order(town, name):
    running = asyncio.create_task(app.run(town.settings()))
    await town.until(lambda: [call for call in town.slack.calls if call.method == "auth.test"])

    os.kill(os.getpid(), name)
    await asyncio.wait_for(running, 60)

    async with Database.open(f"sqlite:///{town.home}/bot.db") as database:
        await database.check()


async def test_signal_while_the_database_is_migrated_ends_that_too(town, monkeypatch):
    (town.home / "bot.db").unlink()
    migrating = asyncio.get_running_loop().create_future()

    async def endless(process):
        migrating.set_result(process)
        await asyncio.Event().wait()

    monkeypatch.setattr("asyncio.subprocess.Process.communicate", endless)
    running = asyncio.create_task(app.run(town.settings()))
    process = await migrating

    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.wait_for(running, 60)

    assert process.returncode == -signal.SIGKILL


async def test_signal_while_slack_lets_us_wait_ends_the_bot_at_once(town, monkeypatch):
    asked = asyncio.Event()

    async def endless(_self):
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.slack.client.Slack.identity", endless)
    running = asyncio.create_task(app.run(town.settings()))
    await asked.wait()
    began = time.monotonic()

    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 60)

    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("takes_s", "stop_within_s", "answer"), [(0.1, 11, "ACME"), (600, 0.2, "I am being restarted")]
)
async def test_who_is_being_served_at_the_end_gets_an_answer(
    town, monkeypatch, takes_s, stop_within_s, answer
):
    monkeypatch.setattr("bot.talking.STOP_WITHIN_S", stop_within_s)
    begun = asyncio.Event()
    ask = Telnyx.order

    async def slow(self, source, order_id):
        begun.set()
        await asyncio.sleep(takes_s)
        return await ask(self, source, order_id)

    monkeypatch.setattr("bot.telnyx.client.Telnyx.order", slow)
    order_id = town.telnyx.add_port_in(
        reference="ACME", numbers=["+13035550101"], carrier="Onvoy", foc_requested=None
    )
    async with town.bot(SLACK_APP_TOKEN="xapp-sandbox"):
        await town.until(lambda: town.slack.open_sockets == 2)
        asked = await town.slack.command(town.person, town.channel, f"/port order {order_id}")
        await begun.wait()

    *_, shown = [each.text for each in town.slack.ephemerals]
    assert not asked.refusal
    assert answer in shown


async def test_slack_that_names_no_workspace_is_asked_again(town, monkeypatch):
    identity, asked = Slack.call, []

    async def nameless_at_first(self, method, arguments):
        answer = await identity(self, method, arguments)
        asked.append(method)
        return answer if len(asked) > 2 else {**answer, "team_id": None}

    monkeypatch.setattr("bot.slack.client.Slack.call", nameless_at_first)
    with structlog.testing.capture_logs() as logs:
        async with town.bot() as bot:
            await town.until(lambda: bot.health.slack_accepted_at)

    [told] = [entry for entry in logs if entry["log_level"] == "warning"]
    assert "no team_id" in told["reason"]


async def test_slack_that_limits_the_first_question_is_asked_when_it_says(town, monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    town.slack.faults.retry_after_value = "7"
    town.slack.faults.next_failures = [("auth.test", Fault.RATELIMITED)]
    monkeypatch.setattr("bot.talking.sleep", sleep)
    async with town.bot() as bot:
        await town.until(lambda: bot.health.slack_accepted_at)

    assert slept == [7]


async def test_delivery_begins_as_soon_as_the_database_lets_it(town, monkeypatch):
    trouble, ensure, slept = [DatabaseIsAwayError("it is locked")] * 2, workspaces.ensure, []

    async def locked_at_first(tx, team_id):
        if trouble:
            raise trouble.pop()
        return await ensure(tx, team_id)

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(workspaces, "ensure", locked_at_first)
    monkeypatch.setattr("bot.foundation.sleep", sleep)
    async with town.bot() as bot:
        await town.until(lambda: bot.health.slack_accepted_at and len(slept) == 2)

    assert not trouble


async def test_a_start_waits_for_a_database_that_somebody_keeps_locked_and_says_so(
    town, monkeypatch, port, http
):
    monkeypatch.setattr("storage.sqlite.BUSY_TIMEOUT_S", 0)
    somebody = sqlite3.connect(town.home / "bot.db", isolation_level=None)
    somebody.execute("BEGIN IMMEDIATE")
    waits, answers = [], {}

    async def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 1:
            for path in ("/health", "/ready", "/metrics"):
                async with http.get(path) as answer:
                    answers[path] = (answer.status, await answer.text())
        else:
            somebody.close()

    monkeypatch.setattr("bot.foundation.sleep", sleep)
    with structlog.testing.capture_logs() as logs:
        async with town.bot(PORT=str(port)) as bot:
            await town.until(lambda: bot.health.slack_accepted_at)

    assert [line["event"] for line in logs].count(BEGAN) == 1
    assert [status for status, _ in answers.values()] == [200, 503, 200]
    assert "another process keeps it locked" in json.loads(answers["/ready"][1])["database"]["detail"]
    for source in Source:
        assert f'poll_last_success_timestamp_seconds{{source="{source}"}}' in answers["/metrics"][1]


async def test_bug_in_the_part_that_talks_to_slack_ends_the_bot_loudly(town, monkeypatch):
    def register(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("handlers.register", register)

    with pytest.raises(RuntimeError, match="a bug"):
        await asyncio.wait_for(app.run(town.settings()), 60)
