"""The fan-out when something stands in its way: nothing is lost, and nothing else is stopped."""

from datetime import timedelta

import pytest

from bot.filters import parse
from bot.followers import Followers
from bot.intake import Intake
from bot.orders import Orders
from bot.poller import Poller, Span
from bot.promising import Promising
from bot.subscriptions import Subscriptions
from bot.telnyx.events import Source
from bot.telnyx.pages import ListedEvent
from storage import channels, events
from storage.errors import StorageError

HOUR = timedelta(hours=1)


@pytest.fixture
def subscriptions(database, clock):
    return Subscriptions(database, clock)


@pytest.fixture
def promising(database, telnyx, clock, subscriptions):
    orders = Orders(database, telnyx, clock)
    wait = timedelta(seconds=120)
    return Promising(database, orders, Followers(subscriptions), clock, wait, lambda: None)


@pytest.fixture
async def poller(*, database, telnyx, promising, metrics, clock):
    intake = Intake(database, promising, metrics, clock)
    span = Span(overlap=HOUR, deep=48 * HOUR, deep_every=HOUR)
    made = Poller(database, telnyx, intake, metrics, span, clock, clock.sleep)
    await made.begin(None)
    return made


async def follow(subscriptions, database, filters):
    async with database.transaction() as tx:
        await channels.ensure(tx, "C1", "T1")
    await subscriptions.follow("C1", "T1", "U1", parse(filters))


async def take_in(poller, clock):
    clock.forward(seconds=1)
    await poller.poll(Source.PORT_IN)


async def test_database_trouble_is_told_and_not_taken_for_a_bad_event(
    poller, promising, telnyx_api, clock, monkeypatch
):
    telnyx_api.comment(order(telnyx_api), "hello")
    await take_in(poller, clock)

    async def full(*_):
        raise StorageError("disk full")

    monkeypatch.setattr(events, "note_fan_out", full)
    with pytest.raises(StorageError):
        await promising.fan_out()


async def test_foc_that_telnyx_can_not_tell_in_time_counts_as_moved(
    *, poller, promising, telnyx_api, clock, database, subscriptions
):
    await follow(subscriptions, database, "severity:warning")
    order_id = order(telnyx_api)
    telnyx_api.set_status(order_id, "foc-date-confirmed", foc=clock() + timedelta(days=2))
    await take_in(poller, clock)
    await promising.fan_out()
    clock.forward(seconds=30)
    telnyx_api.set_status(order_id, "foc-date-confirmed", foc=clock() + timedelta(days=2))
    await take_in(poller, clock)
    telnyx_api.faults.down = True

    waiting = await promising.fan_out()
    clock.forward(seconds=121)

    assert (waiting, await promising.fan_out()) == (0, 1)


async def test_row_that_we_trip_over_while_reading_stops_no_other(
    poller, telnyx_api, clock, monkeypatch, database
):
    order_id = order(telnyx_api)
    bad, good = telnyx_api.comment(order_id, "bad"), telnyx_api.comment(order_id, "good")
    to_event = ListedEvent.to_event

    def stumbling(self, now):
        if self.event_id == bad:
            raise RecursionError
        return to_event(self, now)

    monkeypatch.setattr(ListedEvent, "to_event", stumbling)
    await take_in(poller, clock)

    async with database.reading() as tx:
        assert await events.find(tx, good)
        assert not await events.find(tx, bad)


async def test_list_that_never_stands_still_is_read_again_only_so_often(poller, telnyx_api, clock):
    order_id = order(telnyx_api)
    for number in range(600):
        telnyx_api.comment(order_id, f"number {number}")
    asked = []

    def add_one():
        asked.append(telnyx_api.comment(order_id, "one more"))

    original = poller.telnyx.event_page

    class Moving:
        """Telnyx, with a new event before each page."""

        async def event_page(self, *arguments, **named):
            add_one()
            return await original(*arguments, **named)

    object.__setattr__(poller, "telnyx", Moving())
    await take_in(poller, clock)

    assert len(asked) == 3 * 4


async def test_poller_that_was_not_begun_says_so(database, telnyx, promising, metrics, clock):
    span = Span(overlap=HOUR, deep=48 * HOUR, deep_every=HOUR)
    poller = Poller(database, telnyx, Intake(database, promising, metrics, clock), metrics, span, clock)

    with pytest.raises(RuntimeError, match="begin was not called"):
        await poller.poll(Source.PORT_IN)


async def test_full_last_page_is_followed_by_one_more_request(poller, telnyx_api, clock):
    order_id = order(telnyx_api)
    for number in range(250):
        telnyx_api.comment(order_id, f"number {number}")
    await take_in(poller, clock)

    pages = [seen.query.get("page[number]") for seen in telnyx_api.requests if "porting/events" in seen.path]
    assert pages == ["1", "2"]


async def test_list_without_counts_is_read_until_a_page_is_empty(poller, telnyx_api, clock, database):
    telnyx_api.faults.no_meta = True
    order_id = order(telnyx_api)
    for number in range(600):
        telnyx_api.comment(order_id, f"number {number}")
    await take_in(poller, clock)

    async with database.reading() as tx:
        found = await events.to_fan_out(tx, 1000)
    assert len(found) == 600


def order(api):
    return api.add_port_in(reference="ACME", numbers=["+13035550101"], carrier="Onvoy", foc_requested=None)
