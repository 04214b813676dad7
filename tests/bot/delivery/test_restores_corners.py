"""What may go wrong while channels are read after a restore, and what else may stand in them."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot.messages.events import MAY_REPEAT
from bot.messages.notices import one_line
from bot.results import Cause, Hold
from bot.sandbox.slack.faults import Fault
from bot.waiting import holds
from storage import channels
from storage.tables import DeliveryEvent
from tests.bot.delivery.backups import backed_up, history_of_a_day, put_back

FLAT = "style:flat"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
async def restored(day, clock):
    """One event is posted, and then the backup of before is put back: the tables say that it is owed."""
    await day.follow(FLAT)
    backup = await backed_up(day)
    day.lost = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    clock.forward(hours=1)
    await put_back(day, backup)
    await day.take_in()
    return day


def calls(day, method):
    return [call for call in day.workspace.calls if call.method == method]


async def test_a_channel_that_cannot_be_read_gets_it_with_a_line_that_says_so(restored):
    restored.workspace.faults.history_refuse = "missing_scope"

    await restored.deliver()
    restored.clock.forward(hours=2)
    restored.telnyx.set_status(restored.order(), "in-process")
    await restored.take_in()
    await restored.deliver()

    assert restored.event_ids().count(restored.lost) == 2
    assert [MAY_REPEAT in str(post.blocks) for post in restored.posts()] == [False, True, False]


async def test_while_slack_does_not_answer_nothing_is_posted(restored):
    restored.workspace.faults.next_failures = [("conversations.history", Fault.HTTP_500_BEFORE)] * 2

    await restored.deliver()

    assert restored.event_ids() == [restored.lost]
    counted = restored.delivery.reconciling.metrics.render().decode()
    assert 'reconcile_total{result="unavailable"} 2.0' in counted
    assert 'reconcile_total{result="found"} 1.0' in counted


async def test_status_says_that_the_channel_is_still_to_be_read(restored):
    before = await holds(restored.database, restored.workspace.team_id, restored.clock())
    await restored.deliver()
    restored.telnyx.set_status(restored.order(), "in-process")
    await restored.take_in()
    after = await holds(restored.database, restored.workspace.team_id, restored.clock())

    assert before == (Hold(Cause.RESTORED, 1, channels=(restored.channel,)),)
    assert after == ()


async def test_while_slack_refuses_the_token_nothing_is_posted(restored):
    restored.workspace.faults.next_failures = [("conversations.history", "token_revoked")]

    await restored.deliver(seconds=300)

    assert restored.event_ids() == [restored.lost]


async def test_an_unknown_refusal_is_asked_three_times(restored):
    restored.workspace.faults.history_refuse = "no_such_error"

    await restored.deliver()

    before_the_post = [call.method for call in restored.workspace.calls]
    del before_the_post[before_the_post.index("chat.postMessage", 1) :]
    assert before_the_post.count("conversations.history") == 3
    assert restored.event_ids().count(restored.lost) == 2


async def test_a_channel_that_the_bot_left_is_joined_and_read(restored):
    restored.workspace.remove_bot(restored.channel)

    await restored.deliver()

    assert restored.event_ids() == [restored.lost]


async def test_a_channel_that_lets_nobody_in_is_paused_and_read_when_it_does(restored):
    restored.workspace.archive(restored.channel)
    await restored.deliver()
    async with restored.database.reading() as tx:
        is_paused = (await channels.find(tx, restored.channel)).paused_at

    restored.workspace.unarchive(restored.channel)
    restored.workspace.invite_bot(restored.channel)
    await restored.deliver(seconds=900)

    assert is_paused
    assert restored.event_ids() == [restored.lost]


async def test_what_comes_to_be_owed_while_a_channel_is_read_waits_for_the_reading(restored):
    async with restored.database.transaction() as tx:
        channel = await channels.find(tx, restored.channel)

        assert not await restored.delivery.posting.restoring.is_settled(tx, channel)


async def test_a_busy_channel_is_read_in_pieces(restored, monkeypatch):
    monkeypatch.setattr("bot.slack.client.MOST_PAGES", 1)
    monkeypatch.setattr("bot.slack.client.PAGE", 2)
    for number in range(4):
        restored.clock.forward(minutes=14)
        restored.workspace.post_as_bot(restored.workspace.channel(restored.channel), f"Talk {number}")

    await restored.deliver()

    assert restored.event_ids() == [restored.lost]
    assert len(calls(restored, "conversations.history")) > 3


async def test_a_channel_of_which_days_are_unknown_is_read_to_its_end(day, clock):
    await day.follow(FLAT)
    backup = await backed_up(day)
    clock.forward(days=3)
    ids = [day.telnyx.set_status(day.order(), "in-process")]
    await day.take_in()
    await day.deliver(seconds=5)

    await put_back(day, backup)
    ids.append(day.telnyx.set_status(day.order(), "submitted"))
    await day.take_in()
    await day.deliver()

    assert day.event_ids() == ids


async def test_a_history_that_is_never_whole_is_waited_for_no_longer_than_any_other_refusal(
    restored, monkeypatch
):
    monkeypatch.setattr("bot.slack.client.MOST_PAGES", 0)

    await restored.deliver()

    assert restored.event_ids().count(restored.lost) == 2
    assert MAY_REPEAT in str(restored.posts()[-1].blocks)


async def test_what_another_app_posted_counts_for_nothing(day):
    await day.follow(FLAT)
    backup = await backed_up(day)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    forged = {"event_ids": [event_id], "delivery_id": "d1", "mac": "00"}
    channel = day.workspace.channel(day.channel)
    for payload in (forged, "nothing", {"delivery_id": "d1"}):
        metadata = {"event_type": "porting_event", "event_payload": payload}
        day.workspace.post_as_bot(channel, "Forged", metadata=metadata)
    before = len(day.posts())

    await put_back(day, backup)
    await day.take_in()
    await day.deliver()

    assert len(day.posts()) == before + 1


async def test_a_copy_of_ours_by_another_app_counts_for_nothing(restored):
    (ours,) = restored.posts()
    channel = restored.workspace.channel(restored.channel)
    restored.workspace.post_as_bot(channel, "Copied", metadata=ours.metadata, bot_id="B0ANOTHER")
    restored.workspace.delete_message(restored.channel, ours.ts)

    await restored.deliver()

    assert [each.bot_id for each in restored.posts()] == ["B0ANOTHER", restored.workspace.bot_id]


async def test_a_message_that_names_no_bot_is_told_by_its_seal(restored):
    (ours,) = restored.posts()
    ours.bot_id = None

    await restored.deliver()

    assert len(restored.workspace.messages(restored.channel)) == 1


async def test_notices_that_stand_already_are_not_said_again(day):
    await day.follow(FLAT)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    (parent,) = day.posts()
    person = day.workspace.add_person("kim")
    for to, thread_ts in ((day.channel, parent.ts), (day.channel, None), (person, None)):
        await day.delivery.tell(to, one_line("A word."), thread_ts=thread_ts)
    backup = await backed_up(day)
    await day.deliver()

    await put_back(day, backup)
    await day.deliver()

    told = [*day.posts(), *day.posts(day.workspace.dm("kim"))]
    assert [post.text for post in told].count("A word.") == 3


async def test_while_a_person_cannot_be_reached_nothing_is_read_or_said(day):
    person = day.workspace.add_person("kim")
    await day.delivery.tell(person, one_line("A word."))
    await put_back(day, await backed_up(day))
    day.workspace.faults.next_failures = [("conversations.open", Fault.HTTP_500_BEFORE)]

    await day.deliver()

    assert [post.text for post in day.posts(day.workspace.dm("kim"))] == ["A word."]


async def test_a_persons_conversation_that_is_closed_to_us_is_not_waited_for(day):
    person = day.workspace.add_person("kim")
    await day.delivery.tell(person, one_line("A word."))
    await put_back(day, await backed_up(day))
    day.workspace.faults.history_refuse = "channel_not_found"

    await day.deliver()

    assert [post.text for post in day.posts(day.workspace.dm("kim"))] == ["A word."]


async def test_a_roll_up_that_was_taken_apart_since_is_not_posted_again(day):
    await day.follow(FLAT)
    ids = [day.telnyx.comment(day.order(), f"Word {n}.", author="user") for n in range(7)]
    await day.take_in()
    day.workspace.faults.next_failures = [("chat.postMessage", "ratelimited")]
    await day.deliver(seconds=1)
    backup = await backed_up(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "invalid_blocks")] * 3
    await day.deliver(seconds=300)

    await put_back(day, backup)
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)
    assert len(day.posts()) == 7


async def test_an_event_of_a_roll_up_that_comes_to_be_owed_later_is_on_record_then(day):
    await day.follow(FLAT)
    backup = await backed_up(day)
    ids = [day.telnyx.comment(day.order(), f"Word {n}.", author="user") for n in range(7)]
    await day.take_in()
    await day.deliver()
    await put_back(day, backup)
    await day.take_in()
    promised = DeliveryEvent.metadata.tables["delivery_event"]
    async with day.database.transaction() as tx:
        last = dict(
            (await tx.execute(select(promised).order_by(promised.c.event_key.desc()))).mappings().first()
        )
        await tx.execute(delete(promised).where(promised.c.event_key == last["event_key"]))
    await day.deliver()

    async with day.database.transaction() as tx:
        await tx.execute(promised.insert(), last)
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)


async def test_a_channel_that_follows_only_after_the_restore_is_read_too(day):
    await day.follow(FLAT)
    backup = await backed_up(day)
    other = day.workspace.add_channel("acme")
    await day.follow(FLAT, other)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver()

    await put_back(day, backup)
    await day.follow(FLAT, other)
    await day.take_in()
    await day.deliver()

    assert day.event_ids(other) == [event_id]


async def test_without_the_word_of_the_restore_it_would_all_be_repeated(day):
    _, ids, backup = await history_of_a_day(day)

    await put_back(day, backup, is_told=False)
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids + ids[1:])


async def test_a_second_restore_remembers_what_the_first_had_not_read_yet(day, clock):
    _, ids, backup = await history_of_a_day(day)
    await put_back(day, backup)
    clock.forward(hours=50)

    await put_back(day, await backed_up(day))
    await day.take_in()
    await day.deliver()

    assert sorted(day.event_ids()) == sorted(ids)
    assert clock() - day.posts()[-1].posted_at > timedelta(hours=50)
