"""One sentence for every event: whole (flat, card), short with the order's name (reply), short without it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.changes import Change, Severity
from bot.messages.port_ins import Past, past_of, port_in_news, port_in_sentence
from bot.messages.port_outs import foc_change_news, foc_change_sentence, port_out_news, port_out_sentence
from bot.messages.standing import past_of_state, sign_of_state
from bot.messages.wording import (
    Look,
    counted,
    full_name,
    full_stop,
    messaging_words,
    quoted,
    sentence_start,
    short_id,
    sign_of,
    status_words,
    writer_of,
)
from bot.slack.escaping import inline
from bot.telnyx.events import Author, Comment, Event, Source


def sentence(change: Change, look: Look) -> str:
    """What happened, whole: it makes sense alone on a lock screen."""
    return f"{sign_of(change)} {_told(change, look)}"


def line(change: Change, look: Look) -> str:
    """What happened, in short, for the order's thread; with its name, since a phone shows no thread."""
    name = sentence_start(full_name(change.order))
    return f"{sign_of(change)} {name}: {full_stop(news(change, look))}"


def news(change: Change, look: Look, *, brief: bool = False) -> str:
    """What happened, without sign, name and full stop; `brief`: a new FOC stands beside it."""
    event = change.event
    if event.kind == "status_changed" and not event.status:
        return "New status, which Telnyx has not told yet"
    if event.kind == "status_changed":
        is_port_in = event.source is Source.PORT_IN
        return port_in_news(change, brief=brief) if is_port_in else port_out_news(change, look.now)
    tell = _NEWS.get(event.kind)
    return (
        tell(change)
        if tell
        else f"“{inline(event.event_type or 'unknown', 60)}”, an event that is new to Portwire"
    )


def headline(change: Change, look: Look) -> str:
    """The order's newest state, and after it the event if that did not make the state."""
    status = change.order.status
    if status is None or change.event.kind == "deleted" or _made_the_status(change):
        return sentence(change, look)
    state = _status_sentence(change, status, past_of_state(change.order), look)
    earlier = change.event.status
    if earlier == status:
        return f"{_sign_of_card(change)} {state}"
    happened = f"Earlier: {status_words(earlier)}" if earlier else news(change, look)
    return f"{_sign_of_card(change)} {state} {full_stop(happened)}"


def _sign_of_card(change: Change) -> str:
    """The sign of the order's status, or of the event where that matters more."""
    sign = sign_of_state(change.order)
    if change.event.status:
        return sign  # an earlier status, which matters no more
    if change.severity is Severity.CRITICAL and sign != "⏳":
        return "🔴"
    return "🟡" if change.severity is Severity.WARNING and sign in ("🟢", "🔵") else sign


def _made_the_status(change: Change) -> bool:
    event, order = change.event, change.order
    is_newest = order.status_at is None or event.created_at >= order.status_at
    return event.status is not None and event.status == order.status and is_newest


def _told(change: Change, look: Look) -> str:
    event = change.event
    if event.kind == "status_changed":
        at_the_time = replace(change, order=replace(change.order, details=event.details))
        return _status_sentence(at_the_time, event.status, past_of(change), look)
    tell = _SENTENCES.get(event.kind)
    if tell:
        return tell(change)
    kind, name = quoted(event.event_type or "unknown", 60), full_name(change.order)
    return f"New kind of event: Telnyx sent {kind}, which Portwire does not know yet, for {name}."


def _status_sentence(change: Change, status: str | None, past: Past, look: Look) -> str:
    if change.event.source is Source.PORT_OUT:
        return port_out_sentence(change, status, past, look.now)
    return port_in_sentence(change.order, status, past)


def _comment(change: Change) -> str:
    comment, name = change.event.comment, full_name(change.order)
    if comment is None:
        return f"New comment on {name}, whose text Telnyx has not told yet."
    if comment.author is Author.UNKNOWN:
        return full_stop(f"New comment on {name}: {_words(comment)}")
    return full_stop(f"{writer_of(comment.author)} wrote on {name}: {_words(comment)}")


def _comment_news(change: Change) -> str:
    comment = change.event.comment
    if comment is None:
        return "New comment, whose text Telnyx has not told yet"
    if comment.author is Author.UNKNOWN:
        return f"New comment: {_words(comment)}"
    return f"{writer_of(comment.author)} wrote: {_words(comment)}"


def _words(comment: Comment) -> str:
    return quoted(comment.body) if comment.body.strip() else "(no text)"


def _split(change: Change) -> str:
    event, name = change.event, full_name(change.order)
    if event.split_to == event.order_id and event.split_from:
        other = f"came from order {short_id(event.split_from)}"
        return f"Split: {_moved(event)} {other} to {name}."
    return f"Split: {_moved(event)} of {name} went to {_new_order(event)}{_stay(change)}."


def _split_news(change: Change) -> str:
    event = change.event
    if event.split_to == event.order_id and event.split_from:
        return f"Split: {_moved(event)} came from order {short_id(event.split_from)}"
    return f"Split: {_moved(event)} went to {_new_order(event)}{_stay(change)}"


def _moved(event: Event) -> str:
    return counted(event.split_count, "number") if event.split_count else "numbers"


def _stay(change: Change) -> str:
    """How many are left, where both counts are told."""
    left = change.order.numbers_count
    if not left or not change.event.split_count:
        return ""
    return f", {left:,} {'stays' if left == 1 else 'stay'}"


def _new_order(event: Event) -> str:
    return f"order {short_id(event.split_to)}" if event.split_to else "another order"


def _messaging(change: Change) -> str:
    status, name = change.event.messaging_status, full_name(change.order)
    if status is None:
        return f"Messaging changed: SMS of {name} has a new state, which Telnyx has not told yet."
    voice = f" Voice: {status_words(change.order.status)}." if change.order.status else ""
    if status == "exception":
        takes = "that can take 72 hours, for toll-free 5 business days"
        return f"Messaging exception: SMS of {name} is stuck; {takes}.{voice}"
    return f"Messaging: SMS of {name} is {_messaging_state(status)}.{voice}"


def _messaging_state(status: str) -> str:
    return "now at Telnyx (ported)" if status == "ported" else messaging_words(status)


def _messaging_news(change: Change) -> str:
    status = change.event.messaging_status
    return f"Messaging: {messaging_words(status)}" if status else "Messaging changed, how is not told yet"


def _deleted(change: Change) -> str:
    return f"Deleted: draft {full_name(change.order)} is gone; somebody deleted it, or Telnyx after 30 days."


def _loa(change: Change) -> str:
    return f"LOA updated: {full_name(change.order)} has a new letter of authorization."


def _sharing(change: Change) -> str:
    name = full_name(change.order)
    return f"Sharing link expired: outsiders can no longer see or add documents of {name}."


_SENTENCES: Mapping[str, Callable[[Change], str]] = MappingProxyType(
    {
        "new_comment": _comment,
        "split": _split,
        "messaging_changed": _messaging,
        "deleted": _deleted,
        "loa_updated": _loa,
        "sharing_token_expired": _sharing,
        "foc_date_changed": foc_change_sentence,
    }
)
_NEWS: Mapping[str, Callable[[Change], str]] = MappingProxyType(
    {
        "new_comment": _comment_news,
        "split": _split_news,
        "messaging_changed": _messaging_news,
        "deleted": lambda _: "Draft deleted",
        "loa_updated": lambda _: "LOA updated",
        "sharing_token_expired": lambda _: "Sharing link expired",
        "foc_date_changed": foc_change_news,
    }
)
