"""Which job runs when: nothing that goes wrong in one step keeps the next from running."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import structlog
import time_machine

from bot.delivery.telling import Telling
from bot.errors import TemporaryError
from bot.health import READING, Health
from bot.leases import LeaseLostError
from bot.messages import notices
from bot.results import Trouble
from bot.sandbox.telnyx.faults import NextFailure
from bot.schedule import SWEEPING, Schedule
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.ticking import catch_up
from storage import watermarks
from storage.errors import StorageError
from tests.way_in import way_in

BOTH = [Source.PORT_IN, Source.PORT_OUT]


@pytest.fixture
def due():
    return asyncio.Event()


@pytest.fixture
def promised():
    """How often promises were made."""
    return []


@pytest.fixture
async def bench(database, telnyx, metrics, clock, due, promised):
    made = lambda: promised.append(1)  # noqa: E731  # short
    return await way_in(database, telnyx, metrics, clock, on_promises=made, on_answer=due.set)


@pytest.fixture
def ops(database, clock):
    return Telling(database, "COPS", clock, lambda: None, team_id="T1")


@pytest.fixture
def told(database):
    """What OPS_CHANNEL is owed."""

    async def texts():
        async with database.reading() as tx:
            rows = await tx.exec_driver_sql(
                "SELECT body FROM delivery WHERE channel_id = 'COPS' ORDER BY created_at, id"
            )
            return [json.loads(body)["text"] for (body,) in rows]

    return texts


@pytest.fixture
async def schedule(bench, metrics, clock, ops, due):
    cleaned = []

    async def clean():
        cleaned.append(clock())

    made = Schedule(
        poller=bench.poller,
        promising=bench.promising,
        fan_out_due=due,
        health=Health(),
        metrics=metrics,
        interval_s=3600,
        clean=clean,
        now=clock,
        ops=ops,
    )
    yield made
    if made._scheduler.running:
        await made.stop()


@pytest.fixture
def polls(telnyx_api):
    """The lists as they are asked for, by their order."""

    def asked():
        paths = [seen.path for seen in telnyx_api.requests if seen.path.endswith("/events")]
        return [Source.PORT_OUT if "portouts" in path else Source.PORT_IN for path in paths]

    return asked


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # several tasks may bring it about
            await asyncio.sleep(0.002)


def failing(error):
    async def fail(*_):
        raise error

    return fail


async def anothers(*_):
    return False


async def nobodys(*_):
    return None


def logged(cap, event):
    return [entry for entry in cap if entry["event"] == event]


async def test_both_lists_are_polled_at_once_after_the_start(schedule, polls):
    schedule.start()
    await until(lambda: len(polls()) == 2)

    assert sorted(polls()) == BOTH


async def test_interval_varies_by_a_tenth_around_its_length(schedule):
    schedule.start()

    trigger = schedule._scheduler.get_job("port_in").trigger
    now = datetime.now(UTC)
    waits = [(trigger.get_next_fire_time(now, now) - now).total_seconds() for _ in range(200)]

    assert min(waits) >= 3240
    assert max(waits) <= 3960
    assert len(set(waits)) > 100


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-400), timedelta(days=20_000)])
async def test_clock_that_is_set_keeps_no_poll_waiting_and_owes_none(schedule, polls, monkeypatch, jump):
    monkeypatch.setattr("bot.schedule.CLOCK_LOOKS_EVERY_S", 0.01)
    schedule.start()
    running = schedule._scheduler._lookup_executor("default")._instances
    await until(lambda: len(polls()) == 2 and not any(running.values()))

    with time_machine.travel(datetime.now(UTC) + jump):
        schedule._scheduler.wakeup()
        await until(lambda: len(polls()) == 4)
        await schedule.stop()

    assert len(polls()) == 4


async def test_job_that_is_in_time_is_not_hurried_when_the_clock_is_looked_at(schedule, polls):
    schedule.start()
    await until(lambda: len(polls()) == 2)
    before = [job.next_run_time for job in schedule._scheduler.get_jobs()]

    catch_up(schedule._scheduler, datetime.now(UTC) - timedelta(seconds=9))

    assert [job.next_run_time for job in schedule._scheduler.get_jobs()] == before


async def test_what_was_read_is_promised_at_once(schedule, bench, telnyx_api, clock, promised):
    await bench.follow()
    clock.forward(seconds=1)
    telnyx_api.add_port_out(numbers=["+13035550101"], carrier="Lumen", spid="073H")

    schedule.start()
    await until(lambda: promised)

    assert promised == [1]


async def test_wake_polls_both_lists_now(schedule, polls):
    schedule.start()
    await until(lambda: schedule.health.polled_at.keys() == set(BOTH) and not schedule._polling)

    schedule.wake()
    await until(lambda: len(polls()) == 4)

    assert sorted(polls()) == sorted(BOTH * 2)


async def test_wake_while_a_poll_runs_polls_that_list_once_more(schedule, polls, telnyx_api):
    telnyx_api.faults.slow_s = 0.05
    schedule.start()
    await until(lambda: len(schedule._polling) == 2)

    for _ in range(3):
        schedule.wake()
    await until(lambda: not schedule._polling)

    assert sorted(polls()) == sorted(BOTH * 2)


async def test_list_is_polled_by_one_at_a_time(schedule, polls, telnyx_api):
    telnyx_api.faults.slow_s = 0.05
    schedule.start()
    await until(lambda: len(schedule._polling) == 2)
    await schedule._poll(Source.PORT_IN)
    await until(lambda: not schedule._polling)

    assert sorted(polls()) == BOTH


async def test_wake_before_the_start_and_after_the_end_is_harmless(schedule, polls):
    schedule.wake()
    schedule.start()
    await until(lambda: schedule.health.polled_at.keys() == set(BOTH))
    await schedule.stop()
    schedule.wake()
    await asyncio.sleep(0)

    assert len(polls()) == 2


async def test_end_waits_for_a_poll_that_is_under_way(schedule, telnyx_api):
    telnyx_api.faults.slow_s = 0.05
    schedule.start()
    await until(lambda: len(schedule._polling) == 2)

    await schedule.stop()

    assert schedule.health.polled_at.keys() == set(BOTH)
    assert not schedule._under_way


async def test_end_cuts_a_poll_short_that_takes_too_long(schedule, telnyx_api, monkeypatch, caplog):
    monkeypatch.setattr("bot.schedule.FINISH_WITHIN_S", 0.01)
    telnyx_api.faults.slow_s = 60
    schedule.start()
    await until(lambda: len(schedule._polling) == 2)

    await schedule.stop()

    assert not schedule._polling
    assert not schedule._under_way
    assert not [entry for entry in caplog.records if entry.levelname == "ERROR"]


async def test_job_that_comes_due_at_the_end_does_not_begin(schedule):
    schedule.start()
    schedule._scheduler.pause()

    await schedule._job(failing(AssertionError))

    assert not schedule._under_way - {*schedule._beside}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TelnyxUnavailableError("slow", kind="timeout"), "timeout"),
        (TelnyxUnavailableError("busy", kind="http_5xx"), "http_5xx"),
        (TelnyxRefusedError("wrong key", status=401, detail=""), "refused"),
        (TemporaryError("odd"), "refused"),
        (StorageError("disk full"), "database"),
        (KeyError("a bug"), "bug"),
    ],
)
async def test_poll_that_fails_is_counted_by_its_kind(schedule, monkeypatch, metrics, error, kind):
    monkeypatch.setattr(type(schedule.poller), "poll", failing(error))

    await schedule._poll(Source.PORT_IN)

    counted = f'portwire_poll_failures_total{{kind="{kind}",source="port_in"}} 1.0'
    assert counted in metrics.render().decode()
    trouble = schedule.health.database.trouble or schedule.health.troubles[READING[Source.PORT_IN]]
    assert trouble.is_ours == (kind in ("database", "bug"))
    assert schedule.fan_out_due.is_set()


async def test_trouble_is_told_once_when_it_begins_and_once_when_it_ended(schedule, telnyx_api, clock, told):
    began = clock()
    with structlog.testing.capture_logs() as cap:
        telnyx_api.faults.unauthorized = True
        for _ in range(3):
            await schedule._poll(Source.PORT_IN)
            clock.forward(minutes=1)
        schedule_reason = schedule.health.troubles[READING[Source.PORT_IN]].reason
        telnyx_api.faults.unauthorized = False
        for _ in range(3):
            await schedule._poll(Source.PORT_IN)

    what = READING[Source.PORT_IN]
    assert await told() == [
        notices.trouble_started(what, began, schedule_reason).text,
        notices.trouble_ended(what, began, began + timedelta(minutes=3)).text,
    ]
    assert [entry["event"] for entry in cap] == [
        "trouble, it is tried again and again",
        "trouble is over",
    ]


async def test_step_that_hangs_is_ended_and_told(schedule, telnyx_api, metrics, monkeypatch):
    monkeypatch.setattr("bot.schedule.STEP_S", 0.01)
    telnyx_api.faults.slow_s = 60

    await schedule._poll(Source.PORT_IN)

    assert schedule.health.troubles[READING[Source.PORT_IN]].reason == "It took longer than 0.01 s."
    assert 'poll_failures_total{kind="timeout",source="port_in"} 1.0' in metrics.render().decode()
    assert not schedule._polling


async def test_each_list_has_troubles_of_its_own(schedule, telnyx_api, told):
    telnyx_api.faults.unauthorized = True
    await schedule._poll(Source.PORT_IN)
    await schedule._poll(Source.PORT_OUT)

    assert sorted("port-in" in text for text in await told()) == [False, True]


async def test_trouble_that_cannot_be_told_is_told_as_soon_as_it_can(schedule, telnyx_api, told, monkeypatch):
    telnyx_api.faults.unauthorized = True
    with monkeypatch.context() as patch:
        patch.setattr("storage.troubles.begin", failing(StorageError("disk full")))
        await schedule._poll(Source.PORT_IN)
    before = await told()
    await schedule._poll(Source.PORT_IN)

    assert (before, len(await told())) == ([], 1)


async def test_bug_in_a_poll_stops_not_the_next_poll(schedule, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(schedule.poller), "poll", failing(RuntimeError("a bug")))
        schedule.start()
        await until(lambda: len(schedule.health.troubles) == 2)
    schedule.wake()
    await until(lambda: not schedule.health.troubles)

    assert schedule.health.polled_at.keys() == set(BOTH)


async def test_bug_is_logged_once_with_its_place_and_told_without(schedule, monkeypatch):
    monkeypatch.setattr(type(schedule.poller), "poll", failing(RuntimeError("PIN 4711")))
    with structlog.testing.capture_logs() as cap:
        for _ in range(3):
            await schedule._poll(Source.PORT_IN)

    assert schedule.health.troubles[READING[Source.PORT_IN]].reason == "a bug of mine, see the log"
    assert len(logged(cap, "a step failed")) == 1
    assert logged(cap, "a step failed")[0]["exc_info"]


async def test_database_that_fails_all_work_is_one_trouble(schedule, monkeypatch, told):
    database = schedule.health.database
    with structlog.testing.capture_logs() as cap, monkeypatch.context() as patch:
        for part, name in (
            (schedule.promising, "fan_out"),
            (schedule.poller, "poll"),
            (schedule.poller, "sweep"),
        ):
            patch.setattr(type(part), name, failing(StorageError("disk full")))
        for work in (schedule._fan_out, partial(schedule._poll, Source.PORT_IN)) * 5:
            await work()
        await schedule._sweep(Source.PORT_IN)
        held_up = database.holds_up
    await schedule._fan_out()
    still_held_up = database.holds_up
    await schedule._poll(Source.PORT_IN)

    assert [entry["event"] for entry in cap] == ["the database can't be used, work waits and is tried again"]
    assert (held_up, still_held_up, database.holds_up) == (True, True, False)
    assert await told() == []


async def test_what_fails_is_not_told_by_who_does_it_no_more(schedule, monkeypatch, told, telnyx_api):
    telnyx_api.faults.unauthorized = True
    await schedule._poll(Source.PORT_IN)
    monkeypatch.setattr("bot.poller.Poller.poll", anothers)
    monkeypatch.setattr("bot.promising.Promising.fan_out", nobodys)

    await schedule._poll(Source.PORT_IN)
    await schedule._fan_out()

    assert len(await told()) == 1
    assert schedule.health.troubles == {}
    assert schedule.health.polled_at == {}


async def test_cleaning_that_fails_passes(schedule):
    bad = replace(schedule, clean=failing(RuntimeError("a bug")))
    await bad._clean()
    failed = dict(bad.health.troubles)
    await schedule._clean()

    assert [trouble.reason for trouble in failed.values()] == ["a bug of mine, see the log"]
    assert schedule.health.troubles == {}


async def test_deep_sweep_that_fails_is_told_and_keeps_no_poll(schedule, telnyx_api, clock, polls):
    await schedule._poll(Source.PORT_IN)
    clock.forward(hours=1)
    telnyx_api.faults.next_failures = [NextFailure("401")]

    await schedule._sweep(Source.PORT_IN)
    failed = dict(schedule.health.troubles)
    await schedule._poll(Source.PORT_IN)
    await schedule._sweep(Source.PORT_IN)

    assert isinstance(failed[SWEEPING[Source.PORT_IN]], Trouble)
    assert schedule.health.troubles == {}


async def test_a_list_that_another_process_took_over_is_no_trouble(schedule, monkeypatch, told):
    monkeypatch.setattr("bot.poller.Poller.poll", failing(LeaseLostError("another reads it")))

    with structlog.testing.capture_logs() as cap:
        await schedule._poll(Source.PORT_IN)

    assert logged(cap, "another process goes on with it")
    assert await told() == []
    assert schedule.health.troubles == {}


async def test_when_a_list_was_read_is_kept_for_other_processes_and_the_next_start(schedule, database, clock):
    await schedule._poll(Source.PORT_IN)

    async with database.reading() as tx:
        assert (await watermarks.find(tx, Source.PORT_IN)).read_at == clock()
        assert (await watermarks.find(tx, Source.PORT_OUT)).read_at is None


async def test_what_was_never_started_ends_without_a_word(schedule):
    await schedule.stop()
