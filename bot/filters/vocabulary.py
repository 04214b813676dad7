"""The keys of the filter language and the values that they take. Source: interface.md, Slash command."""

from enum import StrEnum

from bot.changes import Severity
from bot.telnyx.events import KNOWN_KINDS


class Key(StrEnum):
    """What can be filtered by, in the order in which filters are printed."""

    KIND = "kind"
    TYPE = "type"
    STATUS = "status"
    ORDER = "order"
    REF = "ref"
    NUMBER = "number"
    CARRIER = "carrier"
    SEVERITY = "severity"


class Style(StrEnum):
    """How a channel shows events: a card per order with a thread, or a message an event."""

    THREAD = "thread"
    FLAT = "flat"


class Broadcast(StrEnum):
    """What of a thread is shown in the channel too, from nothing to everything."""

    NONE = "none"
    CRITICAL = "critical"
    MILESTONES = "milestones"
    ALL = "all"


STATUSES = (
    "draft",
    "in-process",
    "submitted",
    "exception",
    "foc-date-confirmed",
    "cancel-pending",
    "cancelled",
    "pending",
    "authorized",
    "rejected-pending",
    "rejected",
    "ported",
)
VALUES: dict[Key, tuple[str, ...]] = {
    Key.KIND: ("in", "out"),
    Key.TYPE: KNOWN_KINDS,
    Key.STATUS: STATUSES,
    Key.SEVERITY: tuple(Severity),
}
"""The keys that take only these values."""
OPTIONS: dict[str, tuple[str, ...]] = {"style": tuple(Style), "broadcast": tuple(Broadcast)}
SPELLINGS = {"canceled": "cancelled"}
"""Two spellings of one status: Telnyx writes the first in port-outs, the second in port-ins."""
SYNONYMS = {"inbound": "in", "incoming": "in", "outbound": "out", "outgoing": "out"}
"""What people write instead of a value; only ever suggested."""
ALIASES = {
    "customer": "ref",
    "customer_reference": "ref",
    "reference": "ref",
    "phone": "number",
    "phone_number": "number",
    "tn": "number",
    "event": "type",
    "events": "type",
    "event_type": "type",
    "state": "status",
    "only": "severity",
    "priority": "severity",
    "level": "severity",
    "id": "order",
    "order_id": "order",
    "support_key": "order",
    "direction": "kind",
    "thread": "style",
}
"""What people write instead of a key; only ever suggested."""


def spelt(key: Key, value: str) -> str:
    """A value as the vocabulary spells it: lower case, its dashes, without Telnyx's prefixes."""
    word = value.casefold()
    if key is Key.TYPE:
        word = word.replace("-", "_").replace(" ", "_")
        return word.removeprefix("porting_order.").removeprefix("portout.")
    word = word.replace("_", "-").replace(" ", "-")
    if key is Key.KIND:
        return word.removeprefix("port-").removeprefix("port")
    return SPELLINGS.get(word, word)
