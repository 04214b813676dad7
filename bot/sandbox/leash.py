"""The bot as the sandbox's child: `portwire run`, which ends when whoever started it is gone.

Standard input is a pipe that the sandbox holds and never writes to. However the sandbox ends, also by
SIGKILL, the pipe ends with it, on every system.
"""

import os
import runpy
import signal
import sys
from threading import Thread

STDIN = 0


def main() -> None:
    """Run the bot as `python -m bot run` does, on the leash."""
    Thread(target=end_with, args=(STDIN,), daemon=True).start()
    sys.argv[1:] = ["run"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def end_with(pipe: int) -> None:
    """Wait for the pipe's end, then ask this process to end in order."""
    while os.read(pipe, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
