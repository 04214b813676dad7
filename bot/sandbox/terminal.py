"""The terminal that the sandbox was started from: lines out, and typed lines in."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from queue import Full, Queue
from stat import S_ISFIFO
from threading import Thread

LINES_KEPT = 10_000
FAREWELL_S = 1.0
FAREWELLS = ("exit", "quit")
LONGEST_READ = 65_536


class Printer(AbstractContextManager["Printer"]):
    """Writes each line at once, in a thread: a reader who stops reading or goes away never stops the bot."""

    def __init__(self, fd: int | None = None) -> None:
        self._fd = sys.stdout.fileno() if fd is None else fd
        self._lines: Queue[tuple[int, str] | None] = Queue(LINES_KEPT)
        self._thread = Thread(target=self._write, daemon=True)

    def __enter__(self) -> "Printer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait a moment for what is still to be written."""
        try:
            self._lines.put_nowait(None)
        except Full:
            return
        self._thread.join(FAREWELL_S)

    def say(self, line: str) -> None:
        """Queue a line; where nobody reads thousands of them, the newest are left out."""
        self._put(self._fd, line)

    def complain(self, line: str, fd: int | None = None) -> None:
        """Queue a line for stderr (or `fd`)."""
        self._put(sys.stderr.fileno() if fd is None else fd, line)

    def hint(self, line: str, fd: int | None = None) -> None:
        """Queue a line for stderr (or `fd`), where it is a terminal: it is for a person, not for a script."""
        its = sys.stderr.fileno() if fd is None else fd
        if os.isatty(its):
            self._put(its, line)

    def _put(self, fd: int, line: str) -> None:
        try:
            self._lines.put_nowait((fd, line))
        except Full:
            return

    def _write(self) -> None:
        while (queued := self._lines.get()) is not None:
            fd, line = queued
            left = f"{line}\n".encode(errors="replace")
            try:
                while left:
                    left = left[os.write(fd, left) :]
            except OSError:  # nobody is there any more
                return


class TypedLines:
    """Hands each line that is typed or piped in to `run`, one after the other; nothing where neither is.

    `exit`, `quit` or Ctrl-D calls `leave` instead; a pipe just ends.
    """

    def __init__(
        self, run: Callable[[str], Awaitable[None]], leave: Callable[[], None], fd: int | None = None
    ) -> None:
        self._run = run
        self._leave = leave
        self._fd = sys.stdin.fileno() if fd is None else fd
        self._typed: asyncio.Queue[str] = asyncio.Queue()
        self._begun = b""

    async def serve(self) -> None:
        """Take lines until cancelled."""
        if not os.isatty(self._fd) and not S_ISFIFO(os.fstat(self._fd).st_mode):
            return
        loop = asyncio.get_running_loop()
        loop.add_reader(self._fd, self._read)
        try:
            while (line := await self._typed.get()).lower() not in FAREWELLS:
                await self._run(line)
            self._leave()
        finally:
            loop.remove_reader(self._fd)

    def _read(self) -> None:
        """b"" is the end (Ctrl-D, or of a pipe), an error a terminal that is gone: nothing is read after."""
        try:
            got = os.read(self._fd, LONGEST_READ)
            is_farewell = not got and os.isatty(self._fd)
        except OSError:
            got, is_farewell = b"", False
        if not got:
            asyncio.get_running_loop().remove_reader(self._fd)
        *lines, self._begun = (self._begun + (got or b"\n")).split(b"\n")
        if is_farewell:
            lines.append(FAREWELLS[0].encode())
        for line in lines:
            if text := line.decode(errors="replace").strip():
                self._typed.put_nowait(text)
