"""What a channel's next message carries: one event, a roll-up, or nothing for now."""

from datetime import timedelta

import pytest

from bot.delivery import queue
from bot.delivery.queue import Next, Wait
from storage import cards, deliveries, events, promises
from tests.storage.rows import NOW, at, card, message, new_event, promise

FLOOD = 6
NOISY = 21


@pytest.fixture
def engine():
    """One is enough for what is decided here; `tests/storage` tries the statements on both."""
    return "sqlite"


@pytest.fixture
async def tx(database):
    async with database.transaction() as opened:
        yield opened


async def owe(tx, count, *, first=1, **fields):
    owed = [promise(number, order_id=f"o{number}", **fields) for number in range(first, first + count)]
    await promises.make(tx, owed)
    return [each.event_key for each in owed]


async def have_posted(tx, count, *, posted_at=NOW):
    for number in range(count):
        await deliveries.add(tx, message(f"before {number}", state="posted", posted_at=posted_at))


async def next_keys(tx, now=NOW):
    found = await queue.next_members(tx, "C1", now)
    return found if isinstance(found, Wait) else [each.event_key for each in found]


@pytest.mark.parametrize(("waiting", "together"), [(1, 1), (5, 1), (6, 6), (60, 60), (61, 60)])
async def test_up_to_five_come_one_by_one_and_more_as_a_roll_up_of_sixty_at_most(tx, waiting, together):
    keys = await owe(tx, waiting)

    assert await next_keys(tx) == keys[:together]


@pytest.mark.parametrize(
    ("posted", "ago_s", "is_noisy"), [(20, 0, False), (21, 0, True), (21, 299, True), (21, 300, False)]
)
async def test_channel_that_got_over_twenty_messages_in_five_minutes_gathers(tx, posted, ago_s, is_noisy):
    await have_posted(tx, posted, posted_at=at(-ago_s))
    [key] = await owe(tx, 1, promised_at=NOW)

    assert await next_keys(tx) == (Wait(at(60)) if is_noisy else [key])


@pytest.mark.parametrize(
    ("waiting", "now", "goes_out"),
    [(2, at(0), False), (2, at(59), False), (2, at(60), True), (2, at(-1), True), (60, at(0), True)],
)
async def test_noisy_channel_gathers_for_a_minute_or_until_a_roll_up_is_full(tx, waiting, now, goes_out):
    await have_posted(tx, NOISY)
    keys = await owe(tx, waiting, promised_at=NOW)

    assert await next_keys(tx, now) == (keys if goes_out else Wait(at(60)))


@pytest.mark.parametrize(("others", "carried"), [(0, [1]), (FLOOD, [1, 2])])
async def test_older_events_of_its_order_go_before_a_critical_one(tx, others, carried):
    await owe(tx, others, first=10)
    await promises.make(tx, [promise(number, is_critical=number == 3) for number in (1, 2, 3, 4)])

    assert await next_keys(tx) == carried


async def test_critical_event_without_older_ones_goes_alone_whatever_else_waits(tx):
    await owe(tx, FLOOD)
    await promises.make(tx, [promise(99, order_id="o99", is_critical=True)])

    assert await next_keys(tx) == [99]


@pytest.mark.parametrize(("held_for_s", "goes_out"), [(599, False), (600, True)])
async def test_event_waits_behind_an_older_one_of_its_order_for_ten_minutes(tx, held_for_s, goes_out):
    await events.store(tx, "port_in", [new_event("older", created_at=at(1))], at(-held_for_s))
    await promises.make(tx, [promise(2, order_id="o1")])

    assert await next_keys(tx) == ([2] if goes_out else [])


async def test_event_of_the_same_moment_as_the_one_that_waits_is_not_held(tx):
    await events.store(tx, "port_in", [new_event("other", created_at=at(2))], NOW)
    await promises.make(tx, [promise(2, order_id="o1")])

    assert await next_keys(tx) == [2]


@pytest.mark.parametrize(("due_at", "is_due"), [(at(-1), True), (NOW, True), (at(1), False)])
async def test_message_that_was_formed_goes_before_all_else_when_it_is_due(tx, due_at, is_due):
    await owe(tx, 1)
    formed = message("formed", due_at=due_at)
    await deliveries.add(tx, formed)

    assert await queue.next_message(tx, "C1", formed, NOW) == (Next(formed, []) if is_due else Wait(due_at))


@pytest.mark.parametrize("state", ["sending", "uncertain"])
async def test_nothing_is_next_while_a_message_is_on_its_way(tx, state):
    await owe(tx, 1)

    assert await queue.next_message(tx, "C1", message("d1", state=state), NOW) is None


async def test_nothing_is_next_where_nothing_waits(tx):
    assert await queue.next_message(tx, "C1", None, NOW) is None


@pytest.mark.parametrize(
    ("count", "kind", "source", "order_id", "broadcast"),
    [(1, "event", "port_in", "o1", True), (2, "roll_up", None, None, False)],
)
async def test_message_is_of_its_event_or_of_all(tx, count, kind, source, order_id, broadcast):
    await owe(tx, count, broadcast=True)
    members = await promises.oldest(tx, "C1", 9)

    formed = queue.formed(members, NOW)
    await queue.keep(tx, formed, members)

    assert (formed.kind, formed.source, formed.order_id) == (kind, source, order_id)
    assert (formed.broadcast, formed.created_at, formed.due_at) == (broadcast, NOW, NOW)
    assert await deliveries.find(tx, formed.id) == formed
    assert await promises.carried_by(tx, formed.id) == members


async def test_roll_up_that_is_taken_apart_keeps_the_order_of_its_events(tx):
    keys = await owe(tx, 3)
    members = await promises.oldest(tx, "C1", 9)
    roll_up = queue.formed(members, NOW)
    await queue.keep(tx, roll_up, members)
    await deliveries.change(tx, roll_up.id, state="cancelled")

    await queue.split(tx, roll_up, NOW)

    apart = []
    for _ in keys:
        single = await deliveries.head(tx, "C1")
        apart += [each.event_key for each in await promises.carried_by(tx, single.id)]
        await deliveries.change(tx, single.id, state="posted")
        assert timedelta(0) <= single.due_at - NOW < timedelta(milliseconds=1)
    assert apart == keys


@pytest.mark.parametrize(
    ("kind", "style", "order_id", "has_card", "shape"),
    [
        ("event", "thread", "o1", False, ("card", None)),
        ("event", "thread", "o1", True, ("reply", "7.7")),
        ("event", "thread", "", True, ("flat", None)),
        ("event", "flat", "o1", True, ("flat", None)),
        ("roll_up", "thread", "o1", True, ("flat", None)),
        ("notice", "", "", False, ("flat", "5.5")),
        ("direct", "", "", False, ("flat", None)),
    ],
)
async def test_shape_of_a_message_follows_its_kind_style_and_card(tx, kind, style, order_id, has_card, shape):
    members = [promise(1, style=style, order_id=order_id)] if style else []
    if has_card:
        await cards.put(tx, card(ts="7.7"))

    assert await queue.shape_of(tx, message("d1", kind=kind, thread_ts="5.5"), members) == shape
