"""A backup is put back: what was posted since is found in its channel, and only what is owed is posted."""

from datetime import timedelta

from bot.sandbox.slack.faults import Fault
from tests.bot.delivery.backups import backed_up, put_back


async def history_of_a_day(day):
    """A card from before the backup; since then a reply to it, another card with a reply, and a roll-up."""
    await day.follow()
    old, new = day.order(), day.order(reference="Globex")
    ids = [day.telnyx.set_status(old, "in-process")]
    await day.take_in()
    await day.deliver()
    backup = await backed_up(day)
    day.clock.forward(hours=5)
    for order, status in ((old, "submitted"), (new, "in-process"), (new, "submitted")):
        ids.append(day.telnyx.set_status(order, status))
        await day.take_in()
        await day.deliver(seconds=60)
    ids += [day.telnyx.comment(day.order(), "A word.", author="user") for _ in range(7)]
    await day.take_in()
    await day.deliver()
    return new, ids, backup


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


async def test_without_the_word_of_the_restore_it_would_all_be_repeated(day):
    _, ids, backup = await history_of_a_day(day)

    await put_back(day, backup, is_told=False)
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids + ids[1:])


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


async def test_a_second_restore_remembers_what_the_first_had_not_read_yet(day, clock):
    _, ids, backup = await history_of_a_day(day)
    await put_back(day, backup)
    clock.forward(hours=50)

    await put_back(day, await backed_up(day))
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)
    assert clock() - day.posts()[-1].posted_at > timedelta(hours=50)
