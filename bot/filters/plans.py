"""Whose wishes an event meets in a channel, and how it is shown there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.changes import Change, Severity
from bot.filters.vocabulary import Broadcast, Style
from bot.filters.wishes import Wish
from bot.telnyx.events import Author

_WIDTH = tuple(Broadcast)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A channel's wish; people know it as `S<id>`. Times are aware UTC."""

    id: int
    team_id: str
    channel_id: str
    owner_id: str
    wish: Wish
    created_at: datetime

    @property
    def name(self) -> str:
        return f"S{self.id}"

    @property
    def command(self) -> str:
        """The line (without the slash command's name) that makes it again."""
        return f"subscribe {self.wish.canonical()}".strip()


@dataclass(frozen=True, slots=True)
class Plan:
    """How one event is shown in one channel, and the ids of the subscriptions that asked for it."""

    style: Style
    broadcast: bool
    """Shown in the channel too, where it is a reply in a thread."""
    subscriptions: tuple[int, ...]


def combined(matching: Sequence[Subscription], change: Change) -> Plan:
    """One plan for a channel's matching subscriptions (at least one): `thread` beats `flat`, and the widest
    `broadcast` wins."""
    styles = {subscription.wish.style for subscription in matching}
    widest = max((subscription.wish.broadcast for subscription in matching), key=_WIDTH.index)
    return Plan(
        Style.THREAD if Style.THREAD in styles else Style.FLAT,
        is_broadcast(widest, change),
        tuple(sorted(subscription.id for subscription in matching)),
    )


def is_broadcast(broadcast: Broadcast, change: Change) -> bool:
    """Whether the event is shown in the channel beside its order's thread."""
    if broadcast is Broadcast.MILESTONES:
        return _is_milestone(change)
    return broadcast is Broadcast.ALL or (
        broadcast is Broadcast.CRITICAL and change.severity is Severity.CRITICAL
    )


def _is_milestone(change: Change) -> bool:
    """Critical, a FOC that was set or moved, `ported`, or a comment of Telnyx's staff."""
    event = change.event
    by_telnyx = bool(event.comment and event.comment.author is Author.TELNYX)
    foc = event.status == "foc-date-confirmed" or event.kind == "foc_date_changed"
    return change.severity is Severity.CRITICAL or foc or event.status == "ported" or by_telnyx
