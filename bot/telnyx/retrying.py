"""Trying again what Telnyx could not answer just now."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from bot.telnyx.errors import TOO_LARGE, TelnyxUnavailableError

T = TypeVar("T")
TRIES = 5
LONGEST_PAUSE_S = 10
"""A longer wait that Telnyx asks for is its caller's to keep: nobody sleeps for so long in the middle."""
_backoff = wait_exponential_jitter(multiplier=0.5, max=15, jitter=0.5)


def wait_before_try(state: RetryCallState) -> float:
    """Seconds before the next try: 0.5, 1, 2 … at most 15, with jitter, or what Telnyx asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TelnyxUnavailableError) else None
    return max(_backoff(state), asked.total_seconds() if asked else 0.0)


async def retried(
    call: Callable[[], Awaitable[T]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    tries: int = TRIES,
) -> T:
    """What `call` returns, after at most `tries` tries. Only TelnyxUnavailableError is tried again, and only
    where Telnyx does not ask for a long wait."""
    attempts = AsyncRetrying(
        sleep=sleep,
        stop=stop_after_attempt(tries),
        wait=wait_before_try,
        retry=retry_if_exception(_is_worth_a_pause),
        reraise=True,
    )
    return await attempts(call)


def _is_worth_a_pause(error: BaseException) -> bool:
    if not isinstance(error, TelnyxUnavailableError) or error.kind == TOO_LARGE:
        return False
    return error.retry_after is None or error.retry_after.total_seconds() <= LONGEST_PAUSE_S
