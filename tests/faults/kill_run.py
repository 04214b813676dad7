"""Ends bots again and again while both their neighbours misbehave, and counts what came of it.

    python -m tests.faults.kill_run --kills 100
    python -m tests.faults.kill_run --kills 100 --engine postgres --workers 3 --webs 2
    python -m tests.faults.kill_run --kills 20 --blind   # no history can be read: it must repeat

Prints due, posted, lost, repeated, out of order; how posts of unknown fate were settled; and how many posts
came faster than Slack allows. Exit 1 unless lost, repeated and out of order are 0 (with `--blind`: unless
something was repeated).
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from bot import failpoints
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from tests.engines import Server
from tests.faults.ledger import Ledger, settled
from tests.faults.process import BotProcess
from tests.faults.running import STATUSES, orders_at, posts_in, until_nothing_comes

ORDERS = 25
CHANNELS = 3
LEASE_S = 6
MOST_BEHIND = 50
"""Events that may wait in each channel."""
NOTHING_COMES_S = 120
"""What has not come by then, counted from the last that came, is lost."""
REPEATS_COME_WITHIN_S = 20
SLACK_FAULTS = [
    "lose_answer",
    "accept_then_500",
    "http_500_before",
    "internal_error_after_accept",
    "cut_json",
]
TELNYX_FAULTS = ["503", "cut_json", "html_200", "drop"]
ELSEWHERE = (
    "poll.clock_set",
    "send.conversation_opened",
    "send.joined",
    "send.placed",
    "verify.",
    "republish.",
)
"""Failpoints that no such run comes by: `test_failpoints` ends the bot there."""
LIVES_S = (1, 8)
"""How long a bot is left alone."""
IMPATIENCE = 0.3
"""How many of those that have not come to their failpoint yet are killed when their time has come."""
STANDS_STILL = 0.05
"""How many of those whose time has come are stopped and let go on, where there are several."""
AT_A_FAILPOINT = 137
ON_THE_WAY = sorted({name for name in failpoints.NAMES if not name.startswith(ELSEWHERE)})


class KillRun:
    """Some bots, a few channels, a stream of events, and a hand on the power switch."""

    def __init__(self, given, folder, database_url):
        self.given, self.folder = given, Path(folder)
        self.random = random.Random(given.seed)
        self.telnyx, self.slack = TelnyxApi(seed=given.seed), SlackWorkspace()
        self.ledger, self.ended_at = Ledger(), Counter()
        self.kills, self.stills, self.standing = 0, 0, {}
        self.failpoints = cycle(self.random.sample(ON_THE_WAY, len(ON_THE_WAY)))
        self.is_emitting = True
        roles = ["all"] if given.engine == "sqlite" else ["worker"] * given.workers + ["web"] * given.webs
        self.roles = [(role, f"{role}-{number}") for number, role in enumerate(roles)]
        self.lease_s = LEASE_S / given.haste
        self.settings = {"DATABASE_URL": database_url, "LEASE_S": str(self.lease_s)}

    async def run(self):
        await self.telnyx.start()
        await self.slack.start()
        self.bots = [
            BotProcess(self.telnyx.url, self.slack.url, self.folder, role=role, name=name, **self.settings)
            for role, name in self.roles
        ]
        self.channels = [self.slack.add_channel(f"porting-{number}") for number in range(CHANNELS)]
        self.person = self.slack.add_person("alex")
        await self._subscribe()
        self._misbehave()
        emitting = asyncio.create_task(self._emit())
        await self._kill_again_and_again()
        self.is_emitting = False
        await emitting
        verdict = await self._drain()
        for bot in self.bots:
            await bot.stop()
        await self.slack.stop()
        await self.telnyx.stop()
        return verdict

    async def _subscribe(self):
        for bot in self.bots:
            await bot.start()
        for channel in self.channels:
            await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=60)
            await self.slack.command(self.person, channel, "/port subscribe")
            await self.slack.until(lambda channel=channel: posts_in(self.slack, channel), within_s=60)

    def _misbehave(self):
        self.slack.faults.error_rate = self.given.faults
        self.slack.faults.kinds = SLACK_FAULTS
        self.slack.faults.history_lag_s = 0.3
        if self.given.blind:
            self.slack.faults.history_refuse = "missing_scope"
        self.telnyx.faults.error_rate = 0.05
        self.telnyx.faults.order = self.random.choice(["newest_first", "oldest_first", "uuid"])

    async def _emit(self):
        orders = orders_at(self.telnyx, ORDERS)
        while self.is_emitting:
            await self._until_they_keep_up()
            self.telnyx.faults.error_kind = self.random.choice(TELNYX_FAULTS)
            self._one_event(self.random.choice(orders))
            await asyncio.sleep(self.random.uniform(0.05, 0.5))

    async def _until_they_keep_up(self):
        """Slack takes less than we could make; at the end nobody wants to wait for hours."""
        if len(self.ledger.due) % MOST_BEHIND == 0:
            while self.is_emitting and len(self._verdict().lost) > MOST_BEHIND * CHANNELS:  # noqa: ASYNC110  # they work
                await asyncio.sleep(1)

    def _one_event(self, order_id):
        late = timedelta(seconds=self.random.choice([0, 0, 0, 1, 4]))
        payload = timedelta(seconds=self.random.choice([0, 0, 0, 2]))
        now = datetime.now(UTC)
        options = {"listed_after": late, "payload_after": max(late, payload), "created_at": now}
        if self.random.random() < 0.5:
            event_id = self.telnyx.set_status(order_id, self.random.choice(STATUSES), **options)
        else:
            event_id = self.telnyx.comment(order_id, "A word.", author="admin", **options)
        self.ledger.add(event_id, order_id, now, now + max(late, payload))

    async def _kill_again_and_again(self):
        end = time.monotonic() + 60 * (self.given.minutes or 60 * 24)
        while self.kills < self.given.kills and time.monotonic() < end:
            await asyncio.sleep(self.random.uniform(*LIVES_S) / min(len(self.bots), 2) / self.given.haste)
            await self._count_and_raise_the_dead()
            bot = self.random.choice(self.bots)
            if bot in self.standing:
                continue
            if len(self.bots) > 1 and self.random.random() < STANDS_STILL:
                self.standing[bot] = asyncio.create_task(self._stand_still(bot))
            elif not bot.failpoint or self.random.random() < IMPATIENCE:
                await bot.kill()
                self.kills += 1
                await self._start(bot)
        await asyncio.gather(*self.standing.values())
        for bot in self.bots:
            await bot.kill()

    async def _count_and_raise_the_dead(self):
        """Bots that came to the failpoint that they were given."""
        for bot in self.bots:
            if bot.code == AT_A_FAILPOINT:
                self.kills += 1
                self.ended_at[bot.failpoint.partition(":")[0]] += 1
                await self._start(bot)
            elif bot.code is not None:
                raise AssertionError(f"{bot.name} ended with {bot.code}:\n{bot.log()[-3000:]}")

    async def _start(self, bot):
        """Those that share work end themselves at a failpoint; one alone lives longer now and then."""
        is_armed = bot.role == "worker" or (bot.role == "all" and self.random.random() < 2 / 3)
        await bot.start(f"{next(self.failpoints)}:{self.random.randint(1, 3)}" if is_armed else None)

    async def _stand_still(self, bot):
        """For twice its lease: others have taken over when it goes on."""
        self.stills += 1
        bot.stand_still()
        await asyncio.sleep(2 * self.lease_s)
        bot.go_on()
        del self.standing[bot]

    async def _drain(self):
        """Everything works again; wait until nothing is due any more, and a while for repeats."""
        refused = self.slack.faults.history_refuse
        self.slack.faults.clear()
        self.slack.faults.history_refuse = refused
        self.telnyx.faults.error_rate = 0
        for bot in self.bots:
            await bot.start()
        await until_nothing_comes(self._verdict, NOTHING_COMES_S)
        await asyncio.sleep(REPEATS_COME_WITHIN_S / self.given.haste)
        return self._verdict()

    def _verdict(self):
        return self.ledger.verdict(*(posts_in(self.slack, channel) for channel in self.channels))


async def main(given):
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database_url = f"sqlite:///{folder}/bot.db"
        if given.engine == "postgres":
            database_url = stack.enter_context(Server(Path(folder, "server")).database())
        run = KillRun(given, folder, database_url)
        verdict = await run.run()
        stood = f"stood still for {2 * run.lease_s:.0f} s {run.stills}"
        print(
            f"{given.engine}  processes {len(run.bots)}  kills {run.kills}  {stood}"
            f"  seed {given.seed}\n{verdict}\n{settled(run.bots, run.slack)}"
        )
        missed = sorted({*ON_THE_WAY} - {*run.ended_at})
        print(f"ends at failpoints {run.ended_at.total()}, not reached: {', '.join(missed) or 'none'}")
        if given.blind:
            return bool(verdict.repeated)
        if not verdict.is_good:
            print(*(bot.log()[-3000:] for bot in run.bots), sep="\n\n")
        return verdict.is_good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, help="end after so long, however many kills there were")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--webs", type=int, default=2)
    parser.add_argument("--faults", type=float, default=0.1, help="share of posts that go wrong")
    parser.add_argument("--haste", type=float, default=1, help="so much shorter lives and leases")
    parser.add_argument("--blind", action="store_true", help="the channels' histories can't be read")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
