"""The body of a message below its sentence: where the order stands, whose move it is, facts, literal quotes.

It is rich text, where text from outside is literal, and always there: Slack refuses an edit that takes the
rich text out of a message.
"""

from itertools import chain

from bot.changes import Change
from bot.messages.exceptions import known_cause, what_to_do
from bot.messages.port_ins import is_answered
from bot.messages.wording import (
    COMMENT_LIMIT,
    NAME_LIMIT,
    agreed_foc,
    clock,
    counted,
    full_stop,
    kind_words,
    sentence_start,
    status_words,
    writer_of,
)
from bot.slack.blocks import Block, bullets, leaf, leaves_of, paragraph, quote, rich_text, user_leaf
from bot.slack.escaping import inline, literal, unescape
from bot.telnyx.events import Comment, Detail, Source
from bot.telnyx.orders import Order

Line = list[Block]
"""The leaves of one line."""

QUOTE_LIMIT = 2000
_ON_THE_WAY = ("draft", "in-process", "submitted", "exception", "foc-date-confirmed", "ported")
REASONS = 5
FACTS = 4


def body_of_event(change: Change) -> Block:
    """For a message of its own: the step, facts, reasons, and the words of others."""
    parts = [_lines([_joined(_step(change) + _facts(change.order))])]
    parts += _reasons(change) if change.event.status == "exception" else []
    return rich_text(*parts, *_quotes(change.event.comment, change.order))


def body_of_card(change: Change) -> Block:
    """For an order's card: progress, whose move, facts, reasons, and the last comment."""
    order = change.order
    lines = [_progress(order)] if order.source is Source.PORT_IN and order.status in _ON_THE_WAY else []
    lines += [each for each in (_whose_move(order), _joined(_facts(order)), _reviewer(order)) if each]
    told = change.event.comment
    parts = [_lines(lines)] + (_reasons(change) if order.status == "exception" else [])
    return rich_text(*parts, *_quotes(told or order.last_comment, order, is_told=told is not None))


def comment_quote(comment: Comment | None) -> list[Block]:
    """The comment, literally, if a sentence does not already hold it so."""
    if comment is None or unescape(inline(comment.body, COMMENT_LIMIT)) == literal(comment.body, QUOTE_LIMIT):
        return []
    return [quote(leaf(literal(comment.body, QUOTE_LIMIT)))]


def _lines(lines: list[Line]) -> Block:
    between = [[leaf("\n")]] * len(lines)
    return paragraph(*list(chain(*chain(*zip(lines, between, strict=True))))[:-1])


def _joined(facts: list[Line]) -> Line:
    dotted = [[leaf(" · "), *fact] for fact in facts[: FACTS + 1]]
    return list(chain(*dotted))[1:]


def _step(change: Change) -> list[Line]:
    before, event = change.status_before, change.event
    if not before or not event.status or before == event.status:
        return []
    return [leaves_of(f"{status_words(before)} → {status_words(event.status)}")]


def _facts(order: Order) -> list[Line]:
    """At most four: phones stack them."""
    found = [_numbers(order), _carrier(order), _foc(order), _family(order)]
    return [each for each in found if each] or [
        [leaf(f"Nothing more is known of this {kind_words(order.source)} yet")]
    ]


def _numbers(order: Order) -> Line | None:
    if order.source is Source.PORT_IN:
        return [leaf(counted(order.size, "number"))] if order.size else None
    shown = [literal(number, 20) for number in order.numbers[:3] if number.strip()]
    more = (order.size or 0) - len(shown)
    return [leaf(", ".join(shown) + (f" and {more:,} more" if more > 0 else ""))] if shown else None


def _carrier(order: Order) -> Line | None:
    if not order.carrier:
        return None
    way = "from" if order.source is Source.PORT_IN else "to"
    spid = f" (SPID {literal(order.spid, 40)})" if order.spid and order.source is Source.PORT_OUT else ""
    return [leaf(f"{way} {literal(order.carrier, NAME_LIMIT)}{spid}")]


def _foc(order: Order) -> Line | None:
    """The date agreed on; for a port-in that has none (any more) the date asked for."""
    agreed = agreed_foc(order)
    if agreed:
        return leaves_of(f"FOC {clock(agreed)}")
    return leaves_of(f"asked FOC {clock(order.foc_requested_at)}") if order.foc_requested_at else None


def _family(order: Order) -> Line | None:
    """The parent of a split family, by which siblings are found."""
    parent = order.parent_support_key
    return [leaf(f"part of {literal(parent, NAME_LIMIT)}")] if parent else None


def _progress(order: Order) -> Line:
    status = order.status
    sent = status in ("submitted", "exception", "foc-date-confirmed", "ported")
    agreed = status in ("foc-date-confirmed", "ported")
    carrier = "✗ carrier refused" if status == "exception" else _mark("carrier", done=agreed)
    marks = [
        _mark("Telnyx", done=sent),
        carrier,
        _mark("FOC", done=agreed),
        _mark("voice", done=status == "ported"),
        _mark("SMS", done=order.messaging_status == "ported"),
    ]
    return [leaf("   ".join(marks))]


def _mark(name: str, *, done: bool) -> str:
    return f"✓ {name} done" if done else f"– {name}"


def _whose_move(order: Order) -> Line | None:
    """Who has to act, and since when. An exception that your team answered waits on Telnyx."""
    if order.source is Source.PORT_OUT or order.status is None or order.deleted_at:
        return None
    who, since, answered = _mover(order), order.status_at, ""
    if order.status == "exception" and order.last_comment and is_answered(order):
        who, since, answered = "Telnyx", order.last_comment.at, " (you answered)"
    if not who:
        return None
    when = leaves_of(f" since {clock(since)}{answered}") if since else []
    return [leaf("Waiting on "), leaf(who, bold=True), *when]


def _mover(order: Order) -> str | None:
    movers = {
        "draft": "you",
        "in-process": "Telnyx",
        "submitted": literal(order.carrier, NAME_LIMIT) if order.carrier else "the losing carrier",
        "exception": "you",
        "cancel-pending": "Telnyx",
    }
    return movers.get(order.status or "")


def _reviewer(order: Order) -> Line | None:
    """Who looks at a port-out. A card is edited for it, and edits mention nobody."""
    if order.source is Source.PORT_IN or order.status not in ("pending", "authorized", "ported"):
        return None
    if not order.reviewed_by:
        return [leaf("Reviewer: nobody")]
    when = leaves_of(f", {clock(order.reviewed_at)}") if order.reviewed_at else []
    return [leaf("Reviewer: "), user_leaf(order.reviewed_by), *when]


def _reasons(change: Change) -> list[Block]:
    """Each reason with what Telnyx said and what to send."""
    order = change.order
    found = change.event.details or order.details
    items = [_reason(detail, order) for detail in found[:REASONS]]
    if len(found) > REASONS:
        codes = ", ".join(literal(detail.code, NAME_LIMIT) for detail in found[REASONS : REASONS * 3])
        items.append([leaf(f"And {counted(len(found) - REASONS, 'more reason')}: {codes}")])
    return [bullets(items)] if items else []


def _reason(detail: Detail, order: Order) -> Line:
    """What is wrong, what Telnyx said of it, what to do next; a code that we do not know as it came."""
    known, todo = known_cause(detail, order), what_to_do(detail)
    wrong = (
        leaves_of(f"{sentence_start(known)}.") if known else [leaf(f"{literal(detail.code, NAME_LIMIT)}.")]
    )
    words = full_stop(f" Telnyx: “{literal(detail.description, 300)}”")
    said = [leaf(words)] if detail.description.strip() else []
    return [*wrong, *said, *([leaf(" Next: ", bold=True), leaf(f"{todo}.")] if todo else [])]


def _quotes(comment: Comment | None, order: Order, *, is_told: bool = True) -> list[Block]:
    """The words of others that the sentence does not hold whole: a comment, the reason of a rejection."""
    found: list[Block] = []
    if comment and not is_told and comment.body.strip():
        who = writer_of(comment.author)
        found.append(quote(leaf(f"{who}: {literal(comment.body, QUOTE_LIMIT)}")))
    elif comment:
        found += comment_quote(comment)
    reason = order.rejection_reason
    if reason and unescape(inline(reason, COMMENT_LIMIT)) != literal(reason, QUOTE_LIMIT):
        found.append(quote(leaf(f"Reason: {literal(reason, QUOTE_LIMIT)}")))
    return found
