"""Reads histories so that each is read to its end at last, however few questions Slack takes a minute.

One that is limited on its last page has to be read again from the first. Several that are read beside each
other, or tried again at once, would use up what Slack takes, and none would come to its end.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.delivery import timing
from bot.slack.client import Seen, Slack
from bot.slack.errors import SlackUnavailableError

BY_TURNS = 2 * timing.LONGEST_READ_WAIT
"""So long after Slack limited us histories are read one by one."""


@dataclass(slots=True)
class Limit:
    """Of one method: when Slack limited it last, until when nothing is asked, how often in a row, and whether
    somebody reads now."""

    at: datetime | None = None
    until: datetime | None = None
    in_a_row: int = 0
    is_read: bool = False


@dataclass(slots=True)
class Histories:
    """What Slack says stands in channels and threads. Raises as `Slack` does, with longer waits."""

    slack: Slack
    now: Callable[[], datetime]
    _channels: Limit = field(default_factory=Limit)
    _threads: Limit = field(default_factory=Limit)

    async def history(self, channel: str, *, oldest: datetime, latest: datetime) -> list[Seen]:
        """As `Slack.history`."""
        return await self._in_turn(
            self._channels, lambda: self.slack.history(channel, oldest=oldest, latest=latest)
        )

    async def replies(self, channel: str, ts: str, *, oldest: datetime, latest: datetime) -> list[Seen]:
        """As `Slack.replies`."""
        return await self._in_turn(
            self._threads, lambda: self.slack.replies(channel, ts, oldest=oldest, latest=latest)
        )

    def clock_was_set_back(self) -> None:
        """What was noted by the clock as it was before counts no more."""
        for limit in (self._channels, self._threads):
            limit.at = limit.until = None

    async def _in_turn(self, limit: Limit, read: Callable[[], Awaitable[list[Seen]]]) -> list[Seen]:
        if limit.at is None or self.now() >= max(limit.until or limit.at, limit.at + BY_TURNS):
            limit.in_a_row = 0
            return await self._read(limit, read)
        left = (limit.until or self.now()) - self.now()
        if limit.is_read or left > timedelta(0):  # whoever waited here would hold up posts to other channels
            raise SlackUnavailableError("Slack: ratelimited", retry_after=max(left, timing.TURN))
        limit.is_read = True
        try:
            return await self._read(limit, read)
        finally:
            limit.is_read = False

    async def _read(self, limit: Limit, read: Callable[[], Awaitable[list[Seen]]]) -> list[Seen]:
        try:
            found = await read()
        except SlackUnavailableError as error:
            if error.retry_after is None:
                raise
            raise SlackUnavailableError(
                str(error), retry_after=self._wait(limit, error.retry_after)
            ) from error
        limit.in_a_row = 0
        return found

    def _wait(self, limit: Limit, asked: timedelta) -> timedelta:
        """For how long nothing is asked now."""
        now = self.now()
        if limit.until is None or limit.until <= now:  # else it is one of several that were on their way
            limit.in_a_row += 1
            limit.until = now
        limit.at, limit.until = now, max(limit.until, now + asked, now + timing.wait_to_read(limit.in_a_row))
        return limit.until - now
