"""Which job runs when: nothing that goes wrong in one step keeps the next from running."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from bot.errors import TemporaryError
from bot.health import Health
from bot.schedule import Schedule
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from storage.errors import StorageError

BOTH = [Source.PORT_IN, Source.PORT_OUT]


class Work:
    """Stands where poller, intake, cleaning and ops channel are; notes what it is asked, fails if told."""

    def __init__(self, clock):
        self.clock = clock
        self.polls, self.told = [], []
        self.fan_outs = self.cleanings = 0
        self.fails = self.fan_out_fails = self.clean_fails = self.tell_fails = None
        self.holds = asyncio.Event()
        self.holds.set()
        self.changed = asyncio.Condition()

    async def poll(self, source):
        self.polls.append(source)
        await self.note(self.fails)
        await self.holds.wait()
        return True

    async def fan_out(self):
        self.fan_outs += 1
        await self.note(self.fan_out_fails)

    async def clean(self):
        self.cleanings += 1
        await self.note(self.clean_fails)

    async def tell(self, what, since, until):
        self.told.append((what, since, until))
        await self.note(self.tell_fails)

    async def note(self, error):
        async with self.changed:
            self.changed.notify_all()
        if error:
            raise error

    async def until(self, condition):
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(condition)


@pytest.fixture
async def work(clock):
    return Work(clock)


@pytest.fixture
async def schedule(work, metrics, clock):
    made = Schedule(work, work, Health(), metrics, 3600, work.clean, clock, work.tell)
    yield made
    if made._scheduler.running:
        await made.stop()


def logged(cap, event):
    return [entry for entry in cap if entry["event"] == event]


async def test_both_lists_are_polled_at_once_after_the_start(schedule, work):
    schedule.start()
    await work.until(lambda: work.fan_outs == 2)

    assert sorted(work.polls) == BOTH


async def test_interval_varies_by_a_tenth_around_its_length(schedule):
    schedule.start()

    triggers = [schedule._scheduler.get_job(source.value).trigger for source in Source]

    assert [(trigger.interval.total_seconds(), trigger.jitter) for trigger in triggers] == [(3240, 720)] * 2


async def test_wake_polls_both_lists_now(schedule, work):
    schedule.start()
    await work.until(lambda: work.fan_outs == 2)

    schedule.wake()
    await work.until(lambda: work.fan_outs == 4)

    assert sorted(work.polls) == sorted(BOTH * 2)


async def test_wake_while_a_poll_runs_polls_that_list_once_more(schedule, work):
    work.holds.clear()
    schedule.start()
    await work.until(lambda: len(work.polls) == 2)

    for _ in range(3):
        schedule.wake()
    work.holds.set()
    await work.until(lambda: work.fan_outs == 4)

    assert sorted(work.polls) == sorted(BOTH * 2)
    assert not schedule._polling


async def test_list_is_polled_by_one_at_a_time(schedule, work):
    work.holds.clear()
    schedule.start()
    await work.until(lambda: len(work.polls) == 2)
    await schedule._poll(Source.PORT_IN)
    work.holds.set()
    await work.until(lambda: work.fan_outs == 2)

    assert sorted(work.polls) == BOTH


async def test_wake_before_the_start_and_after_the_end_is_harmless(schedule, work):
    schedule.wake()
    schedule.start()
    await work.until(lambda: work.fan_outs == 2)
    await schedule.stop()
    schedule.wake()
    await asyncio.sleep(0)

    assert len(work.polls) == 2


async def test_end_waits_for_a_poll_that_is_under_way(schedule, work):
    work.holds.clear()
    schedule.start()
    await work.until(lambda: len(work.polls) == 2)
    ending = asyncio.create_task(schedule.stop())
    await asyncio.sleep(0)
    is_over = ending.done()
    work.holds.set()
    await ending

    assert (is_over, work.fan_outs) == (False, 2)


async def test_end_cuts_a_poll_short_that_takes_too_long(schedule, work, monkeypatch, caplog):
    monkeypatch.setattr("bot.schedule.FINISH_WITHIN_S", 0.01)
    work.holds.clear()
    schedule.start()
    await work.until(lambda: len(work.polls) == 2)

    await schedule.stop()

    assert not schedule._polling
    assert not schedule._under_way
    assert work.fan_outs == 0
    assert not [entry for entry in caplog.records if entry.levelname == "ERROR"]


async def test_job_that_comes_due_at_the_end_does_not_begin(schedule, work):
    schedule.start()
    schedule._scheduler.pause()

    await schedule._job(work.clean)

    assert work.cleanings == 0


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
async def test_poll_that_fails_is_counted_by_its_kind(schedule, work, metrics, error, kind):
    work.fails = error

    await schedule._poll(Source.PORT_IN)

    counted = f'portwire_poll_failures_total{{kind="{kind}",source="port_in"}} 1.0'
    assert counted in metrics.render().decode()
    assert work.fan_outs == 1


async def test_trouble_is_told_once_when_it_begins_and_once_when_it_ended(schedule, work, clock):
    began = clock()
    with structlog.testing.capture_logs() as cap:
        work.fails = TelnyxUnavailableError("down", kind="connect")
        for _ in range(3):
            await schedule._poll(Source.PORT_IN)
            clock.forward(minutes=1)
        work.fails = None
        for _ in range(3):
            await schedule._poll(Source.PORT_IN)

    what = "Telnyx's port-in events can't be read"
    assert work.told == [(what, began, None), (what, began, began + timedelta(minutes=3))]
    assert len(logged(cap, "list can't be read, it is tried again at each poll")) == 1
    assert len(logged(cap, "list is read again")) == 1
    assert len(cap) == 2


async def test_rest_that_telnyx_asked_for_is_no_recovery(schedule, work, monkeypatch):
    work.fails = TelnyxUnavailableError("busy", kind="rate_limited")
    await schedule._poll(Source.PORT_IN)

    async def rest(_):
        return False

    monkeypatch.setattr(work, "poll", rest)
    await schedule._poll(Source.PORT_IN)

    assert schedule.health.poll_trouble[Source.PORT_IN].reason == "busy"
    assert len(work.told) == 1


async def test_poll_that_hangs_is_ended_and_told(schedule, work, metrics, monkeypatch):
    monkeypatch.setattr("bot.schedule.STEP_S", 0.01)
    work.holds.clear()

    await schedule._poll(Source.PORT_IN)

    assert schedule.health.poll_trouble[Source.PORT_IN].reason == "A poll took longer than 0.01 s."
    assert 'poll_failures_total{kind="timeout",source="port_in"} 1.0' in metrics.render().decode()
    assert not schedule._polling


async def test_each_list_has_troubles_of_its_own(schedule, work):
    work.fails = TelnyxUnavailableError("down", kind="connect")
    await schedule._poll(Source.PORT_IN)
    await schedule._poll(Source.PORT_OUT)

    assert [what for what, _, _ in work.told] == [
        "Telnyx's port-in events can't be read",
        "Telnyx's port-out events can't be read",
    ]


async def test_trouble_that_cannot_be_told_stops_nothing(schedule, work):
    work.fails = work.tell_fails = StorageError("disk full")
    with structlog.testing.capture_logs() as cap:
        await schedule._poll(Source.PORT_IN)
        work.fails = None
        await schedule._poll(Source.PORT_IN)

    assert len(logged(cap, "trouble can't be told in Slack")) == 2
    assert work.fan_outs == 2
    assert schedule.health.poll_trouble == {}


async def test_bug_in_a_poll_stops_neither_the_fan_out_nor_the_next_poll(schedule, work):
    work.fails = RuntimeError("a bug")
    schedule.start()
    await work.until(lambda: work.fan_outs == 2)
    work.fails = None
    schedule.wake()
    await work.until(lambda: work.fan_outs == 4)

    assert schedule.health.poll_trouble == {}


async def test_bug_is_logged_with_its_place_and_told_without(schedule, work):
    work.fails = RuntimeError("PIN 4711")
    with structlog.testing.capture_logs() as cap:
        await schedule._poll(Source.PORT_IN)

    assert schedule.health.poll_trouble[Source.PORT_IN].reason == "RuntimeError, see the log"
    assert logged(cap, "poll failed")[0]["exc_info"]


async def test_bug_in_the_fan_out_or_in_cleaning_is_logged_and_passes(schedule, work):
    work.fan_out_fails = work.clean_fails = RuntimeError("a bug")
    with structlog.testing.capture_logs() as cap:
        await schedule._fan_out()
        await schedule._clean()

    assert [entry["event"] for entry in cap] == [
        "fan-out failed, it goes on in a moment",
        "cleaning failed, it is tried again in an hour",
    ]
    assert (work.fan_outs, work.cleanings) == (1, 1)
