"""Whether the database can be used is felt in each process: one line when it ends, one when it is back."""

import sqlite3
from contextlib import closing

import pytest
import structlog

from bot.outage import NO_DATABASE, QUIET_S, Outage
from bot.pulse import EVERY_S, IN_TROUBLE_S, Pulse
from storage.database import Database
from storage.errors import StorageError
from tests import schema

BEGAN, OVER = "the database can't be used, work waits and is tried again", "the database can be used again"


class Ticks:
    """A clock that goes only where it is sent."""

    at = 100.0

    def __call__(self):
        return self.at


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def told():
    return []


@pytest.fixture
def retried():
    return []


@pytest.fixture
async def pulse(tmp_path, clock, ticks, told, retried, monkeypatch):
    monkeypatch.setattr("storage.sqlite.BUSY_TIMEOUT_S", 0)

    async def tell(trouble, until):
        told.append((trouble.what, until - trouble.since))

    async with Database.open(schema.newest(tmp_path / "pulse.db")) as database:
        yield Pulse(database, Outage(ticks), clock, lambda: retried.append(ticks()), tell)


@pytest.fixture
def locked(tmp_path, pulse):
    """Another process keeps the file for itself until it rolls back."""
    with closing(sqlite3.connect(tmp_path / "pulse.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


async def test_database_that_works_is_felt_now_and_then_and_no_news(pulse, told):
    with structlog.testing.capture_logs() as cap:
        assert await pulse.beat() == EVERY_S

    assert (cap, told, pulse.outage.trouble) == ([], [], None)


async def test_trouble_is_one_line_when_it_begins_and_one_when_all_was_quiet(
    pulse, locked, ticks, clock, told
):
    with structlog.testing.capture_logs() as cap:
        during = [await pulse.beat() for _ in range(3)]
        locked.rollback()
        waits = [await pulse.beat()]
        clock.forward(seconds=31)
        ticks.at += QUIET_S
        waits += [await pulse.beat(), await pulse.beat()]

    assert during == [IN_TROUBLE_S] * 3
    assert waits == [IN_TROUBLE_S, EVERY_S, EVERY_S]
    assert [(line["event"], line["log_level"]) for line in cap] == [(BEGAN, "error"), (OVER, "info")]
    assert "another process keeps it locked" in cap[0]["reason"]
    assert [(what, lasted.total_seconds()) for what, lasted in told] == [(NO_DATABASE, 31)]


async def test_trouble_is_not_over_before_what_failed_was_done(pulse, ticks, clock, retried):
    pulse.outage.failed(StorageError("the disk is full"), clock(), "polls")
    ticks.at += QUIET_S
    still = [await pulse.beat(), pulse.outage.trouble is not None]
    pulse.outage.works("polls")

    assert still == [IN_TROUBLE_S, True]
    assert retried == [ticks()]
    assert await pulse.beat() == EVERY_S
    assert pulse.outage.trouble is None


async def test_what_is_no_trouble_by_itself_keeps_one_from_ending(pulse, ticks, clock):
    pulse.outage.failed(StorageError("the connection broke"), clock())
    ticks.at += QUIET_S
    pulse.outage.failed_again()

    assert await pulse.beat() == IN_TROUBLE_S
    assert pulse.outage.trouble


async def test_disk_that_fills_while_the_end_is_told_goes_on_as_the_same_trouble(
    pulse, ticks, clock, monkeypatch
):
    async def full(*_):
        raise StorageError("the disk is full")

    pulse.outage.failed(StorageError("the disk is full"), clock())
    ticks.at += QUIET_S
    with structlog.testing.capture_logs() as cap:
        waits_s = await Pulse(pulse.database, pulse.outage, clock, pulse.retry, full).beat()

    assert (waits_s, cap) == (IN_TROUBLE_S, [])
    assert pulse.outage.trouble


async def test_process_that_nobody_asks_feels_it_too(pulse, locked, monkeypatch):
    async with pulse.beating():
        while pulse.outage.trouble is None:
            await pulse.database.is_current()

    assert "locked" in pulse.outage.trouble.reason


async def test_over_is_only_what_had_begun(pulse, clock):
    with structlog.testing.capture_logs() as cap:
        pulse.outage.over(clock())

    assert cap == []
