"""What came of a search: nothing, or several things to choose from. Pure."""

from collections.abc import Sequence
from functools import partial

from bot.changes import Change
from bot.messages.fields import NAME_LIMIT
from bot.messages.rows import event_row, order_row, turning
from bot.messages.wording import Look, code, counted, full_name, listed, quoted
from bot.references import Reference
from bot.results import Found, Place
from bot.slack.blocks import Message, context, section
from bot.slack.escaping import inline
from bot.telnyx.orders import Order

EVENTS_OFFERED = 5
"""Of an order that was named where an event is needed."""
ROWS_A_PAGE = 10

_PLACES = {
    Place.SEEN: "among the orders and events that I have seen",
    Place.TELNYX: "among Telnyx's port-ins and port-outs by its own filters",
    Place.BY_ID: "among Telnyx's port-ins, port-outs and their events",
    Place.NEWEST: "in Telnyx's newest 1,000 orders",
}


TROUBLES = {
    Place.UNREACHED: "Telnyx did not answer",
    Place.LOCKED_OUT: "Telnyx refuses the bot's key",
}
REMEDIES = {
    Place.UNREACHED: "try again in a minute",
    Place.LOCKED_OUT: "whoever runs the bot must mend it (TELNYX_API_KEY)",
}


def where(looked_in: Sequence[Place]) -> str:
    """Where was looked, and whether Telnyx answered."""
    places = listed([_PLACES[place] for place in looked_in if place in _PLACES])
    said = f"I looked {places}." if places else ""
    failed = next((place for place in looked_in if place in TROUBLES), None)
    missing = f"{TROUBLES[failed]}, so it may know more: {REMEDIES[failed]}." if failed else ""
    return f"{said} {missing}".strip()


def nothing_found(reference: Reference, looked_in: Sequence[Place], look: Look) -> Message:
    """Nothing goes by what was typed; what else could be typed."""
    first = f"Nothing goes by {_searched(reference)}. {where(looked_in)}"
    hint = (
        "An event id or an order id (of one that I have seen its first eight characters), a support key, a "
        "customer reference (all of it) or a phone number finds it. "
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


def several_found(found: Found, look: Look, *, line: str, page: int = 1, verb: str = "") -> Message:
    """A page of the orders and events that go by what was typed: each with a button that shows it.

    `verb` is the command that the buttons run instead, such as republish; `line` the command that asked.
    """
    counts = [_counted(found)] if found.orders else []
    counts += [counted(len(found.events), "event")] if found.events else []
    last = -(-(len(found.orders) + len(found.events)) // ROWS_A_PAGE)
    page = min(max(page, 1), last)
    which = f", page {page} of {last}" if last > 1 else ""
    said = f"{listed(counts)} by {quoted(found.reference.typed, NAME_LIMIT)}{which}:"
    rows = [partial(order_row, order, verb=verb) for order in found.orders]
    rows += [partial(event_row, each, look=look, verb=verb) for each in found.events]
    shown = rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    newest = f"{code(f'{look.command} events')} shows what happened last."
    blocks = [
        section(said),
        *(row(place=place) for place, row in enumerate(shown)),
        *turning(line, page, has_more=page < last),
        context(" ".join(filter(None, (where(found.looked_in), newest)))),
    ]
    return Message(said, blocks)


def _counted(found: Found) -> str:
    orders = counted(len(found.orders), "order")
    return f"The newest {orders} of more" if found.has_more else orders


def events_to_republish(order: Order, changes: Sequence[Change], look: Look) -> Message:
    """An order was named where an event is needed: the newest of its `changes` (oldest first), each a click
    away, newest first.
    """
    name = full_name(order)
    if not changes:
        text = f"That names an order, {name}, of which no events are known: there is nothing to republish."
        return Message(text, [section(text)])
    text = f"That names an order, {name}. Which of its events? These are the newest:"
    newest = tuple(reversed(changes))[:EVENTS_OFFERED]
    rows = [event_row(each, place, look, "republish") for place, each in enumerate(newest)]
    more = f"{code(f'{look.command} events {order.order_id}')} lists all of them."
    return Message(text, [section(text), *rows, context(more)])
