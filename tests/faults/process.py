"""The real bot as a process of its own, which tests may end at any moment."""

import asyncio
import os
import signal
from pathlib import Path

from tests.forks import fork


class BotProcess:
    """`portwire run` against two stand-ins, on a database that outlives it; `name` tells several apart."""

    def __init__(self, telnyx_url, slack_url, folder, *, role="all", name="bot", **settings):
        self.folder, self.role, self.name = Path(folder), role, name
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
        self.process = self.failpoint = None

    async def start(self, failpoint=None):
        """Start it; with `failpoint` (`name` or `name:2`) it ends itself there, with code 137."""
        self.failpoint = failpoint
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)} | self.settings
        if failpoint:
            environment["PORTWIRE_FAILPOINT"] = failpoint
        with self._log_file.open("ab") as log:
            its = {"stdout": log.fileno(), "stderr": log.fileno()}
            self.process = fork("run", "--role", self.role, cwd=self.folder, environment=environment, **its)

    @property
    def code(self):
        """Its exit code, negative where a signal ended it; None while it runs."""
        return self.process.exitcode

    async def ended(self, within_s):
        """Wait for its end; False if it still runs then."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.process.sentinel, over.set)
        try:
            await asyncio.wait_for(over.wait(), within_s)
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(self.process.sentinel)
        return self.code is not None

    async def kill(self):
        """End it as a power cut would."""
        if self.process is not None and self.code is None:
            self.process.kill()
            await self.ended(within_s=10)

    async def stop(self, within_s=15):
        """Ask it to end; its exit code."""
        if self.code is None:
            self.process.terminate()
            if not await self.ended(within_s):
                await self.kill()
                raise AssertionError(f"the bot did not stop within {within_s} s")
        return self.code

    def log(self):
        """All that it and its predecessors logged."""
        return self._log_file.read_text()

    @property
    def _log_file(self):
        return self.folder / f"{self.name}.log"

    def stand_still(self):
        """Stop it where it is, as a machine that swaps or a debugger would."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)
