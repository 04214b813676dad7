"""Slack's rate limits: token buckets that refill with the workspace's own clock."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.slack.faults import Faults

POSTS_PER_SECOND = 1.0
POST_BURST = 3.0


@dataclass(slots=True)
class Bucket:
    """Holds up to `burst` tokens and gains `per_second`."""

    per_second: float
    burst: float
    tokens: float
    filled_at: datetime

    def wait_s(self, now: datetime) -> float:
        """Seconds until there is a token; 0 if there is one."""
        gained = max(0.0, (now - self.filled_at).total_seconds()) * self.per_second
        self.tokens = min(self.burst, self.tokens + gained)
        self.filled_at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.per_second


class Pace:
    """Says whether a call comes too early, by what `faults` has switched on."""

    def __init__(self, faults: Faults, now: Callable[[], datetime]) -> None:
        self._faults = faults
        self._now = now
        self._buckets: dict[tuple[str, str, float], Bucket] = {}

    def too_early_s(self, method: str, channel: str) -> int:
        """Whole seconds to wait before this call, 0 if it may pass."""
        now = self._now()
        waits = (bucket.wait_s(now) for bucket in self._buckets_of(method, channel))
        wait = max(waits, default=0.0)
        return max(1, math.ceil(wait)) if wait > 0 else 0

    def count(self, method: str, channel: str) -> None:
        """A call took effect: only such calls use the pace up."""
        for bucket in self._buckets_of(method, channel):
            bucket.tokens -= 1

    def _buckets_of(self, method: str, channel: str) -> list[Bucket]:
        found = []
        if method == "chat.postMessage" and self._faults.rate_limit:
            found.append(self._bucket("channel", channel, POSTS_PER_SECOND, POST_BURST))
        rate = self._faults.workspace_rate_limit
        if method == "chat.postMessage" and rate is not None:
            found.append(self._bucket("workspace", "", rate, max(1.0, rate)))
        per_minute = self._faults.calls_per_minute.get(method)
        if per_minute is not None and self._faults.rate_limit:
            found.append(self._bucket("method", method, per_minute / 60, per_minute))
        return found

    def _bucket(self, kind: str, name: str, per_second: float, burst: float) -> Bucket:
        key = (kind, name, per_second)
        if key not in self._buckets:
            self._buckets[key] = Bucket(per_second, burst, burst, self._now())
        return self._buckets[key]
