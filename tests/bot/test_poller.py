"""The poller against the strict stand-in: nothing that Telnyx lists is missed, nothing is stored twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import event as hooks
from sqlalchemy import text

from bot.frontier import Frontier
from bot.intake import Intake
from bot.leases import LeaseLostError, of_list
from bot.poller import Poller
from bot.sandbox.telnyx.faults import NextFailure
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from storage import watermarks
from tests.clock import START
from tests.processes import leases_of
from tests.way_in import HOUR, SPAN, way_in


@pytest.fixture
async def poller(database, telnyx, metrics, clock):
    return (await way_in(database, telnyx, metrics, clock)).poller


async def stored(database, columns="event_id"):
    async with database.reading() as tx:
        statement = f"SELECT {columns} FROM event ORDER BY id"  # noqa: S608  # the test's own words
        return [row[0] for row in await tx.execute(text(statement))]


async def progress(database, source=Source.PORT_IN):
    async with database.reading() as tx:
        return await watermarks.find(tx, source)


async def watermark(database):
    return (await progress(database)).watermark


def order(api, **facts):
    given = {"reference": "ACME", "numbers": ["+13035550101"], "carrier": "Onvoy", "foc_requested": None}
    return api.add_port_in(**(given | facts))


def comments(api, count, *, every=timedelta(seconds=1), since=START):
    order_id = order(api)
    return [
        api.comment(order_id, f"number {number}", created_at=since + (number + 1) * every)
        for number in range(count)
    ]


def pages(api):
    """What was asked of the port-in list: page numbers."""
    return [seen.query["page[number]"] for seen in api.requests if seen.path.endswith("/porting/events")]


async def test_new_events_are_stored_once_and_the_poll_is_noted(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    ids = {telnyx_api.set_status(order_id, "in-process"), telnyx_api.comment(order_id, "Hello")}

    await poller.poll(Source.PORT_IN)
    await poller.poll(Source.PORT_IN)

    assert sorted(await stored(database)) == sorted(ids)
    last_success = poller.metrics.poll_last_success_timestamp_seconds.labels(source="port_in")
    assert last_success._value.get() == clock().timestamp()
    assert "deep_sweep_finds_total 0.0" in poller.metrics.render().decode()


async def test_what_was_there_before_the_first_start_is_kept_but_not_for_posting(
    poller, telnyx_api, database, metrics
):
    order_id = order(telnyx_api, created_at=START - HOUR)
    telnyx_api.set_status(order_id, "in-process", created_at=START - HOUR)

    await poller.poll(Source.PORT_IN)

    assert await stored(database, "is_baseline") == [1]
    assert "portwire_event_lateness_seconds_count 0.0" in metrics.render().decode()


async def test_first_watermark_is_kept_before_telnyx_is_asked(poller, telnyx_api, database, clock):
    telnyx_api.faults.down = True
    clock.forward(hours=2)

    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)

    assert await watermark(database) == START


async def test_events_during_a_first_start_with_telnyx_down_are_posted_later(
    poller, telnyx_api, database, clock
):
    order_id = order(telnyx_api)
    clock.forward(minutes=5)
    telnyx_api.set_status(order_id, "in-process")
    telnyx_api.faults.down = True
    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)
    telnyx_api.faults.down = False
    clock.forward(minutes=5)

    await poller.poll(Source.PORT_IN)

    assert await stored(database, "is_baseline") == [0]


@pytest.mark.parametrize(("ahead_s", "is_baseline"), [(300, 0), (4, 1), (-300, 0)])
async def test_events_of_the_first_minutes_are_posted_though_our_clock_is_ahead(
    database, telnyx, metrics, clock, telnyx_api, ahead_s, is_baseline
):
    telnyx_api.now = lambda: clock() - timedelta(seconds=ahead_s)
    started = telnyx_api.now()
    poller = (await way_in(database, telnyx, metrics, clock)).poller
    telnyx_api.set_status(order(telnyx_api, created_at=started - HOUR), "draft", created_at=started - HOUR)
    made = started + timedelta(seconds=1 if ahead_s > 0 else -1)
    telnyx_api.set_status(order(telnyx_api), "in-process", created_at=made)

    await poller.poll(Source.PORT_IN)

    assert sorted(await stored(database, "is_baseline")) == sorted([1, is_baseline])


async def test_given_start_is_kept_whatever_the_clocks_say(database, telnyx, metrics, clock, telnyx_api):
    telnyx_api.now = lambda: clock() - timedelta(seconds=300)
    poller = (await way_in(database, telnyx, metrics, clock, poll_start=clock())).poller

    await poller.poll(Source.PORT_IN)

    assert (await progress(database)).baseline_at == START


async def test_watermark_begins_by_telnyxs_clock_too(poller, telnyx_api, database, clock):
    telnyx_api.now = lambda: clock() - timedelta(seconds=300)

    await poller.poll(Source.PORT_IN)

    begun = await progress(database)
    assert begun.watermark == begun.baseline_at == START - timedelta(seconds=300)
    told = poller.metrics.watermark_timestamp_seconds.labels(source="port_in")
    assert told._value.get() == begun.watermark.timestamp()


async def test_clocks_are_compared_once(poller, telnyx_api, database, clock):
    await poller.poll(Source.PORT_IN)
    telnyx_api.now = lambda: clock() - timedelta(seconds=300)

    await poller.poll(Source.PORT_IN)

    assert (await progress(database)).baseline_at == START


async def test_event_dated_in_the_future_does_not_carry_the_watermark_away(
    poller, telnyx_api, database, clock
):
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "in-process", created_at=START + HOUR)

    clock.forward(seconds=10)
    await poller.poll(Source.PORT_IN)

    assert await watermark(database) <= clock()


async def test_first_answer_without_a_date_does_not_move_where_watching_begins(
    poller, telnyx_api, database, clock
):
    telnyx_api.faults.no_date_header = True
    clock.forward(minutes=10)

    await poller.poll(Source.PORT_IN)

    assert (await progress(database)).baseline_at == START


async def test_answer_without_a_date_is_taken_for_a_minute_old(poller, telnyx_api, database, clock):
    telnyx_api.faults.no_date_header = True
    telnyx_api.set_status(order(telnyx_api), "in-process", created_at=START + HOUR)
    clock.forward(minutes=10)

    await poller.poll(Source.PORT_IN)

    assert await watermark(database) == clock() - timedelta(minutes=1)


@pytest.mark.parametrize("count", [10, 3000])
async def test_date_from_the_future_does_not_carry_the_watermark_away(
    poller, telnyx_api, database, clock, count
):
    comments(telnyx_api, count, since=START - HOUR)
    telnyx_api.set_status(order(telnyx_api), "in-process", created_at=START + 200 * HOUR)
    telnyx_api.faults.date_skew = timedelta(days=3)
    clock.forward(minutes=10)

    await poller.poll(Source.PORT_IN)

    assert await watermark(database) <= clock() + timedelta(minutes=10)


async def test_event_listed_late_is_found_by_the_overlap(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    clock.forward(seconds=10)
    late = telnyx_api.set_status(order_id, "in-process", listed_after=timedelta(minutes=30))
    clock.forward(seconds=10)
    telnyx_api.comment(order_id, "first listed")
    await poller.poll(Source.PORT_IN)

    clock.forward(minutes=31)
    telnyx_api.comment(order_id, "moves the watermark")
    await poller.poll(Source.PORT_IN)

    assert late in await stored(database)


async def test_event_listed_a_day_late_is_found_by_the_deep_sweep_and_counted(
    poller, telnyx_api, database, clock, metrics
):
    order_id = order(telnyx_api)
    clock.forward(seconds=10)
    await poller.poll(Source.PORT_IN)
    late = telnyx_api.set_status(order_id, "in-process", listed_after=timedelta(hours=24))
    for _ in range(26):
        clock.forward(hours=1)
        telnyx_api.comment(order_id, "moves the watermark")
        await poller.poll(Source.PORT_IN)
    by_polls = await stored(database)

    await poller.sweep(Source.PORT_IN)

    assert late not in by_polls
    assert late in await stored(database)
    assert "portwire_deep_sweep_finds_total 1.0" in metrics.render().decode()


async def test_event_that_is_late_by_just_less_than_the_deep_sweep_reaches_is_found(
    poller, telnyx_api, database, clock
):
    order_id = order(telnyx_api)
    clock.forward(seconds=10)
    late = telnyx_api.set_status(order_id, "in-process", listed_after=timedelta(hours=47, minutes=59))
    clock.forward(minutes=30)  # the last sweep before it is listed looks for the half hour behind it, too
    for _ in range(50):
        await poller.poll(Source.PORT_IN)
        await poller.sweep(Source.PORT_IN)
        clock.forward(hours=1)
        telnyx_api.comment(order_id, "moves the watermark")

    assert late in await stored(database)


async def test_event_that_came_late_during_a_long_outage_is_found_by_the_deep_sweep(
    poller, telnyx_api, database, clock
):
    order_id = order(telnyx_api)
    clock.forward(seconds=10)
    await poller.poll(Source.PORT_IN)
    late = telnyx_api.set_status(order_id, "in-process", listed_after=timedelta(hours=40))
    clock.forward(days=5)
    telnyx_api.comment(order_id, "moves the watermark")

    await poller.poll(Source.PORT_IN)
    await poller.poll(Source.PORT_IN)
    await poller.sweep(Source.PORT_IN)

    assert late in await stored(database)


async def test_deep_sweep_is_due_an_hour_after_the_last_one(poller, clock):
    before_the_first_poll = await poller.sweep(Source.PORT_IN)
    await poller.poll(Source.PORT_IN)
    at_once = await poller.sweep(Source.PORT_IN)
    clock.forward(hours=1)

    after_an_hour = await poller.sweep(Source.PORT_IN)
    again = await poller.sweep(Source.PORT_IN)

    assert (before_the_first_poll, at_once, after_an_hour, again) == (False, False, True, False)


async def test_deep_sweep_is_due_though_our_clock_was_ahead_at_the_last(poller, clock):
    clock.forward(days=3)
    await poller.poll(Source.PORT_IN)
    clock.forward(days=-3)

    assert await poller.sweep(Source.PORT_IN)


async def test_deep_sweep_that_fails_is_due_again_and_keeps_no_new_event_waiting(
    poller, telnyx_api, database, clock
):
    old = comments(telnyx_api, 300, since=START - 40 * HOUR)
    await poller.poll(Source.PORT_IN)
    clock.forward(hours=1)
    new = telnyx_api.comment(order(telnyx_api), "new")
    telnyx_api.faults.bad_pages[1] = "500"
    telnyx_api.faults.bad_pages[2] = "500"

    with pytest.raises(TelnyxUnavailableError):
        await poller.sweep(Source.PORT_IN)
    telnyx_api.faults.bad_pages.clear()
    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == {*old, new}
    assert await poller.sweep(Source.PORT_IN)


@pytest.mark.parametrize("listed", ["newest_first", "oldest_first", "uuid"])
async def test_backlog_is_taken_in_windows_whatever_the_order(poller, telnyx_api, database, clock, listed):
    telnyx_api.faults.order = listed
    ids = comments(telnyx_api, 6000)
    clock.forward(hours=3)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)
    assert await watermark(database) >= START + timedelta(seconds=6000)
    assert max(map(int, pages(telnyx_api))) <= 10


async def test_backlog_is_kept_as_far_as_it_was_read_when_telnyx_goes_away(
    poller, telnyx_api, database, clock, monkeypatch
):
    comments(telnyx_api, 6000)
    clock.forward(hours=3)
    moved = []
    advance = watermarks.advance

    async def noted(tx, source, to):
        moved.append(to)
        telnyx_api.faults.down = len(moved) == 2
        await advance(tx, source, to)

    monkeypatch.setattr(watermarks, "advance", noted)
    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)
    kept = await watermark(database), len(await stored(database))
    telnyx_api.faults.down = False
    await poller.poll(Source.PORT_IN)

    assert kept[0] == moved[1]
    assert START < kept[0] < START + timedelta(seconds=6000)
    assert 0 < kept[1] < 6000
    assert len(await stored(database)) == 6000


async def test_what_a_window_brought_goes_on_before_the_next_is_read(
    database, telnyx, metrics, clock, telnyx_api
):
    poller, told, known = (await way_in(database, telnyx, metrics, clock)).poller, [], []

    def on_stored():
        told.append(len(telnyx_api.requests))
        known.append(poller.frontier.known_until[Source.PORT_IN])

    poller = replace(poller, on_stored=on_stored)
    comments(telnyx_api, 6000)
    clock.forward(hours=3)

    await poller.poll(Source.PORT_IN)

    assert len(told) >= 3
    assert told == sorted(set(told))
    assert known == sorted(set(known))


async def test_what_a_deep_sweep_reads_keeps_no_new_event_waiting(poller, telnyx_api, clock):
    await poller.poll(Source.PORT_IN)
    clock.forward(hours=1)

    assert await poller.sweep(Source.PORT_IN)

    assert poller.frontier.known_until == {}


async def test_dense_backlog_is_read_about_once(poller, telnyx_api, database, clock):
    ids = comments(telnyx_api, 5000, every=timedelta(milliseconds=20))
    clock.forward(minutes=10)

    await poller.poll(Source.PORT_IN)

    assert len(await stored(database)) == len(ids)
    assert len(pages(telnyx_api)) <= 20 * 3


async def test_more_events_in_a_second_than_a_window_holds_are_read_all_the_same(
    poller, telnyx_api, database, clock
):
    ids = comments(telnyx_api, 2600, every=timedelta(microseconds=10))
    clock.forward(minutes=10)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)


async def test_page_that_fails_is_tried_again_and_not_the_whole_pass(poller, telnyx_api, database, clock):
    comments(telnyx_api, 1000)
    clock.forward(hours=1)
    telnyx_api.faults.next_failures = [NextFailure("503"), NextFailure("cut_json"), NextFailure("html_200")]

    await poller.poll(Source.PORT_IN)

    assert len(await stored(database)) == 1000
    assert len(pages(telnyx_api)) == 5 + 3


@pytest.mark.parametrize(("bad_page", "trouble"), [(1, "500"), (2, "500"), (5, "html_200"), (2, "422")])
async def test_page_that_can_not_be_had_keeps_no_other_waiting(
    *, poller, telnyx_api, database, clock, bad_page, trouble
):
    telnyx_api.faults.order = "oldest_first"
    ids = comments(telnyx_api, 1100)
    clock.forward(hours=1)
    telnyx_api.faults.bad_pages[bad_page] = trouble

    with pytest.raises((TelnyxUnavailableError, TelnyxRefusedError)):
        await poller.poll(Source.PORT_IN)
    without = set(await stored(database)), await watermark(database)
    telnyx_api.faults.bad_pages.clear()
    await poller.poll(Source.PORT_IN)

    missing = ids[(bad_page - 1) * 250 : bad_page * 250]
    assert without == (set(ids) - set(missing), START)
    assert set(await stored(database)) == set(ids)


async def test_windows_behind_a_gap_are_read_and_the_watermark_stays_before_it(
    poller, telnyx_api, database, clock
):
    telnyx_api.faults.order = "oldest_first"
    ids = comments(telnyx_api, 6000)
    clock.forward(hours=3)
    telnyx_api.faults.next_failures = [NextFailure("500", page=4)] * 5

    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)
    seen, reached = set(await stored(database)), await watermark(database)
    await poller.poll(Source.PORT_IN)

    assert ids[-1] in seen
    assert len(seen) == 5750
    assert reached < START + timedelta(seconds=ids.index(next(each for each in ids if each not in seen)) + 1)
    assert set(await stored(database)) == set(ids)


async def test_list_of_which_many_pages_fail_is_given_up_for_now(poller, telnyx_api, database, clock):
    comments(telnyx_api, 2000)
    clock.forward(hours=1)
    for number in range(2, 9):
        telnyx_api.faults.bad_pages[number] = "500"

    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)

    assert await watermark(database) == START


async def test_pass_with_a_gap_in_each_window_ends_at_the_fourth(poller, telnyx_api, clock, database):
    telnyx_api.faults.order = "oldest_first"
    ids = comments(telnyx_api, 12_000)
    clock.forward(hours=4)
    telnyx_api.faults.bad_pages[4] = "500"

    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)

    assert await watermark(database) == START
    assert ids[-1] not in await stored(database)
    assert pages(telnyx_api).count("5") == 4


async def test_gap_in_a_deep_sweep_makes_it_due_again(poller, telnyx_api, clock, database):
    telnyx_api.faults.order = "oldest_first"
    await poller.poll(Source.PORT_IN)
    clock.forward(hours=1)
    old = comments(telnyx_api, 1000, since=START - 40 * HOUR)
    telnyx_api.faults.bad_pages[3] = "500"

    with pytest.raises(TelnyxUnavailableError):
        await poller.sweep(Source.PORT_IN)
    found = len(await stored(database))
    telnyx_api.faults.bad_pages.clear()

    assert found == 750
    assert await poller.sweep(Source.PORT_IN)
    assert set(await stored(database)) == set(old)


async def test_retry_after_is_obeyed_by_the_next_poll_too(poller, telnyx_api, clock):
    telnyx_api.faults.rate_limited = {"retry_after": "100"}
    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)
    asked = len(telnyx_api.requests)
    clock.forward(seconds=50)

    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)
    while_resting = len(telnyx_api.requests)
    telnyx_api.faults.rate_limited = None
    clock.forward(seconds=50)
    await poller.poll(Source.PORT_IN)

    assert (asked, while_resting, clock.slept) == (1, 1, [])


async def test_wrong_key_moves_nothing(poller, telnyx_api, database, clock):
    telnyx_api.faults.unauthorized = True
    clock.forward(minutes=1)

    with pytest.raises(TelnyxRefusedError):
        await poller.poll(Source.PORT_IN)

    assert await watermark(database) == START


async def test_odd_rows_stop_nothing_and_are_told_once(poller, telnyx_api, database, clock, metrics):
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    telnyx_api.add_event("port_in", {"event_type": "porting_order.split", "payload": "not an object"})
    telnyx_api.add_event("port_in", {"id": "odd-1", "event_type": None, "payload": [], "created_at": "soon"})
    good = telnyx_api.comment(order_id, "fine")

    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            await poller.poll(Source.PORT_IN)
            clock.forward(hours=1)
            await poller.sweep(Source.PORT_IN)

    assert {good, "odd-1"} <= set(await stored(database))
    assert [entry["event"] for entry in logs] == ["rows without an id were left out"]


async def test_odd_row_is_told_though_others_were_told_before_in_polls(poller, telnyx_api, clock, metrics):
    await poller.poll(Source.PORT_IN)
    clock.forward(minutes=1)
    telnyx_api.add_event("port_in", {"event_type": "porting_order.split", "created_at": clock().isoformat()})
    await poller.poll(Source.PORT_IN)
    told = metrics.poll_failures_total.labels(source="port_in", kind="odd_row")._value
    of_polls = told.get()
    old = (clock() - 40 * HOUR).isoformat()
    telnyx_api.add_event("port_in", {"event_type": "porting_order.split", "created_at": old})
    clock.forward(hours=1)

    await poller.sweep(Source.PORT_IN)

    assert (of_polls, told.get()) == (1, 2)


async def test_deletions_that_shift_pages_lose_nothing(poller, telnyx_api, database, clock, monkeypatch):
    ids = comments(telnyx_api, 1200)
    clock.forward(hours=1)
    gone, keep = [], poller.intake.store

    async def keep_and_delete(*given, **named):
        await keep(*given, **named)
        if len(gone) < 20:
            gone.append(ids[-1 - len(gone)])
            telnyx_api.remove_event(gone[-1])

    monkeypatch.setattr(Intake, "store", lambda _, *given, **named: keep_and_delete(*given, **named))
    await poller.poll(Source.PORT_IN)
    read_to = await watermark(database)
    clock.forward(minutes=1)
    await poller.poll(Source.PORT_IN)

    assert set(ids) - set(gone) <= set(await stored(database))
    assert read_to == START + timedelta(seconds=1200)


async def test_list_that_never_stands_still_is_read_again_only_so_often(
    poller, telnyx_api, clock, monkeypatch
):
    order_id = order(telnyx_api)
    comments(telnyx_api, 600, every=timedelta(milliseconds=1))
    clock.forward(seconds=1)
    asked, ask = [], type(poller.telnyx).event_page

    async def moving(*given, **named):
        asked.append(telnyx_api.comment(order_id, "one more"))
        return await ask(*given, **named)

    monkeypatch.setattr(type(poller.telnyx), "event_page", moving)
    await poller.poll(Source.PORT_IN)

    assert len(asked) == 3 * 4


async def test_quiet_list_costs_one_request_and_writes_nothing(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    telnyx_api.set_status(order_id, "in-process")
    await poller.poll(Source.PORT_IN)
    asked, begun = len(telnyx_api.requests), []
    hooks.listen(database._writer.sync_engine, "begin", lambda _: begun.append(1))

    await poller.poll(Source.PORT_IN)

    assert len(telnyx_api.requests) - asked == 1
    assert begun == []


async def test_full_last_page_is_followed_by_one_more_request(poller, telnyx_api, clock):
    comments(telnyx_api, 250, every=timedelta(milliseconds=1))
    clock.forward(seconds=1)

    await poller.poll(Source.PORT_IN)

    assert pages(telnyx_api) == ["1", "2"]


async def test_page_past_the_end_may_be_refused(poller, telnyx_api, database, clock):
    comments(telnyx_api, 250, every=timedelta(milliseconds=1))
    clock.forward(seconds=1)
    telnyx_api.faults.bad_pages[2] = "404"

    await poller.poll(Source.PORT_IN)

    assert await watermark(database) > START


async def test_wrong_key_at_a_later_page_ends_the_pass(poller, telnyx_api, database, clock):
    comments(telnyx_api, 250, every=timedelta(milliseconds=1))
    clock.forward(seconds=1)
    telnyx_api.faults.bad_pages[2] = "401"

    with pytest.raises(TelnyxRefusedError):
        await poller.poll(Source.PORT_IN)


async def test_list_without_counts_is_taken_in_windows_too(poller, telnyx_api, clock, database):
    telnyx_api.faults.no_meta = True
    ids = comments(telnyx_api, 3000)
    clock.forward(hours=2)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)
    assert max(map(int, pages(telnyx_api))) <= 3


async def test_counts_that_lie_lose_nothing(poller, telnyx_api, clock, database):
    telnyx_api.faults.odd_meta = {"total_pages": 1}
    ids = comments(telnyx_api, 900)
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)


@pytest.mark.parametrize(
    "said",
    [
        {"total_pages": 10**6},
        {"total_pages": 10**6, "page_size": None},
        {"total_results": 10**6, "total_pages": 10**6, "page_size": None},
        {"total_pages": 1, "page_size": 1000},
        {"total_pages": 1, "page_size": 250},
        {"total_pages": None, "total_results": None, "page_size": 1000},
    ],
)
@pytest.mark.parametrize("most", [250, 100])
async def test_figures_that_lie_together_lose_nothing(*, poller, telnyx_api, clock, database, said, most):
    telnyx_api.faults.max_page_size = most
    telnyx_api.faults.odd_meta = said
    ids = comments(telnyx_api, 300)
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)
    assert len(telnyx_api.requests) < 150


async def test_page_that_comes_empty_is_read_again(poller, telnyx_api, clock, database):
    ids = comments(telnyx_api, 900)
    telnyx_api.faults.empty_once = {2}
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)


async def test_first_page_that_comes_empty_is_read_again_though_the_count_says_nothing_else(
    poller, telnyx_api, clock, database
):
    ids = comments(telnyx_api, 900)
    telnyx_api.faults.empty_once = {1}
    telnyx_api.faults.odd_meta = {"total_results": 0}
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)


async def test_page_that_is_too_large_is_read_in_pieces_and_one_huge_event_hides_no_other(
    poller, telnyx_api, clock, database, monkeypatch
):
    monkeypatch.setattr("bot.telnyx.unpacking.LARGEST_BODY", 30_000)
    ids = comments(telnyx_api, 300)
    huge = telnyx_api.comment(order(telnyx_api), "x" * 40_000, created_at=START + timedelta(seconds=80.5))
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)
    assert huge not in await stored(database)
    assert poller.metrics.poll_failures_total.labels(source="port_in", kind="odd_row")._value.get() == 1
    assert await watermark(database) > START


async def test_pieces_of_a_page_without_counts_lose_nothing(poller, telnyx_api, clock, database, monkeypatch):
    monkeypatch.setattr("bot.telnyx.unpacking.LARGEST_BODY", 30_000)
    telnyx_api.faults.no_meta = True
    telnyx_api.faults.no_date_header = True
    ids = comments(telnyx_api, 300)
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)


async def test_pages_smaller_than_asked_for_lose_nothing(poller, telnyx_api, clock, database):
    telnyx_api.faults.max_page_size = 100
    ids = comments(telnyx_api, 950)
    clock.forward(hours=1)

    await poller.poll(Source.PORT_IN)

    assert set(await stored(database)) == set(ids)


async def test_poller_that_was_not_begun_says_so(database, telnyx, metrics, clock):
    leases = leases_of(database, metrics)
    intake = Intake(database, leases, metrics, clock)
    poller = Poller(
        database, telnyx, leases, intake, metrics, SPAN, clock, Frontier(), on_stored=lambda: None
    )

    with pytest.raises(RuntimeError, match="begin was not called"):
        await poller.poll(Source.PORT_IN)


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_list_that_another_process_reads_is_left_to_it(poller, telnyx_api, clock, database, metrics):
    other = leases_of(database, metrics)
    await other.hold(of_list("port_in"))
    comments(telnyx_api, 1)
    clock.forward(seconds=1)

    assert not await poller.poll(Source.PORT_IN)
    assert not await poller.sweep(Source.PORT_IN)
    assert await stored(database) == []
    await other.release()
    assert await poller.poll(Source.PORT_IN)


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_reader_that_was_replaced_stores_nothing_more(poller, telnyx_api, clock, database):
    comments(telnyx_api, 1)
    clock.forward(seconds=1)
    await poller.poll(Source.PORT_IN)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE lease SET holder = 'another', token = token + 1")
    comments(telnyx_api, 1)
    clock.forward(seconds=1)

    with pytest.raises(LeaseLostError):
        await poller.poll(Source.PORT_IN)

    assert len(await stored(database)) == 1


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_reader_that_can_renew_its_lease_no_more_ends_its_pass(poller, telnyx_api, clock, database):
    await poller.poll(Source.PORT_IN)
    comments(telnyx_api, 1)
    clock.forward(seconds=1)

    class Ending:
        def __getattr__(self, name):
            return getattr(poller.leases, name)

        async def renewed(self, _name):
            return False

    with pytest.raises(LeaseLostError):
        await replace(poller, leases=Ending()).poll(Source.PORT_IN)

    assert await stored(database) == []
