"""The words that all messages share: names, statuses, times, counts. Everything returned is safe mrkdwn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.changes import Change, Severity
from bot.masking import mask_secrets
from bot.slack.blocks import date_mark
from bot.slack.escaping import clean, cut, escape, inline, plain
from bot.telnyx.events import Author, Event, Source
from bot.telnyx.orders import Order

NAME_LIMIT = 60
COMMENT_LIMIT = 160
"""Of a comment in a sentence: a lock screen shows little more. The whole comment stands below it."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATUSES = {
    "draft": "draft",
    "in-process": "in process",
    "submitted": "submitted",
    "exception": "exception",
    "foc-date-confirmed": "FOC confirmed",
    "ported": "ported",
    "cancel-pending": "cancel pending",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "pending": "pending",
    "authorized": "authorized",
    "rejected-pending": "rejection pending",
    "rejected": "rejected",
}
MESSAGING = {
    "not_applicable": "not applicable",
    "pending": "pending",
    "activating": "activating",
    "exception": "exception",
    "canceled": "cancelled",
    "partial_port_complete": "partly ported",
    "ported": "ported",
}
KINDS = {
    "new_comment": "comment",
    "split": "split",
    "messaging_changed": "messaging change",
    "deleted": "deletion",
    "foc_date_changed": "FOC change",
    "loa_updated": "LOA update",
    "sharing_token_expired": "expired sharing link",
}
WRITERS = {Author.TELNYX: "Telnyx", Author.US: "Your team", Author.SYSTEM: "Telnyx's system"}
SIGNS = {Severity.CRITICAL: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}


_HALF_WORD = re.compile(r"[ ,;:]+[^ ]{1,15}…\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is the same for all messages of one bot. `portal_order_url` has `{kind}` and `{id}`."""

    now: datetime
    command: str = "/port"
    portal_order_url: str | None = None


def sign_of(change: Change) -> str:
    """The sign before a sentence; the sentence always says the same in words."""
    event = change.event
    if event.kind == "new_comment":
        return "💬"
    if event.source is Source.PORT_OUT and event.status == "pending":
        return "⏳"
    is_good = event.status in ("ported", "foc-date-confirmed", "rejected")
    return "🟢" if is_good and change.severity is Severity.INFO else SIGNS[change.severity]


def utc(moment: datetime) -> str:
    """`Tue 1 Dec 2026 14:02 UTC`, for where there are no local clocks."""
    at = moment.astimezone(UTC)
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at.year} {at:%H:%M} UTC"


def clock(moment: datetime) -> str:
    """The moment on the reader's own clock."""
    return date_mark(moment, "{date_short_pretty} at {time}", utc(moment))


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 number`, `1,200 numbers`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(items: Sequence[str], most: int = 3) -> str:
    """`a, b and c`; beyond `most`: `a, b, c and 4 more`."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(f"{len(items) - most:,} more")
    return " and ".join([*([", ".join(shown[:-1])] if len(shown) > 1 else []), *shown[-1:]])


def status_words(status: str | None) -> str:
    """Telnyx's status in plain words; one that we do not know as it came."""
    if not status:
        return "unknown"
    return STATUSES.get(status) or f"“{inline(status, NAME_LIMIT)}”"


def messaging_words(status: str) -> str:
    return MESSAGING.get(status) or f"“{inline(status, NAME_LIMIT)}”"


def kind_words(source: Source) -> str:
    return "port-in" if source is Source.PORT_IN else "port-out"


def name_of(order: Order) -> str:
    """`sr_98f022 (ACME Dental)`: the best name, and the customer's where both are known."""
    name = short_name(order)
    customer = inline(order.customer_reference or "", NAME_LIMIT) if order.support_key else ""
    return f"{name} ({customer})" if customer else name


def short_name(order: Order, limit: int = NAME_LIMIT) -> str:
    """The best name alone; never empty."""
    return inline(order.name, limit) or "without a name"


def full_name(order: Order) -> str:
    """`port-in sr_98f022 (ACME Dental)`."""
    return f"{kind_words(order.source)} {name_of(order)}"


def plain_name(order: Order, limit: int = 40) -> str:
    """The best name for plain text: dialogs, menus."""
    return plain(order.name, limit) or "an order without a name"


def carrier_of(order: Order) -> str:
    """The other carrier by name, else by its part."""
    unknown = "the losing carrier" if order.source is Source.PORT_IN else "another carrier"
    return inline(order.carrier or "", NAME_LIMIT) or unknown


def possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def numbers_of(order: Order) -> str:
    """`2 numbers`, or `its numbers` where nobody told how many."""
    return counted(order.size, "number") if order.size else "its numbers"


def agreed_foc(order: Order) -> datetime | None:
    """The date that holds: a port-in that fell back behind its confirmation has none."""
    holds = order.source is Source.PORT_OUT or order.status in (None, "foc-date-confirmed", "ported")
    return order.foc_at if holds else None


def event_words(event: Event) -> str:
    """What the event is, for dialogs and lists: `exception`, `comment`, `split`."""
    if event.kind == "status_changed":
        return status_words(event.status) if event.status else "status change"
    return KINDS.get(event.kind) or f"“{inline(event.event_type or 'unknown', NAME_LIMIT)}”"


def short_id(event_id: str) -> str:
    """The first eight characters, as messages and dialogs show an event's id."""
    return inline(event_id[:8], 40) or "unknown"


def methods_of(event: Event) -> str:
    """Where the event's notification goes, in Telnyx's own words: `email and webhook`."""
    return listed([plain(method, 24) for method in event.methods])


def quoted(text: str, limit: int = COMMENT_LIMIT) -> str:
    """A stranger's words in a sentence: one line, escaped, masked, cut."""
    said = inline(text, limit)
    return f"“{_HALF_WORD.sub('…', said) if len(said) < len(text) else said}”"


def code(text: str, limit: int = 300) -> str:
    """Something to type, exactly but for secrets: in a code span nothing formats."""
    line = " ".join(clean(text).replace("`", "'").split())
    return f"`{cut(escape(mask_secrets(line)), limit)}`"


def writer_of(author: Author) -> str:
    """Who wrote a comment; where Telnyx does not say: `Somebody`."""
    return WRITERS.get(author, "Somebody")


def full_stop(text: str) -> str:
    """The text with a full stop, unless it ends as a quoted sentence does."""
    return text if text.endswith((".”", "!”", "?”", "…”", ".")) else f"{text}."


def sentence_start(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]
