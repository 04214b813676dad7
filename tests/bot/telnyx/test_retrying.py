"""Trying again."""

from datetime import timedelta

import pytest

from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.retrying import retried


class Calls:
    """A call that fails as told, and a sleep that only remembers."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.slept = []

    async def call(self):
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def sleep(self, seconds):
        self.slept.append(seconds)


def unavailable(seconds=None):
    wait = None if seconds is None else timedelta(seconds=seconds)
    return TelnyxUnavailableError(kind="timeout", retry_after=wait)


async def test_what_fails_for_a_moment_is_tried_again():
    calls = Calls(unavailable(), unavailable(), "done")

    assert await retried(calls.call, sleep=calls.sleep) == "done"
    assert len(calls.slept) == 2


async def test_answer_that_is_too_large_is_not_read_again_at_once():
    calls = Calls(TelnyxUnavailableError(kind="too_large"))

    with pytest.raises(TelnyxUnavailableError):
        await retried(calls.call, sleep=calls.sleep)

    assert calls.slept == []


async def test_waits_grow_and_have_an_end():
    calls = Calls(*[unavailable() for _ in range(12)])

    with pytest.raises(TelnyxUnavailableError):
        await retried(calls.call, sleep=calls.sleep, tries=12)

    assert 0.5 <= calls.slept[0] <= 1 <= calls.slept[1] <= 1.5
    assert max(calls.slept) <= 15.5


async def test_short_wait_that_telnyx_asks_for_is_obeyed():
    calls = Calls(unavailable(10), "done")

    await retried(calls.call, sleep=calls.sleep)

    assert calls.slept == [10]


async def test_long_wait_that_telnyx_asks_for_is_left_to_the_caller():
    calls = Calls(unavailable(11), "never")

    with pytest.raises(TelnyxUnavailableError):
        await retried(calls.call, sleep=calls.sleep)

    assert calls.slept == []


async def test_last_failure_is_raised():
    calls = Calls(*[unavailable() for _ in range(5)])

    with pytest.raises(TelnyxUnavailableError):
        await retried(calls.call, sleep=calls.sleep)

    assert calls.outcomes == []


async def test_refusal_is_not_tried_again():
    calls = Calls(TelnyxRefusedError(status=401), "never")

    with pytest.raises(TelnyxRefusedError):
        await retried(calls.call, sleep=calls.sleep)

    assert calls.slept == []
