"""What came of a click: republished or not, who looks after a port-out. Pure."""

import re

from bot.changes import Change
from bot.messages.notices import one_line
from bot.messages.wording import clock, event_words, full_name, short_id
from bot.results import Outcome, Republished, Reviewed
from bot.slack.blocks import Message
from bot.slack.escaping import inline

_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
DETAIL_LIMIT = 200


def republished(result: Republished, change: Change) -> Message:
    """To the one who clicked: what Telnyx answered, and what to do now."""
    what = _notification(change)
    said = _said(result)
    asked = f"Asked by {_person(result.by)}."
    later = f"You may ask again from {clock(result.again_at)} on."
    soon = later if result.rest else "You may try again at once."
    other = f"{_person(result.by)} asked for {what} {clock(result.at)}"
    told = {
        Outcome.DONE: f"Done: Telnyx sends {what} again.{said} {asked} Email may take minutes.",
        Outcome.REFUSED: f"Telnyx did not send {what}.{said} {asked} {soon}",
        Outcome.UNKNOWN_EVENT: f"Telnyx does not know this event any more: {what} stays unsent. {asked}",
        Outcome.UNCLEAR: f"It is unclear whether Telnyx sent {what}.{said} {asked} {later}",
        Outcome.HELD_BACK: f"Not sent a second time: {other}. {later}",
    }
    return one_line(told[result.outcome])


def republish_asked(who: str, result: Republished, change: Change) -> Message | None:
    """To the thread of the message with the button; None where Telnyx was not asked.

    `who` is a name, not a mention: nobody is pinged for a click.
    """
    asked = f"{inline(who, 80) or 'Somebody'} asked Telnyx to send {_notification(change)} again"
    told = {
        Outcome.DONE: f"{asked}.{_said(result)}",
        Outcome.REFUSED: f"{asked}: it was not sent.{_said(result)}",
        Outcome.UNKNOWN_EVENT: f"{asked}: Telnyx does not know this event any more.",
        Outcome.UNCLEAR: f"{asked}: it is unclear whether it was sent.{_said(result)}",
    }
    return one_line(told[result.outcome]) if result.outcome in told else None


def _notification(change: Change) -> str:
    """What is sent again; of an event that is not known (any more) there is its id."""
    if not change.event.event_type:
        return f"the notification of event {short_id(change.event.event_id)}"
    return f"the {event_words(change.event)} notification of {full_name(change.order)}"


def _said(result: Republished) -> str:
    """What Telnyx answered, as a sentence behind another."""
    said = f"Telnyx answered {result.detail}" if result.detail.isdecimal() else result.detail
    return f" {inline(said, DETAIL_LIMIT).rstrip('.')}." if said else ""


def reviewed(result: Reviewed) -> Message:
    """To the one who clicked *I'll check*."""
    name = full_name(result.order)
    if result.already:
        return one_line(f"{_person(result.by)} has looked after {name} since {clock(result.at)}.")
    return one_line(
        f"You look after {name} now. This decides nothing: an unanswered port-out is authorized by itself "
        "24 to 48 hours after it came, so answer it at Telnyx in time."
    )


def _person(user_id: str) -> str:
    """Somebody by their Slack id, in a message that one person alone sees: nobody is pinged."""
    return f"<@{user_id}>" if _USER.fullmatch(user_id) else "Somebody"
