"""The poller against the strict stand-in: nothing that Telnyx lists is missed, nothing is stored twice."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.filters import parse
from bot.followers import Followers
from bot.intake import Intake
from bot.orders import Orders
from bot.poller import Poller, Span
from bot.promising import Promising
from bot.sandbox.telnyx.faults import NextFailure
from bot.subscriptions import Subscriptions
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.events import Source
from storage import channels, watermarks
from tests.clock import START

HOUR = timedelta(hours=1)
SPAN = Span(overlap=HOUR, deep=48 * HOUR, deep_every=HOUR)


@pytest.fixture
def subscriptions(database, clock):
    return Subscriptions(database, clock)


@pytest.fixture
def intake(database, telnyx, metrics, clock, subscriptions):
    orders = Orders(database, telnyx, clock)
    wait = timedelta(seconds=120)
    promising = Promising(database, orders, Followers(subscriptions), clock, wait, lambda: None)
    return Intake(database, promising, metrics, clock)


@pytest.fixture
async def poller(database, telnyx, intake, metrics, clock):
    made = Poller(database, telnyx, intake, metrics, SPAN, clock, clock.sleep)
    await made.begin(None)
    return made


async def stored(database, columns="event_id"):
    async with database.reading() as tx:
        statement = f"SELECT {columns} FROM event ORDER BY id"  # noqa: S608  # the test's own words
        return [row[0] for row in await tx.execute(text(statement))]


async def watermark(database, source=Source.PORT_IN):
    async with database.reading() as tx:
        return (await watermarks.find(tx, source)).watermark


def order(api, **facts):
    given = {"reference": "ACME", "numbers": ["+13035550101"], "carrier": "Onvoy", "foc_requested": None}
    return api.add_port_in(**(given | facts))


async def test_new_events_are_stored_once(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    ids = {telnyx_api.set_status(order_id, "in-process"), telnyx_api.comment(order_id, "Hello")}

    await poller.poll(Source.PORT_IN)
    await poller.poll(Source.PORT_IN)

    assert sorted(await stored(database)) == sorted(ids)


async def test_what_was_there_before_the_first_start_is_kept_but_not_for_posting(
    poller, telnyx_api, database, clock
):
    order_id = order(telnyx_api, created_at=START - HOUR)
    telnyx_api.set_status(order_id, "in-process", created_at=START - HOUR)

    await poller.poll(Source.PORT_IN)

    assert await stored(database, "is_baseline") == [1]


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


async def test_event_dated_in_the_future_does_not_carry_the_watermark_away(
    poller, telnyx_api, database, clock
):
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "in-process", created_at=START + HOUR)

    clock.forward(seconds=10)
    await poller.poll(Source.PORT_IN)

    assert await watermark(database) <= clock()


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

    assert late in await stored(database)
    assert "portwire_deep_sweep_finds_total 1.0" in metrics.render().decode()


@pytest.mark.parametrize("listed", ["newest_first", "oldest_first", "uuid"])
async def test_backlog_is_taken_in_windows_whatever_the_order(poller, telnyx_api, database, clock, listed):
    telnyx_api.faults.order = listed
    order_id = order(telnyx_api)
    for number in range(6000):
        at = START + timedelta(seconds=1 + number)
        telnyx_api.comment(order_id, f"number {number}", created_at=at)
    clock.forward(hours=3)

    await poller.poll(Source.PORT_IN)

    assert len(set(await stored(database))) == 6000
    assert await watermark(database) >= START + timedelta(seconds=6000)


async def test_dense_backlog_is_read_about_once(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    for number in range(5000):
        telnyx_api.comment(
            order_id, f"number {number}", created_at=START + timedelta(milliseconds=20 * number)
        )
    clock.forward(minutes=10)

    await poller.poll(Source.PORT_IN)

    pages = [seen for seen in telnyx_api.requests if seen.path.endswith("/porting/events")]
    assert len(await stored(database)) == 5000
    assert len(pages) < 20 * 2.5


async def test_page_that_fails_is_tried_again_and_not_the_whole_pass(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    for number in range(1000):
        telnyx_api.comment(order_id, f"number {number}", created_at=START + timedelta(seconds=number))
    clock.forward(hours=1)
    telnyx_api.faults.next_failures = [NextFailure("503"), NextFailure("cut_json"), NextFailure("html_200")]

    await poller.poll(Source.PORT_IN)

    assert len(await stored(database)) == 1000


async def test_retry_after_is_obeyed_by_the_next_poll_too(poller, telnyx_api, clock):
    telnyx_api.faults.rate_limited = {"retry_after": "100"}
    with pytest.raises(TelnyxUnavailableError):
        await poller.poll(Source.PORT_IN)
    asked = len(telnyx_api.requests)
    clock.forward(seconds=50)

    await poller.poll(Source.PORT_IN)

    assert len(telnyx_api.requests) == asked
    assert all(seconds >= 100 for seconds in clock.slept)


async def test_wrong_key_moves_nothing(poller, telnyx_api, database, clock):
    telnyx_api.faults.unauthorized = True
    clock.forward(minutes=1)

    with pytest.raises(TelnyxRefusedError):
        await poller.poll(Source.PORT_IN)

    assert await watermark(database) == START


async def test_odd_rows_stop_nothing(poller, telnyx_api, database, clock, metrics):
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    telnyx_api.add_event("port_in", {"event_type": "porting_order.split", "payload": "not an object"})
    telnyx_api.add_event("port_in", {"id": "odd-1", "event_type": None, "payload": [], "created_at": "soon"})
    good = telnyx_api.comment(order_id, "fine")

    await poller.poll(Source.PORT_IN)

    assert good in await stored(database)
    assert "odd-1" in await stored(database)


async def test_deletions_that_shift_pages_lose_nothing(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    ids = [
        telnyx_api.comment(order_id, f"number {number}", created_at=START + timedelta(seconds=number))
        for number in range(1200)
    ]
    clock.forward(hours=1)
    gone = []

    def delete_one(*_):
        if len(gone) < 20:
            gone.append(ids[-1 - len(gone)])
            telnyx_api.remove_event(gone[-1])

    original = poller.intake.store

    async def store_and_delete(*arguments):
        await original(*arguments)
        delete_one()

    object.__setattr__(poller, "intake", _Proxy(poller.intake, store_and_delete))
    await poller.poll(Source.PORT_IN)
    object.__setattr__(poller, "intake", poller.intake.real)
    clock.forward(minutes=1)
    await poller.poll(Source.PORT_IN)

    assert set(ids) - set(gone) <= set(await stored(database))


class _Proxy:
    """Stands between poller and intake to delete events while pages are read."""

    def __init__(self, real, store):
        self.real, self.store = real, store

    def __getattr__(self, name):
        return getattr(self.real, name)


async def test_quiet_list_costs_one_request_and_writes_nothing(poller, telnyx_api, database, clock):
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    telnyx_api.set_status(order_id, "in-process")
    await poller.poll(Source.PORT_IN)
    async with database.reading() as tx:
        before = (await tx.execute(text("PRAGMA data_version"))).scalar()
        asked = len(telnyx_api.requests)

        await poller.poll(Source.PORT_IN)

        assert len(telnyx_api.requests) - asked == 1
        assert (await tx.execute(text("PRAGMA data_version"))).scalar() == before


async def test_fan_out_waits_for_a_payload_and_younger_events_of_its_order_wait_too(
    poller, intake, telnyx_api, database, clock, subscriptions
):
    await follow(subscriptions, database)
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    telnyx_api.set_status(order_id, "in-process", payload_after=timedelta(seconds=60))
    clock.forward(seconds=5)
    telnyx_api.comment(order_id, "younger")
    await poller.poll(Source.PORT_IN)

    first = await intake.fan_out()
    clock.forward(seconds=61)
    await poller.poll(Source.PORT_IN)
    second = await intake.fan_out()

    assert (first, second) == (0, 2)


async def test_payload_that_never_comes_is_waited_for_only_so_long(
    poller, intake, telnyx_api, database, clock, subscriptions
):
    await follow(subscriptions, database)
    order_id = order(telnyx_api)
    clock.forward(seconds=5)
    telnyx_api.set_status(order_id, "in-process", payload_after=timedelta(hours=5))
    await poller.poll(Source.PORT_IN)
    before = await intake.fan_out()
    clock.forward(seconds=121)

    assert (before, await intake.fan_out()) == (0, 1)


async def test_filter_fact_that_telnyx_can_not_tell_counts_as_a_match_in_the_end(
    poller, intake, telnyx_api, database, clock, subscriptions
):
    await follow(subscriptions, database, "carrier:Onvoy")
    order_id = order(telnyx_api, carrier="Lumen")
    clock.forward(seconds=5)
    telnyx_api.set_status(order_id, "in-process")
    await poller.poll(Source.PORT_IN)
    telnyx_api.faults.down = True
    waiting = await intake.fan_out()
    clock.forward(seconds=121)

    assert (waiting, await intake.fan_out()) == (0, 1)


async def test_filter_fact_is_fetched_before_matching(
    poller, intake, telnyx_api, database, clock, subscriptions
):
    await follow(subscriptions, database, "carrier:Onvoy")
    clock.forward(seconds=5)
    telnyx_api.set_status(order(telnyx_api, carrier="Lumen"), "in-process")
    telnyx_api.set_status(order(telnyx_api, carrier="Onvoy"), "in-process")
    await poller.poll(Source.PORT_IN)

    assert await intake.fan_out() == 1


async def test_no_secret_is_stored(poller, telnyx_api, database, clock, tmp_path):
    clock.forward(seconds=5)
    telnyx_api.add_port_out(numbers=["+13035550101"], carrier="Lumen", spid="073H")
    telnyx_api.set_status(order(telnyx_api), "in-process")

    for source in Source:
        await poller.poll(source)

    held = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    assert b"CANARY" not in held


async def follow(subscriptions, database, filters=""):
    async with database.transaction() as tx:
        await channels.ensure(tx, "C1", "T1")
    await subscriptions.follow("C1", "T1", "U1", parse(filters))
