"""What came of a look-up, a republish or a review: values that messages can tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.changes import Change
from bot.references import Reference
from bot.telnyx.events import Source
from bot.telnyx.orders import Order

HOLD = timedelta(seconds=60)
"""How long a wish holds others back, unless Telnyx surely refused it."""


class Outcome(StrEnum):
    """What came of a wish."""

    DONE = "done"
    REFUSED = "refused"
    """Surely not sent: it may be asked again at once."""
    UNCLEAR = "unclear"
    """Perhaps sent: it may be asked again when HOLD is over."""
    HELD_BACK = "held_back"
    """Not asked: somebody did within HOLD."""
    UNKNOWN_EVENT = "unknown_event"
    """Telnyx does not know the event."""


@dataclass(frozen=True, slots=True)
class Republished:
    """What came of a wish; `by` (a Slack user) asked Telnyx at `at`: somebody else where it was held back.

    `detail` is what Telnyx answered: the status of its consent, or words.
    """

    outcome: Outcome
    by: str
    at: datetime
    detail: str = ""
    rest: timedelta = timedelta(0)
    """How long Telnyx asks us to ask nothing."""

    @property
    def is_refused(self) -> bool:
        """Surely not sent: nobody is held back by this wish."""
        return self.outcome in (Outcome.REFUSED, Outcome.UNKNOWN_EVENT)

    @property
    def again_at(self) -> datetime:
        """From when on a new wish goes to Telnyx."""
        return self.at + (self.rest if self.is_refused else HOLD)


class Place(StrEnum):
    """Where was looked, for the answer to say so."""

    SEEN = "seen"
    TELNYX = "telnyx"
    BY_ID = "by_id"
    NEWEST = "newest"
    UNREACHED = "unreached"
    """Telnyx did not answer; what it has is unknown."""
    LOCKED_OUT = "locked_out"
    """Telnyx refused our key; what it has is unknown until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a typed reference, and where was looked for it."""

    reference: Reference
    orders: tuple[Order, ...] = ()
    events: tuple[Change, ...] = ()
    looked_in: tuple[Place, ...] = ()
    has_more: bool = False
    """More orders go by that than these, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events somebody wants to see; nothing given means all. Both times are included."""

    ref: str | None = None
    kinds: tuple[str, ...] = ()
    source: Source | None = None
    since: datetime | None = None
    until: datetime | None = None
    found: Found | None = None
    """What the reference leads to, where that was looked up already."""
    told_to: str | None = None
    """Only what this channel was promised, as it came."""


@dataclass(frozen=True, slots=True)
class EventsPage:
    """One page of events, newest first; `number` counts from 1."""

    changes: tuple[Change, ...] = ()
    number: int = 1
    has_more: bool = False
    found: Found | None = None
    """What the reference led to, where one was given."""
    has_older: bool = False
    """Some of the events are older than our tables: Telnyx told them."""
    failed: Place | None = None
    """What is older than our tables could not be asked, UNREACHED or LOCKED_OUT: there may be more."""
    unasked: int = 0
    """So many of the orders were too many to ask Telnyx for what is older than our tables."""
    is_last: bool = False
    """There are more, but no page beyond this one is ever shown."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that has failed since a moment, and why. `what` is a sentence without its full stop.

    `is_ours` tells a failure of the bot or its database from one of its neighbours, which it outlasts.
    """

    what: str
    since: datetime
    reason: str
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class PollState:
    """How fresh one event list is; `last_success_at` of whoever read it."""

    source: Source
    last_success_at: datetime | None
    watching_since: datetime | None
    watermark: datetime | None
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class PausedChannel:
    """A channel that Slack refuses; `reason` is Slack's error."""

    channel_id: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that Slack took in no form; `error` is Slack's."""

    channel_id: str
    at: datetime
    error: str


class Cause(StrEnum):
    """Why something that is to be posted waits."""

    PAYLOAD = "payload"
    """Telnyx is still making the event's payload."""
    OLDER = "older"
    """An older event of the order waits."""
    MATCHING = "matching"
    """It is not matched with subscriptions yet; Telnyx may be asked for its order's facts."""
    GATHERED = "gathered"
    PAUSED = "paused"
    LIMITED = "limited"
    """Slack asked for a rest."""
    UNCLEAR = "unclear"
    """Nobody knows yet whether Slack took a post."""
    RESTORED = "restored"
    """After a restore: what the channel has already is not read yet."""
    SILENT = "silent"
    """Slack was not reached, or did not answer."""
    TOKEN = "token"  # noqa: S105  # no secret: why posts wait
    OURS = "ours"
    """The message could not be made; it is tried again."""


@dataclass(frozen=True, slots=True)
class Hold:
    """So many events and messages wait for one cause, in these channels; `until` when at the latest."""

    cause: Cause
    count: int
    until: datetime | None = None
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to "is the bot up to date?". `waiting_since` is the age of the oldest thing unposted."""

    polls: tuple[PollState, ...]
    troubles: tuple[Trouble, ...]
    """What else fails."""
    events_waiting: int
    """Promised to a channel, and in no message yet."""
    messages_open: int
    waiting_since: datetime | None
    paused: tuple[PausedChannel, ...]
    unreadable: tuple[str, ...]
    """Channels whose history Slack does not let us read."""
    parked: int
    """Messages given up lately; `given_up` are the newest of them."""
    given_up: tuple[GivenUp, ...]
    slack_refusal: str | None
    holds: tuple[Hold, ...] = ()
    """What holds back what waits, as far as it is not just on its way."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The port-out and who looks after it since when; `already`: it was somebody before this click."""

    order: Order
    by: str
    at: datetime
    already: bool
