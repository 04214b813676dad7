"""Every line gets an answer that only the asker sees."""

from datetime import timedelta

import pytest

from bot import known_orders
from bot.metrics import Metrics
from bot.recall import row_of
from storage import events
from tests.factories import NOW, make_event, make_order
from tests.handlers.clicks import answered, clicked, said, texts_of


@pytest.fixture
def an_exception(telnyx_api, clock):
    """A port-in order in exception, as (order id, event id); it happened an hour ago."""
    order_id = telnyx_api.add_port_in(
        reference="ACME Dental", numbers=["+13035550123"], carrier="Onvoy", foc_requested=None
    )
    event_id = telnyx_api.set_status(
        order_id, "exception", details=[("ACCOUNT_NUMBER_MISMATCH", "not found")]
    )
    clock.forward(hours=1)
    return order_id, event_id


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "look anything up"),
        ("help", "/port subscribe"),
        ("help severity", "critical"),
        ("status", "have not been read yet"),
        ("events", "no events"),
        ("subs", "follows nothing yet"),
        ("nothing-goes-by-this", "Nothing goes by"),
        ("republish nope", "No event goes by “nope”"),
        ("unsubscribe S7", "This channel has no S7"),
        ("help me", "no help on “me”"),
        ("events since:soon", "not a time that I know"),
    ],
)
async def test_every_line_is_answered_to_the_asker_alone(desk, workspace, line, expected):
    answer = await said(workspace, line)

    assert expected in answer.text + texts_of(answer.blocks)
    assert answer.visible.user == workspace.person("bo").id
    assert workspace.messages("porting") == []


@pytest.mark.parametrize("ref", ["ACME Dental", "“acme dental”", "+1 (303) 555-0123", "order 303.555.0123"])
async def test_an_order_is_found_by_any_of_its_names(desk, workspace, an_exception, ref):
    answer = await said(workspace, ref)

    assert "Exception: port-in" in answer.text
    assert an_exception[0] in texts_of(answer.blocks)


async def test_an_event_is_shown_with_its_republish_button(desk, workspace, an_exception):
    answer = await said(workspace, f"event {an_exception[1]}")

    assert "needs you" in answer.text
    assert f"port_in:{an_exception[1]}" in texts_of(answer.blocks)


async def test_an_orders_id_behind_event_leads_to_the_order(desk, workspace, an_exception):
    answer = await said(workspace, f"event {an_exception[0]}")
    assert "an order's id" in answer.text

    shown = await clicked(workspace, answer, "run")

    assert "Exception: port-in" in shown.text


async def test_a_name_of_several_orders_shows_them_to_choose_from(desk, workspace, telnyx_api, an_exception):
    telnyx_api.add_port_in(
        reference="ACME Dental", numbers=["+13035550124"], carrier="Onvoy", foc_requested=None
    )

    several = await said(workspace, "ACME Dental")
    assert "2 orders" in several.text

    chosen = await clicked(workspace, several, "run_0")

    assert "Port-in" in chosen.text


async def test_an_order_behind_republish_offers_its_events(desk, workspace, telnyx_api, an_exception):
    comment_id = telnyx_api.comment(an_exception[0], "Please confirm the BTN.")

    answer = await said(workspace, "republish ACME Dental")
    assert "That names an order" in answer.text
    question = await clicked(workspace, answer, "run_0")

    assert "Send this notification again?" in question.text
    assert f"port_in:{comment_id}" in texts_of(question.blocks)


async def test_two_orders_behind_republish_are_to_choose_from(desk, workspace, telnyx_api, an_exception):
    telnyx_api.add_port_in(
        reference="ACME Dental", numbers=["+13035550124"], carrier="Onvoy", foc_requested=None
    )

    several = await said(workspace, "republish ACME Dental")
    chosen = await clicked(workspace, several, "run_1")

    assert "That names an order" in chosen.text


@pytest.fixture
def seen_events(database):
    """Stores two events whose ids begin alike, and one more; the first characters of each."""

    async def store():
        names = ("8179f546-0000-4000-8000-000000000001", "8179f546-0000-4000-8000-000000000002")
        made = [make_event(event_id=name) for name in (*names, "99999999-0000-4000-8000-000000000003")]
        async with database.transaction() as tx:
            await events.store(
                tx, "port_in", [row_of(each, NOW - timedelta(days=1), NOW) for each in made], NOW
            )
        return names

    return store


@pytest.mark.parametrize("line", ["event 99999999", "99999999", "republish 99999999", "event 99999999…"])
async def test_the_short_id_of_a_seen_event_is_enough(desk, workspace, seen_events, line):
    await seen_events()

    answer = await said(workspace, line)

    assert "port_in:99999999-0000-4000-8000-000000000003" in texts_of(answer.blocks)


@pytest.mark.parametrize("verb", ["event ", "", "republish "])
async def test_a_short_id_of_several_events_lists_them(desk, workspace, seen_events, verb):
    names = await seen_events()

    answer = await said(workspace, f"{verb}8179f546")

    assert "2 events by “8179f546”" in answer.text
    runs = verb.strip() or "event"
    assert all(f"{runs} {name}" in texts_of(answer.blocks) for name in names)


async def test_an_events_id_alone_shows_the_event(desk, workspace, an_exception):
    answer = await said(workspace, an_exception[1])

    assert f"port_in:{an_exception[1]}" in texts_of(answer.blocks)


async def test_an_unknown_event_is_said_with_where_it_was_looked_for(desk, workspace):
    answer = await said(workspace, "event 8179f546-9ba1-4ab3-a5a5-0de6ee5cb3fa")

    assert "I looked" in answer.text


async def test_events_are_listed_and_lead_to_their_answers(desk, workspace, an_exception):
    answer = await said(workspace, "events kind:in since:2h")
    assert "newest first" in answer.text

    shown = await clicked(workspace, answer, "run_0")

    assert an_exception[1] in texts_of(shown.blocks)


async def test_events_are_paged(desk, workspace, telnyx_api, clock):
    order_id = telnyx_api.add_port_in(
        reference="Bolt", numbers=["+13035550199"], carrier="Onvoy", foc_requested=None
    )
    for number in range(25):
        telnyx_api.comment(order_id, f"comment {number}")
        clock.forward(minutes=1)

    first = await said(workspace, "events type:new_comment")
    second = await clicked(workspace, first, "run_older")
    third = await clicked(workspace, second, "run_older")
    again = await clicked(workspace, third, "run_newer")

    assert "comment 24" in texts_of(first.responses[-1].body)
    assert "comment 14" in texts_of(second.responses[-1].body)
    assert "comment 4" in texts_of(third.responses[-1].body)
    assert again.visible is second.visible is first.visible


async def test_a_misspelt_command_is_run_by_the_button_below_its_correction(desk, workspace):
    answer = await said(workspace, "statsu")
    assert "`/port status`" in answer.text

    run = await clicked(workspace, answer, "Run it")

    assert "have not been read yet" in run.text
    assert run.visible is answer.visible


async def test_a_name_like_a_command_is_looked_up_and_the_command_suggested(desk, workspace):
    answer = await said(workspace, "Evans")

    assert "Nothing goes by “Evans”" in answer.text
    assert "`/port events`" in answer.text


async def test_an_answer_that_takes_longer_is_announced_and_then_takes_its_place(desk, workspace, telnyx_api):
    telnyx_api.faults.slow_s = 0.5

    answer = await said(workspace, "ACME")

    assert answer.responses[0].body["text"] == "Looking…"
    assert answer.responses[-1].body["replace_original"]
    assert len(workspace.ephemerals) == 1


async def test_telnyx_out_of_reach_is_said(desk, workspace, telnyx_api):
    telnyx_api.faults.down = True

    answer = await said(workspace, "republish 8179f546-9ba1-4ab3-a5a5-0de6ee5cb3fa")

    assert "try again" in answer.text.lower()


@pytest.mark.parametrize("line", ["republish 8179f546-9ba1-4ab3-a5a5-0de6ee5cb3fa", "republish ACME-1"])
async def test_key_that_telnyx_refuses_is_said_with_who_can_mend_it(desk, workspace, telnyx_api, line):
    telnyx_api.faults.unauthorized = True

    answer = await said(workspace, line)

    assert answer.text.startswith("No event goes by")
    assert (
        "Telnyx refuses the bot's key, so it may know more: whoever runs the bot must mend it" in answer.text
    )


async def test_a_command_works_where_the_bot_is_not_a_member(desk, workspace):
    workspace.add_channel("customer", bot_member=False)

    answer = await said(workspace, "help", channel="customer")

    assert "/port" in answer.text


async def test_slacks_repeat_of_a_command_is_answered_once(desk, workspace):
    answer = await said(workspace, "help")

    again = await workspace.deliver_again(answer)
    await workspace.settle()

    assert again.acked
    assert len(workspace.ephemerals) == 1


async def test_text_that_a_person_typed_is_shown_literally(desk, workspace):
    answer = await said(workspace, "<!channel> & <https://evil.example|here> *bold*")

    shown = texts_of(answer.responses[-1].body)
    assert "<!channel>" not in shown
    assert "<https" not in shown


async def test_commands_are_counted_under_a_few_names(desk, workspace, metrics: Metrics):
    await said(workspace, "help")
    await said(workspace, "evnts")
    # A command is counted when its answer is out, which the person may see before.
    await workspace.until(lambda: "portwire_command_seconds_count 2.0" in metrics.render().decode())

    shown = metrics.render().decode()
    assert 'portwire_commands_total{name="help"} 1.0' in shown
    assert 'portwire_commands_total{name="unknown"} 1.0' in shown
    assert "portwire_command_seconds_count 2.0" in shown


async def test_no_secret_reaches_slack(desk, workspace, telnyx_api, clock):
    order_id = telnyx_api.add_port_out(numbers=["+13035550999"], carrier="Onvoy", spid="123A")
    event_id = telnyx_api.events("port_out")[0]["id"]
    clock.forward(minutes=5)

    answers = [
        await said(workspace, line)
        for line in (f"order {order_id}", f"event {event_id}", "events", "PIN 4711")
    ]

    shown = texts_of([response.body for answer in answers for response in answer.responses])
    assert "CANARY" not in shown
    assert "4711" not in shown


async def test_the_answer_is_waited_for_no_longer_than_it_takes(desk, workspace, telnyx_api):
    telnyx_api.faults.slow_s = 0.3

    answer = await answered(workspace, await workspace.command("bo", "porting", "help"))

    assert len(answer.responses) == 1
    assert answer.ack_after_s < timedelta(seconds=1).total_seconds()


async def test_more_orders_than_a_page_holds_are_paged(desk, workspace, telnyx_api):
    for _ in range(12):
        telnyx_api.add_port_in(reference="ACME Dental", numbers=[], carrier="Onvoy", foc_requested=None)

    first = await said(workspace, "ACME Dental")
    assert "12 orders by “ACME Dental”, page 1 of 2" in first.text
    second = await clicked(workspace, first, "run_older")

    assert "page 2 of 2" in second.text


async def test_what_telnyx_could_not_be_asked_is_no_not_found(desk, workspace, telnyx_api):
    telnyx_api.faults.down = True

    answers = [await said(workspace, line) for line in ("sr_000000", "order sr_000000", "events sr_000000")]

    assert all("Telnyx did not answer, so it may know more" in answer.text for answer in answers)


async def test_an_order_that_telnyx_can_not_be_asked_for_is_shown_as_it_is_stored(
    desk, workspace, telnyx_api, database
):
    order = make_order()
    async with database.transaction() as tx:
        await known_orders.save(tx, [order], NOW)
    telnyx_api.faults.down = True

    answer = await said(workspace, "order sr_98f022")

    assert order.order_id in texts_of(answer.blocks)
    assert "Telnyx did not answer, so it may know more" in texts_of(answer.blocks)
