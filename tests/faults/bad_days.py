"""The database has a bad day while the bots work, and what came of it.

    python -m tests.faults.bad_days                              # every day of both engines
    python -m tests.faults.bad_days --engine postgres --day stopped

Events are made all the time, people ask, and each bot's /health and /ready are read each second. Prints a
line a day (alive, not ready meanwhile, ready again after how many seconds, due, posted, lost, repeated), each
log line at warning and above or about the database, what OPS_CHANNEL heard and what people read. Exit 1
unless all is as promised.
"""

import argparse
import asyncio
import json
import random
import re
import socket
import sqlite3
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import httpx
import psycopg

from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from tests.faults.days import DAYS, NoSmallDiskError, place
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess
from tests.faults.running import STATUSES, orders_at, posts_in, until_nothing_comes

ORDERS, CHANNELS = 20, 3
READY_WITHIN_S = 30
NOTHING_COMES_S = 90
REPEATS_COME_WITHIN_S = 10
ROLES = {"sqlite": ["all"], "postgres": ["worker", "worker", "web"]}
ASKED = ("/port status", "/port subs", "/port subscribe kind:in", "/port events")
STORED = "SELECT source, event_id FROM event"
MARKS = "SELECT source, watermark FROM watermark"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class BadDay:
    """Some bots on one database, a few channels, and somebody who looks each second."""

    def __init__(self, where, day, engine):
        self.where, self.day = where, day
        self.random = random.Random(1)
        self.telnyx, self.slack, self.ledger = TelnyxApi(seed=1), SlackWorkspace(), Ledger()
        self.roles, self.bots, self.ports = ROLES[engine], [], []
        self.is_over = False
        self.seen, self.reasons, self.asked, self.ahead = [], Counter(), [], []

    async def run(self):
        await self.telnyx.start()
        await self.slack.start()
        self.channels = [self.slack.add_channel(f"porting-{number}") for number in range(CHANNELS)]
        self.person, self.ops = self.slack.add_person("alex"), self.slack.add_channel("ops")
        for number, role in enumerate(self.roles):
            self.ports.append(free_port())
            settings = {"DATABASE_URL": self.where.url, "OPS_CHANNEL": self.ops, "POLL_INTERVAL_S": "20"}
            at = {"HOST": "127.0.0.1", "PORT": str(self.ports[-1]), "name": f"{role}-{number}"}
            self.bots.append(
                BotProcess(self.telnyx.url, self.slack.url, self.where.folder, role=role, **settings, **at)
            )
            await self.bots[-1].start()
        await self._subscribe()
        beside = [asyncio.create_task(work()) for work in (self._emit, self._look, self._ask)]
        await self._have_the_day()
        self.is_over = True
        await asyncio.gather(*beside)
        verdict = await self._drain()
        self.codes = [await bot.stop() for bot in self.bots]
        await self.slack.stop()
        await self.telnyx.stop()
        return verdict

    async def _subscribe(self):
        await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=60)
        for channel in self.channels:
            async with asyncio.timeout(180):
                while not posts_in(self.slack, channel):
                    await self.slack.command(self.person, channel, "/port subscribe")
                    await asyncio.sleep(1)

    async def _have_the_day(self):
        async with asyncio.timeout(180):
            while not self._all_ready():  # noqa: ASYNC110  # other processes work
                await asyncio.sleep(0.2)
        await asyncio.sleep(5)
        await self.day.begin()
        self.began = time.monotonic()
        while time.monotonic() - self.began < self.day.lasts_s:
            await self.day.again()
            await asyncio.sleep(2)
        await self.day.end()
        self.ended = time.monotonic()
        while not self._all_ready() and time.monotonic() - self.ended < 4 * READY_WITHIN_S:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        self.ready_after_s = time.monotonic() - self.ended
        await asyncio.sleep(5)

    def _all_ready(self):
        return bool(self.seen) and all(ready == 200 for _, ready in self.seen[-1][1])

    async def _look(self):
        async with httpx.AsyncClient(timeout=10) as client:
            while not self.is_over:
                at = time.monotonic()
                self.seen.append(
                    (at, await asyncio.gather(*(self._state(client, port) for port in self.ports)))
                )
                self._compare_watermarks()
                await asyncio.sleep(0.5)

    async def _state(self, client, port):
        try:
            alive = await client.get(f"http://127.0.0.1:{port}/health")
            ready = await client.get(f"http://127.0.0.1:{port}/ready")
        except httpx.HTTPError as error:
            return type(error).__name__, None
        told = [each["detail"] for each in ready.json().values() if not each["ok"]]
        self.reasons.update(re.sub(r"\d+ s|\d{4}-\d\d.*", "…", each) for each in told)
        return alive.status_code, ready.status_code

    def _compare_watermarks(self):
        """What was listed before a watermark was moved is stored: else it would be passed over."""
        try:
            marks, stored = dict(self.where.read(MARKS)), set(self.where.read(STORED))
        except (sqlite3.Error, psycopg.Error):
            return
        mark = marks["port_in"]
        mark = datetime.fromisoformat(mark) if isinstance(mark, str) else mark
        mark = mark.replace(tzinfo=UTC) if mark.tzinfo is None else mark
        self.ahead += [
            due.event_id
            for due in self.ledger.due
            if due.created_at <= mark and ("port_in", due.event_id) not in stored
        ]

    async def _ask(self):
        number = 0
        while not self.is_over:
            asked = await self.slack.command(self.person, self.channels[0], ASKED[number % len(ASKED)])
            self.asked.append((time.monotonic(), ASKED[number % len(ASKED)], asked))
            number += 1
            await asyncio.sleep(3)

    async def _emit(self):
        orders = orders_at(self.telnyx, ORDERS)
        while not self.is_over:
            order_id, now = self.random.choice(orders), datetime.now(UTC)
            event_id = self.telnyx.set_status(order_id, self.random.choice(STATUSES), created_at=now)
            self.ledger.add(event_id, order_id, now, now)
            await asyncio.sleep(self.random.uniform(0.3, 1))

    async def _drain(self):
        await until_nothing_comes(self._verdict, NOTHING_COMES_S)
        await asyncio.sleep(REPEATS_COME_WITHIN_S)
        return self._verdict()

    def _verdict(self):
        return self.ledger.verdict(*(posts_in(self.slack, channel) for channel in self.channels))

    @property
    def is_alive(self):
        return all(alive == 200 for _, states in self.seen for alive, _ in states)

    @property
    def not_ready_s(self):
        """From when on after the beginning some bot said that it is not ready; None: never."""
        late = [at for at, states in self.seen if at > self.began and any(r != 200 for _, r in states)]
        return late[0] - self.began if late else None

    def answers(self):
        """What people read in answer while it lasted, and who got none."""
        during = [(words, each) for at, words, each in self.asked if self.began < at < self.ended]
        return Counter((words, (each.text or f"NOTHING: {each.refusal}")[:110]) for words, each in during)

    def lines(self):
        """The log of each bot without what is routine."""
        for bot in self.bots:
            told = Counter()
            for line in bot.log().splitlines():
                said = json.loads(line) if line.startswith("{") else {"event": line, "level": "error"}
                if said["level"] not in ("info", "debug") or "database" in said["event"]:
                    words = {
                        k: v for k, v in said.items() if k not in ("timestamp", "logger", "since", "after_s")
                    }
                    told[json.dumps(words)] += 1
            yield from (f"{bot.name}  {count} x  {line}" for line, count in told.items())

    def heard(self):
        """What OPS_CHANNEL reads."""
        return [message.text for message in posts_in(self.slack, self.ops)]


async def main(engine, name):
    try:
        with place(engine, on_small_disk=name == "full") as where:
            run = BadDay(where, DAYS[engine][name](where), engine)
            verdict = await run.run()
            return report(f"{engine} {name}", run, verdict)
    except NoSmallDiskError as error:
        print(f"{engine} {name}: SKIPPED, {error}", flush=True)
        return True


def report(title, run, verdict):
    """Print what came of it; whether it was as promised."""
    since = "never" if run.not_ready_s is None else f"{run.not_ready_s:.0f} s"
    print(f"{title}  alive {run.is_alive}  not ready after {since}", end="  ")
    print(f"ready again after {run.ready_after_s:.0f} s  {verdict}  passed over {len(run.ahead)}")
    print(*(f"   ready: {count} x {reason}" for reason, count in run.reasons.items()), sep="\n")
    print(*(f"   log: {line}" for line in run.lines()), sep="\n")
    print(*(f"   ops: {line}" for line in run.heard()), sep="\n")
    print(
        *(f"   asked: {count} x {words}: {text!r}" for (words, text), count in run.answers().items()),
        sep="\n",
    )
    sys.stdout.flush()
    is_quick = run.not_ready_s is not None and run.ready_after_s <= READY_WITHIN_S
    told_all = not any(text.startswith("NOTHING") for _, text in run.answers())
    return verdict.is_good and run.is_alive and is_quick and told_all and not run.ahead


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", choices=tuple(DAYS))
    parser.add_argument("--day", choices=sorted({name for days in DAYS.values() for name in days}))
    given = parser.parse_args()
    chosen = [
        (engine, name)
        for engine, days in DAYS.items()
        for name in days
        if given.engine in (None, engine) and given.day in (None, name)
    ]
    good = [asyncio.run(main(engine, name)) for engine, name in chosen]
    sys.exit(0 if good and all(good) else 1)
