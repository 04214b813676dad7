"""A backlog waits for the bot: how long it takes to read and post it, and how much memory.

python -m tests.faults.flood --events 10000 --orders 500
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess

STATUSES = ("in-process", "submitted", "foc-date-confirmed", "ported")


def resident_mib(pid, field):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def fanned_out(folder):
    with sqlite3.connect(f"file:{folder}/bot.db?mode=ro", uri=True, timeout=10) as database:
        return database.execute("SELECT count(*) FROM event WHERE fanned_out_at IS NOT NULL").fetchone()[0]


class Flood:
    """One bot that was away while the events were made."""

    def __init__(self, folder, events, orders, hours):
        self.folder, self.events, self.orders = folder, events, orders
        self.span = timedelta(hours=hours)
        self.start = datetime.now(UTC) - self.span
        self.telnyx, self.slack, self.ledger = TelnyxApi(), SlackWorkspace(), Ledger()

    async def run(self, *, post):
        await self.telnyx.start()
        await self.slack.start()
        self.channel, person = self.slack.add_channel("porting"), self.slack.add_person("alex")
        start = self.start.isoformat()
        self.bot = BotProcess(self.telnyx.url, self.slack.url, self.folder, POLL_START=start)
        await self.bot.start()
        await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=60)
        await self.slack.command(person, self.channel, "/port subscribe")
        await self.slack.until(lambda: self.slack.messages(self.channel), within_s=60)
        await self.bot.stop()
        self.make_events()
        await self.watch(post=post)
        await self.bot.stop()
        await self.slack.stop()
        await self.telnyx.stop()

    def make_events(self):
        ids = [
            self.telnyx.add_port_in(
                reference=f"Customer {number}",
                numbers=[f"+1303555{number:04}"],
                carrier="Onvoy",
                foc_requested=None,
                created_at=self.start,
            )
            for number in range(self.orders)
        ]
        step = self.span / (self.events + 1)
        for number in range(self.events):
            at, order_id = self.start + step * (number + 1), ids[number % self.orders]
            status = STATUSES[number // self.orders % len(STATUSES)]
            self.ledger.add(self.telnyx.set_status(order_id, status, created_at=at), order_id, at, at)

    def carrying(self):
        return [each for each in self.slack.messages(self.channel) if "event_ids" in str(each.metadata)]

    async def watch(self, *, post):
        began = time.monotonic()
        await self.bot.start()
        first = None
        while fanned_out(self.folder) < self.events:
            await asyncio.sleep(0.2)
            first = first or (self.carrying() and time.monotonic() - began)
        taken = time.monotonic() - began
        rss = resident_mib(self.bot.process.pid, "VmRSS:")
        print(f"first post {first or taken:.1f} s  all taken in {taken:.1f} s  RSS {rss:.0f} MiB", flush=True)
        while post and self.ledger.verdict(self.carrying()).lost:  # noqa: ASYNC110  # another process works
            await asyncio.sleep(1)
        peak = resident_mib(self.bot.process.pid, "VmHWM:")
        limited = sum(call.outcome == "ratelimited" for call in self.slack.calls)
        verdict = self.ledger.verdict(self.carrying())
        spent = time.monotonic() - began
        print(f"{spent:.0f} s  {verdict}  rate limited {limited}  peak RSS {peak:.0f} MiB")


async def main(events, orders, hours, *, post):
    with tempfile.TemporaryDirectory() as folder:
        print(f"{events} events of {orders} orders over {hours} h wait")
        await Flood(folder, events, orders, hours).run(post=post)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--no-post", action="store_true", help="stop when all is taken in")
    given = parser.parse_args()
    asyncio.run(main(given.events, given.orders, given.hours, post=not given.no_post))
