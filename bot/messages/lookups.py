"""Answers to who looked something up. The asker alone sees them, so a subscriber's name may be here. Pure."""

from collections.abc import Sequence

from bot.changes import Change
from bot.messages.buttons import portal_url, republish_button, review_button, timeline_button
from bot.messages.facts import body_of_event
from bot.messages.fields import NAME_LIMIT, facts_of, fields, named
from bot.messages.sentences import headline, news, sentence
from bot.messages.timelines import lines_of
from bot.messages.wording import (
    Look,
    clock,
    code,
    counted,
    full_name,
    listed,
    methods_of,
    name_of,
    quoted,
    sentence_start,
    sign_of,
    status_words,
)
from bot.references import Reference
from bot.results import EventsPage, Found, Place
from bot.slack.blocks import TEXT_LIMIT, Block, Message, actions, button, context, section
from bot.slack.escaping import cut, inline
from bot.telnyx.events import Source
from bot.telnyx.orders import Order

EVENTS_OFFERED = 5
"""Of an order that was named where an event is needed."""
NEWEST_LINES = 10
"""Of the timeline in an order's answer."""
LINE_LIMIT = 2000
"""Slack's limit of a button's value."""

_PLACES = {
    Place.SEEN: "among the orders and events that I have seen",
    Place.TELNYX: "at Telnyx by its own filters",
    Place.NEWEST: "in Telnyx's newest 1,000 orders",
}


def where(looked_in: Sequence[Place]) -> str:
    """Where was looked, and whether Telnyx answered."""
    places = listed([_PLACES[place] for place in looked_in if place in _PLACES])
    said = f"I looked {places}." if places else ""
    missing = " Telnyx did not answer, so it may know more: try again in a minute."
    return f"{said}{missing if Place.UNREACHED in looked_in else ''}".strip()


def nothing_found(reference: Reference, looked_in: Sequence[Place], look: Look) -> Message:
    """Nothing goes by what was typed; what else could be typed."""
    first = f"Nothing goes by {_searched(reference)}. {where(looked_in)}"
    hint = (
        "An event id or an order id (of one that I have seen its first eight characters), a support key, a "
        "customer reference or a phone number finds it. "
        f"{code(f'{look.command} events')} shows the newest events."
    )
    return Message(first, [section(first), context(hint)])


def _searched(reference: Reference) -> str:
    """What was typed, and what was looked for where that is something else."""
    typed = quoted(reference.typed, NAME_LIMIT)
    return f"{typed} or by {inline(reference.searched, 120)}" if reference.searched else typed


def no_event(reference: Reference, looked_in: Sequence[Place], look: Look) -> Message:
    """Neither an event nor an order goes by what was typed, though an event was meant."""
    newest = f"{code(f'{look.command} events')} lists the newest with their ids."
    whole = " Of an event that I have not seen I need the whole id." if reference.beginning else ""
    text = f"No event goes by {_searched(reference)}. {where(looked_in)}{whole} {newest}"
    return Message(text, [section(text)])


def several_found(found: Found, look: Look, *, verb: str = "") -> Message:
    """More than one order or event goes by what was typed: each with a button that shows it.

    `verb` is the command that the buttons run instead, such as republish.
    """
    counts = [counted(len(found.orders), "order")] if found.orders else []
    counts += [counted(len(found.events), "event")] if found.events else []
    said = f"{listed(counts)} by {quoted(found.reference.typed, NAME_LIMIT)}:"
    label = sentence_start(verb) or "Show"
    rows = [
        section(_one_line(order), button(label, f"run_{place}", f"{verb or 'order'} {order.order_id}"))
        for place, order in enumerate(found.orders)
    ]
    rows += [_event_row(each, len(rows) + place, look, verb) for place, each in enumerate(found.events)]
    newest = f"{code(f'{look.command} events')} shows what happened last."
    return Message(
        said, [section(said), *rows, context(" ".join(filter(None, (where(found.looked_in), newest))))]
    )


def events_to_republish(order: Order, changes: Sequence[Change], look: Look) -> Message:
    """An order was named where an event is needed: its newest events, each a click away. Oldest first."""
    name = full_name(order)
    if not changes:
        text = f"That names an order, {name}, of which no events are known: there is nothing to republish."
        return Message(text, [section(text)])
    text = f"That names an order, {name}. Which of its events? These are the newest:"
    newest = tuple(reversed(changes))[:EVENTS_OFFERED]
    rows = [_event_row(each, place, look, "republish") for place, each in enumerate(newest)]
    more = f"{code(f'{look.command} events {order.order_id}')} lists all of them."
    return Message(text, [section(text), *rows, context(more)])


def order_answer(
    order: Order, changes: Sequence[Change], look: Look, *, looked_in: Sequence[Place] = ()
) -> Message:
    """An order's state, its facts and what happened last; `changes` are its timeline, oldest first."""
    text = cut(_state(order, changes, look), TEXT_LIMIT)
    blocks = [section(text), *fields(facts_of(order))]
    if changes:
        blocks += [section("*What happened last*"), lines_of(changes[-NEWEST_LINES:], look)]
    blocks.append(_order_buttons(order, changes, look))
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
    shown = [section(text), body_of_event(change), *fields(facts), actions(*row)]
    return Message(text, [*shown, *_small_print(pending, where(looked_in))])


def _small_print(*sentences: str) -> list[Block]:
    """One line of small print, or none."""
    said = " ".join(filter(None, sentences))
    return [context(said)] if said else []


def republish_question(change: Change, look: Look) -> Message:
    """Before an event is republished: what would be sent, and the button whose dialog says the rest."""
    text = cut(f"Send this notification again? {sentence(change, look)}", TEXT_LIMIT)
    event_id = context(f"Event {code(change.event.event_id)}, {clock(change.event.created_at)}")
    return Message(text, [section(text), event_id, actions(republish_button(change.event, change.order))])


def events_list(page: EventsPage, line: str, look: Look) -> Message:
    """A page of events, newest first; `line` is the command without its page, for the buttons."""
    if page.found and not (page.found.orders or page.found.events):
        return nothing_found(page.found.reference, page.found.looked_in, look)
    if not page.changes:
        return _no_events(page, line)
    text = f"Events, newest first (page {page.number:,}):"
    rows = [_event_row(each, place, look) for place, each in enumerate(page.changes)]
    turning = _page_buttons(page, line)
    small = _older(page)
    return Message(
        text,
        [
            section(text),
            *rows,
            *([actions(*turning)] if turning else []),
            *([context(small)] if small else []),
        ],
    )


def _no_events(page: EventsPage, line: str) -> Message:
    more = " on this page" if page.number > 1 else " that fit"
    failed = f" {_older(page)}" if page.telnyx_failed else ""
    text = f"There are no events{more}.{failed}"
    back = [button("First page", "run_first", line[:LINE_LIMIT])] if page.number > 1 else []
    return Message(text, [section(text), *([actions(*back)] if back else [])])


def _event_line(change: Change, look: Look) -> str:
    told = f"{sign_of(change)} *{sentence_start(full_name(change.order))}*: {news(change, look)}"
    event = change.event
    return cut(f"{clock(event.created_at)} · event {code(event.event_id[:8])}\n{told}", TEXT_LIMIT)


def _event_row(change: Change, place: int, look: Look, verb: str = "") -> Block:
    """An event in a list, with its short id and a button that runs `verb` (else: shows it)."""
    line = cut(f"{verb or 'event'} {change.event.event_id}", LINE_LIMIT)
    return section(_event_line(change, look), button(sentence_start(verb) or "Show", f"run_{place}", line))


def _page_buttons(page: EventsPage, line: str) -> list[Block]:
    turning = []
    base = line[: LINE_LIMIT - 20]
    if page.number > 1:
        turning.append(button("Newer", "run_newer", f"{base} page:{page.number - 1}"))
    if page.has_more:
        turning.append(button("Older", "run_older", f"{base} page:{page.number + 1}"))
    return turning


def _older(page: EventsPage) -> str:
    if page.telnyx_failed:
        return "Telnyx did not answer: what is older than what I have stored may be missing."
    return "The older ones come from Telnyx." if page.has_older else ""


def _state(order: Order, changes: Sequence[Change], look: Look) -> str:
    if changes and order.status == changes[-1].order.status:
        return headline(changes[-1], look)
    name = sentence_start(full_name(order))
    if order.is_missing and not order.status:
        return f"{name}: Telnyx does not show it any more."
    return f"{name}: {status_words(order.status)}."


def _one_line(order: Order) -> str:
    facts = [status_words(order.status), counted(order.size, "number") if order.size else ""]
    carrier = inline(order.carrier, NAME_LIMIT) if order.carrier else ""
    told = " · ".join(fact for fact in (*facts, carrier) if fact)
    return f"*{sentence_start(full_name(order))}*\n{told}"


def _order_buttons(order: Order, changes: Sequence[Change], look: Look) -> Block:
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
    return actions(*row)


def _asked(order: Order) -> str:
    if order.is_missing:
        return "Telnyx does not show this order any more; this is what its events told."
    return f"As Telnyx showed it {clock(order.fetched_at)}." if order.fetched_at else "As its events tell it."
