"""What is done to the stand-in Telnyx's orders by hand."""

from datetime import timedelta

import pytest

from bot.sandbox.hand import MESSAGING, Hand, ImpossibleError
from bot.sandbox.script import Script
from bot.sandbox.stories import PORT_OUT_IN_DANGER, PORT_OUT_REFUSED, SMOOTH, SPLIT
from bot.sandbox.telnyx.orders import PORT_IN_STATUSES, PORT_OUT_STATUSES
from bot.sandbox.telnyx.world import TelnyxWorld


@pytest.fixture
def telnyx(clock):
    return TelnyxWorld(now=clock)


@pytest.fixture
def script(telnyx, clock):
    return Script(telnyx, now=clock, speed=60, lanes=())


@pytest.fixture
def hand(telnyx, script, clock):
    return Hand(telnyx, script, clock)


@pytest.fixture
def port_in(script):
    return script.start(SPLIT)


@pytest.fixture
def port_out(script):
    return script.start(PORT_OUT_IN_DANGER)


def newest(telnyx, source):
    return telnyx.events(source)[-1]


def test_orders_are_shown_with_the_newest_first(script, hand):
    first = script.start(PORT_OUT_IN_DANGER)
    hand.orders()
    second = script.start(SMOOTH)

    assert [each.order_id for each in hand.orders()] == [second, first]


def test_a_port_in_is_shown_as_people_know_it(hand, port_in, telnyx):
    (seen,) = hand.orders()

    assert seen.is_port_in
    assert (seen.reference, seen.carrier, seen.status, seen.numbers) == (
        "ACME-1042",
        "Onvoy",
        "in-process",
        5,
    )
    assert seen.support_key == telnyx.port_ins[port_in].support_key
    assert seen.foc == telnyx.port_ins[port_in].foc_requested
    assert (seen.messaging, seen.earliest, seen.latest) == ("not_applicable", None, None)


def test_a_pending_port_out_has_a_deadline_and_a_decided_one_has_none(hand, port_out, clock):
    (pending,) = hand.orders()
    hand.move(port_out, "authorized")
    (decided,) = hand.orders()

    assert (pending.earliest, pending.latest) == (
        clock() + timedelta(hours=24),
        clock() + timedelta(hours=48),
    )
    assert (decided.earliest, decided.latest) == (None, None)


@pytest.mark.parametrize(
    ("story", "known"), [(SMOOTH, PORT_IN_STATUSES), (PORT_OUT_REFUSED, PORT_OUT_STATUSES)], ids=["in", "out"]
)
def test_an_order_takes_every_other_status_of_its_kind(script, hand, telnyx, story, known):
    order_id = script.start(story)

    for status in hand.statuses(order_id):
        hand.move(order_id, status)

    (seen,) = hand.orders()
    assert seen.status in known
    assert {*hand.statuses(order_id), seen.status} == set(known)


def test_what_usually_comes_next_is_offered_first(hand, port_out):
    assert hand.statuses(port_out)[0] == "authorized"

    hand.move(port_out, "authorized")

    assert hand.statuses(port_out)[0] == "ported"


@pytest.mark.parametrize("status", ["pending", "exception", "gone"])
def test_a_status_that_it_has_or_does_not_know_is_refused(hand, port_out, status):
    with pytest.raises(ImpossibleError, match=status):
        hand.move(port_out, status)


def test_an_exception_has_the_reason_that_was_chosen(hand, port_in, telnyx):
    hand.move(port_in, "exception", "BTN_ATN_MISMATCH")

    details = newest(telnyx, "port_in")["payload"]["status"]["details"]
    assert [each["code"] for each in details] == ["BTN_ATN_MISMATCH"]


def test_a_refusal_without_a_chosen_reason_has_the_first_one(hand, port_out, telnyx):
    hand.move(port_out, "rejected", "NONSENSE")

    assert telnyx.port_outs[port_out].reason == next(iter(hand.reasons(port_out, "rejected").values()))


def test_a_status_that_needs_no_reason_has_none(hand, port_in, port_out):
    assert hand.reasons(port_in, "submitted") == {}
    assert hand.reasons(port_out, "authorized") == {}


def test_a_comment_is_an_event_with_its_author(hand, port_in, telnyx):
    hand.comment(port_in, "  Please confirm the BTN. ", "user")

    said = newest(telnyx, "port_in")["payload"]["comment"]
    assert (said["body"], said["user_type"]) == ("Please confirm the BTN.", "user")


def test_an_empty_comment_is_refused(hand, port_in, telnyx):
    with pytest.raises(ImpossibleError, match="words"):
        hand.comment(port_in, "  ")


def test_numbers_leave_into_an_order_of_their_own(hand, port_in):
    hand.split(port_in, 2)

    assert [each.numbers for each in hand.orders()] == [2, 3]


@pytest.mark.parametrize("numbers", [0, 5, 6])
def test_some_numbers_stay_and_some_leave(hand, port_in, numbers):
    with pytest.raises(ImpossibleError, match="5 numbers"):
        hand.split(port_in, numbers)


def test_a_port_out_is_neither_split_nor_has_messaging(hand, port_out):
    with pytest.raises(ImpossibleError, match="split"):
        hand.split(port_out, 1)
    with pytest.raises(ImpossibleError, match="Messaging"):
        hand.set_messaging(port_out, "ported")


def test_the_foc_of_either_kind_moves_with_an_event(hand, port_in, port_out, telnyx, clock):
    moved = clock() + timedelta(days=3)

    hand.change_foc(port_in, moved)
    hand.change_foc(port_out, moved)

    assert telnyx.port_ins[port_in].foc_actual == telnyx.port_outs[port_out].foc == moved
    assert newest(telnyx, "port_in")["payload"]["status"]["value"] == "foc-date-confirmed"
    assert newest(telnyx, "port_out")["event_type"] == "portout.foc_date_changed"


@pytest.mark.parametrize("status", MESSAGING)
def test_messaging_takes_every_status_of_its_own(hand, port_in, telnyx, status):
    hand.set_messaging(port_in, status)

    assert telnyx.port_ins[port_in].messaging_status == status
    assert newest(telnyx, "port_in")["event_type"] == "porting_order.messaging_changed"


def test_an_order_that_is_gone_is_said_to_be(hand, port_in, telnyx):
    telnyx.delete(port_in)

    with pytest.raises(ImpossibleError, match="gone"):
        hand.comment(port_in, "hello")
