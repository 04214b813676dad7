"""What the bot says of itself: subscriptions that changed, channels that refuse, its own trouble."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.messages.wording import clock, code, counted
from bot.slack.blocks import Message, section
from bot.slack.escaping import inline

_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "is_archived": ("it is archived", "Unarchive it, and invite me again if it is private"),
        "not_in_channel": ("I am not in it", "Invite me"),
        "channel_not_found": ("I can not see it any more", "If it still exists, invite me"),
        "restricted_action": ("its settings do not let me post", "Ask an admin to let apps post there"),
        "is_inactive": ("it is not active", "Open it again"),
    }
)
_OTHERWISE = ("Slack refuses my messages there", "Invite me again")


def one_line(text: str) -> Message:
    """A message of one sentence, which is safe mrkdwn already."""
    return Message(text, [section(text)])


def subscription_changed(who: str, before: str | None, after: str | None) -> Message:
    """Said in the channel: who, before → after. `who` is a name, not a mention: nobody is pinged for a click.

    `before` and `after` are what follows the command: `subscribe kind:in`; None is nothing.
    """
    name = inline(who, 80) or "Somebody"
    if after is None:
        return one_line(f"{name} ended {code(before or '')} in this channel.")
    if before is None:
        return one_line(f"{name} made this channel follow {code(after)}.")
    return one_line(f"{name} changed what this channel follows: {code(before)} → {code(after)}.")


def channel_paused(channel_id: str, reason: str, waiting: int = 0) -> Message:
    """To the owner of a channel's subscriptions. `reason` is Slack's error."""
    why, remedy = _REASONS.get(reason, _OTHERWISE)
    kept = f"{counted(waiting, 'event')} waiting so far" if waiting else "nothing is lost"
    return one_line(
        f"⏸️ Paused: I can not post in <#{channel_id}>, because {why}. {remedy}, then it goes on by itself. "
        f"Its subscriptions stay and what it misses is kept ({kept})."
    )


def message_given_up(channel_id: str, error: str) -> Message:
    """For the channel for our own trouble: Slack refused a message in every form."""
    return one_line(
        f"🔴 Given up: Slack does not take a message for <#{channel_id}> in any form ({inline(error, 80)}). "
        "The channel goes on without it; `status` lists it."
    )


def trouble_started(what: str, since: datetime, consequence: str = "") -> Message:
    """For the channel for our own trouble. `what` is ours: `Telnyx does not answer`."""
    meanwhile = f" {inline(consequence, 300)}" if consequence else ""
    return one_line(f"🔴 Trouble: {inline(what, 500)}, since {clock(since)}.{meanwhile}")


def trouble_ended(what: str, since: datetime, until: datetime) -> Message:
    """The end of what `trouble_started` told."""
    return one_line(f"🟢 Over: {inline(what, 500)}, from {clock(since)} to {clock(until)}.")
