"""The real bot as a process of its own, which tests may end at any moment."""

import asyncio
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class BotProcess:
    """`python -m bot run` against two stand-ins, on a database that outlives it."""

    def __init__(self, telnyx_url, slack_url, folder, **settings):
        self.folder = Path(folder)
        self.settings = {
            "TELNYX_API_KEY": "KEY_SANDBOX",
            "TELNYX_BASE_URL": telnyx_url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": slack_url,
            "DATABASE_URL": f"sqlite:///{self.folder}/bot.db",
            "PORT": "0",
            "POLL_INTERVAL_S": "1",
            "RECONCILE_SETTLE_S": "1",
            "PAYLOAD_WAIT_S": "20",
            "PROBE_S": "5",
            "LOG_FORMAT": "json",
            **settings,
        }
        self.process = None

    async def start(self, failpoint=None):
        """Start it; with `failpoint` (`name` or `name:2`) it ends itself there."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        environment |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
        environment |= self.settings
        if failpoint:
            environment["PORTWIRE_FAILPOINT"] = failpoint
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, env=environment, stdout=log, stderr=log
            )

    async def ended(self, within_s):
        """Wait for its end; False if it still runs then."""
        try:
            await asyncio.wait_for(self.process.wait(), within_s)
        except TimeoutError:
            return False
        return True

    async def kill(self):
        """End it as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()

    async def stop(self, within_s=15):
        """Ask it to end; its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            if not await self.ended(within_s):
                await self.kill()
                raise AssertionError(f"the bot did not stop within {within_s} s")
        return self.process.returncode

    def log(self):
        """All that it and its predecessors logged."""
        return (self.folder / "bot.log").read_text()
