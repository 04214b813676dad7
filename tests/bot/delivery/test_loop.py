"""The loop over all channels: posts first, edits beside them, and nothing that goes wrong stops the rest."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
import structlog

from bot.delivery import AT_ONCE
from bot.leases import LeaseLostError
from bot.messages import notices
from storage import channels, deliveries, workspaces
from storage.errors import StorageError

FLAT = "style:flat"
TICK_S = 0.01
POSTS_FIRST_S = 0.02


@pytest.fixture(autouse=True)
def _haste(monkeypatch):
    monkeypatch.setattr("bot.delivery.TICK_S", TICK_S)
    monkeypatch.setattr("bot.delivery.POSTS_FIRST_S", POSTS_FIRST_S)


@asynccontextmanager
async def running(day):
    """The delivery at work; time passes at each look around."""
    loop = asyncio.create_task(day.delivery.run())
    try:
        yield
    finally:
        day.delivery.stop()
        await asyncio.wait_for(loop, 60)


def failing(day, failures):
    """Work of the delivery that fails so often, and is the last."""

    async def work():
        if failures:
            raise failures.pop()
        day.delivery.stop()
        return 0.0

    return work


async def until(day, condition, *, seconds=0.2):
    def passes():
        day.clock.forward(seconds=seconds)
        return condition()

    await day.workspace.until(passes)


async def events_of(day, count, *, status="in-process"):
    ids = [day.telnyx.set_status(day.order(reference=f"No {n}"), status) for n in range(count)]
    await day.take_in()
    return ids


async def test_event_is_posted_as_soon_as_it_is_promised(day, monkeypatch):
    monkeypatch.setattr("bot.delivery.TICK_S", 3600)
    await day.follow(FLAT)
    async with running(day):
        await asyncio.sleep(0)
        ids = await events_of(day, 1)
        await day.workspace.until(lambda: day.event_ids() == ids)

    assert day.event_ids() == ids


async def test_owner_of_a_channel_that_is_refused_hears_of_it_at_once(day, monkeypatch):
    monkeypatch.setattr("bot.delivery.TICK_S", 3600)
    await day.follow(FLAT)
    day.workspace.archive(day.channel)

    async with running(day):
        await events_of(day, 1)
        await day.workspace.until(lambda: day.posts(day.workspace.dm(day.owner)))


async def test_every_channel_has_an_actor_of_its_own(day):
    others = [day.workspace.add_channel(f"customer-{n}") for n in range(3)]
    for channel in others:
        await day.follow(FLAT, channel)
    async with running(day):
        ids = await events_of(day, 4)
        await until(day, lambda: all(len(day.event_ids(each)) == 4 for each in others))

    assert all(sorted(day.event_ids(each)) == sorted(ids) for each in others)


async def test_bug_in_one_channels_step_stops_no_other_and_is_logged_once(day, monkeypatch):
    other = day.workspace.add_channel("other")
    await day.follow(FLAT)
    await day.follow(FLAT, other)
    step, tried = type(day.delivery.posting).step, []

    async def stumbling(self, channel_id):
        if channel_id == day.channel and len(tried) < 3:
            tried.append(day.clock())
            raise ZeroDivisionError
        return await step(self, channel_id)

    monkeypatch.setattr(type(day.delivery.posting), "step", stumbling)
    with structlog.testing.capture_logs() as cap:
        async with running(day):
            ids = await events_of(day, 1)
            await until(day, lambda: day.event_ids(other) == ids)
            await until(day, lambda: day.event_ids() == ids)

    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert [entry["event"] for entry in cap if entry["log_level"] == "error"] == [
        "delivery to a channel failed, it is tried again"
    ]
    assert waits[0] >= timedelta(seconds=1)
    assert waits[1] >= timedelta(seconds=2)


@pytest.mark.parametrize(
    ("error", "rest_s"),
    [(None, TICK_S), (LeaseLostError("gone"), TICK_S), (StorageError("full"), 5), (ZeroDivisionError(), 1)],
)
async def test_channel_rests_after_what_stopped_it(day, monkeypatch, error, rest_s):
    await day.follow(FLAT)
    await events_of(day, 1)

    async def step(*_):
        if error:
            raise error

    monkeypatch.setattr(type(day.delivery.posting), "step", step)
    await day.turn()

    assert day.delivery._due.rests == {day.channel: day.clock() + timedelta(seconds=rest_s)}


async def test_database_that_fails_for_a_moment_does_not_end_the_loop(day, monkeypatch):
    await day.follow(FLAT)
    due, failed = channels.with_work, []

    async def failing(tx, now, served_by):
        if len(failed) < 2:
            failed.append(now)
            raise StorageError("disk full")
        return await due(tx, now, served_by)

    monkeypatch.setattr("storage.channels.with_work", failing)
    async with running(day):
        ids = await events_of(day, 1)
        await until(day, lambda: day.event_ids() == ids)

    assert len(failed) == 2


async def test_token_trouble_pauses_posts_and_edits_and_both_resume(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    async with running(day):
        await until(day, day.posts)
        day.workspace.faults.token_revoked = True
        day.telnyx.set_status(order_id, "exception")
        await day.take_in()
        await until(day, lambda: day.workspace.calls[-1].method == "auth.test", seconds=1)
        tries = len(day.workspace.calls)
        await until(day, lambda: len(day.workspace.calls) > tries, seconds=1)
        day.workspace.faults.token_revoked = False
        await until(day, lambda: len(day.event_ids()) == 2, seconds=1)
        await until(day, lambda: day.workspace.edits, seconds=1)

    probes = [call for call in day.workspace.calls[tries:] if call.outcome != "ok"]
    assert {call.method for call in probes} == {"auth.test"}
    assert day.delivery.health.slack_refusal is None
    assert "exception" in day.posts()[0].text.lower()


async def test_missing_scope_is_tried_at_the_pace_of_probes(day):
    day.workspace.faults.refuse = {"chat.postMessage": "missing_scope"}
    await day.follow(FLAT)
    await events_of(day, 1)

    await day.deliver(seconds=900)

    posts = [call.at for call in day.workspace.calls if call.method == "chat.postMessage"]
    assert all(later - earlier >= timedelta(seconds=300) for earlier, later in pairwise(posts))
    assert len(posts) == 3


async def test_revoked_token_is_asked_about_every_thirty_seconds(day):
    day.workspace.faults.token_revoked = True
    await day.follow(FLAT)
    await events_of(day, 1)

    for _ in range(100):
        await day.turn()
        day.clock.forward(seconds=1)

    asked = [call.at for call in day.workspace.calls if call.method == "auth.test"]
    assert [later - earlier for earlier, later in pairwise(asked)] == [timedelta(seconds=30)] * 2


async def test_workspace_that_rests_gets_nothing_before_its_time(day):
    await day.follow(FLAT)
    async with day.database.transaction() as tx:
        now = day.clock()
        await workspaces.hold_posts(tx, day.workspace.team_id, now + timedelta(minutes=1), now=now)
    await events_of(day, 1)
    await day.delivery.round()
    actors_before = list(day.delivery._actors)
    day.clock.forward(minutes=1)
    async with running(day):
        await until(day, day.posts)

    assert actors_before == []


async def test_long_wait_for_a_channels_next_message_is_left_to_the_round(day):
    await day.follow(FLAT)
    later = day.clock() + timedelta(seconds=3)

    assert not await day.delivery._stay_until(later)


async def test_channels_next_message_goes_out_without_another_look_around(day):
    await day.follow(FLAT)
    ids = await events_of(day, 2)

    await day.turn()

    assert sorted(day.event_ids()) == sorted(ids)


@pytest.mark.parametrize(("ahead_s", "wait_s"), [(TICK_S / 2, TICK_S / 2), (-3, 0), (60, TICK_S)])
async def test_next_edit_is_waited_for_but_no_longer_than_a_tick(day, monkeypatch, ahead_s, wait_s):
    at = day.clock() + timedelta(seconds=ahead_s)

    async def step(_):
        return at

    monkeypatch.setattr(type(day.delivery.editing), "step", step)

    assert await day.delivery.edit_round() == pytest.approx(wait_s)


async def test_notice_can_be_told_in_a_thread(day):
    await day.delivery.tell(day.channel, notices.one_line("By the way."))
    await day.deliver(seconds=2)
    [first] = day.posts()

    await day.delivery.tell(day.channel, notices.one_line("And this."), thread_ts=first.ts)
    await day.deliver(seconds=2)

    assert [post.thread_ts for post in day.posts()] == [None, first.ts]


async def test_posts_go_out_before_edits(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    day.clock.forward(seconds=60)

    wait = await day.delivery.edit_round()
    await day.deliver(seconds=5)
    for _ in range(2):
        await day.delivery.edit_round()
        day.clock.forward(seconds=2)

    methods = [call.method for call in day.workspace.calls if call.method.startswith("chat.")]
    assert wait == POSTS_FIRST_S
    assert methods == ["chat.postMessage", "chat.postMessage", "chat.update"]


async def test_at_most_forty_eight_edits_a_minute_for_the_whole_workspace(day):
    await day.follow("broadcast:none")
    orders = [day.order(reference=f"No {n}") for n in range(5)]
    for order_id in orders:
        day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=20)
    began, statuses = day.clock(), ("submitted", "in-process")
    for turn in range(24):
        for order_id in orders:
            day.telnyx.set_status(order_id, statuses[turn % 2])
        await day.take_in()
        await day.edit(seconds=5)

    edits = [call.at for call in day.workspace.calls if call.method == "chat.update"]
    minute = timedelta(minutes=1)
    assert len(edits) > 20
    assert max(sum(at <= other < at + minute for other in edits) for at in edits) <= 48
    assert edits[0] >= began


@pytest.mark.parametrize(
    ("is_more", "busy", "is_woken"), [(True, 0, True), (True, AT_ONCE, False), (False, 0, False)]
)
async def test_others_are_taken_on_as_soon_as_there_is_room(day, is_more, busy, is_woken):
    delivery = day.delivery
    delivery._due.is_more, delivery._busy = is_more, busy
    delivery._woken.clear()

    await delivery._step(day.channel)

    assert (delivery._woken.is_set(), delivery._busy) == (is_woken, busy)


@pytest.mark.parametrize(
    ("is_more", "begun", "wait"), [(True, [], 0), (True, ["C404"], TICK_S), (False, [], TICK_S)]
)
async def test_who_came_too_late_for_some_looks_for_others_at_once(day, monkeypatch, is_more, begun, wait):
    async def taken_on(*_):
        return begun

    monkeypatch.setattr(type(day.delivery._due), "taken_on", taken_on)
    day.delivery._due.is_more = is_more

    until_next = await day.delivery.round()
    await asyncio.gather(*day.delivery._actors.values())

    assert until_next == wait


async def test_stop_lets_the_edit_finish_that_is_under_way(day, monkeypatch):
    begun, answered, done = asyncio.Event(), asyncio.Event(), []

    async def edit_round(_):
        begun.set()
        await answered.wait()
        done.append(True)
        return 0.0

    monkeypatch.setattr(type(day.delivery), "edit_round", edit_round)
    loop = asyncio.create_task(day.delivery.run())
    await begun.wait()
    day.delivery.stop()
    for _ in range(20):
        await asyncio.sleep(0)
    answered.set()
    await loop

    assert done == [True]


async def test_stop_finishes_the_post_in_flight_and_begins_no_other(day):
    await day.follow(FLAT)
    await events_of(day, 3)
    day.workspace.faults.slow_s = 0.05
    loop = asyncio.create_task(day.delivery.run())
    await day.workspace.until(lambda: day.delivery._actors)
    while not await in_flight(day):
        await day.workspace.until(lambda: True)
    day.delivery.stop()
    await asyncio.wait_for(loop, 60)

    assert len(day.posts()) == 1
    assert not await in_flight(day)


async def in_flight(day):
    async with day.database.reading() as tx:
        return await deliveries.head(tx, day.channel)


async def test_noisy_channel_gathers_for_a_minute_and_lets_critical_ones_through(day):
    await day.follow(FLAT)
    for _ in range(21):
        await day.delivery.tell(day.channel, notices.one_line("By the way."))
    await day.deliver(seconds=40)
    before, quiet_from = len(day.posts()), day.clock()
    first = await events_of(day, 1)
    await day.deliver(seconds=30)
    second = await events_of(day, 1)
    critical = await events_of(day, 1, status="exception")
    await day.deliver(seconds=5)
    early = [post.metadata["event_payload"]["event_ids"] for post in day.posts()[before:]]
    await day.deliver(seconds=40)

    late = day.posts()[-1]
    assert early == [critical]
    assert late.metadata["event_payload"]["event_ids"] == first + second
    assert late.posted_at - quiet_from <= timedelta(seconds=65)


async def test_notice_to_a_person_goes_to_their_conversation(day):
    await day.delivery.tell(day.owner, notices.one_line("By the way."))
    async with running(day):
        await until(day, lambda: day.posts(day.workspace.dm(day.owner)))

    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_person_who_cannot_be_reached_for_now_is_tried_again(day):
    day.workspace.faults.next_failures = [("conversations.open", "internal_error")]
    await day.delivery.tell(day.owner, notices.one_line("By the way."))
    await day.deliver(seconds=60)

    assert len(day.posts(day.workspace.dm(day.owner))) == 1


async def test_missing_scope_to_write_to_people_holds_no_channel_up(day):
    day.workspace.faults.refuse = {"conversations.open": "missing_scope"}
    await day.follow(FLAT)
    await day.delivery.tell(day.owner, notices.one_line("By the way."))
    ids = await events_of(day, 1)

    await day.deliver(seconds=290)

    assert day.event_ids() == ids
    assert day.delivery.health.slack_refusal is None
    assert len([call for call in day.workspace.calls if call.method == "conversations.open"]) == 1


async def test_person_who_left_is_given_up(day):
    day.workspace.faults.refuse = {"conversations.open": "user_not_found"}
    await day.delivery.tell(day.owner, notices.one_line("By the way."))
    await day.deliver(seconds=10)

    asked = [call for call in day.workspace.calls if call.method == "conversations.open"]
    assert len(asked) == 1


async def test_rounds_that_fail_are_told_once_when_they_begin_and_once_when_they_end(day, monkeypatch):
    monkeypatch.setattr("bot.repeating.AFTER_BUG_S", 0.0)
    work = failing(day, [RuntimeError("a bug")] * 3)
    with structlog.testing.capture_logs() as cap:
        await day.delivery._again_and_again(work, day.delivery._stopping)

    assert [(line["event"], line["work"]) for line in cap] == [
        ("work failed, it is tried again and again", "delivery"),
        ("work goes on", "delivery"),
    ]


async def test_database_that_fails_is_told_once_for_all_channels(day, monkeypatch):
    for channel in (day.channel, day.workspace.add_channel("second")):
        await day.follow("style:flat", channel=channel)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    async def locked(*_):
        raise StorageError("the database is locked")

    with structlog.testing.capture_logs() as cap:
        with monkeypatch.context() as patch:
            patch.setattr("bot.delivery.queue.next_message", locked)
            await day.deliver(seconds=20)
        await day.deliver(seconds=60)

    told = [line["event"] for line in cap if "database" in line["event"] or line["log_level"] == "error"]
    assert told == ["the database can't be used, work waits and is tried again"]
    assert day.delivery.health.database.trouble.reason == "the database is locked"
    assert day.event_ids() == [event_id]


async def test_round_that_the_database_fails_is_done_again(day, monkeypatch):
    monkeypatch.setattr("bot.delivery.TICK_S", 0.0)
    work = failing(day, [StorageError("the database is locked")] * 3)
    with structlog.testing.capture_logs() as cap:
        await day.delivery._again_and_again(work, day.delivery._stopping)

    assert [line["event"] for line in cap] == ["the database can't be used, work waits and is tried again"]


async def test_database_that_fails_while_a_message_is_chosen_gives_nothing_up(day, monkeypatch):
    await day.follow("style:flat")
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    async def locked(*_):
        raise StorageError("the database is locked")

    with monkeypatch.context() as patch:
        patch.setattr("bot.delivery.queue.next_message", locked)
        with pytest.raises(StorageError):
            await day.delivery.posting.step(day.channel)
    await day.deliver(seconds=10)

    assert day.event_ids() == [event_id]
