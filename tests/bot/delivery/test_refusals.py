"""Refusals of posts, histories and conversations that are rarer: each is settled, and the channel goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from bot.health import Health
from bot.messages import notices
from bot.sandbox.slack.faults import Fault
from bot.slack.errors import Posted
from storage import channels, deliveries

FLAT = "style:flat"


async def one_event(day, filters=FLAT, channel=None):
    await day.follow(filters, channel)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event_id


async def states(day):
    async with day.database.reading() as tx:
        return [tuple(row) for row in await tx.execute(text("SELECT state, error FROM delivery"))]


async def unclear_event(day):
    """An event whose post never arrived, which nobody knows yet."""
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.HTTP_500_BEFORE)]
    await day.deliver(seconds=3)
    return event_id


async def test_unknown_channel_has_nothing_to_do(day):
    assert await day.delivery.posting.step("C404") is None


async def test_channel_without_work_has_nothing_to_do(day):
    await day.follow(FLAT)

    assert await day.delivery.posting.step(day.channel) is None


async def test_paused_channel_waits_for_its_probe(day):
    await one_event(day)
    async with day.database.transaction() as tx:
        probe_at = day.clock() + timedelta(minutes=5)
        await channels.pause(tx, day.channel, "is_archived", now=day.clock(), probe_at=probe_at)

    assert await day.delivery.posting.step(day.channel) is None
    assert day.posts() == []


async def test_message_limit_of_the_workspace_rests_for_ten_minutes(day):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "message_limit_exceeded")]
    began = day.clock()

    await day.deliver(seconds=620)

    assert day.event_ids() == [event_id]
    assert day.posts()[0].posted_at - began >= timedelta(minutes=10)


async def test_two_limited_channels_rest_the_whole_workspace(day):
    other = day.workspace.add_channel("other")
    await day.follow(FLAT, other)
    await one_event(day)
    day.workspace.faults.retry_after_value = "60"
    day.workspace.faults.next_failures = [("chat.postMessage", "ratelimited")] * 2
    await day.deliver(seconds=3)
    tried = len(day.workspace.calls)

    await day.delivery.round()

    assert not day.delivery._actors
    assert len(day.workspace.calls) == tried


async def test_flat_message_with_a_refused_thread_is_given_up(day):
    await one_event(day)
    day.workspace.faults.refuse = {"chat.postMessage": "cannot_reply_to_message"}

    await day.deliver(seconds=10)

    assert await states(day) == [("parked", "cannot_reply_to_message")]


async def test_reply_to_a_locked_thread_begins_a_new_card(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    first = day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    day.workspace.faults.next_failures = [("chat.postMessage", "restricted_action_thread_locked")]
    second = day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    await day.deliver(seconds=5)

    assert day.event_ids() == [first, second]
    card = day.posts()[1]
    assert card.thread_ts in (None, card.ts)
    assert first in str(card.blocks)  # its menu leads to the order's other events


async def test_direct_message_that_its_reader_refuses_is_given_up(day):
    day.workspace.faults.refuse = {"chat.postMessage": "messages_tab_disabled"}
    await day.delivery.tell(day.owner, notices.one_line("By the way."))

    await day.deliver(seconds=10)

    assert await states(day) == [("parked", "messages_tab_disabled")]


async def test_token_that_is_refused_when_a_conversation_is_opened_holds_all_and_loses_nothing(day):
    day.workspace.faults.refuse = {"conversations.open": "invalid_auth", "auth.test": "invalid_auth"}
    await day.delivery.tell(day.owner, notices.one_line("By the way."))

    await day.deliver(seconds=10)
    held = day.delivery.health.slack_refusal
    day.workspace.faults.refuse = {}
    await day.deliver(seconds=300)

    assert held == "invalid_auth"
    assert await states(day) == [("posted", None)]


async def test_slack_that_does_not_answer_is_a_trouble_until_it_takes_a_message(day):
    day.workspace.faults.always = Fault.HTTP_500_BEFORE
    await one_event(day)

    await day.deliver(seconds=10)
    meanwhile = [trouble.what for trouble in day.delivery.health.troubles.values()]
    day.workspace.faults.always = None
    await day.deliver(seconds=300)

    assert meanwhile == ["Slack does not take messages as it should"]
    assert day.delivery.health.troubles == {}


async def test_outcome_of_an_attempt_that_is_over_is_not_recorded_again(day):
    event_id = await one_event(day)
    record, twice = type(day.delivery.posting.settling).record, []

    async def once_more(self, tx, draft, message, outcome, **how):
        await record(self, tx, draft, message, outcome, **how)
        await tx.execute(text("UPDATE delivery SET attempt = attempt + 1"))
        await record(self, tx, draft, message, outcome, **how)
        twice.append(message.id)

    type(day.delivery.posting.settling).record = once_more
    try:
        await day.deliver(seconds=5)
    finally:
        type(day.delivery.posting.settling).record = record

    counted = 'portwire_deliveries_total{outcome="posted"} 1.0'
    assert len(twice) == 1
    assert day.event_ids() == [event_id]
    assert counted in day.delivery.posting.settling.metrics.render().decode()


async def test_history_that_does_not_answer_is_asked_again(day):
    event_id = await unclear_event(day)
    day.workspace.faults.next_failures = [("conversations.history", Fault.HTTP_500_BEFORE)]

    await day.deliver(seconds=120)

    assert day.event_ids() == [event_id]
    rendered = day.delivery.posting.settling.metrics.render().decode()
    assert 'reconcile_total{result="unavailable"} 1.0' in rendered


async def test_history_that_finds_the_token_revoked_stops_everything(day):
    event_id = await unclear_event(day)
    day.workspace.faults.next_failures = [("conversations.history", "token_revoked")]
    await day.deliver(seconds=20)
    refusal = day.delivery.health.slack_refusal
    day.clock.forward(seconds=60)
    await day.delivery.round()
    await day.deliver(seconds=120)

    assert refusal == "token_revoked"
    assert day.event_ids() == [event_id]


async def test_history_with_an_unknown_refusal_is_asked_three_times_and_then_the_message_sent_again(day):
    event_id = await unclear_event(day)
    day.workspace.faults.history_refuse = "a_new_error"

    await day.deliver(seconds=200)

    methods = [call.method for call in day.workspace.calls]
    assert methods[: methods.index("chat.postMessage", 1)].count("conversations.history") == 4
    assert day.event_ids() == [event_id]
    assert "repeat" in str(day.posts()[0].blocks).lower()


async def test_channel_that_the_bot_was_put_out_of_is_joined_to_read_its_history(day):
    event_id = await unclear_event(day)
    day.workspace.faults.next_failures = [("conversations.history", "not_in_channel")]

    await day.deliver(seconds=120)

    assert day.event_ids() == [event_id]
    assert [call for call in day.workspace.calls if call.method == "conversations.join"]


@pytest.mark.parametrize(
    ("answer", "is_paused"), [("internal_error", False), ("method_not_supported_for_channel_type", True)]
)
async def test_channel_that_cannot_be_joined_to_read_its_history_waits(day, answer, is_paused):
    event_id = await unclear_event(day)
    day.workspace.faults.refuse = {"conversations.history": "not_in_channel", "conversations.join": answer}
    await day.deliver(seconds=60)
    async with day.database.reading() as tx:
        paused = (await channels.find(tx, day.channel)).paused_at is not None
    before = day.event_ids()
    day.workspace.faults.refuse = {}
    await day.deliver(seconds=400)

    assert (paused, before) == (is_paused, [])
    assert day.event_ids() == [event_id]


async def test_refusal_that_we_do_not_know_parks_after_three_unclear_tries(day):
    await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "a_new_error")] * 4

    await day.deliver(seconds=400)

    assert await states(day) == [("parked", "a_new_error")]


async def test_trouble_of_our_own_is_told_in_the_ops_channel_but_not_about_itself(day):
    ops = day.workspace.add_channel("ops")
    troubles = day.delivery.posting.settling.troubles
    troubles.ops.ops_channel = ops
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): "restricted_action"}
    await one_event(day)
    await day.deliver(seconds=5)
    told = len(day.posts(ops))
    async with day.database.transaction() as tx:
        await troubles.ops.owe(tx, notices.one_line("By the way."), about=ops)
    await day.deliver(seconds=5)

    assert (told, len(day.posts(ops))) == (1, 1)


@pytest.mark.parametrize(("error", "state"), [("invalid_blocks", "parked"), ("is_archived", "pending")])
async def test_trouble_of_the_ops_channel_itself_is_not_told_there(day, error, state):
    ops = day.workspace.add_channel("ops")
    day.delivery.posting.settling.troubles.ops.ops_channel = ops
    day.workspace.faults.refuse = {("chat.postMessage", ops): error}
    await day.delivery.tell(ops, notices.one_line("By the way."))

    await day.deliver(seconds=120)

    assert await states(day) == [(state, error)]


async def test_end_of_token_trouble_is_told_the_ops_channel_once_when_a_post_goes_through(day):
    ops = day.workspace.add_channel("ops")
    day.delivery.posting.settling.troubles.ops.ops_channel = ops
    day.workspace.faults.refuse = {"chat.postMessage": "missing_scope"}
    event_id = await one_event(day)
    with structlog.testing.capture_logs() as logs:
        await day.deliver(seconds=1800)
        while_refused = (await day.delivery.round(), day.delivery.health.slack_refusal)
        day.workspace.faults.refuse = {}
        await day.deliver(seconds=400)

    told = [entry["event"] for entry in logs if "token" in entry["event"]]
    assert while_refused[1] == "missing_scope"
    assert day.event_ids() == [event_id]
    assert [post.text.split(",")[0] for post in day.posts(ops)] == [
        "🟢 Over: “Slack refused the bot's token (missing_scope)”"
    ]
    assert told == [
        "Slack refuses the bot's token, posting stops until it is mended",
        "Slack takes the bot's token again",
    ]


async def test_end_of_token_trouble_that_another_process_told_is_not_told_again(day):
    ops = day.workspace.add_channel("ops")
    troubles = day.delivery.posting.settling.troubles
    theirs = replace(troubles, health=Health(), _refused_since={})
    troubles.ops.ops_channel = ops
    day.workspace.faults.refuse = {"chat.postMessage": "missing_scope"}
    await one_event(day)
    await day.deliver(seconds=5)
    async with day.database.transaction() as tx:
        await theirs.token_refused(tx, "missing_scope")
        await theirs.over(tx)
    day.workspace.faults.refuse = {}
    await day.deliver(seconds=400)

    assert len(day.posts(ops)) == 1


async def test_outage_is_one_line_at_its_start_and_one_at_its_end(day):
    for other in [day.workspace.add_channel(f"other-{n}") for n in range(3)]:
        await day.follow(FLAT, other)
    await one_event(day)
    with structlog.testing.capture_logs() as logs:
        day.workspace.faults.down = True
        await day.deliver(seconds=600)
        day.workspace.faults.down = False
        await day.deliver(seconds=300)

    lines = [entry["event"] for entry in logs if "unclear post" not in entry["event"]]
    assert lines[0] == "Slack does not answer as it should, posts wait"
    assert lines[1:3] == ["Slack takes messages again", "message posted"]
    assert lines.count("message posted") == len(lines) - 2 == 4


@pytest.mark.parametrize("stands_in_thread", [True, False])
async def test_reply_whose_answer_names_no_thread_is_the_new_card_unless_it_stands_in_its_thread(
    day, monkeypatch, stands_in_thread
):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    post = type(day.delivery.slack).post

    async def nameless(*given, thread_ts, **named):
        posted = await post(*given, thread_ts=thread_ts if stands_in_thread else None, **named)
        return Posted(posted.ts)

    with monkeypatch.context() as answering:
        answering.setattr(type(day.delivery.slack), "post", nameless)
        day.telnyx.set_status(order_id, "submitted")
        await day.take_in()
        await day.deliver(seconds=5)
    day.telnyx.set_status(order_id, "exception")
    await day.take_in()
    await day.deliver(seconds=5)

    card, second, third = day.posts()
    assert second.thread_ts == (card.ts if stands_in_thread else None)
    assert third.thread_ts == (card.ts if stands_in_thread else second.ts)
    async with day.database.reading() as tx:
        recorded = (await tx.exec_driver_sql("SELECT ts FROM delivery ORDER BY ts")).scalars().all()
    assert recorded == [post.ts for post in day.posts()]


async def test_reply_that_can_not_be_looked_for_is_taken_for_the_orders_new_card(day):
    await day.follow("broadcast:none")
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process")
    await day.take_in()
    await day.deliver(seconds=5)
    card = day.posts()[0]
    day.workspace.delete_message(day.channel, card.ts)
    day.workspace.faults.refuse = {"conversations.replies": "internal_error"}
    day.telnyx.set_status(order_id, "submitted")
    await day.take_in()
    await day.deliver(seconds=5)

    assert len(day.posts()) == 1
    assert day.posts()[0].thread_ts in (None, day.posts()[0].ts)


async def test_first_look_at_a_history_is_a_narrow_one(day):
    await unclear_event(day)

    await day.deliver(seconds=200)

    windows = [
        float(call.arguments["latest"]) - float(call.arguments["oldest"])
        for call in day.workspace.calls
        if call.method == "conversations.history"
    ]
    assert windows[:2] == [20 * 60, 2 * 24 * 3600]


@pytest.mark.parametrize("looks", [0, 1])
@pytest.mark.parametrize("answer", [None, Fault.HTTP_500_BEFORE, "missing_scope"])
async def test_what_a_history_says_of_an_attempt_that_is_over_changes_nothing(day, looks, answer):
    await unclear_event(day)
    async with day.database.transaction() as tx:
        message = await deliveries.head(tx, day.channel)
        await deliveries.change(tx, message.id, attempt=message.attempt + 1, looks=looks)
        kept = await deliveries.head(tx, day.channel)
    day.workspace.faults.next_failures = [("conversations.history", answer)] if answer else []

    await day.delivery.reconciling.look(replace(message, looks=looks))

    async with day.database.reading() as tx:
        assert await deliveries.head(tx, day.channel) == kept
