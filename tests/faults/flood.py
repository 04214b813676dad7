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


async def main(events, orders, hours, post):
    with tempfile.TemporaryDirectory() as folder:
        telnyx, slack, ledger = TelnyxApi(), SlackWorkspace(), Ledger()
        await telnyx.start()
        await slack.start()
        channel, person = slack.add_channel("porting"), slack.add_person("alex")
        start = datetime.now(UTC) - timedelta(hours=hours)
        bot = BotProcess(
            telnyx.url, slack.url, folder, POLL_START=start.isoformat(), TELNYX_API_KEY="KEY_SANDBOX"
        )
        await bot.start()
        await slack.until(lambda: slack.open_sockets > 0, within_s=30)
        await slack.command(person, channel, "/port subscribe")
        await slack.until(lambda: slack.messages(channel), within_s=30)
        await bot.stop()
        ids = [
            telnyx.add_port_in(
                reference=f"Customer {number}",
                numbers=[f"+1303555{number:04}"],
                carrier="Onvoy",
                foc_requested=None,
                created_at=start,
            )
            for number in range(orders)
        ]
        step = timedelta(hours=hours) / (events + 1)
        for number in range(events):
            at, order_id = start + step * (number + 1), ids[number % orders]
            event_id = telnyx.set_status(order_id, STATUSES[number // orders % 4], created_at=at)
            ledger.add(event_id, order_id, at, at)
        print(f"{events} events of {orders} orders over {hours} h wait")
        began = time.monotonic()
        await bot.start()
        first = taken = None
        while True:
            await asyncio.sleep(0.2)
            carrying = [m for m in slack.messages(channel) if m.metadata and "event_ids" in str(m.metadata)]
            first = first or (carrying and time.monotonic() - began)
            if taken is None and fanned_out(folder) >= events:
                taken = time.monotonic() - began
                rss = resident_mib(bot.process.pid, "VmRSS:")
                print(f"first post {first:.1f} s  all taken in {taken:.1f} s  RSS then {rss:.0f} MiB", flush=True)
                if not post:
                    break
            if taken and not ledger.verdict(carrying).lost:
                break
        peak = resident_mib(bot.process.pid, "VmHWM:")
        verdict = ledger.verdict(carrying)
        limited = sum(call.outcome == "ratelimited" for call in slack.calls)
        print(f"{time.monotonic() - began:.0f} s  {verdict}  rate limited {limited}  peak RSS {peak:.0f} MiB")
        await bot.stop()
        await slack.stop()
        await telnyx.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--no-post", action="store_true", help="stop when all is taken in")
    given = parser.parse_args()
    asyncio.run(main(given.events, given.orders, given.hours, not given.no_post))
