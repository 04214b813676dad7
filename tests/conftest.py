"""What many tests stand on: a real database file and the two stand-ins, all on one clock turned by hand."""

import asyncio
import os
import signal
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.metrics import Metrics
from bot.sandbox.telnyx_api import TelnyxApi
from bot.telnyx.client import Telnyx
from storage.database import Database
from tests import nesting, schema
from tests.browser import chromium
from tests.canaries import pytest_runtest_makereport  # noqa: F401  # pytest looks for its hooks here
from tests.clock import Clock

# The same examples in each run, however slow the machine: a test that fails now and then tells nothing.
settings.register_profile(
    "portwire",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("portwire")

nesting.forbid()


def pytest_terminal_summary(terminalreporter):
    """Browser tests that could not run are told of at the end, where nobody overlooks it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if count := sum(chromium.MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.section("browser tests", red=True, bold=True)
        terminalreporter.line(f"{count} skipped. {chromium.MISSING}", red=True, bold=True)


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Slack gives an app three seconds, of which it gives its database one; a busy machine may need more."""
    monkeypatch.setattr("bot.sandbox.slack.courier.ACK_WITHIN_S", 60.0)
    monkeypatch.setattr("bot.web.SEEN_WITHIN_S", 30.0)
    monkeypatch.setattr("handlers.desk.SEEN_WITHIN_S", 30.0)


@pytest.fixture(autouse=True)
def _plain_tracebacks():
    """As in production: structlog's own choice shows the variables of each frame, and secrets among them."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture(scope="session")
def postgres():
    """The run's PostgreSQL server, see `tests.engines`."""
    from tests.engines import Server  # noqa: PLC0415  # most tests need none

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    return Server(Path(tempfile.gettempdir(), f"portwire-postgres-{run}"))


@pytest.fixture
def engine():
    """What keeps `database`; folders whose tests hold for both engines have a fixture of that name too."""
    return "sqlite"


@pytest.fixture
def database_url(engine, tmp_path, request):
    if engine == "sqlite":
        yield schema.newest(tmp_path / "test.db")
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture
async def database(database_url):
    async with Database.open(database_url) as opened:
        yield opened


@pytest.fixture
async def telnyx_api(clock):
    api = TelnyxApi(now=clock, strict=True)  # so that no filter of ours does nothing
    await api.start()
    yield api
    await api.stop()


@pytest.fixture
async def telnyx(telnyx_api, metrics, clock):
    async with Telnyx.open(telnyx_api.url, "KEY_SANDBOX", metrics, clock) as client:
        yield replace(client, sleep=clock.sleep)


@pytest.fixture
async def connections_end():
    """A question that was given up is still worked on in its thread, whose answer needs a loop that lives."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if "_connection_worker" in thread.name:
            await asyncio.to_thread(thread.join, 10)
            assert not thread.is_alive()


@pytest.fixture
def signals_as_before():
    """A bot that was asked to end leaves nothing behind: no handler, and no alarm."""
    names = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)
    before = {name: signal.getsignal(name) for name in names}
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for name, handler in before.items():
        signal.signal(name, handler)
