"""The first signal asks for an orderly end; after it Ctrl-C ends at once, and SIGTERM changes nothing."""

import os
import signal
import subprocess
import sys

import pytest

from bot.signals import first_signal, interrupt

pytestmark = pytest.mark.usefixtures("signals_as_before")
HANGING = """
import sys, threading, time
from bot import signals
signals.ENDS_WITHIN_S = 0.05
signals.end_soon()
threading.Thread(target=time.sleep, args=(60,)).start()
sys.exit(7)
"""


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_first_signal_acts_once_and_the_next_ctrl_c_ends_at_once(name):
    acted = []

    with first_signal(lambda: acted.append("asked")):
        os.kill(os.getpid(), name)
        os.kill(os.getpid(), signal.SIGTERM)

    assert acted == ["asked"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL


def test_without_a_signal_all_is_as_before():
    before = [signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)]

    with first_signal(interrupt):
        pass

    assert [signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)] == before


def test_signal_taken_inside_is_not_forgotten_outside():
    with first_signal(interrupt), first_signal(lambda: None):
        os.kill(os.getpid(), signal.SIGTERM)

    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL


def test_end_that_hangs_in_a_thread_is_over_in_time_with_0():
    ended = subprocess.run([sys.executable, "-c", HANGING], check=False, timeout=20)

    assert ended.returncode == 0
