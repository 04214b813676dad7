"""Messages in our tables: one of a channel on its way at a time, and none forgotten."""

import pytest

from storage import deliveries, promises
from storage.database import Database
from storage.errors import StorageError
from tests.storage.rows import NOW, at, message, promise


@pytest.fixture
async def tx(database):
    async with database.transaction() as opened:
        yield opened


async def kept(database: Database, *messages):
    async with database.transaction() as tx:
        for each in messages:
            await deliveries.add(tx, each)


@pytest.mark.parametrize("other", ["sending", "uncertain"])
async def test_channel_has_at_most_one_message_on_its_way(database, other):
    earlier = message("d0", created_at=at(-9))
    await kept(database, earlier, message("d1", state=other), message("d2", channel_id="C2", state="sending"))

    with pytest.raises(StorageError, match=r"(?i)unique"):
        await kept(database, message("d3", state="sending"))

    async with database.reading() as tx:
        assert (await deliveries.head(tx, "C1")).id == "d1"
        assert await deliveries.head(tx, "C3") is None


async def test_notice_with_the_same_key_is_owed_once(tx):
    owed = [message("d1", dedupe_key="k"), message("d2", dedupe_key="k"), message("d3"), message("d4")]

    assert [await deliveries.add(tx, each) for each in owed] == [True, False, True, True]


async def test_message_comes_back_as_it_was_kept(tx):
    whole = message(
        "d1",
        shape="card",
        state="posted",
        attempt=2,
        started_at=at(1),
        posted_at=at(2),
        ts="1.0",
        source="port_in",
        order_id="o1",
        broadcast=True,
        may_repeat=True,
        body="{}",
    )
    await deliveries.add(tx, whole)

    assert await deliveries.find(tx, "d1") == whole
    assert await deliveries.find(tx, "d2") is None


async def test_oldest_formed_message_goes_first(tx):
    for each in (
        message("d2", created_at=at(1)),
        message("d1", created_at=at(1)),
        message("d0", state="posted"),
    ):
        await deliveries.add(tx, each)

    assert (await deliveries.head(tx, "C1")).id == "d1"
    assert await deliveries.head(tx, "C2") is None


async def test_outcome_of_an_attempt_that_is_over_changes_nothing(tx):
    await deliveries.add(tx, message("d1", attempt=2))

    late = await deliveries.change(tx, "d1", at_attempt=1, state="posted")
    ours = await deliveries.change(tx, "d1", at_attempt=2, state="posted")

    assert (late, ours) == (False, True)


async def test_what_was_being_sent_when_the_process_ended_is_unclear(tx):
    await deliveries.add(tx, message("d1", state="sending", looks=1))
    await deliveries.add(tx, message("d2", channel_id="C2", state="uncertain", looks=1))

    assert await deliveries.orphaned(tx, at(15)) == 1

    found = [await deliveries.find(tx, each) for each in ("d1", "d2")]
    assert [(each.state, each.due_at, each.looks) for each in found] == [
        ("uncertain", at(15), 0),
        ("uncertain", NOW, 1),
    ]


async def test_message_that_was_sent_again_is_verified_when_it_is_time(tx):
    for name, verify_at in (("d1", at(5)), ("d2", at(6)), ("d3", None)):
        await deliveries.add(tx, message(name, state="posted", verify_at=verify_at))

    assert [each.id for each in await deliveries.to_verify(tx, at(5))] == ["d1"]


async def test_messages_of_the_last_minutes_are_counted_up_to_a_limit(tx):
    for number in range(4):
        await deliveries.add(tx, message(f"d{number}", state="posted", posted_at=at(number)))

    assert await deliveries.posted_since(tx, "C1", at(0), at_most=9) == 3
    assert await deliveries.posted_since(tx, "C1", at(0), at_most=2) == 2
    assert await deliveries.posted_since(tx, "C2", at(0), at_most=9) == 0


async def test_late_payload_marks_posted_messages_but_no_card(tx):
    rows = [
        message("flat", state="posted"),
        message("reply", state="posted", shape="reply"),
        message("card", state="posted", shape="card"),
        message("roll_up", state="posted", kind="roll_up"),
        message("waits", state="pending"),
        message("other", state="posted"),
    ]
    for number, row in enumerate(rows):
        await deliveries.add(tx, row)
        await promises.make(tx, [promise(number)])
        await promises.carry(tx, row.id, [promise(number)])

    await deliveries.mark_stale(tx, [0, 1, 2, 3, 4], at(7))

    stale = [row.id for row in rows if (await deliveries.find(tx, row.id)).stale_at]
    assert stale == ["flat", "reply", "roll_up"]


async def test_edit_leaves_a_message_stale_that_became_so_again_meanwhile(tx):
    await deliveries.add(tx, message("d1", state="posted", stale_at=at(1)))
    await deliveries.add(tx, message("d2", state="posted", stale_at=at(2)))

    first = await deliveries.first_stale(tx, at(5))
    await deliveries.change(tx, "d1", stale_at=at(3))
    await deliveries.fresh_again(tx, "d1", first.stale_at)
    await deliveries.fresh_again(tx, "d2", at(2))

    assert first.id == "d1"
    assert (await deliveries.first_stale(tx, at(5))).id == "d1"
    assert await deliveries.first_stale(tx, at(2)) is None


async def test_open_messages_are_counted_since_the_oldest(tx):
    nothing = await deliveries.open_counts(tx)
    rows = (("d1", "pending", 3), ("d2", "uncertain", 2), ("d3", "posted", 1), ("d4", "parked", 0))
    for name, state, made in rows:
        await deliveries.add(tx, message(name, state=state, created_at=at(made)))

    assert nothing == (0, None)
    assert await deliveries.open_counts(tx) == (2, at(2))


async def test_messages_given_up_are_counted_and_the_newest_named(tx):
    for number in range(5):
        await deliveries.add(tx, message(f"d{number}", state="parked", created_at=at(number)))
    await deliveries.add(tx, message("to a person", state="parked", kind="direct", created_at=at(9)))

    count, newest = await deliveries.parked(tx, at(1), shown=2)

    assert count == 4
    assert [each.id for each in newest] == ["d4", "d3"]


async def test_finished_message_goes_when_its_events_are_gone(tx):
    for state in ("posted", "parked", "cancelled", "pending", "uncertain"):
        await deliveries.add(tx, message(state, state=state))
    await deliveries.add(tx, message("carries", state="posted"))
    await deliveries.add(tx, message("young", state="posted", created_at=at(60)))
    await promises.make(tx, [promise(1)])
    await promises.carry(tx, "carries", [promise(1)])

    removed = await deliveries.remove_before(tx, at(60))

    names = ("pending", "uncertain", "carries", "young", "posted", "parked", "cancelled")
    left = [name for name in names if await deliveries.find(tx, name)]
    assert (removed, left) == (3, ["pending", "uncertain", "carries", "young"])
