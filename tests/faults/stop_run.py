"""Asks bots to end (SIGTERM) again and again, whatever they do just then, and looks what is left.

    python -m tests.faults.stop_run --stops 100                   # Slack is slow, but answers
    python -m tests.faults.stop_run --stops 20 --slack hangs      # it takes posts and never answers
    python -m tests.faults.stop_run --stops 10 --database away    # the file is locked, the server stopped
    python -m tests.faults.stop_run --stops 100 --engine postgres

On SQLite the first ten starts make the database, and are stopped while they do. One in four is asked twice.
Prints how long the ends took, the exit codes, what was left in flight, leases that were not given back, and
who got no answer. Exit 1 unless all ended with 0 within 15 s, nothing is lost or repeated and, as long as
Slack answers and the database is there, nothing was left. A process that was still starting its interpreter
(it had logged nothing yet) is ended by the signal itself: that is -15, and fine.
"""

import argparse
import asyncio
import random
import sqlite3
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import psycopg

from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from tests.faults.days import LockedFile, Stopped, place
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess
from tests.faults.running import STATUSES, orders_at, posts_in

WITHIN_S = 15
CHANNELS = 6
FRESH = 10
ROLES = {"sqlite": ["all"], "postgres": ["worker", "worker", "web"]}
IN_FLIGHT = "SELECT count(*) FROM delivery WHERE state IN ('sending', 'uncertain')"
LEASES = "SELECT count(*) FROM lease WHERE expires_at > clock_timestamp()"


class StopRun:
    """Some bots that never live long."""

    def __init__(self, given, where):
        self.given, self.where, self.random = given, where, random.Random(given.seed)
        self.telnyx, self.slack, self.ledger = TelnyxApi(seed=given.seed), SlackWorkspace(), Ledger()
        self.took_s, self.codes, self.asked = [], Counter(), []
        self.left = Counter()
        self.is_emitting = True

    async def run(self):
        await self.telnyx.start()
        await self.slack.start()
        self.channels = [self.slack.add_channel(f"porting-{number}") for number in range(CHANNELS)]
        self.person = self.slack.add_person("alex")
        self.bots = [
            BotProcess(
                self.telnyx.url,
                self.slack.url,
                self.where.folder,
                role=role,
                name=f"{role}-{number}",
                DATABASE_URL=self.where.url,
            )
            for number, role in enumerate(ROLES[self.given.engine])
        ]
        if self.given.engine == "sqlite":
            for _ in range(FRESH):
                self.where.file.unlink(missing_ok=True)
                await self._live_and_stop(None, most_s=1.5)
        await self._subscribe()
        emitting = asyncio.create_task(self._emit())
        self.slack.faults.slow_s = 1.5
        if self.given.slack == "hangs":
            self.slack.faults.always = Fault.ACCEPT_THEN_HANG
        for number in range(self.given.stops):
            await self._live_and_stop(at_work=number % 3 > 0, most_s=4)
        self.is_emitting = False
        await emitting
        return await self._drain()

    async def _subscribe(self):
        await self._start()
        await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=60)
        for channel in self.channels:
            async with asyncio.timeout(60):
                while not posts_in(self.slack, channel):
                    await self.slack.command(self.person, channel, "/port subscribe style:flat")
                    await asyncio.sleep(1)
        await asyncio.gather(*(bot.stop() for bot in self.bots))

    async def _start(self):
        for bot in self.bots:
            await bot.start()
        self.said_before = {bot.name: len(bot.log()) for bot in self.bots}

    async def _live_and_stop(self, at_work, most_s):
        """Stop them within so many seconds after they began to answer people, after their first line (False),
        or after their beginning (None)."""
        await self._start()
        async with asyncio.timeout(60):
            while at_work is False and not all(map(self._has_spoken, self.bots)):  # noqa: ASYNC110  # others
                await asyncio.sleep(0.02)
        if at_work:
            await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=60)
        await asyncio.sleep(self.random.uniform(0, most_s))
        day = None
        if self.given.database == "away":
            day = (LockedFile if self.given.engine == "sqlite" else Stopped)(self.where)
            await day.begin()
            await asyncio.sleep(self.random.uniform(0, 3))
        elif self.slack.open_sockets:
            self.asked.append(await self.slack.command(self.person, self.channels[0], "/port events"))
        await asyncio.gather(*(self._stop(bot) for bot in self.bots))
        if day:
            await day.end()
        self._look()

    def _has_spoken(self, bot):
        return bot.code is not None or len(bot.log()) > self.said_before[bot.name]

    async def _stop(self, bot):
        began = time.monotonic()
        bot.process.terminate()
        if self.random.random() < 0.25:
            await asyncio.sleep(self.random.uniform(0, 0.5))
            bot.process.terminate()
        if not await bot.ended(WITHIN_S + 5):
            await bot.kill()
        self.took_s.append(time.monotonic() - began)
        was_unborn = bot.code == -15 and len(bot.log()) == self.said_before[bot.name]
        self.codes["unborn" if was_unborn else bot.code] += 1

    def _look(self):
        """What is left when no bot lives any more; a database that is not made yet holds nothing."""
        try:
            self.left["in flight"] += self.where.read(IN_FLIGHT)[0][0]
            if self.where.server:
                self.left["leases"] += self.where.read(LEASES)[0][0]
        except sqlite3.OperationalError:
            self.left["databases not made"] += 1

    async def _emit(self):
        orders = orders_at(self.telnyx, 20)
        while self.is_emitting:
            order_id, now = self.random.choice(orders), datetime.now(UTC)
            event_id = self.telnyx.set_status(order_id, self.random.choice(STATUSES), created_at=now)
            self.ledger.add(event_id, order_id, now, now)
            await asyncio.sleep(self.random.uniform(0.2, 1))

    async def _drain(self):
        self.slack.faults.clear()
        await self._start()
        end = time.monotonic() + 240
        while self._verdict().lost and time.monotonic() < end:  # noqa: ASYNC110  # other processes work
            await asyncio.sleep(1)
        await asyncio.sleep(10)
        await asyncio.gather(*(bot.stop() for bot in self.bots))
        await self.slack.stop()
        await self.telnyx.stop()
        return self._verdict()

    def _verdict(self):
        return self.ledger.verdict(*(posts_in(self.slack, channel) for channel in self.channels))

    def unanswered(self):
        """Commands that a bot took and never answered."""
        return [each for each in self.asked if each.acked and not each.text]


async def main(given):
    try:
        with place(given.engine, on_small_disk=False) as where:
            run = StopRun(given, where)
            verdict = await run.run()
            odd = [line for bot in run.bots for line in bot.log().splitlines() if "Traceback" in line]
    except psycopg.Error as error:
        print(f"the server is gone: {error}")
        return False
    took = sorted(run.took_s)
    print(f"{given.engine}  Slack {given.slack}  database {given.database}  stops {len(took)}  ", end="")
    print(f"took {took[len(took) // 2]:.1f} s, at most {took[-1]:.1f} s  exit codes {dict(run.codes)}")
    print(f"   left: {dict(run.left)}  tracebacks {len(odd)}  asked {len(run.asked)}  ", end="")
    print(f"without an answer {len(run.unanswered())}  {verdict}")
    is_clean = not (run.left["in flight"] or run.left["leases"]) or given.slack == "hangs"
    in_order = set(run.codes) <= {0, "unborn"} and took[-1] <= WITHIN_S and not odd
    is_clean = is_clean or given.database == "away"
    return verdict.is_good and in_order and is_clean and not run.unanswered()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stops", type=int, default=50)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--slack", choices=("slow", "hangs"), default="slow")
    parser.add_argument("--database", choices=("up", "away"), default="up")
    parser.add_argument("--seed", type=int, default=1)
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
