"""Answers to who looked something up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages import lookups, searches
from bot.messages.outcomes import republish_asked, republished, reviewed
from bot.messages.timelines import MOST_LINES, timeline
from bot.messages.wording import Look
from bot.references import read_reference
from bot.results import EventsPage, Found, Outcome, Place, Republished, Reviewed
from bot.slack.blocks import check_message
from tests.bot.messages.shapes import LOOK, assert_sendable, everything, mrkdwn_of, without_dates
from tests.factories import NOW, make_bare_order, make_change, make_event, make_order

ALL_PLACES = (Place.SEEN, Place.TELNYX, Place.NEWEST)
HOSTILE = "<!channel> *x* <https://evil.test|y> PIN 4321 " + "z" * 4000


def hostile_order(source="port_in"):
    named = (
        "support_key",
        "parent_support_key",
        "customer_reference",
        "carrier",
        "spid",
        "pon",
        "subscriber_name",
    )
    return make_order(
        source=source,
        status=HOSTILE,
        numbers=(HOSTILE,) * 60,
        rejection_reason=HOSTILE,
        messaging_status=HOSTILE,
        **dict.fromkeys(named, HOSTILE),
    )


def actions_of(message):
    elements = [element for block in message.blocks for element in block.get("elements", [])]
    elements += [block["accessory"] for block in message.blocks if "accessory" in block]
    return {each["action_id"]: each["value"] for each in elements if each.get("type") == "button"}


@pytest.mark.parametrize("source", ["port_in", "port_out"])
@pytest.mark.parametrize("make", [make_order, make_bare_order])
def test_every_order_has_an_answer(source, make):
    order = make(source=source, status="pending")
    changes = [make_change(make_event(source=source), order)]

    for known in ([], changes, changes * 60):
        message = lookups.order_answer(order, known, LOOK, looked_in=ALL_PLACES)
        assert_sendable(message)
        assert_sendable(timeline(order, known, LOOK))


@pytest.mark.parametrize("source", ["port_in", "port_out"])
def test_nothing_from_outside_mentions_links_or_tells_a_secret(source):
    order = hostile_order(source)
    change = make_change(
        make_event(source=source, kind="new_comment", body=HOSTILE, methods=(HOSTILE,) * 9), order
    )
    found = Found(read_reference(HOSTILE), (order,) * 10, (), ALL_PLACES)

    for message in (
        lookups.order_answer(order, [change] * 40, LOOK, looked_in=ALL_PLACES),
        lookups.event_answer(change, LOOK, looked_in=ALL_PLACES),
        lookups.republish_question(change, LOOK),
        searches.several_found(found, LOOK, line="order ACME"),
        searches.nothing_found(found.reference, ALL_PLACES, LOOK),
        lookups.events_list(EventsPage((change,) * 10, 2, has_more=True), "events " + "x" * 3000, LOOK),
        timeline(order, [change] * 40, LOOK),
        republished(Republished(Outcome.REFUSED, "U0ANA", NOW, HOSTILE), change),
        reviewed(Reviewed(order, HOSTILE, NOW, already=True)),
    ):
        assert_sendable(message)
        assert "<!channel" not in mrkdwn_of(message)
        assert "evil.test|" not in without_dates(mrkdwn_of(message)).replace("&lt;https://evil.test|", "")
        assert "4321" not in everything(message)


def test_order_answer_holds_every_fact_and_the_subscriber():
    order = make_order(source="port_out", status="pending", subscriber_name="John Doe", pon="PON77")

    said = everything(lookups.order_answer(order, [], LOOK))

    for fact in ("PO_764725", "John Doe", "PON77", "987H", "Onvoy", "+13035550123", order.order_id):
        assert fact in said


def test_open_port_out_can_be_reviewed_from_the_answer():
    order = make_order(source="port_out", status="pending")

    assert "review" in actions_of(lookups.order_answer(order, [], LOOK))
    assert "review" not in actions_of(lookups.order_answer(replace(order, reviewed_by="U0ANA"), [], LOOK))


def test_order_that_telnyx_does_not_show_any_more_is_said_so():
    gone = make_bare_order(is_missing=True)

    assert "does not show" in lookups.order_answer(gone, [], LOOK).text


def test_portal_link_is_there_only_with_a_template():
    order = make_order()

    assert "portal" in actions_of(lookups.order_answer(order, [], LOOK))
    assert "portal" not in actions_of(lookups.order_answer(order, [], Look(now=NOW)))


def test_several_orders_have_a_button_each():
    found = Found(read_reference("ACME"), (make_order(), make_order(source="port_out")), (), (Place.SEEN,))

    runs = actions_of(searches.several_found(found, LOOK, line="order ACME"))

    assert list(runs.values()) == [f"order {order.order_id}" for order in found.orders]


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ((Place.SEEN,), "I looked among the orders and events that I have seen."),
        ((Place.SEEN, Place.TELNYX, Place.UNREACHED), "Telnyx did not answer"),
        ((Place.SEEN, Place.LOCKED_OUT), "Telnyx refuses the bot's key, so it may know more: whoever runs"),
        (ALL_PLACES, "and in Telnyx's newest 1,000 orders."),
        ((), ""),
    ],
)
def test_answer_says_where_it_was_looked(places, words):
    assert words in searches.where(places)


def test_pages_can_be_turned_with_the_line_that_was_typed():
    changes = tuple(make_change() for _ in range(10))

    middle = actions_of(lookups.events_list(EventsPage(changes, 2, has_more=True), "events kind:in", LOOK))
    only = actions_of(lookups.events_list(EventsPage(changes), "events kind:in", LOOK))

    assert middle["run_newer"] == "events kind:in page:1"
    assert middle["run_older"] == "events kind:in page:3"
    assert middle["run_0"] == f"event {changes[0].event.event_id}"
    assert "run_older" not in only


def test_list_says_when_telnyx_had_a_part_in_it():
    page = EventsPage((make_change(),), has_older=True)

    assert "Telnyx" not in lookups.events_list(EventsPage(()), "events", LOOK).text
    assert "come from Telnyx" in everything(lookups.events_list(page, "events", LOOK))
    failed = replace(page, failed=Place.UNREACHED)
    assert "did not answer" in everything(lookups.events_list(failed, "events", LOOK))
    locked_out = everything(lookups.events_list(replace(page, failed=Place.LOCKED_OUT), "events", LOOK))
    assert "whoever runs the bot must mend it" in locked_out
    assert "try again" not in locked_out


@pytest.mark.parametrize("number", [1, 4])
def test_empty_page_is_a_sentence(number):
    message = lookups.events_list(EventsPage((), number), "events", LOOK)

    assert check_message(message) == []
    assert "no events" in message.text
    assert ("run_first" in actions_of(message)) is (number > 1)


def test_events_of_an_unknown_reference_say_where_it_was_looked():
    page = EventsPage(found=Found(read_reference("nobody"), looked_in=ALL_PLACES))

    assert "Nothing goes by “nobody”" in lookups.events_list(page, "events nobody", LOOK).text


def test_event_without_its_payload_says_that_it_is_being_made():
    change = make_change(make_event(payload=None))

    assert "still making" in everything(lookups.event_answer(change, LOOK))


def test_long_timeline_says_what_is_left_out():
    changes = [make_change() for _ in range(MOST_LINES + 2)]

    assert "2 older events left out" in everything(timeline(make_order(), changes, LOOK))


def test_timeline_without_events_is_a_sentence():
    assert "No events" in timeline(make_order(), [], LOOK).text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.DONE, "Done: Telnyx sends"),
        (Outcome.REFUSED, "You may try again at once"),
        (Outcome.UNKNOWN_EVENT, "does not know this event any more"),
        (Outcome.UNCLEAR, "unclear whether"),
        (Outcome.HELD_BACK, "<@U0ANA> asked for"),
    ],
)
def test_every_outcome_of_a_republish_says_what_to_do(outcome, words):
    message = republished(Republished(outcome, "U0ANA", NOW, "Bad day"), make_change())

    assert_sendable(message)
    assert words in message.text


def test_while_telnyx_asks_for_rest_nobody_is_told_to_try_at_once():
    message = republished(
        Republished(Outcome.REFUSED, "U1", NOW, "Telnyx limits our requests (429).", timedelta(minutes=1)),
        make_change(),
    )

    assert "at once" not in message.text
    assert "You may ask again from" in message.text


def test_the_asker_is_named_even_by_a_short_id():
    message = republished(Republished(Outcome.DONE, "U1", NOW, "204"), make_change())

    assert "Telnyx answered 204. Asked by <@U1>." in message.text


def test_a_name_in_the_thread_is_no_mention_and_a_wish_that_was_held_back_is_not_told():
    done, held = (
        republish_asked("<!channel> *Bo*", Republished(outcome, "U1", NOW), make_change())
        for outcome in (Outcome.DONE, Outcome.HELD_BACK)
    )

    assert_sendable(done)
    assert "<!channel" not in done.text
    assert held is None


def test_unclear_outcome_names_the_end_of_the_hold():
    result = Republished(Outcome.UNCLEAR, "U0ANA", NOW)

    assert result.again_at == NOW + timedelta(seconds=60)
    assert "14:03 UTC" in republished(result, make_change()).text


@pytest.mark.parametrize(
    ("already", "words"), [(True, "<@U0ANA> has looked after"), (False, "You look after")]
)
def test_review_says_who_looks_after_the_port_out(already, words):
    order = make_order(source="port_out", status="pending")

    assert words in reviewed(Reviewed(order, "U0ANA", NOW, already=already)).text


def test_nothing_found_says_what_was_really_searched():
    found = searches.nothing_found(read_reference("(303) 555-0100 ext 2"), ALL_PLACES, LOOK)

    assert "“(303) 555-0100 ext 2” or by the phone number +13035550100." in found.text


def test_a_list_of_events_shows_each_ones_short_id():
    change = make_change()

    said = everything(lookups.events_list(EventsPage((change,)), "events", LOOK))

    assert f"event `{change.event.event_id[:8]}`" in said


def test_an_order_without_events_has_nothing_to_republish():
    message = searches.events_to_republish(make_order(), [], LOOK)

    assert_sendable(message)
    assert "nothing to republish" in message.text


def test_small_print_is_one_run_of_sentences():
    message = lookups.order_answer(make_order(), [], LOOK, looked_in=ALL_PLACES)

    [small] = [block for block in message.blocks if block["type"] == "context"]
    assert len(small["elements"]) == 1


def test_the_beginning_of_an_unseen_events_id_is_said_to_be_too_little():
    message = searches.no_event(read_reference("deadbeef"), ALL_PLACES, LOOK)

    assert "I need the whole id" in message.text
    assert "whole id" not in searches.no_event(read_reference("nope"), ALL_PLACES, LOOK).text


def test_many_orders_are_paged_and_none_is_left_out():
    orders = tuple(make_order(order_id=f"order-{number}") for number in range(23))
    change = make_change()
    found = Found(read_reference("ACME"), orders, (change,), (Place.SEEN,))

    pages = [searches.several_found(found, LOOK, line="order ACME", page=page) for page in (1, 2, 3, 9)]

    assert pages[0].text == "23 orders and 1 event by “ACME”, page 1 of 3:"
    assert pages[3] == pages[2]
    shown = [value for page in pages[:3] for value in actions_of(page).values() if "page:" not in value]
    assert shown == [
        *(f"order order-{number}" for number in range(23)),
        f"event {change.event.event_id}",
    ]
    turns = [[value for value in actions_of(page).values() if "page:" in value] for page in pages[:3]]
    assert turns == [["order ACME page:2"], ["order ACME page:1", "order ACME page:3"], ["order ACME page:2"]]
    assert all(check_message(page) == [] for page in pages)


def test_orders_beyond_those_listed_are_told_of():
    found = Found(read_reference("ACME"), (make_order(), make_order()), (), (Place.SEEN,), has_more=True)

    said = searches.several_found(found, LOOK, line="order ACME").text

    assert said == "The newest 2 orders of more by “ACME”:"


def test_orders_that_telnyx_was_not_asked_for_are_told_of():
    page = EventsPage((make_change(),), has_older=True, unasked=3)

    assert "Of 3 orders more by that name I show only what I have stored." in everything(
        lookups.events_list(page, "events ACME", LOOK)
    )


def test_the_last_page_that_is_shown_tells_how_to_go_on():
    page = EventsPage((make_change(),), number=100, is_last=True)

    said = everything(lookups.events_list(page, "events", LOOK))

    assert "last page" in said
    assert "`until:` leads on" in said
