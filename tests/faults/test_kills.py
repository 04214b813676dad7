"""A short kill run on each engine; long ones are `make soak`."""

from argparse import Namespace

import pytest

from tests.faults.kill_run import KillRun

KILLS = 20


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    return request.param


async def test_nothing_is_lost_or_repeated_by_twenty_kills(engine, tmp_path, database_url):
    fleet = {"engine": engine, "workers": 2, "webs": 1}
    given = Namespace(kills=KILLS, minutes=None, seed=3, faults=0.1, blind=False, haste=4, **fleet)
    run = KillRun(given, tmp_path, database_url)

    verdict = await run.run()

    assert verdict.due > KILLS
    assert verdict.is_good, str(verdict)
    assert run.kills >= KILLS
