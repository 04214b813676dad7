"""One click is one wish, whoever repeats it; a button may be old, or pressed by anybody."""

import asyncio
import copy
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import known_orders
from bot.messages import events, orders, rollups
from bot.recall import row_of
from bot.telnyx.events import Source
from storage import deliveries, promises
from storage import events as rows
from storage.promises import Promise
from tests.handlers.clicks import answered, clicked, said, texts_of


@pytest.fixture
async def change(desk, telnyx_api, clock):
    """A port-in's exception, which Telnyx lists."""
    order_id = telnyx_api.add_port_in(
        reference="ACME Dental", numbers=["+13035550123"], carrier="Onvoy", foc_requested=None
    )
    event_id = telnyx_api.set_status(order_id, "exception")
    clock.forward(hours=1)
    return await desk.parts.orders.event(event_id)


@pytest.fixture
async def message(desk, workspace, change):
    """The event's message in #porting."""
    return await posted(desk, workspace, events.flat(change, desk.parts.look()))


async def posted(desk, workspace, message, *, channel_id=None, thread_ts=None):
    """Post as delivery does, in #porting unless told otherwise."""
    metadata = {"event_type": "porting_event", "event_payload": {}}
    channel_id = channel_id or workspace.channel("porting").id
    await desk.parts.slack.post(channel_id, message, metadata=metadata, thread_ts=thread_ts)
    return workspace.messages(channel_id)[-1]


def republished(telnyx_api):
    return [event_id for event_id, _ in telnyx_api.republished]


async def audit_rows(database):
    async with database.reading() as tx:
        found = await tx.exec_driver_sql(
            "SELECT actor_id, action, target, outcome, detail FROM audit ORDER BY id"
        )
        return [tuple(row) for row in found]


async def test_a_click_on_republish_is_one_request(*, desk, workspace, telnyx_api, change, message, database):
    answer = await clicked(workspace, message, "Republish")

    assert "Email may take minutes" in answer.confirm["text"]
    assert republished(telnyx_api) == [change.event.event_id]
    assert "Telnyx sends" in answer.text
    bo = workspace.person("bo").id
    target = f"port_in:{change.event.event_id}"
    assert f"Asked by <@{bo}>" in answer.text
    assert await audit_rows(database) == [(bo, "republish", target, "done", "204")]


async def test_the_message_in_the_channel_stays_as_it_was(desk, workspace, message):
    before = copy.deepcopy(message.blocks)

    await clicked(workspace, message, "Republish")

    assert message.blocks == before
    assert workspace.messages("porting") == [message]


async def test_the_thread_of_the_message_hears_who_asked_telnyx_and_what_it_answered(
    desk, workspace, message, clock
):
    await clicked(workspace, message, "Republish")
    await clicked(workspace, message, "Republish")

    ((channel_id, notice),) = desk.notices
    assert (channel_id, desk.notices[0].thread_ts) == (workspace.channel("porting").id, message.ts)
    assert notice.text.startswith("bo asked Telnyx to send the exception notification of")
    assert notice.text.endswith("again. Telnyx answered 204.")


async def test_in_a_thread_its_first_message_is_where_the_notice_goes(desk, workspace, change, message):
    in_thread = await posted(desk, workspace, events.flat(change, desk.parts.look()), thread_ts=message.ts)

    await clicked(workspace, in_thread, "Republish")

    assert [notice.thread_ts for notice in desk.notices] == [message.ts]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (422, "it was not sent. Telnyx refused the request (422)"),
        (404, "Telnyx does not know this event any more."),
        ("lost", "it is unclear whether it was sent."),
    ],
)
async def test_the_thread_hears_of_a_refusal_and_of_an_unclear_answer_too(
    desk, workspace, telnyx_api, message, fault, words
):
    telnyx_api.faults.republish_status = fault

    await clicked(workspace, message, "Republish")

    ((_, notice),) = desk.notices
    assert words in notice.text


async def test_what_telnyx_answered_is_told_though_the_database_fails_right_then(
    desk, workspace, telnyx_api, database, message
):
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DROP TABLE event")
    desk.notices.fails = True

    answer = await clicked(workspace, message, "Republish")

    assert len(republished(telnyx_api)) == 1
    assert "Done: Telnyx sends" in answer.text
    assert desk.notices == []


async def test_a_button_that_one_person_sees_tells_nobody_else(desk, workspace, telnyx_api, change):
    question = await said(workspace, f"republish {change.event.event_id}")

    await clicked(workspace, question, "Republish")

    assert len(republished(telnyx_api)) == 1
    assert desk.notices == []


async def test_between_two_nobody_is_told_of_a_republish(desk, workspace, telnyx_api, change):
    private = workspace.dm("bo")
    message = await posted(desk, workspace, events.flat(change, desk.parts.look()), channel_id=private)

    await clicked(workspace, message, "Republish")

    assert len(republished(telnyx_api)) == 1
    assert desk.notices == []


async def test_a_click_that_slack_delivers_again_runs_once(desk, workspace, telnyx_api, message):
    answer = await clicked(workspace, message, "Republish")

    again = await workspace.deliver_again(answer)

    assert again.acked
    assert len(republished(telnyx_api)) == 1


async def test_a_double_click_and_a_second_person_within_a_minute_are_told_who_was_first(
    desk, workspace, telnyx_api, message, clock
):
    workspace.add_person("eve", role="member")
    await clicked(workspace, message, "Republish")

    double = await clicked(workspace, message, "Republish")
    clock.forward(seconds=59)
    second = await clicked(workspace, message, "Republish", user="eve")

    assert workspace.person("bo").id in double.text
    assert workspace.person("bo").id in second.text
    assert len(republished(telnyx_api)) == 1


async def test_clicks_at_the_same_moment_are_one_request(desk, workspace, telnyx_api, message):
    clicks = [workspace.click("bo", "porting", message, "Republish") for _ in range(5)]

    for interaction in await asyncio.gather(*clicks):
        await answered(workspace, interaction)

    assert len(republished(telnyx_api)) == 1


async def test_after_a_minute_it_may_be_asked_again(desk, workspace, telnyx_api, message, clock):
    await clicked(workspace, message, "Republish")
    clock.forward(seconds=61)
    await clicked(workspace, message, "Republish")

    assert len(republished(telnyx_api)) == 2


async def test_a_refusal_may_be_tried_again_at_once(desk, workspace, telnyx_api, message):
    telnyx_api.faults.republish_status = 422
    refused = await clicked(workspace, message, "Republish")
    telnyx_api.faults.republish_status = None
    done = await clicked(workspace, message, "Republish")

    assert "did not send" in refused.text
    assert "Telnyx sends" in done.text


async def test_an_unclear_answer_holds_back_for_a_minute(desk, workspace, telnyx_api, message):
    telnyx_api.faults.republish_status = "lost"
    unclear = await clicked(workspace, message, "Republish")
    telnyx_api.faults.republish_status = None
    second = await clicked(workspace, message, "Republish")

    assert "unclear" in unclear.text
    assert "Not sent a second time" in second.text


async def test_an_event_that_telnyx_forgot_is_said(desk, workspace, telnyx_api, change, message):
    telnyx_api.remove_event(change.event.event_id)

    answer = await clicked(workspace, message, "Republish")

    assert "does not know this event" in answer.text


async def test_a_click_on_an_event_that_nobody_knows_names_it_by_its_id(desk, workspace, telnyx_api, message):
    unknown = "0b5c2f1e-8f66-4f0e-9d6c-0d6d0f6d1a11"
    message.blocks = replaced(message.blocks, "republish", f"port_in:{unknown}")

    answer = await clicked(workspace, message, "Republish")

    assert answer.text.startswith(
        "Telnyx does not know this event any more: the notification of event 0b5c2f1e stays unsent."
    )
    assert republished(telnyx_api) == []


@pytest.mark.parametrize("role", ["guest", "stranger"])
async def test_guests_and_strangers_republish_nothing(
    *, desk, workspace, telnyx_api, message, database, role
):
    eve = workspace.add_person("eve", role=role)

    await clicked(workspace, message, "Republish", user="eve")

    assert republished(telnyx_api) == []
    assert [(row[0], row[1], row[3]) for row in await audit_rows(database)] == [(eve, "republish", "denied")]


async def test_the_republish_command_asks_first(desk, workspace, telnyx_api, change):
    question = await said(workspace, f"republish {change.event.event_id}")
    assert republished(telnyx_api) == []

    answer = await clicked(workspace, question, "Republish")

    assert republished(telnyx_api) == [change.event.event_id]
    assert "Telnyx sends" in answer.text


@pytest.mark.parametrize("value", ["port_in:../../orders", "elsewhere:1", "port_in:", "x" * 300, ""])
async def test_a_forged_value_republishes_nothing(desk, workspace, telnyx_api, message, value):
    message.blocks = replaced(message.blocks, "republish", value)

    answer = await clicked(workspace, message, "Republish")

    assert "can't find that any more" in answer.text
    assert republished(telnyx_api) == []


def replaced(blocks, action_id, value):
    """The blocks with another value behind a button."""
    if isinstance(blocks, list):
        return [replaced(each, action_id, value) for each in blocks]
    if not isinstance(blocks, dict):
        return blocks
    if blocks.get("action_id") == action_id:
        return blocks | {"value": value}
    return {key: replaced(each, action_id, value) for key, each in blocks.items()}


@pytest.mark.parametrize(("action", "value"), [("review", "port_in:1"), ("republish", "port_out")])
async def test_a_button_with_an_odd_value_says_that_it_leads_nowhere(desk, workspace, message, action, value):
    element = {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": "Old"},
        "value": value,
    }
    message.blocks = [{"type": "actions", "block_id": "b1", "elements": [element]}]

    answer = await clicked(workspace, message, action)

    assert "can't find that any more" in answer.text


async def test_a_choice_of_another_version_says_that_it_leads_nowhere(desk, workspace, message):
    choice = {"text": {"type": "plain_text", "text": "Old"}, "value": "gone:port_in:1"}
    element = {"type": "overflow", "action_id": "more", "options": [choice]}
    message.blocks = [{"type": "actions", "block_id": "b1", "elements": [element]}]

    answer = await clicked(workspace, message, "more", value="gone:port_in:1")

    assert "can't find that any more" in answer.text


async def test_a_button_that_is_a_link_is_acknowledged(desk, workspace, message):
    label = {"type": "plain_text", "text": "Open in portal"}
    element = {"type": "button", "action_id": "portal", "text": label, "url": "https://portal.example"}
    message.blocks = [{"type": "actions", "block_id": "b1", "elements": [element]}]

    click = await workspace.click("bo", "porting", message, "portal")

    assert click.acked
    assert click.responses == []


async def test_the_timeline_button_shows_what_happened(desk, workspace, change):
    card = orders.card(change, desk.parts.look())
    message = await posted(desk, workspace, card)

    answer = await clicked(workspace, message, "timeline")

    assert "oldest first" in answer.text


async def test_the_menu_leads_to_ids_and_other_events(desk, workspace, telnyx_api, change, clock):
    other = telnyx_api.comment(change.event.order_id, "Please confirm the BTN.")
    clock.forward(minutes=5)
    card = orders.card(change, desk.parts.look(), other_events=(other,))
    message = await posted(desk, workspace, card)

    ids = await clicked(workspace, message, "more", value=f"ids:port_in:{change.event.order_id}")
    question = await clicked(workspace, message, "more", value=f"republish:port_in:{other}")

    assert change.event.order_id in texts_of(ids.blocks)
    assert "Send this notification again?" in question.text
    assert republished(telnyx_api) == []


async def test_the_link_to_the_portal_is_acknowledged(desk, workspace, change):
    look = replace(desk.parts.look(), portal_order_url="https://portal.example/{kind}/{id}")
    card = orders.card(change, look)
    message = await posted(desk, workspace, card)

    click = await workspace.click(
        "bo", "porting", message, "more", value=f"portal:port_in:{change.event.order_id}"
    )

    assert click.acked
    assert click.responses == []


async def test_i_will_check_names_the_reviewer(desk, workspace, telnyx_api, database, clock):
    order_id = telnyx_api.add_port_out(numbers=["+13035550999"], carrier="Onvoy", spid="123A")
    event_id = telnyx_api.events("port_out")[0]["id"]
    clock.forward(minutes=5)
    change = await desk.parts.orders.event(event_id)
    async with database.transaction() as tx:
        await known_orders.save(tx, [change.order], clock())
    card = orders.card(change, desk.parts.look())
    message = await posted(desk, workspace, card)
    workspace.add_person("eve", role="member")

    first = await clicked(workspace, message, "review")
    second = await clicked(workspace, message, "review", user="eve")

    assert "You look after" in first.text
    assert workspace.person("bo").id in second.text
    key = (Source.PORT_OUT, order_id)
    async with database.reading() as tx:
        assert (await known_orders.find(tx, [key]))[key].reviewed_by == workspace.person("bo").id


async def test_show_all_lists_the_events_of_a_roll_up_page_by_page(
    desk, workspace, telnyx_api, database, clock
):
    channel_id = workspace.channel("porting").id
    changes = await rolled_up(desk, telnyx_api, database, clock, channel_id)
    shown = rollups.roll_up(changes, desk.parts.look(), delivery_id="d1")
    message = await posted(desk, workspace, shown)

    first = await clicked(workspace, message, "Show all")
    second = await clicked(workspace, first, "Older")

    assert "comment 11" in texts_of(first.responses[-1].body)
    assert "comment 0" not in texts_of(first.responses[-1].body)
    assert "comment 0" in texts_of(second.responses[-1].body)


async def test_a_roll_up_of_another_channel_is_not_shown(desk, workspace, telnyx_api, database, clock):
    changes = await rolled_up(desk, telnyx_api, database, clock, "C0ELSEWHERE")
    shown = rollups.roll_up(changes, desk.parts.look(), delivery_id="d1")
    message = await posted(desk, workspace, shown)

    answer = await clicked(workspace, message, "Show all")

    assert "comment" not in texts_of(answer.responses[-1].body)


async def rolled_up(desk, telnyx_api, database, clock, channel_id):
    """Twelve stored comments that one message of the channel carries."""
    order_id = telnyx_api.add_port_in(
        reference="Bolt", numbers=["+13035550199"], carrier="Onvoy", foc_requested=None
    )
    found = []
    for number in range(12):
        event_id = telnyx_api.comment(order_id, f"comment {number}", author="user")
        clock.forward(minutes=1)
        found.append(await desk.parts.orders.event(event_id))
    now = clock()
    async with database.transaction() as tx:
        stored = [row_of(each.event, now - timedelta(days=1), now) for each in found]
        await rows.store(tx, "port_in", stored, now)
        kept = [(await rows.find(tx, each.event.event_id, each.event.source))[0] for each in found]
        owed = [promise_of(row, channel_id) for row in kept]
        await promises.make(tx, owed)
        delivery = deliveries.Message(
            id="d1", team_id="T1", channel_id=channel_id, kind="roll_up", created_at=now, due_at=now
        )
        await deliveries.add(tx, delivery)
        await promises.carry(tx, "d1", owed)
    return found


def promise_of(row, channel_id):
    return Promise(
        channel_id=channel_id,
        event_key=row.key,
        team_id="T1",
        source=row.source,
        order_id=row.order_id,
        created_at=row.created_at,
        promised_at=row.created_at,
        is_critical=False,
        style="flat",
        broadcast=False,
        subscriptions=",1,",
    )


async def test_a_button_of_another_version_is_explained(desk, workspace, message):
    message.blocks = [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "gone",
                    "text": {"type": "plain_text", "text": "Old"},
                    "value": "1",
                }
            ],
        }
    ]
    message.blocks[0]["block_id"] = "b1"

    answer = await clicked(workspace, message, "gone")

    assert "another version" in answer.text


async def test_a_shortcut_of_another_version_is_explained(desk, workspace, message):
    on_message = await answered(workspace, await workspace.shortcut("bo", "porting", message.ts, "gone"))
    anywhere = await workspace.shortcut("bo", None, None, "gone")
    await workspace.until(lambda: anywhere.views)

    assert "another version" in on_message.text
    assert "another version" in texts_of(anywhere.view.content)


async def test_a_click_in_a_thread_is_answered_in_the_thread(desk, workspace, change, message):
    shown = events.flat(change, desk.parts.look())
    in_thread = await posted(desk, workspace, shown, thread_ts=message.ts)

    below = await clicked(workspace, in_thread, "Republish")
    above = await clicked(workspace, message, "Republish")

    assert below.visible.thread_ts == message.ts
    assert above.visible.thread_ts is None
