"""Answers to who looked something up. The asker alone sees them, so a subscriber's name may be here. Pure."""

from collections.abc import Sequence

from bot.changes import Change
from bot.messages.buttons import portal_url, republish_button, review_button, row_of, timeline_button
from bot.messages.facts import body_of_event
from bot.messages.fields import NAME_LIMIT, facts_of, fields, named
from bot.messages.rows import LINE_LIMIT, event_row, turning
from bot.messages.searches import REMEDIES, TROUBLES, nothing_found, where
from bot.messages.sentences import headline, sentence
from bot.messages.timelines import lines_of
from bot.messages.wording import (
    Look,
    clock,
    code,
    counted,
    full_name,
    methods_of,
    name_of,
    sentence_start,
    status_words,
)
from bot.results import EventsPage, Place
from bot.slack.blocks import TEXT_LIMIT, Block, Message, actions, button, context, section
from bot.slack.escaping import cut, inline
from bot.telnyx.events import Source
from bot.telnyx.orders import Order

NEWEST_LINES = 10
"""Of the timeline in an order's answer."""


def order_answer(
    order: Order, changes: Sequence[Change], look: Look, *, looked_in: Sequence[Place] = ()
) -> Message:
    """An order's state, its facts and what happened last; `changes` are its timeline, oldest first."""
    text = cut(_state(order, changes, look), TEXT_LIMIT)
    blocks = [section(text), *fields(facts_of(order))]
    if changes:
        blocks += [section("*What happened last*"), lines_of(changes[-NEWEST_LINES:], look)]
    blocks += _order_buttons(order, changes, look)
    return Message(text, [*blocks, *_small_print(_asked(order), where(looked_in))])


def event_answer(change: Change, look: Look, *, looked_in: Sequence[Place] = ()) -> Message:
    """An event: what it said, where its notification goes, and the button that sends it again."""
    text = cut(sentence(change, look), TEXT_LIMIT)
    event, order = change.event, change.order
    facts = [
        ("Event", code(event.event_id)),
        ("Order", code(event.order_id) if event.order_id else ""),
        ("Type", code(event.event_type) if event.event_type else ""),
        ("Created", clock(event.created_at)),
        ("Notification by", inline(methods_of(event), NAME_LIMIT) or "nothing"),
        ("Subscriber", named(event.subscriber_name)),
    ]
    row = [republish_button(event, order), *([timeline_button(order)] if event.order_id else [])]
    pending = "Telnyx is still making the text of this event." if event.awaits_payload else ""
    shown = [section(text), body_of_event(change), *fields(facts), *row_of(row)]
    return Message(text, [*shown, *_small_print(pending, where(looked_in))])


def _small_print(*sentences: str) -> list[Block]:
    """One line of small print, or none."""
    said = " ".join(filter(None, sentences))
    return [context(said)] if said else []


def republish_question(change: Change, look: Look) -> Message:
    """Before an event is republished: what would be sent, and the button whose dialog says the rest."""
    text = cut(f"Send this notification again? {sentence(change, look)}", TEXT_LIMIT)
    event_id = context(f"Event {code(change.event.event_id)}, {clock(change.event.created_at)}")
    return Message(text, [section(text), event_id, *row_of([republish_button(change.event, change.order)])])


def events_list(page: EventsPage, line: str, look: Look) -> Message:
    """A page of events, newest first; `line` is the command without its page, for the buttons."""
    if page.found and not (page.found.orders or page.found.events):
        return nothing_found(page.found.reference, page.found.looked_in, look)
    if not page.changes:
        return _no_events(page, line)
    text = f"Events, newest first (page {page.number:,}):"
    rows = [event_row(each, place, look) for place, each in enumerate(page.changes)]
    small = _older(page)
    return Message(
        text,
        [
            section(text),
            *rows,
            *turning(line, page.number, has_more=page.has_more),
            *([context(small)] if small else []),
        ],
    )


def _no_events(page: EventsPage, line: str) -> Message:
    more = " on this page" if page.number > 1 else " that fit"
    text = f"There are no events{more}. {_older(page)}".rstrip()
    back = [button("First page", "run_first", line[:LINE_LIMIT])] if page.number > 1 else []
    return Message(text, [section(text), *([actions(*back)] if back else [])])


def _older(page: EventsPage) -> str:
    if page.failed:
        missing = "what is older than what I have stored may be missing"
        return f"{TROUBLES[page.failed]}, so {missing}: {REMEDIES[page.failed]}."
    said = ["The older ones come from Telnyx."] if page.has_older else []
    if page.unasked:
        said.append(f"Of {counted(page.unasked, 'order')} more by that name I show only what I have stored.")
    if page.is_last:
        said.append(f"This is the last page that I show; {code('until:')} leads on to what is older.")
    return " ".join(said)


def _state(order: Order, changes: Sequence[Change], look: Look) -> str:
    if changes and order.status == changes[-1].order.status:
        return headline(changes[-1], look)
    name = sentence_start(full_name(order))
    if order.is_missing and not order.status:
        return f"{name}: Telnyx does not show it any more."
    return (
        f"{name}: {status_words(order.status)}." if order.status else f"{name}: its status is not known yet."
    )


def _order_buttons(order: Order, changes: Sequence[Change], look: Look) -> list[Block]:
    is_open = order.source is Source.PORT_OUT and order.status == "pending" and not order.reviewed_by
    row = [review_button(order)] if is_open else []
    row += [republish_button(changes[-1].event, order)] if changes else []
    row.append(timeline_button(order))
    url = portal_url(order, look)
    if url:
        opened = button(
            "Open in portal", "portal", f"{order.source}:{order.order_id}", says=f"Open {name_of(order)}"[:75]
        )
        row.append(opened | {"url": url})
    return row_of(row)


def _asked(order: Order) -> str:
    if order.is_missing:
        return "Telnyx does not show this order any more; this is what its events told."
    return f"As Telnyx showed it {clock(order.fetched_at)}." if order.fetched_at else "As its events tell it."
