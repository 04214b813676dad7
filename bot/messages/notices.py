"""What the bot says of itself: subscriptions that changed, channels that refuse, its own trouble."""

from datetime import datetime

from bot.messages.places import place_of, remedy_for, why_refused
from bot.messages.wording import clock, code
from bot.slack.blocks import Message, section
from bot.slack.escaping import inline


def one_line(text: str) -> Message:
    """A message of one sentence, which is safe mrkdwn already."""
    return Message(text, [section(text)])


def subscription_changed(who: str, before: str | None, after: str | None) -> Message:
    """Said in the channel: who, before → after. `who` is a name, not a mention: nobody is pinged for a click.

    `before` and `after` are what follows the command: `subscribe kind:in`; None is nothing.
    """
    name = inline(who, 80) or "Somebody"
    if after is None:
        return one_line(f"{name} ended a subscription of this channel: {code(before or '')}.")
    if before is None:
        return one_line(f"{name} subscribed this channel: {code(after)}.")
    return one_line(f"{name} changed what this channel follows: {code(before)} → {code(after)}.")


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
