"""What people can press below a message, and what the dialogs say."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from bot.changes import Change
from bot.masking import mask_secrets
from bot.messages.wording import Look, event_words, methods_of, plain_name, sentence_start, short_id
from bot.slack.blocks import Block, actions, button, confirm, option, overflow
from bot.slack.escaping import cut, unescape
from bot.telnyx.events import Event, Source
from bot.telnyx.orders import Order

BUTTON_VALUE = 2000
OPTION_VALUE = 150
URL_LIMIT = 3000
OTHER_EVENTS = 3


def buttons_of(change: Change, look: Look, *, other_events: Sequence[str] = ()) -> list[Block]:
    """The row below a card or a message of its own; none where ids are too long to press on."""
    order, event = change.order, change.event
    is_open = order.source is Source.PORT_OUT and order.status == "pending" and not order.reviewed_by
    row = [review_button(order)] if is_open and order.order_id else []
    row.append(republish_button(event, order))
    if order.order_id:
        row.append(timeline_button(order))
    options = _more_options(change, look, other_events)
    return row_of(row, *([overflow("more", options)] if options else []))


def may_run(line: str) -> bool:
    """Whether a button may hold the line that it runs: it is short enough, and no secret stands in it."""
    return len(line) <= BUTTON_VALUE and mask_secrets(line) == line


def fitting(pressable: Block) -> Block | None:
    """The button, if Slack takes its value; ids are Telnyx's, of any length."""
    return pressable if len(pressable["value"]) <= BUTTON_VALUE else None


def row_of(pressable: Iterable[Block], *more: Block) -> list[Block]:
    """A row of the buttons that fit, and of what fits anyhow; no row of nothing."""
    found = [*filter(None, map(fitting, pressable)), *more]
    return [actions(*found)] if found else []


def republish_button(event: Event, order: Order) -> Block:
    """Sends the event's notification again, after the dialog that says where it goes."""
    return button(
        "Republish",
        "republish",
        f"{event.source}:{event.event_id}",
        confirm=republish_dialog(event, order),
        says=cut(f"Republish {unescape(event_words(event))} of {plain_name(order)}", 75),
    )


def republish_dialog(event: Event, order: Order) -> Block:
    """Names the event, where it goes, and what will not happen: interface.md, *What a channel sees*."""
    what = cut(sentence_start(unescape(event_words(event)).strip("“”")), 40)
    by = (
        f"by {cut(methods_of(event), 50)}"
        if event.methods
        else "by nothing: Telnyx names no destination for it"
    )
    return confirm(
        "Republish this notification?",
        f"“{what}” of {plain_name(order)} (event {unescape(short_id(event.event_id))}) is sent again {by}. "
        "It goes only to what is set up at Telnyx now. No new event is made, so none shows in Slack. "
        "Email may take minutes.",
        yes="Republish",
        no="Cancel",
    )


def timeline_button(order: Order) -> Block:
    return button("Timeline", "timeline", f"{order.source}:{order.order_id}")


def review_button(order: Order) -> Block:
    """Says that somebody looks at the port-out; it decides nothing and stops no clock."""
    return button("I'll check", "review", f"{order.source}:{order.order_id}", style="primary")


def _more_options(change: Change, look: Look, other_events: Sequence[str]) -> list[Block]:
    order, source = change.order, change.event.source
    others = [each for each in other_events if each != change.event.event_id][:OTHER_EVENTS]
    found = [
        option(f"Republish event {unescape(short_id(each))}", f"republish:{source}:{each}") for each in others
    ]
    if order.order_id:
        found.append(option("Copy ids", f"ids:{source}:{order.order_id}"))
    url = portal_url(order, look)
    if url:
        found.append(option("Open in portal", f"portal:{source}:{order.order_id}", url))
    return [each for each in found if len(each["value"]) <= OPTION_VALUE]


def portal_url(order: Order, look: Look) -> str | None:
    """Where people see the order at Telnyx, if a template is set; `{kind}` is port_in or port_out."""
    if not look.portal_order_url or not order.order_id:
        return None
    template = look.portal_order_url.replace("{kind}", order.source)
    url = template.replace("{id}", quote(order.order_id, safe=""))
    return url if len(url) <= URL_LIMIT else None
