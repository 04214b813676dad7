"""A backup is put back: what was posted since is found in its channel, and only what is owed is posted."""

from bot.sandbox.slack.faults import Fault
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
