"""How the control panel says speeds, spans and deadlines."""

from datetime import timedelta

import pytest

from bot.sandbox.page.panel_traffic import short
from bot.sandbox.page.panel_words import (
    LAST_NOTCH,
    count_of,
    deadline,
    milliseconds,
    moment,
    notch_of,
    span,
    speed_at,
    speed_in_words,
)


@pytest.mark.parametrize("notch", range(LAST_NOTCH + 1))
def test_a_notch_stands_for_a_speed_that_leads_back_to_it(notch):
    assert notch_of(speed_at(notch)) == notch


def test_the_slider_goes_from_real_time_to_a_day_a_minute():
    assert (speed_at(0), speed_at(LAST_NOTCH)) == (1, 1440)


@pytest.mark.parametrize(("speed", "notch"), [(0.01, 0), (1_000_000, LAST_NOTCH)])
def test_a_speed_beyond_the_slider_stands_at_its_end(speed, notch):
    assert notch_of(speed) == notch


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (1, "1 real minute = 1 min of a story"),
        (0.5, "1 real minute = 30 s of a story"),
        (60, "1 real minute = 1 h of a story"),
        (1440, "1 real minute = 1 d of a story"),
    ],
)
def test_a_speed_is_said_in_words(speed, words):
    assert speed_in_words(speed) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45, "45 s"), (90, "1.5 min"), (3600, "1 h"), (47.9 * 3600, "1 d 23 h 54 min")],
)
def test_a_span_is_said_in_its_units(seconds, words):
    assert span(timedelta(seconds=seconds)) == words


def test_a_moment_is_said_in_utc(clock):
    assert moment(clock()) == "Mon 2 Mar 09:00 UTC"
    assert moment(None) == "none"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "Telnyx may let it go in 1 d, at the latest in 2 d"),
        (47, "Telnyx may let it go now, at the latest in 1 h"),
        (48, "The 48 hours are over"),
    ],
)
def test_a_deadline_is_said_as_what_is_left_of_it(clock, hours, words):
    asked_at = clock() - timedelta(hours=hours)

    assert deadline(asked_at + timedelta(hours=24), asked_at + timedelta(hours=48), clock()) == words


def test_a_decided_port_out_has_no_deadline(clock):
    assert deadline(None, None, clock()) == ""


def test_small_words(clock):
    assert count_of(1, "number") == "1 number"
    assert count_of(2, "number") == "2 numbers"
    assert milliseconds(timedelta(milliseconds=12.4)) == "12 ms"


def test_a_call_is_shortened_to_what_people_know_of_it():
    order = "fcbd04c3-4021-4ef7-8ca5-a5a19e4d6e3c"

    assert short(f"GET /v2/porting_orders/{order}/comments") == "porting_orders/…4d6e3c/comments"
    assert short("chat.postMessage") == "chat.postMessage"
