"""The real bot as a process of its own, so that it can be killed and started again."""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

import bot
from bot.errors import PortwireError

COMMAND = (sys.executable, "-m", "bot.sandbox.leash")
CODE = str(Path(bot.__file__).parents[1])
SAYS = "portwire: "
STOPS_WITHIN_S = 12.0
LOOK_AGAIN_S = 0.05
LINES_KEPT = 50
LONGEST_LINE = 1_000_000


class BotEndedError(PortwireError):
    """The bot ended before it had started."""


class BotProcess:
    """`portwire run` on the settings of `environment`; `say` gets what it writes to stderr, line by line.

    It works in `folder`, and takes that away with it where it ends because we are gone.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, say: Callable[[str], None]) -> None:
        self._environment = {"PYTHONPATH": CODE, **environment}
        self._folder = folder
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._held: list[str] | None = []
        self._was_ended = False  # by us
        self.said: deque[str] = deque(maxlen=LINES_KEPT)
        self.starts = 0
        self.exit_code: int | None = None

    @property
    def is_running(self) -> bool:
        return self._watch is not None and not self._watch.done()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None and self.is_running else None

    async def start(self) -> None:
        """Start it, unless it runs."""
        async with self._turn:
            if self.is_running:
                return
            pipe = asyncio.subprocess.PIPE
            # A session of its own: Ctrl-C at the terminal is for the sandbox, which ends the bot in order.
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND, str(self._folder), cwd=self._folder, env=self._environment, start_new_session=True,
                stdin=pipe, stdout=asyncio.subprocess.DEVNULL, stderr=pipe,
                limit=LONGEST_LINE,
            )  # fmt: skip
            self._watch = asyncio.create_task(self._live(self._process))
            self.starts += 1
            self.exit_code, self._was_ended = None, False

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None and self.is_running:
            self._was_ended = True
            self._process.kill()
            await self.ended()

    async def stop(self) -> None:
        """Let it end in order; what takes too long is cut off."""
        if self._process is None or not self.is_running:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self.ended(), STOPS_WITHIN_S)
        except TimeoutError:
            await self.kill()

    async def ended(self) -> None:
        """Wait until it does not run."""
        if self._watch is not None:
            await asyncio.shield(self._watch)

    async def settled(self, is_settled: Callable[[], object]) -> None:
        """Wait until the bot that was started first is at work; what it says is held back so long.

        Raises BotEndedError, with the reason that it gave, where it ended by itself; one that was killed may
        be started again.
        """
        while not is_settled():
            if not self.is_running and self.exit_code and not self._was_ended:
                *others, reason = self._held or [f"the bot ended with exit code {self.exit_code}."]
                self._pass_on(others)
                raise BotEndedError(reason.removeprefix(SAYS))
            await asyncio.sleep(LOOK_AGAIN_S)
        self._pass_on(self._held or [])

    def _pass_on(self, lines: list[str]) -> None:
        self._held = None
        for line in lines:
            self._say(line)

    async def _live(self, process: asyncio.subprocess.Process) -> None:
        """Pass on what it says until it ends, by itself or by us."""
        leash, said = process.stdin, process.stderr
        assert leash is not None  # noqa: S101  # both were asked for
        assert said is not None  # noqa: S101
        async for line in said:
            self.said.append(line.decode(errors="replace").rstrip())
            if self._held is None:
                self._say(self.said[-1])
            else:
                self._held.append(self.said[-1])
        self.exit_code = await process.wait()
        leash.close()
