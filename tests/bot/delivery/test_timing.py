"""Waits: a channel's pace, and how they grow without end in sight."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import timing
from tests.clock import START


@given(gaps=st.lists(st.floats(0, 10), max_size=40))
def test_channel_takes_a_burst_of_three_and_then_a_message_each_pace(gaps):
    until, now, posted = None, START, []
    for gap in gaps:
        now = max(now + timedelta(seconds=gap), until or now)
        posted.append(now)
        until = timing.paced_until(until, now)

    for first, fourth in zip(posted, posted[3:], strict=False):
        assert fourth - first >= timing.PACE - timedelta(microseconds=10)
    for count in range(4, len(posted) + 1):
        assert posted[count - 1] - posted[0] >= timing.PACE * (count - 3) - timedelta(microseconds=100)


@given(attempt=st.integers(1, 10**6))
def test_wait_before_a_retry_grows_to_ten_minutes_and_is_spread(attempt):
    longest = timing.RETRY_S[min(attempt, 4) - 1]

    assert longest / 2 <= timing.wait_before_retry(attempt).total_seconds() <= longest


@given(failures=st.integers(0, 10**6))
def test_wait_after_a_bug_grows_to_a_minute(failures):
    wait = timing.wait_after_bug(failures)

    assert timedelta(seconds=1) <= wait <= timedelta(minutes=1)
    assert wait <= timing.wait_after_bug(failures + 1)


def test_rested_channel_takes_three_at_once_and_the_next_a_pace_later():
    untils = [None]
    for _ in range(3):
        untils.append(timing.paced_until(untils[-1], START))

    assert untils[1:] == [START - timing.PACE, START, START + timing.PACE]


def test_pace_from_before_the_clock_was_set_back_counts_no_more():
    assert timing.paced_until(START + 2 * timing.PACE, START) == START + 3 * timing.PACE
    assert timing.paced_until(START + 3 * timing.PACE, START) == timing.paced_until(None, START)


def test_waits_after_a_fault_of_ours_are_those_of_their_tables():
    making = [timing.wait_before_making(failures).total_seconds() for failures in range(5)]
    after_bug = [timing.wait_after_bug(failures).total_seconds() for failures in range(8)]

    assert making == [2, 6, 18, 18, 18]
    assert after_bug == [1, 2, 4, 8, 16, 32, 60, 60]
