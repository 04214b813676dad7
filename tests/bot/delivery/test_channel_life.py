"""What Slack's events about channels do: a late or wrong one is checked before it is believed."""

import asyncio

import pytest

from bot.channel_life import Channels
from bot.sandbox.slack.faults import Fault
from storage import channels
from tests.way_out import PROBE

FLAT = "style:flat"


@pytest.fixture
def life(day, slack):
    settling = day.delivery.posting.settling
    return Channels(day.database, slack, settling, day.clock, day.delivery.wake)


async def channel_of(day, channel_id=None):
    async with day.database.reading() as tx:
        return await channels.find(tx, channel_id or day.channel)


async def test_archived_channel_is_paused_and_its_owner_told(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)

    await life.left(day.channel)
    await day.deliver(seconds=5)

    assert (await channel_of(day)).paused_reason == "is_archived"
    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_channel_that_put_the_bot_out_is_paused(day, life):
    channel = day.workspace.add_channel("private", private=True, bot_member=False)
    await day.follow(FLAT, channel)

    await life.left(channel)

    assert (await channel_of(day, channel)).paused_reason == "not_in_channel"


async def test_late_word_of_a_channel_that_is_open_again_changes_nothing(day, life):
    await day.follow(FLAT)

    await life.left(day.channel)

    assert (await channel_of(day)).paused_at is None


async def test_channel_is_not_paused_while_slack_does_not_answer(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    day.workspace.faults.down = True

    await life.left(day.channel)

    assert (await channel_of(day)).paused_at is None


async def test_channel_that_we_never_posted_to_is_no_matter(day, life):
    await life.left("C404")
    await life.resumed("C404")

    assert await channel_of(day, "C404") is None


async def test_paused_channel_is_told_about_once(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    for _ in range(2):
        await life.left(day.channel)
        day.clock.forward(seconds=1)
    since = (await channel_of(day)).paused_at
    await day.deliver(seconds=5)

    assert since == (await channel_of(day)).paused_at
    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_resumed_channel_is_tried_at_once(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    await life.left(day.channel)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    day.workspace.unarchive(day.channel)
    day.clock.forward(seconds=1)

    await life.resumed(day.channel)
    await day.deliver(seconds=5)

    assert day.event_ids() == [event_id]


async def paused_with_work(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    return event_id


@pytest.mark.parametrize("hiccup", ["ratelimited", "internal_error", Fault.HTTP_500_BEFORE])
async def test_channel_resumes_in_time_though_slack_has_a_hiccup(day, life, hiccup):
    event_id = await paused_with_work(day, life)
    day.workspace.unarchive(day.channel)
    day.workspace.faults.retry_after_value = "2"
    day.workspace.faults.next_failures = [("conversations.join", hiccup)] * 3

    await life.resumed(day.channel)
    await day.deliver(seconds=29)

    assert day.event_ids() == [event_id]


async def test_channel_resumes_in_time_though_slacks_word_comes_before_it_is_so(day, life):
    event_id = await paused_with_work(day, life)

    await life.resumed(day.channel)
    await day.deliver(seconds=10)
    day.workspace.unarchive(day.channel)
    await day.deliver(seconds=19)

    assert day.event_ids() == [event_id]


async def test_channel_resumes_in_time_though_slacks_word_comes_before_its_refusal(day, life, monkeypatch):
    await day.follow(FLAT)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    day.workspace.archive(day.channel)
    slack, post = type(day.delivery.slack), type(day.delivery.slack).post

    async def overtaken(*given, **named):
        outcome = await post(*given, **named)
        monkeypatch.setattr(slack, "post", post)
        day.workspace.unarchive(day.channel)
        await life.resumed(day.channel)
        return outcome

    monkeypatch.setattr(slack, "post", overtaken)
    await day.deliver(seconds=29)

    assert day.event_ids() == [event_id]


async def test_channel_that_stays_closed_after_all_is_tried_at_the_pace_of_probes_again(day, life):
    await paused_with_work(day, life)

    await life.resumed(day.channel)
    await day.deliver(seconds=40)
    tried = len(day.workspace.calls)
    await day.deliver(seconds=200)

    assert len(day.workspace.calls) == tried


async def test_idle_channel_resumes_by_its_probe(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    await life.left(day.channel)
    day.clock.forward(seconds=PROBE.total_seconds())
    await day.delivery.rarer_round()
    still = (await channel_of(day)).paused_at
    day.workspace.unarchive(day.channel)
    day.clock.forward(seconds=PROBE.total_seconds())
    await day.delivery.rarer_round()

    assert still is not None
    assert (await channel_of(day)).paused_at is None


async def test_idle_channel_that_we_can_not_join_stays_paused(day, life):
    await day.follow(FLAT)
    day.workspace.remove_bot(day.channel)
    day.workspace.faults.refuse = {"conversations.join": "method_not_supported_for_channel_type"}
    await life.left(day.channel)
    day.clock.forward(seconds=PROBE.total_seconds())

    await day.delivery.rarer_round()

    assert (await channel_of(day)).paused_at is not None


async def test_owner_of_a_channel_that_takes_no_posts_is_told_once_however_often_it_is_tried(day):
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): "restricted_action"}
    await day.follow(FLAT)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.deliver(seconds=3600)
    told = len(day.posts(day.workspace.dm(day.owner)))
    day.workspace.faults.refuse = {}
    await day.deliver(seconds=400)

    assert told == 1
    assert day.event_ids() == [event_id]


async def test_only_a_post_shows_that_a_restriction_is_over(day):
    await day.follow(FLAT)
    async with day.database.transaction() as tx:
        await day.delivery.posting.settling.pause(tx, day.channel, "restricted_action")

    await day.deliver(seconds=2 * PROBE.total_seconds())
    while_idle = (await channel_of(day)).paused_at
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=2 * PROBE.total_seconds())

    assert while_idle is not None
    assert (await channel_of(day)).paused_at is None


async def test_channel_that_is_being_served_is_not_probed_beside(day, life):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    await life.left(day.channel)
    day.clock.forward(seconds=PROBE.total_seconds())
    day.delivery._actors[day.channel] = asyncio.current_task()
    asked = len(day.workspace.calls)

    await day.delivery.rarer_round()

    assert len(day.workspace.calls) == asked


async def test_channel_with_a_new_id_gets_what_its_old_one_was_owed(day, life):
    await day.follow(FLAT)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    moved = day.workspace.add_channel("moved")

    await life.moved(day.channel, moved)
    await day.deliver(seconds=5)
    second = day.telnyx.set_status(day.order(reference="Second"), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)

    assert day.event_ids() == []
    assert day.event_ids(moved) == [event_id, second]
