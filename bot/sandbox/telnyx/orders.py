"""What the stand-in Telnyx knows of each order: port-ins, port-outs, their numbers and comments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import phonenumbers

PORT_IN_STATUSES = (
    "draft", "in-process", "submitted", "exception",
    "foc-date-confirmed", "ported", "cancelled", "cancel-pending",
)  # fmt: skip
PORT_OUT_STATUSES = ("pending", "authorized", "ported", "rejected", "rejected-pending", "canceled")
REJECTIONS = {
    1001: ("Other", True),
    1002: ("Invalid PIN", False),
    1003: ("Account number does not match", False),
    1004: ("Number is not active", False),
}
EXCEPTION_TYPES = {
    "ACCOUNT_NUMBER_MISMATCH": "Account number differs from the carrier record",
    "AUTH_PERSON_MISMATCH": "Authorising person differs from the carrier record",
    "BTN_ATN_MISMATCH": "Billing or account telephone number differs from the carrier record",
    "ENTITY_NAME_MISMATCH": "Entity name differs from the carrier record",
    "FOC_EXPIRED": "The agreed date passed without the port",
    "FOC_REJECTED": "The requested date was not accepted",
    "LOCATION_MISMATCH": "Service address differs from the carrier record",
    "LSR_PENDING": "Another request is open at the losing carrier",
    "MAIN_BTN_PORTING": "The main billing number is among the numbers",
    "OSP_IRRESPONSIVE": "The old provider does not answer",
    "OTHER": "See the comments of the order",
    "PASSCODE_PIN_INVALID": "PIN or passcode is wrong",
    "PHONE_NUMBER_HAS_SPECIAL_FEATURE": "A feature on the line blocks the port",
    "PHONE_NUMBER_MISMATCH": "A number is not on this account",
    "PHONE_NUMBER_NOT_PORTABLE": "A number cannot be ported",
    "PORT_TYPE_INCORRECT": "Full or partial was chosen wrongly",
    "PORTING_ORDER_SPLIT_REQUIRED": "The order must be several orders",
    "POSTAL_CODE_MISMATCH": "Postal code differs from the carrier record",
    "RATE_CENTER_NOT_PORTABLE": "The rate center cannot be ported",
    "SV_CONFLICT": "Conflict in the number database",
    "SV_UNKNOWN_FAILURE": "Unknown failure in the number database",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an order; `record_id` is what split events name."""

    record_id: str
    e164: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `user_id` is None where Telnyx's staff or system wrote it."""

    comment_id: str
    order_id: str
    body: str
    author: str
    user_id: str | None
    created_at: datetime


@dataclass(slots=True)
class PortIn:
    """A porting order."""

    order_id: str
    created_at: datetime
    updated_at: datetime
    numbers: list[Number]
    carrier: str
    user_id: str
    canary: str
    reference: str | None = None
    group_reference: str | None = None
    support_key: str | None = None
    parent_support_key: str | None = None
    entity_name: str | None = None
    person_name: str | None = None
    phone_number_type: str = "local"
    fast_port: bool = True
    port_type: str = "full"
    status: str = "draft"
    details: Sequence[tuple[str, str]] = ()
    foc_requested: datetime | None = None
    foc_actual: datetime | None = None
    messaging_status: str = "not_applicable"
    comments: list[Comment] = field(default_factory=list)

    @property
    def shown_support_key(self) -> str | None:
        """Drafts have none yet."""
        return None if self.status == "draft" else self.support_key

    def move(
        self, status: str, details: Sequence[tuple[str, str]], foc: datetime | None, at: datetime
    ) -> None:
        """Take a status. The FOC is set by its confirmation and lost by going back to the carrier."""
        self.status, self.details, self.updated_at = status, tuple(details), max(at, self.updated_at)
        if status == "foc-date-confirmed":
            self.foc_actual = foc or self.foc_actual or self.foc_requested
        elif foc or status in {"draft", "in-process", "submitted", "exception"}:
            self.foc_actual = foc


@dataclass(slots=True)
class PortOut:
    """A port-out request."""

    order_id: str
    created_at: datetime
    updated_at: datetime
    numbers: list[str]
    carrier: str
    spid: str
    user_id: str
    canary: str
    subscriber_name: str | None = None
    pon: str | None = None
    foc_requested: datetime | None = None
    foc: datetime | None = None
    status: str = "pending"
    reason: str | None = None
    rejection_code: int | None = None
    host_messaging: bool = False
    ported_at: datetime | None = None
    comments: list[Comment] = field(default_factory=list)

    @property
    def support_key(self) -> str:
        """Shown to people; made of the id's end, as in Telnyx's sample."""
        return f"PO_{self.order_id[-6:]}"

    def move(self, status: str, reason: str | None, foc: datetime | None, at: datetime) -> None:
        """Take a status; `ported` is remembered with its moment."""
        self.status, self.updated_at = status, max(at, self.updated_at)
        self.reason = reason or self.reason
        self.foc = foc or self.foc
        if status == "ported":
            self.ported_at = at


def country_of(e164: str) -> str | None:
    """Two-letter country of a number; None where the number tells none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return None
