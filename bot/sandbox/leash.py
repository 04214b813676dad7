"""The bot as the sandbox's child: `portwire run`, which ends when whoever started it is gone.

Standard input is a pipe that the sandbox holds and never writes to. However the sandbox ends, also by
SIGKILL, a second Ctrl-C or a closed terminal, the pipe ends with it, on every system. The folder that is
named as the one argument is then nobody's any more, and goes as well.
"""

import os
import runpy
import shutil
import signal
import sys
from threading import Event, Thread

STDIN = 0


def main() -> None:
    """Run the bot as `python -m bot run` does, on the leash."""
    folder = sys.argv[1]
    is_gone = Event()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the bot takes it: what is below runs
    sys.argv[1:] = ["run"]
    try:
        Thread(target=end_with, args=(STDIN, is_gone), daemon=True).start()
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
    finally:
        if is_gone.is_set():
            shutil.rmtree(folder, ignore_errors=True)


def end_with(pipe: int, is_gone: Event) -> None:
    """Wait for the pipe's end, note it, then ask this process to end in order."""
    while os.read(pipe, 1):
        continue
    is_gone.set()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
