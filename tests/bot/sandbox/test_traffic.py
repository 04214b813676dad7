"""What the bot asks, gathered from both stand-ins."""

from datetime import timedelta

import pytest

from bot.sandbox.slack.records import CallSeen
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import RequestSeen, TelnyxApi
from bot.sandbox.traffic import KEPT, MOST_AT_ONCE, Traffic

POLL = "/v2/porting/events"


@pytest.fixture
def street(clock):
    return Street(clock)


class Street:
    """Both stand-ins, with requests that are noted by hand."""

    def __init__(self, clock):
        self.clock = clock
        self.telnyx, self.slack = TelnyxApi(now=clock), SlackWorkspace(now=clock)
        self.traffic = Traffic(self.telnyx, self.slack)

    def ask(self, path=POLL, status=200, **query):
        took = timedelta(milliseconds=20)
        self.telnyx.requests.append(RequestSeen("GET", path, query, status, self.clock(), took))

    def call(self, method="chat.postMessage", outcome="ok", **arguments):
        self.slack.note_call(CallSeen(method, arguments, outcome, self.clock(), outcome == "ok"))

    def gathered(self):
        self.traffic.gather()
        return list(self.traffic.requests)


def test_both_sides_stand_in_the_order_of_time(street):
    street.call()
    street.clock.forward(seconds=1)
    street.ask()
    street.clock.forward(seconds=1)
    street.call("chat.update")

    assert [each.asked for each in street.gathered()] == ["chat.postMessage", f"GET {POLL}", "chat.update"]


def test_each_request_is_taken_in_once(street):
    street.ask()
    street.call()
    street.gathered()
    street.ask()

    assert [each.number for each in street.gathered()] == [1, 2, 3]


def test_only_the_newest_are_kept(street):
    for _ in range(KEPT // MOST_AT_ONCE + 1):
        for _ in range(MOST_AT_ONCE + 1):
            street.ask()
        requests = street.gathered()

    assert len(requests) == KEPT
    assert street.traffic.count == (KEPT // MOST_AT_ONCE + 1) * MOST_AT_ONCE


@pytest.mark.parametrize(
    ("status", "came_to", "is_good"),
    [(200, "200", True), (204, "204", True), (500, "500", False), (0, "no answer", False)],
)
def test_what_telnyx_answered_is_told(street, status, came_to, is_good):
    street.ask(status=status, **{"page[size]": "250"})

    (request,) = street.gathered()
    assert (request.came_to, request.is_good, request.about) == (came_to, is_good, "page[size]=250")
    assert request.took == timedelta(milliseconds=20)


def test_what_slack_answered_is_told(street):
    street.call(outcome="ratelimited", channel="C1", text="Ported: <!date^1772442000^{date}|2 Mar>")

    (request,) = street.gathered()
    assert (request.side, request.came_to, request.is_good) == ("Slack", "ratelimited", False)
    assert request.about == "Ported: 2 Mar"


def test_a_call_without_a_text_is_about_its_channel(street):
    street.call("conversations.info", channel="C1")

    assert street.gathered()[0].about == "C1"


def test_a_poll_is_one_only_while_it_goes_well(street):
    street.ask()
    street.ask(status=500)
    street.ask("/v2/porting_orders/1")

    assert [each.is_poll for each in street.gathered()] == [True, False, False]


def test_all_words_are_looked_for_in_any_part(street):
    street.call(outcome="is_archived", text="Ported")

    (request,) = street.gathered()
    assert request.speaks_of("slack PORTED archived")
    assert request.speaks_of("")
    assert not request.speaks_of("ported telnyx")
