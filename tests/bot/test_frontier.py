"""No event is promised before older ones that were stored behind the fan-out's back."""

from datetime import timedelta

from bot.frontier import Frontier
from bot.telnyx.events import Source
from tests.factories import NOW

IN = Source.PORT_IN
LATER = NOW + timedelta(hours=1)


def test_all_is_known_while_nothing_is_read():
    frontier = Frontier()

    assert frontier.is_known(IN, NOW, frontier.now())


def test_what_is_read_meanwhile_is_known_to_who_begins_afterwards():
    frontier = Frontier()
    with frontier.reading(IN, NOW):
        before = frontier.now()
        frontier.advance(IN, LATER)
        after = frontier.now()

        assert not frontier.is_known(IN, NOW, before)
        assert frontier.is_known(IN, NOW, after)
        assert not frontier.is_known(IN, LATER, after)


def test_list_that_was_read_from_its_begin_to_its_end_meanwhile_is_not_known_to_who_began_before():
    frontier = Frontier()
    before = frontier.now()
    with frontier.reading(IN, NOW):
        pass

    assert not frontier.is_known(IN, NOW, before)
    assert frontier.is_known(IN, NOW, frontier.now())
    assert frontier.is_known(Source.PORT_OUT, NOW, before)
