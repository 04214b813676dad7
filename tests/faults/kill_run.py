"""Ends the bot again and again while both its neighbours misbehave, and counts what came of it.

    python -m tests.faults.kill_run --kills 100

Prints due, posted, lost, repeated, out of order. Exit 1 unless the last three are 0.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta

from bot import failpoints
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess

ORDERS = 25
SLACK_FAULTS = [
    "lose_answer",
    "accept_then_500",
    "http_500_before",
    "internal_error_after_accept",
    "cut_json",
]
TELNYX_FAULTS = ["503", "cut_json", "html_200", "drop"]
STATUSES = ["in-process", "submitted", "exception", "foc-date-confirmed"]


class KillRun:
    """One bot, one channel, a stream of events, and a hand on the power switch."""

    def __init__(self, kills, seed, folder):
        self.kills, self.random = kills, random.Random(seed)
        self.telnyx, self.slack = TelnyxApi(seed=seed), SlackWorkspace()
        self.ledger, self.folder = Ledger(), folder
        self.ended_at = {}
        self.is_emitting = True

    async def run(self):
        await self.telnyx.start()
        await self.slack.start()
        self.channel = self.slack.add_channel("porting")
        self.person = self.slack.add_person("alex")
        self.bot = BotProcess(self.telnyx.url, self.slack.url, self.folder)
        await self._subscribe()
        self._misbehave()
        emitting = asyncio.create_task(self._emit())
        await self._kill_again_and_again()
        self.is_emitting = False
        await emitting
        verdict = await self._drain()
        await self.bot.stop()
        await self.slack.stop()
        await self.telnyx.stop()
        return verdict

    async def _subscribe(self):
        await self.bot.start()
        await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=60)
        await self.slack.command(self.person, self.channel, "/port subscribe")
        await self.slack.until(self._posts, within_s=60)

    def _posts(self):
        return [message for message in self.slack.messages(self.channel) if message.bot_id]

    def _misbehave(self):
        self.slack.faults.error_rate = 0.04
        self.slack.faults.kinds = SLACK_FAULTS
        self.slack.faults.history_lag_s = 0.3
        self.telnyx.faults.error_rate = 0.05
        self.telnyx.faults.order = self.random.choice(["newest_first", "oldest_first", "uuid"])

    async def _emit(self):
        orders = [
            self.telnyx.add_port_in(
                reference=f"Customer {number}",
                numbers=[f"+1303555{number:04}"],
                carrier="Onvoy",
                foc_requested=datetime.now(UTC) + timedelta(days=2),
            )
            for number in range(ORDERS)
        ]
        while self.is_emitting:
            self.telnyx.faults.error_kind = self.random.choice(TELNYX_FAULTS)
            self._one_event(self.random.choice(orders))
            await asyncio.sleep(self.random.uniform(0.05, 0.5))

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
        names = sorted(failpoints.NAMES)
        for number in range(self.kills):
            await self.bot.kill()
            if number % 2:
                await self.bot.start()
                await asyncio.sleep(self.random.uniform(0.8, 4))
                continue
            name = names[(number // 2) % len(names)]
            await self.bot.start(f"{name}:{self.random.randint(1, 3)}")
            ended = await self.bot.ended(5)
            self.ended_at[name] = self.ended_at.get(name, 0) + ended
        await self.bot.kill()

    async def _drain(self):
        self.slack.faults.clear()
        self.telnyx.faults.error_rate = 0
        await self.bot.start()
        for _ in range(180):
            verdict = self.ledger.verdict(self._posts())
            if not verdict.lost:
                break
            await asyncio.sleep(1)
        await asyncio.sleep(5)
        return self.ledger.verdict(self._posts())


async def main(kills, seed):
    with tempfile.TemporaryDirectory() as folder:
        run = KillRun(kills, seed, folder)
        verdict = await run.run()
        print(f"kills {kills}  seed {seed}  {verdict}")
        missed = sorted(failpoints.NAMES - {name for name, ended in run.ended_at.items() if ended})
        print(
            f"failpoints at which the bot ended: {len(failpoints.NAMES) - len(missed)}, not reached: {missed}"
        )
        if not verdict.is_good:
            print(run.bot.log()[-5000:])
        return verdict


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(main(given.kills, given.seed)).is_good else 1)
