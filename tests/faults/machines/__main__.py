"""The state machines for long, on many stories: `python -m tests.faults.machines --examples 2000`.

Ends with 1 at the first disagreement between the bot and the model, and prints the shortest story of it.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import schema
from tests.engines import Server
from tests.faults.machines.delivering import Delivering
from tests.faults.machines.taking_in import TakingIn
from tests.faults.machines.world import small_pages

MACHINES = {"in": TakingIn, "out": Delivering}


def on_engine(machine, engine, folder, stack):
    """The machine with databases of its own."""
    numbers = count()
    server = Server(folder / "server") if engine == "postgres" else None

    def made():
        if server:
            return stack.enter_context(server.database())
        return schema.newest(folder / f"{next(numbers)}.db")

    return type(machine.__name__, (machine,), {"database_url": staticmethod(made)})


def main(given):
    for name in [given.machine] if given.machine else MACHINES:
        begun, used = time.monotonic(), time.process_time()
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=given.folder)))
            machine = on_engine(MACHINES[name], given.engine, folder, stack)
            stack.enter_context(small_pages())
            chosen = settings(
                max_examples=given.examples,
                stateful_step_count=given.steps,
                deadline=None,
                database=None,
                derandomize=given.same,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink] if given.shrink else [Phase.generate],
            )
            run_state_machine_as_test(machine, settings=chosen)
        took, cpu = time.monotonic() - begun, time.process_time() - used
        print(
            f"{MACHINES[name].__name__}  {given.engine}  examples {given.examples}  steps {given.steps}"
            f"  disagreements 0  {took:.0f} s, {cpu:.0f} s of the processor",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--machine", choices=sorted(MACHINES))
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--folder", help="where the databases are made, such as a RAM disk")
    parser.add_argument("--same", action="store_true", help="the same stories as in each run")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false", help="tell the first story found")
    sys.exit(main(parser.parse_args()))
