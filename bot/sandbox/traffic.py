"""What the bot asks of both neighbours, request by request, as it comes in."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from operator import itemgetter
from typing import Literal, TypeVar

from bot.sandbox.slack.records import CallSeen
from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import RequestSeen, TelnyxApi

KEPT = 500
MOST_AT_ONCE = 200
POLLS = frozenset({"GET /v2/porting/events", "GET /v2/portouts/events"})
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `came_to` is the status or Slack's word for it; `about` are the arguments that matter."""

    number: int
    at: datetime
    side: Literal["Telnyx", "Slack"]
    asked: str
    about: str
    came_to: str
    is_good: bool
    took: timedelta

    @property
    def is_poll(self) -> bool:
        """One of the many that only ask for what is new, and went well."""
        return self.asked in POLLS and self.is_good

    def speaks_of(self, words: str) -> bool:
        """Whether all the words are in it."""
        line = f"{self.side} {self.asked} {self.about} {self.came_to}".casefold()
        return all(word in line for word in words.casefold().split())


class Traffic:
    """Keeps the newest requests to both sides; `gather` takes in what came since the last time."""

    def __init__(self, telnyx: TelnyxApi, slack: SlackWorkspace) -> None:
        self._telnyx, self._slack = telnyx, slack
        self._texts = SlackTexts(slack)
        self._last_request: RequestSeen | None = None
        self._last_call: CallSeen | None = None
        self.count = 0
        self.requests: deque[Request] = deque(maxlen=KEPT)

    def gather(self) -> None:
        """Take in the new ones of both sides by their time."""
        requests = _after(self._telnyx.requests, self._last_request)
        calls = _after(self._slack.calls, self._last_call)
        self._last_request = requests[-1] if requests else self._last_request
        self._last_call = calls[-1] if calls else self._last_call
        fresh: list[tuple[datetime, Callable[[int], Request]]] = [
            *((each.at, partial(_of_telnyx, each)) for each in requests),
            *((each.at, partial(self._of_slack, each)) for each in calls),
        ]
        for _, numbered in sorted(fresh, key=itemgetter(0)):
            self.count += 1
            self.requests.append(numbered(self.count))

    def _of_slack(self, call: CallSeen, number: int) -> Request:
        about = self._texts.line(str(call.arguments.get("text") or call.arguments.get("channel") or ""))
        is_good = call.outcome == "ok"
        return Request(number, call.at, "Slack", call.method, about, call.outcome, is_good, call.took)


def _after(seen: Sequence[Seen], last: Seen | None) -> list[Seen]:
    """The newest ones behind `last`, oldest first, and not too many of them."""
    fresh = list(takewhile(lambda each: each is not last, reversed(seen[-MOST_AT_ONCE:])))
    return fresh[::-1]


def _of_telnyx(seen: RequestSeen, number: int) -> Request:
    about = " ".join(f"{name}={value}" for name, value in seen.query.items())
    came_to = str(seen.status) if seen.status else "no answer"
    asked = f"{seen.method} {seen.path}"
    return Request(number, seen.at, "Telnyx", asked, about, came_to, 200 <= seen.status < 300, seen.took)
