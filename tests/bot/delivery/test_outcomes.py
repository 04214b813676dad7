"""Every answer that Slack may give to a post, and what follows: nothing lost, nothing repeated."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.delivery.settling import Settling
from bot.sandbox.slack.faults import Fault
from storage import channels, deliveries, workspaces

FLAT = "style:flat"
ACCEPTED = [
    Fault.LOSE_ANSWER,
    Fault.ACCEPT_THEN_500,
    Fault.INTERNAL_ERROR_AFTER_ACCEPT,
    Fault.CUT_JSON,
]
NOT_ACCEPTED = [Fault.DROP_BEFORE, Fault.HTTP_500_BEFORE, Fault.HTML_200, Fault.INTERNAL_ERROR_BEFORE]


async def states(day):
    async with day.database.reading() as tx:
        return [tuple(row) for row in await tx.execute(text("SELECT kind, state, error FROM delivery"))]


async def one_event(day, filters=FLAT):
    await day.follow(filters)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event_id


@pytest.mark.parametrize("fault", ACCEPTED)
async def test_accepted_post_with_a_lost_answer_is_found_and_not_repeated(day, fault):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", fault)]

    await day.deliver()

    assert day.event_ids() == [event_id]
    assert await states(day) == [("event", "posted", None)]


@pytest.mark.parametrize("fault", NOT_ACCEPTED)
async def test_post_that_never_arrived_is_sent_again(day, fault):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", fault)]

    await day.deliver()

    assert day.event_ids() == [event_id]
    async with day.database.reading() as tx:
        attempts = (await tx.exec_driver_sql("SELECT attempt FROM delivery")).scalars().all()
    assert attempts == [2]


async def test_unclear_post_rests_before_history_is_asked_twice(day, clock):
    await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.HTTP_500_BEFORE)]
    began = clock()

    await day.deliver()

    looked = [(call.at - began).total_seconds() for call in day.workspace.calls if "history" in call.method]
    assert looked[0] >= 15
    assert looked[1] - looked[0] >= 30


@pytest.mark.parametrize(
    ("fault", "counted"),
    [(Fault.LOSE_ANSWER, 'result="found"} 1.0'), (Fault.HTTP_500_BEFORE, 'result="absent"} 2.0')],
)
async def test_look_is_counted_by_what_it_found(day, metrics, fault, counted):
    await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", fault)]

    await day.deliver()

    assert f"portwire_reconcile_total{{{counted}" in metrics.render().decode()


async def test_history_that_lags_makes_no_repeat(day):
    event_id = await one_event(day)
    day.workspace.faults.history_lag_s = 20
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]

    await day.deliver()

    assert day.event_ids() == [event_id]


async def test_process_that_ended_between_accept_and_record_makes_no_repeat(day, monkeypatch):
    event_id = await one_event(day)

    async def die(*_, **_how):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Settling, "record", die)
        with pytest.raises(KeyboardInterrupt):
            await day.delivery.posting.step(day.channel)

    await day.restart()
    await day.deliver()

    assert day.event_ids() == [event_id]


async def test_history_forbidden_for_good_sends_again_and_says_so_of_this_post_alone(day):
    event_id = await one_event(day)
    day.workspace.faults.history_refuse = "missing_scope"
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.HTTP_500_BEFORE)]

    await day.deliver()

    [post] = day.posts()
    assert day.event_ids() == [event_id]
    assert "repeat" in str(post.blocks).lower()
    async with day.database.reading() as tx:
        assert (await channels.find(tx, day.channel)).history_refused == "missing_scope"
    day.telnyx.set_status(day.order(), "submitted")
    await day.take_in()
    await day.deliver(seconds=5)
    assert "repeat" not in str(day.posts()[1].blocks).lower()


@pytest.mark.parametrize("answers_lost", [1, 2])
async def test_repeat_that_came_through_after_all_is_taken_back(day, answers_lost):
    event_id = await one_event(day)
    day.workspace.faults.history_lag_s = 50
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)] * answers_lost

    await day.deliver(seconds=60)
    stood_twice = day.event_ids() == [event_id, event_id]
    day.workspace.faults.history_lag_s = 0
    await day.deliver(seconds=600)

    assert stood_twice
    assert day.event_ids() == [event_id]


async def test_what_may_be_the_only_one_is_not_taken_back(day):
    event_id = await one_event(day)
    day.workspace.faults.history_lag_s = 50
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=60)
    _, recorded = day.posts()
    day.workspace.delete_message(day.channel, recorded.ts)

    day.workspace.faults.history_lag_s = 0
    await day.deliver(seconds=1200)

    assert day.event_ids() == [event_id]


async def test_a_message_is_looked_up_for_repeats_until_it_is_shown_and_not_for_ever(day):
    await one_event(day)
    day.workspace.faults.history_lag_s = 50
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]

    await day.deliver(seconds=300)

    async with day.database.reading() as tx:
        assert await deliveries.to_verify(tx, day.clock() + timedelta(days=1)) == []


async def test_check_for_a_repeat_that_slack_does_not_answer_is_made_again(day):
    event_id = await one_event(day)
    day.workspace.faults.history_lag_s = 50
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    await day.deliver(seconds=60)
    day.workspace.faults.history_lag_s = 0
    day.workspace.faults.next_failures = [("conversations.history", Fault.HTTP_500_BEFORE)]

    await day.deliver(seconds=600)

    assert day.workspace.faults.next_failures == []
    assert day.event_ids() == [event_id]


async def test_shorter_rest_of_another_channel_does_not_shorten_the_workspaces(day):
    others = [day.workspace.add_channel(f"other-{n}") for n in range(2)]
    for channel in (day.channel, *others):
        await day.follow(FLAT, channel)
    day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    began = day.clock()
    for channel, wait in zip((day.channel, *others), ("60", "50", "1"), strict=True):
        day.workspace.faults.retry_after_value = wait
        day.workspace.faults.next_failures = [("chat.postMessage", Fault.RATELIMITED)]
        await day.delivery.posting.step(channel)

    async with day.database.reading() as tx:
        workspace = await workspaces.get(tx, day.workspace.team_id)

    assert workspace.posts_not_before == began + timedelta(seconds=60)


@pytest.mark.parametrize("value", ["3", "1.5", None, "soon"])
async def test_rate_limit_rests_the_channel_as_long_as_slack_says(day, clock, value):
    event_id = await one_event(day)
    day.workspace.faults.retry_after_value = value
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.RATELIMITED)]
    began = clock()

    await day.deliver()

    [post] = day.posts()
    wait = {"3": 3, "1.5": 1.5}.get(value, 30)
    assert day.event_ids() == [event_id]
    assert post.posted_at - began >= timedelta(seconds=wait)


async def test_retry_after_is_obeyed_after_a_restart_too(day, clock):
    await one_event(day)
    day.workspace.faults.retry_after_value = "60"
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.RATELIMITED)]
    began = clock()
    await day.deliver(seconds=2)

    await day.restart()
    await day.deliver()

    assert day.posts()[0].posted_at - began >= timedelta(seconds=60)


async def test_refused_blocks_are_sent_plainer_then_as_text(day):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "invalid_blocks")] * 2

    await day.deliver()

    [post] = day.posts()
    assert day.event_ids() == [event_id]
    assert not post.blocks
    assert post.text


async def test_message_that_slack_never_takes_is_parked_and_the_next_one_goes_on(day):
    await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "invalid_blocks")] * 3
    await day.deliver()
    second = day.telnyx.set_status(day.order(reference="Second"), "in-process")
    await day.take_in()
    await day.deliver()

    assert day.event_ids() == [second]
    assert ("event", "parked", "invalid_blocks") in await states(day)


async def test_unknown_refusal_is_tried_in_plainer_forms(day):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "a_new_error")] * 2

    await day.deliver(seconds=300)

    [post] = day.posts()
    assert (day.event_ids(), post.blocks) == ([event_id], [])


async def test_rest_of_no_time_is_short(day):
    event_id = await one_event(day)
    day.workspace.faults.retry_after_value = "0"
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.RATELIMITED)]

    await day.deliver(seconds=5)

    assert day.event_ids() == [event_id]


async def test_slack_that_could_not_be_reached_for_long_is_used_soon_after(day):
    event_id = await one_event(day)
    await day.workspace.unplug()
    await day.deliver(seconds=1800)
    await day.workspace.plug()

    await day.deliver(seconds=35)

    assert day.event_ids() == [event_id]


async def test_unknown_refusal_is_parked_after_three_tries(day):
    await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", "a_new_error")] * 3
    await day.deliver(seconds=400)

    assert await states(day) == [("event", "parked", "a_new_error")]


@pytest.mark.parametrize("error", ["is_archived", "channel_not_found", "restricted_action"])
async def test_refused_channel_is_paused_its_owner_is_told_once_and_nothing_is_lost(day, error):
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): error, "conversations.join": error}
    event_id = await one_event(day)
    await day.deliver()
    dm = day.workspace.dm(day.owner)
    told = day.posts(dm)
    day.workspace.faults.refuse = {}
    await day.deliver(seconds=310)

    assert len(told) == 1
    assert day.event_ids() == [event_id]
    assert len(day.posts(dm)) == 1


async def test_unarchived_channel_resumes_within_thirty_seconds_and_what_it_missed_comes_as_roll_ups(day):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    day.telnyx.set_status(day.order(reference="First"), "in-process")
    await day.take_in()
    await day.deliver(seconds=20)
    ids = [day.telnyx.comment(day.order(reference=f"No {n}"), "note", author="user") for n in range(10)]
    await day.take_in()
    day.workspace.unarchive(day.channel)
    async with day.database.transaction() as tx:
        await channels.probe_now(tx, day.channel, day.clock(), eager_until=day.clock())
    await day.deliver(seconds=30)

    assert set(ids) <= set(day.event_ids())
    assert len(day.posts()) <= 3


async def test_public_channel_without_the_bot_is_joined(day):
    day.channel = day.workspace.add_channel("customer-acme", bot_member=False)
    event_id = await one_event(day)

    await day.deliver()

    assert day.event_ids() == [event_id]


async def test_revoked_token_stops_everything_until_it_is_mended(day):
    event_id = await one_event(day)
    day.workspace.faults.token_revoked = True
    await day.deliver(seconds=5)
    refused = day.delivery.health.slack_refusal
    wait = await day.delivery.round()
    day.workspace.faults.token_revoked = False
    day.clock.forward(seconds=60)
    await day.delivery.round()
    await day.deliver()

    assert refused == "token_revoked"
    assert wait > 0
    assert day.event_ids() == [event_id]


async def test_slack_out_of_reach_for_an_hour_loses_nothing_and_keeps_the_order(day):
    await day.follow(FLAT)
    order_id = day.order()
    await day.workspace.unplug()
    ids = []
    for status in ("in-process", "submitted", "foc-date-confirmed"):
        ids.append(day.telnyx.set_status(order_id, status))
        await day.take_in()
        await day.deliver(seconds=1200)
    await day.workspace.plug()
    await day.deliver(seconds=1300)

    assert day.event_ids() == ids


async def test_one_refused_channel_stops_no_other(day):
    await day.follow(FLAT)
    other = day.workspace.add_channel("other")
    await day.follow(FLAT, other)
    day.workspace.faults.refuse = {("chat.postMessage", day.channel): "restricted_action"}
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()

    await day.deliver()

    assert day.event_ids(other) == [event_id]
    assert day.event_ids() == []


@pytest.mark.parametrize("forged_by", ["a guess of the seal", "another bot that knows it"])
async def test_forged_metadata_does_not_suppress_a_message(day, forged_by):
    event_id = await one_event(day)
    day.workspace.faults.next_failures = [("chat.postMessage", Fault.HTTP_500_BEFORE)]
    await day.deliver(seconds=5)
    [call] = [call for call in day.workspace.calls if call.method == "chat.postMessage"]
    forged, bot_id = dict(call.arguments["metadata"]), day.workspace.bot_id
    if forged_by == "a guess of the seal":
        forged["event_payload"] = forged["event_payload"] | {"mac": "0" * 64}
    else:
        bot_id = "B0ANOTHER"
    channel = day.workspace.channel(day.channel)
    day.workspace.post_as_bot(channel, "forged", metadata=forged, bot_id=bot_id)

    await day.deliver()

    real = [post for post in day.posts() if post.text != "forged"]
    assert [post.metadata["event_payload"]["event_ids"] for post in real] == [[event_id]]
