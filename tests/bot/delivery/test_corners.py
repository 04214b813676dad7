"""The corners of the delivery: seldom met, and each with its rule."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from errno import EMFILE

import pytest

from bot.delivery import drafts
from bot.delivery.settling import MOST_REFUSALS
from bot.sandbox.slack.faults import Fault
from bot.slack.client import MOST_PAGES, NotWholeError
from bot.slack.errors import Refusal, Refused, SlackUnavailableError
from storage import channels, deliveries

NOT_POSTED = "SELECT state, error FROM delivery WHERE state != 'posted'"


async def thread_of_two(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    second = day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    return order_id, second


async def test_unclear_reply_is_looked_for_in_its_thread_and_stays_a_reply(day):
    order_id, second = await thread_of_two(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]

    await day.deliver()

    assert day.event_ids().count(second) == 1
    assert any(call.method == "conversations.replies" for call in day.workspace.calls)
    day.telnyx.set_status(order_id, "exception")
    await day.take_in()
    await day.deliver()
    card, *replies = day.posts()
    assert [reply.thread_ts for reply in replies] == [card.ts, card.ts]


async def test_second_trouble_is_told_in_the_conversation_that_is_known(day):
    other = day.workspace.add_channel("other")
    await day.follow("style:flat")
    await day.follow("style:flat", other)
    day.workspace.faults.refuse = {
        ("chat.postMessage", day.channel): "restricted_action",
        ("chat.postMessage", other): "restricted_action",
    }
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.deliver(seconds=30)

    assert len(day.posts(day.workspace.dm(day.owner))) == 2
    assert len([call for call in day.workspace.calls if call.method == "conversations.open"]) == 1


async def test_idle_channel_is_probed_again_later_while_slack_is_away(day, monkeypatch):
    await day.follow("style:flat")
    day.workspace.archive(day.channel)
    async with day.database.transaction() as tx:
        await day.delivery.posting.settling.pause(tx, day.channel, "is_archived")
    day.clock.forward(seconds=301)

    async def away(*_):
        raise SlackUnavailableError

    monkeypatch.setattr(type(day.delivery.slack), "info", away)
    await day.delivery.rarer_round()
    await day.delivery.rarer_round()

    joins = [call for call in day.workspace.calls if call.method == "conversations.join"]
    assert len(joins) == 1


async def two_events(day):
    ids = [day.telnyx.set_status(day.order(reference=f"No {n}"), "in-process") for n in range(2)]
    await day.take_in()
    return ids


async def test_bug_that_one_message_meets_stops_its_channel_for_no_other(day, monkeypatch):
    await day.follow("style:flat")
    first, second = await two_events(day)
    load = drafts.load

    async def stumbling(tx, message, shape, members):
        draft = await load(tx, message, shape, members)
        if first in draft.event_ids:
            raise RecursionError
        return draft

    monkeypatch.setattr(drafts, "load", stumbling)
    await day.deliver(seconds=30)

    assert day.event_ids() == [second]
    async with day.database.reading() as tx:
        count, [given_up] = await deliveries.parked(tx, day.clock() - timedelta(days=1), shown=3)
    assert (count, given_up.error) == (1, "a bug of mine, see the log")


async def test_message_is_made_again_after_a_passing_trouble_also_of_the_next_process(day, monkeypatch):
    await day.follow("style:flat")
    ids = await two_events(day)
    load, failures = drafts.load, [OSError(EMFILE, "too many open files"), MemoryError(), OSError(EMFILE, "")]

    async def short_of_files(*given):
        if failures:
            raise failures.pop()
        return await load(*given)

    monkeypatch.setattr(drafts, "load", short_of_files)
    await day.deliver(seconds=1)
    await day.restart()
    await day.deliver(seconds=60)

    assert sorted(day.event_ids()) == sorted(ids)
    assert failures == []


async def test_message_that_can_not_be_made_holds_its_order_together_and_others_for_half_a_minute(
    day, monkeypatch
):
    await day.follow("style:flat")
    order_id = day.order()
    first = day.telnyx.set_status(order_id, "in-process")
    day.clock.forward(seconds=1)
    second = day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    load, tried = drafts.load, []

    async def stumbling(tx, message, shape, members):
        draft = await load(tx, message, shape, members)
        if first in draft.event_ids:
            tried.append((day.clock() - began).total_seconds())
            raise ZeroDivisionError
        return draft

    began = day.clock()
    monkeypatch.setattr(drafts, "load", stumbling)
    await day.deliver(seconds=25)
    held = day.event_ids()
    await day.deliver(seconds=5)

    assert (held, day.event_ids()) == ([], [second])
    assert len(tried) == MOST_REFUSALS + 1
    assert tried[-1] < 30


async def test_bad_event_takes_no_other_of_its_roll_up_with_it(day):
    await day.follow("style:flat")
    ids = []
    for number in range(8):
        day.clock.forward(seconds=1)  # what came in the same moment has no order
        ids.append(day.telnyx.set_status(day.order(reference=f"No {number}"), "in-process"))
    await day.take_in()
    bad, answer = ids[3], type(day.delivery.slack).post

    async def picky(self, target, message, *, metadata, **named):
        if bad in str(metadata):
            return Refused("metadata_too_large", Refusal.MESSAGE)
        return await answer(self, target, message, metadata=metadata, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(day.delivery.slack), "post", picky)
        await day.deliver(seconds=60)

    assert day.event_ids() == [each for each in ids if each != bad]


async def test_message_of_which_nothing_is_left_stops_nothing(day):
    await day.follow("style:flat")
    day.workspace.archive(day.channel)
    await two_events(day)
    await day.deliver(seconds=5)
    async with day.database.transaction() as tx:
        await tx.exec_driver_sql("DELETE FROM delivery_event WHERE delivery_id IS NOT NULL")
    day.workspace.unarchive(day.channel)
    later = day.telnyx.set_status(day.order(reference="Later"), "in-process")
    await day.take_in()

    await day.deliver(seconds=400)

    assert later in day.event_ids()
    async with day.database.reading() as tx:
        [empty] = [tuple(row) for row in await tx.exec_driver_sql(NOT_POSTED)]
    assert empty == ("cancelled", "nothing is left of it")


async def test_channel_goes_on_though_the_clock_was_set_back(day):
    await day.follow("style:flat")
    day.clock.forward(hours=2)  # so that what comes later is not from before our watch
    await two_events(day)
    await day.deliver(seconds=10)
    day.clock.forward(hours=-1)
    event_id = day.telnyx.set_status(day.order(reference="Later"), "in-process")
    await day.take_in()

    await day.deliver(seconds=10)

    assert event_id in day.event_ids()


@pytest.mark.parametrize("minutes", [-15, 15])
async def test_unclear_post_is_found_though_our_clock_is_wrong(day, minutes):
    await day.follow("style:flat")
    day.workspace.now = lambda: day.clock() + timedelta(minutes=minutes)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.deliver(seconds=300)

    assert day.event_ids() == [event_id]


@pytest.mark.parametrize(
    "odd",
    [{"ok": True}, {"ok": True, "messages": None}, {"ok": True, "messages": [], "has_more": True}],
)
async def test_history_that_is_not_whole_proves_nothing(day, monkeypatch, odd):
    await day.follow("style:flat")
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    slack, call, asked = type(day.delivery.slack), type(day.delivery.slack).call, []

    async def answered(self, method, arguments):
        if method != "conversations.history" or len(asked) == 2:
            return await call(self, method, arguments)
        asked.append(method)
        return odd

    monkeypatch.setattr(slack, "call", answered)
    await day.deliver(seconds=300)

    assert day.event_ids() == [event_id]


@pytest.mark.parametrize("is_reply", [False, True])
async def test_part_of_a_history_is_enough_to_find_a_post(day, monkeypatch, is_reply):
    await day.follow("style:thread" if is_reply else "style:flat")
    order_id = day.order()
    ids = []
    for status in ("in-process", "submitted")[: 1 + is_reply]:
        ids.append(day.telnyx.set_status(order_id, status))
        await day.take_in()
        if len(ids) == 1 + is_reply:
            day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
        await day.deliver(seconds=5)
    slack, call = type(day.delivery.slack), type(day.delivery.slack).call

    async def more_than_it_shows(self, method, arguments):
        answer = await call(self, method, arguments)
        return answer | {"has_more": True} if "messages" in answer else answer

    monkeypatch.setattr(slack, "call", more_than_it_shows)
    await day.deliver(seconds=60)

    assert day.event_ids() == ids
    assert not [call for call in day.workspace.calls if call.method == "chat.postMessage"][1 + is_reply :]


async def test_history_whose_cursor_never_ends_is_read_only_so_far_and_proves_nothing(day, monkeypatch):
    calls = []

    async def endless(_, method, arguments):
        calls.append(method)
        return {"messages": [], "response_metadata": {"next_cursor": f"page {len(calls)}"}}

    monkeypatch.setattr(type(day.delivery.slack), "call", endless)
    with pytest.raises(NotWholeError):
        await day.delivery.slack.history(day.channel, oldest=day.clock(), latest=day.clock())

    assert len(calls) == MOST_PAGES


@pytest.mark.parametrize("later_s", [None, 60])
async def test_what_is_owed_while_a_step_decides_to_wait_is_looked_at_at_once(day, monkeypatch, later_s):
    await day.follow("style:flat")
    delivery = day.delivery
    delivery.wake()

    async def step(_, _channel_id):
        delivery.wake()
        return later_s and day.clock() + timedelta(seconds=later_s)

    monkeypatch.setattr(type(delivery.posting), "step", step)
    delivery._actors[day.channel] = asyncio.create_task(delivery._serve(day.channel))
    await delivery._actors[day.channel]

    assert day.channel not in delivery._due.rests


@pytest.mark.parametrize("person", ["U012", "W012"])
async def test_person_of_any_kind_of_workspace_is_written_to_in_their_conversation(day, person):
    await day.follow("style:flat")
    async with day.database.reading() as tx:
        channel = await channels.find(tx, day.channel)

    assert await day.delivery.posting.reach.target(replace(channel, id=person, direct_id="D012")) == "D012"


async def test_channel_without_a_row_has_nothing_to_wait_for(day):
    assert await day.delivery.posting.step("C0NOWHERE") is None


async def test_event_waits_for_an_older_one_of_its_order_that_was_listed_later(day):
    await day.follow("style:flat")
    order_id = day.order(reference="ACME")
    day.clock.forward(seconds=10)
    younger = day.telnyx.set_status(order_id, "exception")
    await day.take_in()
    older = day.telnyx.comment(
        order_id,
        "older",
        created_at=day.clock() - timedelta(seconds=5),
        payload_after=timedelta(seconds=30),
    )
    await day.take_in()

    await day.deliver(seconds=10)
    early = day.event_ids()
    day.clock.forward(seconds=30)
    await day.take_in()
    await day.deliver(seconds=10)

    assert early == []
    assert day.event_ids() == [older, younger]


async def test_event_waits_for_no_older_one_that_is_stuck(day, monkeypatch):
    await day.follow("style:flat")
    order_id = day.order(reference="ACME")
    day.clock.forward(seconds=10)
    younger = day.telnyx.comment(order_id, "younger")
    await day.take_in()
    day.telnyx.comment(
        order_id, "older", created_at=day.clock() - timedelta(seconds=5), payload_after=timedelta(hours=1)
    )
    await day.take_in()
    monkeypatch.setattr("bot.delivery.queue.LONGEST_HELD", timedelta(0))

    await day.deliver(seconds=10)

    assert day.event_ids() == [younger]
