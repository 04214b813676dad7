"""What came of a click: republished or not, who looks after a port-out. Pure."""

import re

from bot.changes import Change
from bot.messages.notices import one_line
from bot.messages.wording import clock, event_words, full_name, quoted
from bot.results import Outcome, Republished, Reviewed
from bot.slack.blocks import Message

_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
DETAIL_LIMIT = 200


def republished(result: Republished, change: Change) -> Message:
    """To the one who clicked: what Telnyx answered, and what to do now."""
    what = f"the {event_words(change.event)} notification of {full_name(change.order)}"
    said = f" Telnyx says: {quoted(result.detail, DETAIL_LIMIT)}" if result.detail else ""
    later = f"You may ask again from {clock(result.again_at)} on."
    other = f"{_person(result.by)} asked for {what} {clock(result.at)}"
    told = {
        Outcome.DONE: f"Done: Telnyx sends {what} again. Email may take minutes.",
        Outcome.REFUSED: f"Telnyx did not send {what}.{said} You may try again at once.",
        Outcome.UNKNOWN_EVENT: f"Telnyx does not know this event any more: {what} stays unsent.",
        Outcome.UNCLEAR: f"It is unclear whether Telnyx sent {what}.{said} {later}",
        Outcome.HELD_BACK: f"Not sent a second time: {other}. {later}",
    }
    return one_line(told[result.outcome])


def reviewed(result: Reviewed) -> Message:
    """To the one who clicked *I'll check*."""
    name = full_name(result.order)
    if result.already:
        return one_line(f"{_person(result.by)} looks after {name} since {clock(result.at)}.")
    return one_line(
        f"You look after {name} now. This decides nothing: an unanswered port-out is authorized by itself "
        "24 to 48 hours after it came, so answer it at Telnyx in time."
    )


def _person(user_id: str) -> str:
    """Somebody by their Slack id, in a message that one person alone sees: nobody is pinged."""
    return f"<@{user_id}>" if _USER.fullmatch(user_id) else "Somebody"
