"""The named places at which a test can end the process do nothing unless one is asked for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import failpoints

PROGRAM = """
from bot.failpoints import reached
for number in range(3):
    reached("poll.begun"); reached("poll.done")
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    ("wanted", "printed", "code"),
    [
        ("", "0 1 2", 0),
        ("poll.begun", "", 137),
        ("poll.done:2", "0", 137),
        ("edit.chosen", "0 1 2", 0),
    ],
)
def test_process_ends_at_the_place_and_time_that_were_asked_for(wanted, printed, code):
    environment = os.environ | {"PORTWIRE_FAILPOINT": wanted, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, "-c", PROGRAM]

    ended = subprocess.run(program, env=environment, capture_output=True, timeout=30, check=False)

    assert (ended.stdout.decode().split(), ended.returncode) == (printed.split(), code)


def test_every_place_in_the_code_has_a_name_that_tests_know():
    source = "".join(path.read_text() for path in Path(failpoints.__file__).parent.rglob("*.py"))

    assert set(re.findall(r"\breached\(\"([^\"]+)\"\)", source)) == failpoints.NAMES
