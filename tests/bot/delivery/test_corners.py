"""The corners of the delivery: seldom met, and each with its rule."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.slack.faults import Fault
from bot.slack.client import MOST_PAGES
from bot.slack.errors import SlackUnavailableError


async def thread_of_two(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver()
    second = day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    return order_id, second


async def test_unclear_reply_is_looked_for_in_its_thread(day):
    _, second = await thread_of_two(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]

    await day.deliver()

    assert day.event_ids().count(second) == 1
    assert any(call.method == "conversations.replies" for call in day.workspace.calls)


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


async def test_history_whose_cursor_never_ends_is_read_only_so_far(day, monkeypatch):
    calls = []

    async def endless(_, method, arguments):
        calls.append(method)
        return {"messages": [], "response_metadata": {"next_cursor": f"page {len(calls)}"}}

    monkeypatch.setattr(type(day.delivery.slack), "call", endless)
    found = await day.delivery.slack.history(day.channel, oldest=day.clock(), latest=day.clock())

    assert (found, len(calls)) == ([], MOST_PAGES)


@pytest.mark.parametrize("later_s", [None, 60])
async def test_what_is_owed_while_a_step_decides_to_wait_is_looked_at_at_once(day, monkeypatch, later_s):
    await day.follow("style:flat")
    delivery = day.delivery

    async def step(_, _channel_id):
        delivery.wake()
        return later_s and day.clock() + timedelta(seconds=later_s)

    monkeypatch.setattr(type(delivery.posting), "step", step)
    delivery._actors[day.channel] = asyncio.create_task(delivery._serve(day.channel))
    await delivery._actors[day.channel]

    assert day.channel not in delivery._rests


async def test_channel_without_a_row_has_nothing_to_wait_for(day):
    assert not await day.delivery._stay_until("C0NOWHERE", day.clock())
    assert await day.delivery.posting.step("C0NOWHERE") is None
