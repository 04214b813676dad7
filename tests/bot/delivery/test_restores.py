"""A backup is put back: what was posted since is found in its channel, and only what is owed is posted."""

from datetime import timedelta

from sqlalchemy import select

from bot.sandbox.slack.faults import Fault
from storage.tables import Delivery
from tests.bot.delivery.backups import backed_up, history_of_a_day, put_back


async def test_nothing_posted_since_the_backup_is_repeated_and_nothing_is_lost(day):
    new, ids, backup = await history_of_a_day(day)
    day.clock.forward(hours=1)

    await put_back(day, backup)
    ids.append(day.telnyx.set_status(new, "foc-date-confirmed"))
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)
    card, *_ = [post for post in day.posts() if "Globex" in post.text]
    assert day.posts()[-1].thread_ts == card.ts


async def test_card_that_was_found_is_brought_up_to_date(day):
    new, _, backup = await history_of_a_day(day)
    day.clock.forward(hours=1)

    await put_back(day, backup)
    day.telnyx.set_status(new, "foc-date-confirmed")
    await day.take_in()
    await day.deliver()
    await day.edit(seconds=60)

    [card] = [post for post in day.posts() if "Globex" in post.text and not post.thread_ts]
    assert "FOC" in card.text


async def test_what_was_under_way_at_the_backup_is_posted_once(day):
    await day.follow("style:flat")
    ids = [day.telnyx.set_status(day.order(), "in-process") for _ in range(3)]
    await day.take_in()
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=1)
    unclear = await backed_up(day)
    await day.deliver()
    ids.append(day.telnyx.set_status(day.order(), "submitted"))

    day.clock.forward(minutes=20)
    await put_back(day, unclear)
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)


async def on_record(day):
    """By its ts: what is kept of each message."""
    said = select(
        Delivery.ts,
        Delivery.id,
        Delivery.kind,
        Delivery.state,
        Delivery.shape,
        Delivery.thread_ts,
        Delivery.error,
    ).where(Delivery.kind.in_(("event", "roll_up")))
    posted = select(Delivery.ts, Delivery.posted_at, Delivery.source, Delivery.order_id)
    async with day.database.reading() as tx:
        times = {row.ts: row for row in await tx.execute(posted)}
        return {row.ts: (tuple(row), times[row.ts]) for row in await tx.execute(said)}


async def test_what_was_found_is_on_record_as_it_was_before(day):
    _, _, backup = await history_of_a_day(day)
    before = await on_record(day)
    day.clock.forward(hours=1)

    await put_back(day, backup)
    await day.take_in()
    await day.deliver()

    after = await on_record(day)
    assert {ts: said for ts, (said, _) in after.items()} == {ts: said for ts, (said, _) in before.items()}
    for ts, (_, found) in after.items():
        was = before[ts][1]
        assert (found.source, found.order_id) == (was.source, was.order_id)
        assert abs(found.posted_at - was.posted_at) < timedelta(seconds=2)


async def test_event_without_an_order_is_no_orders_card_when_it_is_found(day):
    await day.follow("broadcast:none")
    event_id = day.telnyx.set_status(day.order(), "in-process")
    row = day.telnyx.find_event(event_id)
    day.telnyx.remove_event(event_id)
    day.telnyx.add_event("port_in", row | {"porting_order_id": None})
    backup = await backed_up(day)
    await day.take_in()
    await day.deliver(seconds=5)
    before = await on_record(day)
    day.clock.forward(hours=1)

    await put_back(day, backup)
    await day.take_in()
    await day.deliver()

    assert len(before) == 1
    assert [said for said, _ in (await on_record(day)).values()] == [said for said, _ in before.values()]
