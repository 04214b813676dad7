"""Events of Telnyx as the rest of the bot sees them.

Telnyx declares almost nothing as required and its enums grow, so an event is its raw payload with careful
readers around it: a value of the wrong shape reads as absent. Source: telnyx-api.md §1, §3 and §7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.telnyx.times import parse_time

JsonObject = Mapping[str, Any]


class Source(StrEnum):
    """Which of Telnyx's two event lists something comes from."""

    PORT_IN = "port_in"
    PORT_OUT = "port_out"


class Author(StrEnum):
    """Who wrote a comment. Port-out comments do not say: UNKNOWN."""

    TELNYX = "admin"
    US = "user"
    SYSTEM = "system"
    UNKNOWN = "unknown"


MOST_COUNTED = 10**9
"""More of anything is no number of things."""
WITHOUT_PAYLOAD = frozenset({"porting_order.loa_updated", "porting_order.sharing_token_expired"})
KNOWN_KINDS = (
    "status_changed",
    "new_comment",
    "split",
    "messaging_changed",
    "deleted",
    "foc_date_changed",
    "loa_updated",
    "sharing_token_expired",
)


@dataclass(frozen=True, slots=True)
class Detail:
    """One reason of an exception: Telnyx's code (an open list) and its description."""

    code: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an order: literal text of an outsider, and the kind of its author."""

    body: str
    author: Author
    at: datetime | None = None


def text(value: object) -> str | None:
    """A non-empty text, or None for whatever else stood there."""
    return value if isinstance(value, str) and value else None


def mapping(value: object) -> JsonObject:
    """The object, or an empty one for whatever else stood there."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or nothing for whatever else stood there."""
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def count(value: object) -> int | None:
    """A number of things, or None for whatever else stood there."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < MOST_COUNTED else None


def details(value: object) -> tuple[Detail, ...]:
    """The reasons in `status.details`: objects with code and description, or bare texts."""
    if not isinstance(value, list):
        return ()
    found = (
        (text(item), None) if isinstance(item, str) else (text(mapping(item).get("code")), mapping(item))
        for item in value
    )
    return tuple(
        Detail(code or "OTHER", text(item.get("description")) or "" if item else "")
        for code, item in found
        if code or item
    )


def author(value: object) -> Author:
    """Telnyx's `user_type`; what we do not know is UNKNOWN."""
    return Author(value) if isinstance(value, str) and value in tuple(Author) else Author.UNKNOWN


@lru_cache(maxsize=64)
def _kind_of(event_type: str) -> str:
    return event_type.rpartition(".")[2] or "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of a port-in or port-out order, secrets removed. All times are aware UTC."""

    source: Source
    event_id: str
    event_type: str
    order_id: str
    """Empty where Telnyx named no order."""
    created_at: datetime
    updated_at: datetime | None = None
    payload: JsonObject | None = None
    payload_status: str | None = None
    methods: tuple[str, ...] = ()
    """`available_notification_methods`, an open list: email, webhook, webhook_v1."""

    @property
    def kind(self) -> str:
        """The event type without its prefix: one of KNOWN_KINDS, or a new word of Telnyx's."""
        return _kind_of(self.event_type)

    @property
    def awaits_payload(self) -> bool:
        """True while Telnyx is still making the payload that an event of this type has.

        What is there before it is completed may be whole, or lack what the event is about.
        """
        if self.payload is None:
            return self.event_type not in WITHOUT_PAYLOAD
        about = {"status_changed": self.status, "new_comment": self.comment}
        return self.payload_status == "created" and not about.get(self.kind, True)

    @property
    def _payload(self) -> JsonObject:
        return self.payload if self.payload is not None else {}

    @property
    def status(self) -> str | None:
        """The new status of a `status_changed`."""
        # Asked many times for every event, so by the shortest way.
        if self.payload is None or _kind_of(self.event_type) != "status_changed":
            return None
        value = self.payload.get("status")
        return text(value.get("value")) if isinstance(value, dict) else text(value)

    @property
    def details(self) -> tuple[Detail, ...]:
        """Why a port-in is in exception."""
        return details(mapping(self._payload.get("status")).get("details"))

    @property
    def comment(self) -> Comment | None:
        """The comment of a `new_comment`: an object in port-in, a flat text in port-out."""
        if self.kind != "new_comment":
            return None
        value = self._payload.get("comment")
        if isinstance(value, dict):
            at = parse_time(value.get("inserted_at")) or self.created_at
            return Comment(text(value.get("body")) or "", author(value.get("user_type")), at)
        return Comment(text(value) or "", Author.UNKNOWN, self.created_at) if text(value) else None

    @property
    def support_key(self) -> str | None:
        return text(self._payload.get("support_key"))

    @property
    def customer_reference(self) -> str | None:
        return text(self._payload.get("customer_reference"))

    @property
    def numbers(self) -> tuple[str, ...]:
        """E.164 numbers; only port-out status events carry them."""
        return texts(self._payload.get("phone_numbers"))

    @property
    def carrier(self) -> str | None:
        """The gaining carrier of a port-out."""
        return text(self._payload.get("carrier_name"))

    @property
    def spid(self) -> str | None:
        return text(self._payload.get("spid"))

    @property
    def subscriber_name(self) -> str | None:
        """Only for answers that the asker alone sees."""
        return text(self._payload.get("subscriber_name"))

    @property
    def rejection_reason(self) -> str | None:
        return text(self._payload.get("rejection_reason"))

    @property
    def foc_at(self) -> datetime | None:
        """The new date of a port-out's `foc_date_changed`."""
        return parse_time(self._payload.get("foc_date"))

    @property
    def messaging_status(self) -> str | None:
        return text(mapping(self._payload.get("messaging")).get("messaging_port_status"))

    @property
    def split_from(self) -> str | None:
        """Id of the order that lost numbers in a `split`."""
        return text(mapping(self._payload.get("from")).get("id"))

    @property
    def split_to(self) -> str | None:
        """Id of the order that received them."""
        return text(mapping(self._payload.get("to")).get("id"))

    @property
    def split_count(self) -> int | None:
        """How many numbers moved in a `split`; None where Telnyx does not say."""
        moved = self._payload.get("porting_phone_numbers")
        return len(moved) if isinstance(moved, list) else None
