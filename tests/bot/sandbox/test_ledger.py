"""The books of the promise: due, posted, repeated, out of order."""

from datetime import timedelta

import pytest

from bot.sandbox.ledger import Due, Ledger


@pytest.fixture
def due(clock):
    def made(name, *, order="order", after_s=0, late_s=0):
        at = clock() + timedelta(seconds=after_s)
        return Due(name, order, at, at + timedelta(seconds=late_s))

    return made


def book(*dues, carried=()):
    ledger = Ledger()
    for due in dues:
        ledger.add(due)
    for event_ids in carried:
        ledger.carry(event_ids)
    return ledger


def test_an_event_in_no_message_is_missing(due):
    ledger = book(due("one"), due("two"), carried=[["one"]])

    assert [each.event_id for each in ledger.missing] == ["two"]


def test_a_roll_up_carries_many_events(due):
    ledger = book(due("one"), due("two"), carried=[["one", "two"]])

    assert ledger.missing == []


def test_an_event_in_two_messages_is_repeated(due):
    assert book(due("one"), carried=[["one"], ["one"]]).repeated == ["one"]


def test_a_repeat_that_was_taken_back_is_none(due):
    ledger = book(due("one"), carried=[["one"], ["one"]])

    ledger.take_back(["one"])

    assert ledger.repeated == []
    assert ledger.missing == []


def test_an_event_whose_only_message_is_gone_is_missing_again(due):
    ledger = book(due("one"), carried=[["one"]])

    ledger.take_back(["one"])

    assert len(ledger.missing) == 1


def test_a_forgiven_event_is_not_due(due):
    ledger = book(due("one"))

    ledger.forgive(due("one"))
    ledger.forgive(due("one"))

    assert (ledger.due, ledger.missing) == ({}, [])


def test_a_forgiven_event_that_comes_after_all_has_no_order(due):
    ledger = book(due("old"), due("new", after_s=1))
    ledger.forgive(due("old"))

    ledger.carry(["new"])
    ledger.carry(["old"])

    assert ledger.disordered == []


def test_a_message_may_come_before_it_is_known_that_its_event_is_due(due):
    ledger = book(carried=[["new"], ["old"]])
    ledger.add(due("old"))
    ledger.add(due("new", after_s=1))

    assert (ledger.missing, ledger.disordered) == ([], [("old", "new")])


def test_an_order_is_looked_at_again_when_something_changes(due):
    ledger = book(due("old"), due("new", after_s=1), carried=[["new"], ["old"]])
    before = ledger.disordered

    ledger.take_back(["new"])

    assert (before, ledger.disordered) == ([("old", "new")], [])


def test_an_older_event_below_a_younger_one_of_its_order_is_out_of_order(due):
    ledger = book(due("old"), due("new", after_s=1), carried=[["new"], ["old"]])

    assert ledger.disordered == [("old", "new")]


def test_events_of_two_orders_have_no_order(due):
    ledger = book(due("old"), due("new", order="another", after_s=1), carried=[["new"], ["old"]])

    assert ledger.disordered == []


def test_an_older_event_that_was_listed_later_may_stand_below(due):
    ledger = book(due("old", late_s=60), due("new", after_s=1), carried=[["new"], ["old"]])

    assert ledger.disordered == []


def test_an_event_that_is_not_posted_yet_is_not_out_of_order(due):
    assert book(due("old"), due("new", after_s=1), carried=[["new"]]).disordered == []
