"""How long to wait: between messages of a channel, after a refusal, and before the next look. Pure."""

import random
from datetime import datetime, timedelta

PACE = timedelta(seconds=1.1)
BURST = 3
"""Messages that a rested channel takes at once."""
RETRY_S = (5, 10, 20, 30)
MAKE_S = (2, 6, 18)
RATE_DEFAULT = timedelta(seconds=30)
LEAST_REST = timedelta(seconds=1)
QUOTA_WAIT = timedelta(minutes=10)
BOTH_CHANNELS = timedelta(seconds=10)
"""Two channels limited within this time: the whole workspace is."""
EDIT_PACE = timedelta(seconds=1.25)
"""48 edits a minute: Slack takes 50 for the whole workspace."""
TROUBLE_PROBE = timedelta(seconds=30)
ASK_LATER = timedelta(seconds=10)
"""After a question or an edit that Slack did not answer."""
TURN = timedelta(seconds=2)
"""Until somebody else has read the history that is read first."""
LONGEST_READ_WAIT = timedelta(seconds=60)
"""By then Slack takes as many questions as the longest history has pages."""
EAGER = timedelta(seconds=3)
EAGER_FOR = timedelta(seconds=30)
"""So long, and at this pace, a channel is tried that may take messages again: Slack's word of it may come
before it is so, or before its refusal."""
LONGEST_REST_S = 60
VERIFY_AFTER_SETTLES = 4
"""After so many times the settling time a message that was sent again is looked up once more."""


def paced_until(before: datetime | None, now: datetime) -> datetime:
    """When the channel takes another message after one goes out now: bursts of three, then one each 1.1 s."""
    slack = PACE * (BURST - 1)
    is_ours = before is not None and before < now + PACE * BURST  # else the clock was set back
    full_at = max(before + slack, now) if before and is_ours else now
    return full_at + PACE - slack


def wait_before_retry(attempt: int) -> timedelta:
    """After Slack was not reached (1 = the first time): 5 s, 10 s … at most 30 s, up to half of it less."""
    longest = RETRY_S[min(attempt, len(RETRY_S)) - 1]
    return timedelta(seconds=longest * random.uniform(0.5, 1))  # noqa: S311  # spreads retries, guards nothing


def wait_before_making(failures: int) -> timedelta:
    """A message that could not be made is tried again after 2 s, 6 s, 18 s: its channel waits with it."""
    return timedelta(seconds=MAKE_S[min(failures, len(MAKE_S) - 1)])


def wait_to_read(limited: int) -> timedelta:
    """After Slack limited the reading of histories (1 = the first time in a row): 10 s, 20 s, 40 s, 60 s."""
    longer: int = 2 ** (min(limited, 10) - 1)
    return min(ASK_LATER * longer, LONGEST_READ_WAIT)


def wait_after_bug(failures: int) -> timedelta:
    """A channel whose step fails by a bug is tried again after 1 s, 2 s, 4 s … at most a minute."""
    return timedelta(seconds=min(2 ** min(failures, 10), LONGEST_REST_S))
