"""What the bot says of itself: subscriptions that changed, channels that refuse, its own trouble."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages.places import place_of, remedy_for, why_refused
from bot.messages.wording import clock, code, counted
from bot.slack.blocks import Message, section
from bot.slack.escaping import inline

NAMED_WHEN_ENDED = 5


def one_line(text: str) -> Message:
    """A message of one sentence, which is safe mrkdwn already."""
    return Message(text, [section(text)])


def subscription_changed(who: str, before: str | None, after: str) -> Message:
    """Said in the channel: who, before → after. `who` is a name, not a mention: nobody is pinged for a click.

    `before` and `after` are what follows the command: `subscribe kind:in`; None is nothing.
    """
    if before is None:
        return one_line(f"{_named(who)} subscribed this channel: {code(after)}.")
    return one_line(f"{_named(who)} changed what this channel follows: {code(before)} → {code(after)}.")


def subscriptions_ended(who: str, ended: Sequence[str]) -> Message:
    """Said in the channel; of many that end at once only the first are named."""
    shown = "; ".join(code(each) for each in ended[:NAMED_WHEN_ENDED])
    more = len(ended) - NAMED_WHEN_ENDED
    rest = f"; and {more:,} more" if more > 0 else ""
    count = "a subscription" if len(ended) == 1 else counted(len(ended), "subscription")
    return one_line(f"{_named(who)} ended {count} of this channel: {shown}{rest}.")


def _named(who: str) -> str:
    return inline(who, 80) or "Somebody"


def channel_paused(channel_id: str, reason: str) -> Message:
    """To the owner of a channel's subscriptions. `reason` is Slack's error."""
    return one_line(
        f"⏸️ Paused: I can't post in {place_of(channel_id)}, because {why_refused(reason)}. "
        f"{remedy_for(reason)}; then I go on by myself. Its subscriptions stay, and what it "
        "misses comes then."
    )


def message_given_up(channel_id: str, error: str) -> Message:
    """For the channel for our own trouble: Slack takes the message in no form, or a bug of ours spoils it."""
    return one_line(
        f"🔴 Given up: a message for {place_of(channel_id)} can't be posted ({inline(error, 80)}). "
        "Later ones are posted as usual; `status` lists it."
    )


def trouble_started(what: str, since: datetime, reason: str) -> Message:
    """For the channel for our own trouble. `what` is ours: `Telnyx does not answer`."""
    why = inline(reason, 300).rstrip(".")
    return one_line(
        f"🔴 Trouble: {inline(what, 500)}, since {clock(since)} ({why}). Nothing is lost: it is tried again "
        "and again, and I say when it is over."
    )


def trouble_ended(what: str, since: datetime, until: datetime) -> Message:
    """The end of what `trouble_started` told."""
    return one_line(f"🟢 Over: “{inline(what, 500)}”, from {clock(since)} to {clock(until)}.")
