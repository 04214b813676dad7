"""The bot's own view of itself: what it read last, what waits, what is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.health import READING, Health, measure, readiness, report
from bot.metrics import Metrics
from bot.outage import Outage
from bot.results import GivenUp, PausedChannel, Trouble
from bot.telnyx.events import Source
from storage import channels, deliveries, promises, watermarks
from storage.database import Database
from storage.deliveries import Message
from storage.errors import StorageError
from storage.promises import Promise

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
AGO = NOW - timedelta(minutes=5)


def promise(event_key, promised_at):
    return Promise(
        channel_id="C1",
        event_key=event_key,
        team_id="T1",
        source="port_in",
        order_id="o1",
        created_at=promised_at,
        promised_at=promised_at,
        is_critical=False,
        style="flat",
        broadcast=False,
        subscriptions=",1,",
    )


async def parts_of(health, database):
    return {part.name: part for part in await readiness(health, database)}


def test_only_the_first_failure_in_a_row_is_news():
    health = Health()

    first = health.failed("It fails", "down", AGO)
    second = health.failed("It fails", "still down", NOW)

    assert (first, second) == (Trouble("It fails", AGO, "down"), None)
    assert health.troubles["It fails"] == Trouble("It fails", AGO, "still down")


def test_a_success_tells_which_trouble_it_ends():
    health = Health()
    health.failed("It fails", "down", AGO)

    ended = health.ended("It fails")

    assert ended.since == AGO
    assert health.ended("It fails") is None


@pytest.mark.parametrize("is_ours", [True, False])
async def test_bot_is_not_ready_while_it_cannot_keep_what_telnyx_tells(database, is_ours):
    health = Health()
    health.failed("It fails", "disk full", AGO, is_ours=is_ours)

    parts = await parts_of(health, database)

    assert ("work" in parts) == is_ours
    assert not is_ours or (not parts["work"].ok and parts["work"].detail.startswith("It fails, since "))


async def test_bot_is_not_ready_while_nothing_can_be_written(database):
    health = Health()
    health.database.failed(
        StorageError(f"The database {database.name} can't be used: the disk is full."), AGO
    )

    part = (await parts_of(health, database))["database"]
    told = (await report(health, database, NOW)).troubles

    assert (part.ok, part.detail) == (
        False,
        "The database test.db can't be used: the disk is full. So since 2026-12-01T13:57:00+00:00.",
    )
    assert [each.what for each in told] == ["The database can't be used"]


async def test_bot_is_not_ready_while_writing_is_waited_for(database):
    ticks = iter([0.0, 2.0, 0.0, 7.4, 7.4])
    health = Health(database=Outage(tick=lambda: next(ticks)))
    health.database.asking(begins=True)
    after_a_moment = (await parts_of(health, database))["database"]
    health.database.asking(begins=True)
    part = (await parts_of(health, database))["database"]

    assert (after_a_moment.ok, part.ok) == (True, False)
    assert part.detail == "The database has let us write nothing for 7 s: somebody else may lock it."


async def test_a_token_that_slack_takes_back_ends_readiness(database):
    health = Health()
    health.slack_accepted(NOW)
    health.slack_refused("token_revoked")

    slack = (await parts_of(health, database))["slack"]

    assert not slack.ok
    assert "token_revoked" in slack.detail


async def test_a_process_that_stops_is_not_ready(database):
    assert not (await parts_of(Health(is_stopping=True), database))["process"].ok


async def test_an_old_schema_is_not_ready(tmp_path):
    async with Database.open(f"sqlite:///{tmp_path}/empty.db") as empty:
        parts = await parts_of(Health(), empty)

    assert not parts["database"].ok
    assert "migrate" in parts["database"].detail


async def test_a_file_that_we_bring_to_the_newest_schema_asks_nobody_to_do_so(tmp_path):
    async with Database.open(f"sqlite:///{tmp_path}/empty.db") as empty:
        part = (await parts_of(Health(is_migrating=True), empty))["database"]

    assert (part.ok, part.detail) == (False, "The database is being brought to the newest schema.")


async def test_a_file_that_is_no_database_is_not_ready(tmp_path):
    (tmp_path / "odd.db").write_bytes(b"no database" * 100)

    async with Database.open(f"sqlite:///{tmp_path}/odd.db") as odd:
        parts = await parts_of(Health(), odd)

    assert not parts["database"].ok


async def test_a_list_that_is_failing_still_counts_as_watched(database):
    health = Health()
    health.failed(READING[Source.PORT_IN], "down", NOW)
    async with database.transaction() as tx:
        await watermarks.begin(tx, "port_in", watermark=AGO, baseline_at=AGO)

    parts = await parts_of(health, database)

    assert parts["port_in"].ok
    assert not parts["port_out"].ok


async def test_the_report_counts_what_waits_and_names_what_is_paused(database):
    health = Health(polled_at={Source.PORT_IN: NOW})
    health.failed(READING[Source.PORT_OUT], "down", AGO)
    health.failed("Cleaning fails", "odd", NOW)
    async with database.transaction() as tx:
        await watermarks.begin(tx, "port_in", watermark=AGO, baseline_at=AGO)
        await channels.ensure(tx, "C1", "T1")
        await channels.pause(tx, "C1", "is_archived", now=AGO, probe_at=NOW)
        await promises.make(tx, [promise(1, NOW), promise(2, AGO)])
        await deliveries.add(tx, Message("d1", "T1", "C1", "notice", NOW, NOW))
        await deliveries.add(tx, Message("d2", "T1", "C1", "notice", NOW, NOW, state="parked", error="odd"))
        await channels.note_history(tx, "C1", "missing_scope")

    found = await report(health, database, NOW)

    assert (found.events_waiting, found.messages_open, found.waiting_since) == (2, 1, AGO)
    assert found.paused == (PausedChannel("C1", AGO, "is_archived"),)
    assert (found.parked, found.given_up) == (1, (GivenUp("C1", NOW, "odd"),))
    assert found.unreadable == ("C1",)
    port_in, port_out = found.polls
    assert (port_in.last_success_at, port_in.watching_since) == (NOW, AGO)
    assert (port_out.last_success_at, port_out.trouble.reason) == (None, "down")
    assert [trouble.what for trouble in found.troubles] == ["Cleaning fails"]


async def test_gauges_tell_the_backlog_and_its_age(database):
    metrics = Metrics()
    async with database.transaction() as tx:
        await watermarks.begin(tx, "port_out", watermark=AGO, baseline_at=AGO)
        await promises.make(tx, [promise(1, AGO)])

    await measure(Health(), database, metrics, NOW)

    def value(name, **labels):
        return metrics.registry.get_sample_value(f"portwire_{name}", labels)

    assert value("deliveries_pending") == 1
    assert value("delivery_oldest_seconds") == 300
    assert value("watermark_timestamp_seconds", source="port_out") == AGO.timestamp()


async def test_what_a_refused_channel_waits_for_has_a_gauge_of_its_own(database):
    metrics = Metrics()
    async with database.transaction() as tx:
        await channels.ensure(tx, "C1", "T1")
        await channels.ensure(tx, "C2", "T1")
        await channels.pause(tx, "C1", "is_archived", now=AGO, probe_at=NOW)
        await promises.make(tx, [promise(1, AGO)])
        await deliveries.add(tx, Message("d1", "T1", "C1", "notice", AGO, AGO))
        await deliveries.add(tx, Message("d2", "T1", "C2", "notice", NOW - timedelta(seconds=60), NOW))

    await measure(Health(), database, metrics, NOW)

    value = metrics.registry.get_sample_value
    assert (value("portwire_deliveries_pending"), value("portwire_channels_paused")) == (3, 1)
    assert value("portwire_delivery_oldest_seconds") == 60


async def test_without_a_database_the_gauges_stay_as_they_were(tmp_path):
    metrics = Metrics()
    metrics.deliveries_pending.set(7)

    async with Database.open(f"sqlite:///{tmp_path}/empty.db") as empty:
        await measure(Health(), empty, metrics, NOW)

    assert metrics.registry.get_sample_value("portwire_deliveries_pending") == 7


async def test_a_database_that_takes_too_long_is_not_ready(database, monkeypatch):
    monkeypatch.setattr("bot.health.ANSWERS_WITHIN_S", 0)

    part = (await parts_of(Health(), database))["database"]

    assert not part.ok
    assert "in time" in part.detail


async def test_gauges_tell_when_a_list_was_last_read(database):
    metrics = Metrics()

    await measure(Health(polled_at={Source.PORT_IN: NOW}), database, metrics, NOW)

    last = metrics.registry.get_sample_value(
        "portwire_poll_last_success_timestamp_seconds", {"source": "port_in"}
    )
    assert last == NOW.timestamp()


async def test_a_list_that_nobody_could_read_since_the_start_looks_older_and_older(database):
    metrics = Metrics()
    metrics.begin(AGO)
    async with database.transaction() as tx:
        for source in Source:
            await watermarks.begin(tx, source, watermark=NOW, baseline_at=NOW)
        await watermarks.note_read(tx, Source.PORT_OUT, NOW)

    await measure(Health(), database, metrics, NOW)

    last = [
        metrics.registry.get_sample_value(
            "portwire_poll_last_success_timestamp_seconds", {"source": source.value}
        )
        for source in Source
    ]
    assert last == [AGO.timestamp(), NOW.timestamp()]


@pytest.mark.parametrize("by_us", [True, False])
async def test_readiness_tells_when_a_list_was_last_read_if_it_was(database, by_us):
    health = Health()
    async with database.transaction() as tx:
        for source in Source:
            await watermarks.begin(tx, source, watermark=AGO, baseline_at=AGO)
    before = (await parts_of(health, database))["port_in"]
    if by_us:
        health.polled(Source.PORT_IN, NOW)
    else:
        async with database.transaction() as tx:
            await watermarks.note_read(tx, Source.PORT_IN, NOW)

    after = (await parts_of(health, database))["port_in"]

    since = f"watching since {AGO.isoformat(timespec='seconds')}"
    assert (before.ok, before.detail) == (True, f"{since}; not read yet")
    assert (after.ok, after.detail) == (True, f"{since}; last read at {NOW.isoformat(timespec='seconds')}")


@pytest.mark.parametrize(("read_ago", "is_missed"), [(1, False), (6, True), (None, True)])
async def test_who_only_answers_people_misses_workers_that_have_not_read_for_long(
    database, read_ago, is_missed
):
    health = Health(answers_only=True)
    async with database.transaction() as tx:
        for source in Source:
            await watermarks.begin(tx, source, watermark=AGO, baseline_at=AGO)
            if read_ago:
                await watermarks.note_read(tx, source, NOW - timedelta(minutes=read_ago))

    found = await report(health, database, NOW)

    assert [bool(poll.trouble) for poll in found.polls] == [is_missed, is_missed]
    assert [poll.last_success_at is None for poll in found.polls] == [read_ago is None] * 2
