"""The sandbox as a person starts it: a process with a terminal, which outside clients talk to."""

import os
import pty
import queue
import signal
import threading
import time
from contextlib import contextmanager

from tests import canaries
from tests.forks import fork

PATIENCE_S = 60


class Sandbox:
    """The process: its lines as they come, and a keyboard."""

    def __init__(self, home, *options, speed="1440", has_keyboard=True, screen=None):
        self.keyboard, its_end = pty.openpty()
        (self.out, its_out), (self.errors, its_errors) = os.pipe(), os.pipe()
        self.process = fork(
            "sandbox", "--port", "0", "--speed", speed,
            *([] if screen else ["--no-browser"]),
            *(str(option) for option in options),
            cwd=home,
            environment=os.environ | {"TMPDIR": str(home)} | (screen or {}),
            stdin=its_end if has_keyboard else None,
            stdout=its_out,
            stderr=its_errors,
        )  # fmt: skip
        for its in (its_end, its_out, its_errors):
            os.close(its)
        self.lines = queue.Queue()
        self.seen = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.url = self.line_with("page http").removeprefix("page ")
        self.port = int(self.url.rpartition(":")[2])

    def _read(self):
        with os.fdopen(self.out) as lines:
            for line in lines:
                self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def line_with(self, *words):
        """The next line that holds all of them."""
        end = time.monotonic() + PATIENCE_S
        while (line := self.lines.get(timeout=max(0.1, end - time.monotonic()))) is not None:
            self.seen.append(line)
            if all(word in line for word in words):
                return line
        raise AssertionError(f"the sandbox ended: {self.complaints()}")

    def type(self, line):
        os.write(self.keyboard, f"{line}\n".encode())

    def end(self, name=signal.SIGTERM):
        """How long it took to end, its exit code and what it wrote to stderr."""
        began = time.monotonic()
        os.kill(self.process.pid, name)
        code = self.code()
        return time.monotonic() - began, code, self.complaints()

    def code(self):
        """Its exit code, once it has ended."""
        self.process.join(20)
        return self.process.exitcode

    def complaints(self):
        with os.fdopen(os.dup(self.errors)) as errors:
            return errors.read()

    def close(self):
        self.process.kill()
        self.process.join()
        self.reader.join()
        os.close(self.keyboard)
        os.close(self.errors)


@contextmanager
def started(home, *options, **more):
    sandbox = Sandbox(home, *options, **more)
    try:
        yield sandbox
    finally:
        sandbox.close()
    canaries.check(canaries.finds_in("the sandbox's lines", "\n".join(sandbox.seen).encode()))
    canaries.check(canaries.finds_in_folder(home))
