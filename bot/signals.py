"""SIGTERM and Ctrl-C: the first one asks for an orderly end, a Ctrl-C after it ends the process at once."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING = (signal.SIGTERM, signal.SIGINT)
ENDS_WITHIN_S = 14.5
"""An orderly end is over by then; what could still hang is a thread of the system's that looks up a name."""


@contextmanager
def first_signal(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` at the first SIGTERM or Ctrl-C of the block.

    From then on Ctrl-C ends the process at once, without a word, and SIGTERM, which some supervisors send
    again and again, changes nothing. That stays so after the block: the process is ending.
    """

    def take(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        act()

    before = {name: signal.signal(name, take) for name in ENDING}
    try:
        yield
    finally:
        for name, handler in before.items():
            if signal.getsignal(name) is take:
                signal.signal(name, handler)


def interrupt() -> None:
    """What a command that has no orderly end of its own does."""
    raise KeyboardInterrupt


def end_soon() -> None:
    """Let the process end with 0 when its orderly end takes longer than it may: all is recorded by then."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, ENDS_WITHIN_S)


async def until_stopped(life: "asyncio.Task[None]") -> None:
    """Wait for `life`, which the first signal cancels; raise what it raised."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        end_soon()
        loop.call_soon_threadsafe(life.cancel)

    with first_signal(stop):
        await asyncio.wait({life})
    if not life.cancelled():
        life.result()
