"""Promises: a channel is owed each event once, in its order, for as long as somebody follows."""

import pytest

from storage import deliveries, promises
from tests.storage.rows import NOW, at, message, promise


@pytest.fixture
async def tx(database):
    async with database.transaction() as opened:
        yield opened


async def keys(reading):
    return [each.event_key for each in await reading]


async def test_event_is_promised_to_a_channel_once_as_it_was_first(tx):
    await promises.make(tx, [promise(1, style="flat")])
    await promises.make(tx, [promise(1, style="thread"), promise(1, channel_id="C2")])

    fates = await promises.of_event(tx, 1)
    assert [(fate.promise.channel_id, fate.promise.style) for fate in fates] == [
        ("C1", "flat"),
        ("C2", "flat"),
    ]


async def test_what_waits_comes_by_time_and_critical_apart(tx):
    await promises.make(
        tx,
        [promise(1, created_at=at(9)), promise(2), promise(3, is_critical=True), promise(4, channel_id="C2")],
    )

    assert await keys(promises.oldest(tx, "C1", 9)) == [2, 1]
    assert (await promises.first_critical(tx, "C1")).event_key == 3
    assert await promises.first_critical(tx, "C2") is None
    assert await keys(promises.some_waiting(tx, "C1", 9)) == [2, 3, 1]
    assert len(await promises.some_waiting(tx, "C1", 2)) == 2


async def test_late_payload_makes_critical_only_what_still_waits(tx):
    await promises.make(tx, [promise(1), promise(2)])
    await promises.carry(tx, "d1", [promise(1)])

    await promises.make_critical(tx, [1, 2])

    assert [each.is_critical for each in await promises.carried_by(tx, "d1")] == [False]
    assert (await promises.first_critical(tx, "C1")).event_key == 2


async def test_older_events_of_the_same_order_are_found(tx):
    critical = promise(5, created_at=at(5), is_critical=True)
    same_time, younger = promise(4, created_at=at(5)), promise(6, created_at=at(5))
    await promises.make(tx, [promise(1), promise(2, order_id="o2"), same_time, younger, critical])

    assert await keys(promises.older_of_order(tx, critical, 9)) == [1, 4]
    assert await keys(promises.older_of_order(tx, critical, 1)) == [1]


async def test_members_of_a_message_wait_no_more(tx):
    await promises.make(tx, [promise(1), promise(2), promise(3)])
    await promises.carry(tx, "d1", [promise(2), promise(1)])

    assert await keys(promises.carried_by(tx, "d1")) == [1, 2]
    assert await keys(promises.oldest(tx, "C1", 9)) == [3]
    assert [fate.delivery_id for fate in await promises.of_event(tx, 1)] == ["d1"]


async def test_promise_lives_while_one_of_its_subscriptions_does(tx):
    await promises.make(tx, [promise(1, subscriptions=",1,12,2,")])

    first = await promises.cancel_followers(tx, "C1", [2, 12], NOW)
    [left] = await promises.oldest(tx, "C1", 9)
    second = await promises.cancel_followers(tx, "C1", [1], NOW)

    assert (first, left.subscriptions, left.subscription_names, second) == (0, ",1,", ("S1",), 1)
    assert [fate.cancelled_at for fate in await promises.of_event(tx, 1)] == [NOW]


@pytest.mark.parametrize("gone", [[1, 2], [2, 1], (1, 2, 3)])
async def test_neighbours_in_the_list_of_followers_are_taken_out_together(tx, gone):
    await promises.make(tx, [promise(1, subscriptions=",1,2,"), promise(2, subscriptions=",21,")])

    assert await promises.cancel_followers(tx, "C1", gone, NOW) == 1
    assert await keys(promises.oldest(tx, "C1", 9)) == [2]


async def test_only_what_waits_in_this_channel_is_cancelled(tx):
    await promises.make(tx, [promise(1), promise(2), promise(1, channel_id="C2")])
    await promises.carry(tx, "d1", [promise(1)])

    assert await promises.cancel_followers(tx, "C1", [1], NOW) == 1
    assert await keys(promises.oldest(tx, "C2", 9)) == [1]
    assert [fate.cancelled_at for fate in await promises.of_event(tx, 1)] == [None, None]


async def test_backlog_is_what_waits_and_since_when(tx):
    nothing = await promises.backlog(tx)
    await promises.make(tx, [promise(1), promise(2), promise(3, subscriptions=",3,")])
    await promises.carry(tx, "d1", [promise(1)])
    await promises.cancel_followers(tx, "C1", [3], NOW)

    assert nothing == (0, None)
    assert await promises.backlog(tx) == (1, at(2))


async def test_finished_messages_go_when_their_events_are_gone(tx):
    for state in ("posted", "parked", "cancelled", "pending"):
        await deliveries.add(tx, message(state, state=state))
    await deliveries.add(tx, message("carrying", state="posted"))
    await deliveries.add(tx, message("young", state="posted", created_at=at(90)))
    await promises.make(tx, [promise(1)])
    await promises.carry(tx, "carrying", [promise(1)])

    removed = await deliveries.remove_before(tx, at(60))

    names = ("posted", "parked", "cancelled", "pending", "carrying", "young")
    left = [name for name in names if await deliveries.find(tx, name)]
    assert (removed, left) == (3, ["pending", "carrying", "young"])
