"""State machines: whatever happens in whatever order, the bot and a small model of its promises agree."""

from itertools import count

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import schema
from tests.faults.machines.delivering import Delivering
from tests.faults.machines.taking_in import TakingIn
from tests.faults.machines.world import small_pages

FEW = settings(
    max_examples=12,
    stateful_step_count=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def machine_on_files(machine, folder):
    numbers = count()
    made = lambda: schema.newest(folder / f"{next(numbers)}.db")  # noqa: E731  # short
    return type(machine.__name__, (machine,), {"database_url": staticmethod(made)})


def test_way_in_keeps_its_promises_whatever_happens(tmp_path):
    with small_pages():
        run_state_machine_as_test(machine_on_files(TakingIn, tmp_path), settings=FEW)


def test_way_out_keeps_its_promises_whatever_happens(tmp_path):
    with small_pages():
        run_state_machine_as_test(machine_on_files(Delivering, tmp_path), settings=FEW)
