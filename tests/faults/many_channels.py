"""A backlog for many channels, posted by one worker and by several: nothing twice, in order, and how fast.

    python -m tests.faults.many_channels --channels 1000 --workers 4

Each round is one worker, then several, on databases of their own. What is timed is from the first post to the
last: the processes are up by then. Exit 1 if anything was lost, repeated or out of order.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.filters import parse
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from bot.subscriptions import Subscriptions
from storage import channels
from storage.database import Database
from tests.engines import Server
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess

STATUSES = ("in-process", "submitted", "exception", "foc-date-confirmed", "ported")
"""Of one order, so that their order can be seen; three go out at once, those after them at a pace."""

POSTS = "new events are posted"
"""What a worker logs when it is up."""

LOOK_S = 0.5
"""To look after each post would take the processor from those who post."""


class Backlog:
    """One Telnyx and one Slack, a fresh database, and so many workers on it."""

    def __init__(self, folder, database_url, given):
        self.folder, self.database_url, self.given = folder, database_url, given
        self.telnyx, self.slack, self.ledger = TelnyxApi(), SlackWorkspace(), Ledger()

    async def posted_by(self, workers):
        """The verdict and the posts a second of this many workers."""
        await self.telnyx.start()
        await self.slack.start()
        bots = [
            BotProcess(
                self.telnyx.url,
                self.slack.url,
                self.folder,
                role="worker",
                name=f"{workers}-{number}",
                DATABASE_URL=self.database_url,
                POLL_INTERVAL_S="20",  # as it is unless somebody sets it
            )
            for number in range(workers)
        ]
        await self._follow_everywhere()
        for bot in bots:
            await bot.start()
        await self.slack.until(lambda: all(POSTS in bot.log() for bot in bots), within_s=60)
        self._make_events()
        await self._all_posted()
        for bot in bots:
            await bot.stop()
        await self.slack.stop()
        await self.telnyx.stop()
        return self._verdict(), self._per_second()

    async def _follow_everywhere(self):
        self.channels = [self.slack.add_channel(f"customer-{n}") for n in range(self.given.channels)]
        person = self.slack.add_person("alex")
        async with Database.open(self.database_url) as database:
            following = Subscriptions(database, lambda: datetime.now(UTC))
            for channel in self.channels:
                async with database.transaction() as tx:
                    await channels.ensure(tx, channel, self.slack.team_id)
                await following.follow(channel, self.slack.team_id, person, parse("style:flat"))

    def _make_events(self):
        order = self.telnyx.add_port_in(
            reference="Customer", numbers=["+13035550100"], carrier="Onvoy", foc_requested=None
        )
        for status in STATUSES:
            now = datetime.now(UTC)
            self.ledger.add(self.telnyx.set_status(order, status, created_at=now), order, now, now)

    async def _all_posted(self):
        due = len(STATUSES) * len(self.channels)
        async with asyncio.timeout(self.given.patience):
            while len(self._accepted()) < due:  # noqa: ASYNC110  # as LOOK_S says
                await asyncio.sleep(LOOK_S)
        await asyncio.sleep(5)  # what would come twice has come by then

    def _accepted(self):
        return [call for call in self.slack.calls if call.method == "chat.postMessage" and call.accepted]

    def _per_second(self):
        times = sorted(call.at for call in self._accepted())
        return len(times) / (times[-1] - times[0]).total_seconds()

    def _verdict(self):
        return self.ledger.verdict(
            *([each for each in self.slack.messages(channel) if each.bot_id] for channel in self.channels)
        )


async def main(given):
    are_good, speeds = True, {1: [], given.workers: []}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder, "server"))
        for _ in range(given.rounds):
            for workers, found in speeds.items():
                with server.database() as url, tempfile.TemporaryDirectory() as logs:
                    verdict, speed = await Backlog(Path(logs), url, given).posted_by(workers)
                found.append(speed)
                are_good &= verdict.is_good
                print(f"workers {workers}  channels {given.channels}  {verdict}  {speed:.0f}/s", flush=True)
    one, several = (statistics.median(found) for found in speeds.values())
    print(f"throughput of {given.workers} workers: {several / one:.2f} × that of one")
    return are_good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=300, help="seconds until what is missing is lost")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
