"""The bot as the sandbox's child: started, killed, started again, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest

from bot.sandbox import leash
from bot.sandbox.bot_process import BotEndedError, BotProcess
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from bot.sandbox.workspace import environment, populate
from tests import schema


class House:
    """Both stand-ins, and the bot that lives there."""

    def __init__(self, folder):
        self.folder = folder
        self.slack, self.telnyx = SlackWorkspace(), TelnyxApi()
        self.said = []

    async def open(self, **settings):
        schema.newest(self.folder / "portwire.db")
        await self.slack.start()
        await self.telnyx.start()
        given = environment(
            self.slack, populate(self.slack),
            telnyx_url=self.telnyx.url, telnyx_key=self.telnyx.api_key, directory=self.folder,
        )  # fmt: skip
        self.bot = BotProcess(os.environ | given | settings, self.folder, self.said.append)

    async def close(self):
        await self.bot.stop()
        await self.slack.stop()
        await self.telnyx.stop()

    async def connected(self):
        await self.slack.until(lambda: self.slack.open_sockets)


@pytest.fixture
async def house(tmp_path):
    house = House(tmp_path)
    await house.open()
    yield house
    await house.close()


async def test_a_killed_bot_is_gone_until_it_is_started_again(house):
    await house.bot.start()
    await house.connected()

    await house.bot.kill()

    assert (house.bot.is_running, house.bot.pid, house.bot.exit_code) == (False, None, -signal.SIGKILL)
    await house.bot.start()
    await house.slack.until(lambda: house.slack.open_sockets)
    assert house.bot.is_running
    assert house.bot.starts == 2
    assert house.said == []


async def test_a_bot_that_runs_is_not_started_twice(house):
    await house.bot.start()
    pid = house.bot.pid

    await house.bot.start()

    assert house.bot.pid == pid


async def test_the_bot_is_asked_to_end_in_order(house):
    await house.bot.start()
    await house.connected()

    await house.bot.stop()

    assert house.bot.exit_code == 0
    assert house.folder.exists()


async def test_a_bot_that_does_not_end_in_time_is_cut_off(house, monkeypatch):
    monkeypatch.setattr("bot.sandbox.bot_process.STOPS_WITHIN_S", 0)
    await house.bot.start()
    await house.connected()

    await house.bot.stop()

    assert house.bot.exit_code == -signal.SIGKILL


@pytest.mark.parametrize("is_at_work", [True, False])
async def test_the_bot_and_its_folder_go_with_whoever_started_it(house, is_at_work):
    await house.bot.start()
    if is_at_work:
        await house.connected()

    house.bot._process.stdin.close()
    await house.bot.ended()

    assert house.bot.exit_code == 0
    assert not house.folder.exists()


async def test_an_end_that_nobody_asked_for_is_noticed(house):
    await house.bot.start()

    os.kill(house.bot.pid, signal.SIGKILL)
    await house.bot.ended()

    assert (house.bot.is_running, house.bot.exit_code) == (False, -signal.SIGKILL)


async def test_a_bot_that_cannot_start_says_why_in_one_line(house):
    house.bot._environment["DATABASE_URL"] = "mysql://elsewhere/portwire"
    await house.bot.start()

    with pytest.raises(BotEndedError, match="DATABASE_URL"):
        await house.bot.settled(lambda: house.slack.open_sockets)

    assert house.said == []


async def test_what_the_bot_says_is_shown_once_it_is_at_work(house):
    house.slack.faults.token_revoked = True
    await house.bot.start()
    await house.slack.until(lambda: house.bot.said)
    before = list(house.said)

    await house.bot.settled(lambda: True)
    await house.slack.until(lambda: "token_revoked" in "".join(house.said))

    assert before == []


async def test_what_the_bot_says_later_is_shown_at_once(house):
    await house.bot.settled(lambda: True)
    house.slack.faults.token_revoked = True

    await house.bot.start()
    await house.slack.until(lambda: house.said)

    assert "token_revoked" in house.said[0]


async def test_a_bot_that_says_nothing_is_told_by_its_exit_code(house):
    await house.bot.start()
    os.kill(house.bot.pid, signal.SIGKILL)

    with pytest.raises(BotEndedError, match="exit code -9"):
        await house.bot.settled(lambda: False)


async def test_a_bot_that_is_killed_while_it_starts_may_be_started_again(house):
    await house.bot.start()
    await house.bot.kill()
    settling = asyncio.create_task(house.bot.settled(lambda: house.bot.starts == 2))

    await house.bot.start()

    await settling


def test_the_leash_ends_the_process_when_its_pipe_does(monkeypatch):
    ended, is_gone = [], threading.Event()
    monkeypatch.setattr(os, "kill", lambda pid, name: ended.append((pid, name)))
    reader, writer = os.pipe()
    os.write(writer, b"x")
    os.close(writer)

    leash.end_with(reader, is_gone)

    os.close(reader)
    assert ended == [(os.getpid(), signal.SIGTERM)]
    assert is_gone.is_set()


async def test_nothing_is_done_to_a_bot_that_never_started(house):
    await house.bot.kill()
    await house.bot.stop()
    await house.bot.ended()

    assert house.bot.starts == 0


def test_the_bot_brings_no_page_with_it():
    code = (
        "import sys, bot.app, bot.cli, bot.sandbox.leash; print({'nicegui', 'uvicorn'} & sys.modules.keys())"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout == "set()\n"
