"""What holds messages back has a name, and nothing is named that is just on its way."""

from datetime import timedelta

from bot.delivery import drafts
from bot.messages import notices
from bot.messages.status import status
from bot.messages.wording import Look
from bot.results import Cause, Hold
from bot.sandbox.slack.faults import Fault
from bot.telnyx.events import Source
from bot.waiting import full_report, holds
from storage.statements import table_of
from storage.tables import Workspace

FLAT = "style:flat"


async def held(day):
    return await holds(day.database, day.workspace.team_id, day.clock())


async def one_event(day):
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event_id


async def refused(day, *answers):
    """An event whose post Slack answers so."""
    await day.follow(FLAT)
    day.workspace.faults.next_failures = [("chat.postMessage", answer) for answer in answers]
    await one_event(day)
    await day.deliver(seconds=1)


async def test_what_is_on_its_way_is_not_held(day):
    await day.follow(FLAT)
    await one_event(day)

    assert await held(day) == ()
    await day.deliver(seconds=5)
    assert await held(day) == ()


async def test_notice_that_is_formed_and_due_is_not_held(day):
    await day.delivery.tell(day.channel, notices.one_line("By the way."))

    assert await held(day) == ()


async def test_unknown_workspace_holds_nothing(day):
    await day.follow(FLAT)
    await one_event(day)
    async with day.database.transaction() as tx:
        await tx.execute(table_of(Workspace).delete())

    assert await held(day) == ()


async def test_noisy_channel_gathers_until_a_minute_is_over(day):
    await day.follow(FLAT)
    for _ in range(21):
        await day.delivery.tell(day.channel, notices.one_line("By the way."))
    await day.deliver(seconds=40)
    await one_event(day)
    await day.deliver(seconds=1)

    [hold] = await held(day)

    assert (hold.cause, hold.count, hold.channels) == (Cause.GATHERED, 1, (day.channel,))
    assert timedelta(0) < hold.until - day.clock() <= timedelta(seconds=60)
    found = await full_report(day.delivery.health, day.database, day.workspace.team_id, day.clock())
    assert "1 gathered for one message until" in status(found, Look(now=day.clock())).text


async def test_event_waits_for_its_payload_and_what_is_younger_waits_behind_it(day):
    await day.follow(FLAT)
    order_id = day.order()
    day.telnyx.set_status(order_id, "in-process", payload_after=timedelta(seconds=60))
    day.clock.forward(seconds=1)
    for text in ("first", "second"):
        day.telnyx.comment(order_id, text)
    await day.take_in()

    assert await held(day) == (Hold(Cause.PAYLOAD, 1), Hold(Cause.OLDER, 2))


async def test_promised_event_waits_behind_an_older_one_that_came_late(day):
    await day.follow(FLAT)
    order_id = day.order()
    day.clock.forward(seconds=60)
    day.telnyx.comment(order_id, "younger")
    await day.take_in()
    older = day.clock() - timedelta(seconds=30)
    day.telnyx.add_event(
        "port_in",
        {
            "id": "late",
            "event_type": "porting_order.status_changed",
            "porting_order_id": order_id,
            "created_at": older.isoformat(),
            "payload": None,
        },
    )
    await day.take_in()

    assert await held(day) == (
        Hold(Cause.PAYLOAD, 1),
        Hold(Cause.OLDER, 1, channels=(day.channel,)),
    )


async def test_event_of_before_we_watched_waits_for_nothing(day):
    await day.follow(FLAT)
    await one_event(day)
    async with day.database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE event SET fanned_out_at = NULL, is_baseline = TRUE")

    await day.deliver(seconds=5)

    assert await held(day) == ()


async def test_event_that_is_not_passed_on_yet_is_being_matched(day):
    await day.follow("carrier:Onvoy")
    day.telnyx.set_status(day.order(), "in-process")
    await day.way_in.poller.poll(Source.PORT_IN)

    assert await held(day) == (Hold(Cause.MATCHING, 1),)


async def test_paused_channel_holds_what_it_is_owed(day):
    await day.follow(FLAT)
    day.workspace.archive(day.channel)
    await one_event(day)
    await day.deliver(seconds=1)
    await one_event(day)

    found = {hold.cause: hold for hold in await held(day)}

    assert found[Cause.PAUSED] == Hold(Cause.PAUSED, 2, channels=(day.channel,))


async def test_rest_that_slack_asked_for_is_named_with_its_end(day):
    day.workspace.faults.retry_after_value = "60"
    await refused(day, "ratelimited")

    [hold] = await held(day)

    assert (hold.cause, hold.count) == (Cause.LIMITED, 1)
    assert timedelta(seconds=50) < hold.until - day.clock() <= timedelta(seconds=60)


async def test_workspace_that_rests_holds_every_channel(day):
    quiet = day.workspace.add_channel("quiet")
    for channel in (day.workspace.add_channel("other"), quiet):
        await day.follow("kind:in style:flat", channel)
    day.workspace.faults.retry_after_value = "60"
    await refused(day, "ratelimited", "ratelimited", "ratelimited")

    [hold] = await held(day)

    assert (hold.cause, hold.count, quiet in hold.channels) == (Cause.LIMITED, 3, True)


async def test_unclear_post_holds_its_channel(day):
    await refused(day, Fault.LOSE_ANSWER)

    assert await held(day) == (Hold(Cause.UNCLEAR, 1, channels=(day.channel,)),)


async def test_refused_token_holds_everything(day):
    await refused(day, "token_revoked")

    assert await held(day) == (Hold(Cause.TOKEN, 1, channels=(day.channel,)),)


async def test_slack_that_is_not_reached_holds_its_channel(day):
    day.workspace.faults.next_failures = [("conversations.open", "internal_error")]
    await day.delivery.tell(day.owner, notices.one_line("By the way."))
    await day.deliver(seconds=1)

    [hold] = await held(day)

    assert (hold.cause, hold.count, hold.channels) == (Cause.SILENT, 1, (day.owner,))


async def test_message_that_could_not_be_made_is_named(day, monkeypatch):
    async def stumbling(*_):
        raise OSError

    monkeypatch.setattr(drafts, "load", stumbling)
    await refused(day)

    [hold] = await held(day)

    assert (hold.cause, hold.count) == (Cause.OURS, 1)
