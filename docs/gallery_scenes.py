"""The made-up events that the gallery shows: every kind, every status, and what Telnyx leaves out."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.changes import Change, change_of
from bot.messages import notices
from bot.messages.wording import Look
from bot.slack.blocks import Message
from bot.telnyx.events import Author, Comment, Event, Source
from bot.telnyx.orders import Order
from docs.samples import CHANNEL, PERSON

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
LOOK = Look(now=NOW, portal_order_url="https://portal.telnyx.com/#/{kind}/{id}")
FOC = datetime(2026, 12, 1, 15, tzinfo=UTC)
EARLIER_FOC = datetime(2026, 11, 30, 15, tzinfo=UTC)
OTHER_EVENTS = ("77e5c1a0-0000-4000-8000-000000000001", "61b0d9f2-0000-4000-8000-000000000002")

PORT_IN = Order(
    source=Source.PORT_IN,
    order_id="f1486bae-f067-460c-ad43-73a92848f902",
    support_key="sr_98f022",
    customer_reference="ACME Dental",
    numbers=("+13125550123",),
    numbers_count=12,
    carrier="Onvoy",
    foc_requested_at=EARLIER_FOC,
    created_at=NOW - timedelta(days=6),
    fetched_at=NOW,
)
PORT_OUT = Order(
    source=Source.PORT_OUT,
    order_id="0ccc7b54-4df3-4bca-a65a-3da1ecc777f0",
    support_key="PO_764725",
    numbers=("+13035550123", "+13035550124"),
    numbers_count=2,
    carrier="Onvoy",
    spid="987H",
    created_at=NOW - timedelta(minutes=10),
    fetched_at=NOW,
)
KEYS = {Source.PORT_IN: "porting_order", Source.PORT_OUT: "portout"}


@dataclass(frozen=True, slots=True)
class Scene:
    title: str
    change: Change
    other_events: tuple[str, ...] = ()


def _change(order: Order, kind: str, payload: dict[str, Any] | None, event_id: str = "8179f546") -> Change:
    event = Event(
        source=order.source,
        event_id=f"{event_id}-d479-42be-822b-8c78e1e89a59",
        event_type=f"{KEYS[order.source]}.{kind}",
        order_id=order.order_id,
        created_at=NOW,
        payload=payload,
        methods=("email", "webhook"),
    )
    return change_of(event, order)


def _port_in(status: str, was: str | None, *details: tuple[str, str], **facts: Any) -> Change:
    reasons = [{"code": code, "description": text} for code, text in details]
    before = replace(PORT_IN, status=was, status_at=NOW - timedelta(days=1), **facts)
    return _change(before, "status_changed", {"status": {"value": status, "details": reasons}})


def _port_out(status: str, was: str | None, *, reason: str | None = None, **facts: Any) -> Change:
    before = replace(PORT_OUT, status=was, status_at=NOW - timedelta(minutes=9), **facts)
    return _change(before, "status_changed", {"status": status, "rejection_reason": reason})


def _foc_set(foc_at: datetime, before: datetime | None, was: str) -> Change:
    change = _port_in("foc-date-confirmed", was, foc_at=before)
    order = replace(change.order, foc_at=foc_at)
    return change_of(change.event, replace(order, foc_at=before, status=was), fetched=order)


def _comment(body: str, author: str, status: str = "submitted") -> Change:
    comment = {"body": body, "user_type": author, "inserted_at": "2026-11-24T14:02:00Z"}
    return _change(_submitted(status), "new_comment", {"comment": comment})


def _submitted(status: str = "submitted") -> Order:
    details = _port_in("exception", "submitted", ("ACCOUNT_NUMBER_MISMATCH", "")).event.details
    return replace(PORT_IN, status=status, status_at=NOW - timedelta(days=2), details=details)


LONG_COMMENT = (
    "Hello team,\nthe losing carrier says that the service address on file is 12 Main St, not 21.\n"
    "Please send a new LOA and the latest invoice. Do not post the PIN 4711 here again, "
    "<!channel> *thanks* & regards."
)
_PENDING = replace(PORT_OUT, status="pending", status_at=NOW)
_FOC_CHANGE = {"foc_date": "2026-12-01T15:00:00Z"}
_MOVED = {"from": {"id": PORT_IN.order_id}, "to": {"id": "1a2b3c4d-0000"}, "porting_phone_numbers": [{}] * 3}
_BARE = Order(source=Source.PORT_IN, order_id=PORT_IN.order_id)
_SENT = {"comment": {"body": "What happened here?", "user_type": "user"}}
_YESTERDAY = NOW - timedelta(days=1)
_LOST = replace(
    PORT_IN, status="submitted", status_was="foc-date-confirmed", status_at=_YESTERDAY, foc_at=FOC
)
_STOPPED = replace(PORT_IN, status="cancelled", status_was="submitted", status_at=_YESTERDAY)
_ANSWERED = Comment("I have sent the invoice.", Author.US, NOW - timedelta(hours=1))

SCENES = (
    Scene(
        "Port-in: exception",
        _port_in("exception", "submitted", ("ACCOUNT_NUMBER_MISMATCH", "Account # not found")),
        OTHER_EVENTS,
    ),
    Scene(
        "Port-in: exception with several reasons, one of them new",
        _port_in(
            "exception", "submitted", ("PASSCODE_PIN_INVALID", ""), ("ODD_NEW_CODE", "Call us"), ("OTHER", "")
        ),
    ),
    Scene(
        "Port-in: exception without a reason, FOC lost",
        _port_in("exception", "foc-date-confirmed", foc_at=FOC),
    ),
    Scene("Port-in: draft", _port_in("draft", None)),
    Scene("Port-in: in process", _port_in("in-process", "draft")),
    Scene("Port-in: submitted", _port_in("submitted", "in-process")),
    Scene("Port-in: submitted again after an exception", _port_in("submitted", "exception")),
    Scene("Port-in: FOC confirmed", _foc_set(FOC, None, "submitted")),
    Scene("Port-in: FOC moved", _foc_set(FOC, EARLIER_FOC, "foc-date-confirmed")),
    Scene("Port-in: FOC confirmed, date not known", _port_in("foc-date-confirmed", "submitted")),
    Scene("Port-in: FOC lost", _port_in("submitted", "foc-date-confirmed", foc_at=FOC)),
    Scene(
        "Port-in: ported, messaging follows",
        _port_in("ported", "foc-date-confirmed", foc_at=NOW, messaging_status="activating"),
    ),
    Scene("Port-in: cancel pending", _port_in("cancel-pending", "submitted")),
    Scene("Port-in: cancelled as asked", _port_in("cancelled", "cancel-pending")),
    Scene("Port-in: cancelled and nobody asked", _port_in("cancelled", "submitted")),
    Scene(
        "Port-in: a status that is new to Portwire", _port_in("activation-in-progress", "foc-date-confirmed")
    ),
    Scene("Port-in: status event without its payload", _change(_BARE, "status_changed", None)),
    Scene("Port-in: comment of Telnyx", _comment("Please confirm the BTN.", "admin", "exception")),
    Scene("Port-in: long comment of Telnyx", _comment(LONG_COMMENT, "admin")),
    Scene("Port-in: your comment", _comment("I have sent the invoice.", "user", "exception")),
    Scene("Port-in: comment of Telnyx's system", _comment("LOA was attached.", "system")),
    Scene("Port-in: comment without its payload", _change(_submitted(), "new_comment", None)),
    Scene("Port-in: your comment after a lost FOC", _change(_LOST, "new_comment", _SENT)),
    Scene(
        "Port-in: your comment after a cancellation that nobody asked for",
        _change(_STOPPED, "new_comment", _SENT),
    ),
    Scene("Port-in: split", _change(_submitted(), "split", _MOVED)),
    Scene(
        "Port-in: born of a split",
        _change(
            _submitted(), "split", _MOVED | {"from": {"id": "1a2b3c4d-0000"}, "to": {"id": PORT_IN.order_id}}
        ),
    ),
    Scene("Port-in: split without its payload", _change(_submitted(), "split", None)),
    Scene(
        "Port-in: messaging",
        _change(
            replace(_submitted("ported")),
            "messaging_changed",
            {"messaging": {"messaging_port_status": "ported"}},
        ),
    ),
    Scene(
        "Port-in: messaging exception",
        _change(
            _submitted("ported"), "messaging_changed", {"messaging": {"messaging_port_status": "exception"}}
        ),
    ),
    Scene("Port-in: messaging without its payload", _change(_submitted("ported"), "messaging_changed", None)),
    Scene(
        "Port-in: deleted", _change(_submitted("draft"), "deleted", {"deleted_at": "2026-11-24T14:00:00Z"})
    ),
    Scene("Port-in: LOA updated", _change(_submitted(), "loa_updated", None)),
    Scene("Port-in: sharing token expired", _change(_submitted(), "sharing_token_expired", None)),
    Scene("Port-in: an event that is new to Portwire", _change(_submitted(), "brand_new", {"id": "x"})),
    Scene("Port-in: of which nothing is known", _change(_BARE, "loa_updated", None)),
    Scene(
        "Port-in: exception that your team answered",
        _change(replace(_submitted("exception"), last_comment=_ANSWERED), "loa_updated", None),
    ),
    Scene("Port-out: pending", _port_out("pending", None)),
    Scene(
        "Port-out: pending, over 24 hours", _port_out("pending", None, created_at=NOW - timedelta(hours=30))
    ),
    Scene(
        "Port-out: pending, over 48 hours", _port_out("pending", None, created_at=NOW - timedelta(hours=50))
    ),
    Scene("Port-out: pending again", _port_out("pending", "rejected-pending")),
    Scene("Port-out: authorized, nobody reviewed", _port_out("authorized", "pending", foc_at=FOC)),
    Scene(
        "Port-out: authorized, reviewed",
        _port_out("authorized", "pending", foc_at=FOC, reviewed_by=PERSON, reviewed_at=NOW),
    ),
    Scene("Port-out: ported, nobody reviewed", _port_out("ported", "authorized")),
    Scene("Port-out: rejection pending", _port_out("rejected-pending", "pending", reason="Invalid PIN")),
    Scene("Port-out: rejected", _port_out("rejected", "rejected-pending", reason="Invalid PIN")),
    Scene("Port-out: cancelled", _port_out("canceled", "pending")),
    Scene("Port-out: comment", _change(_PENDING, "new_comment", {"comment": "Who asked for this?"})),
    Scene(
        "Port-out: FOC changed",
        _change(replace(_PENDING, status="authorized", foc_at=EARLIER_FOC), "foc_date_changed", _FOC_CHANGE),
    ),
    Scene("Port-out: FOC changed, date before unknown", _change(_PENDING, "foc_date_changed", _FOC_CHANGE)),
    Scene("Port-out: FOC change without its payload", _change(_PENDING, "foc_date_changed", None)),
)


def _of(number: int, change: Change) -> Change:
    """The same change on another order."""
    order = replace(
        change.order,
        order_id=f"{number:08x}-f067-460c-ad43-73a92848f902",
        support_key=f"sr_71aa{number:02}",
        customer_reference=("Bolt", "Initech", "Hooli", "Globex")[number % 4],
    )
    event = replace(change.event, order_id=order.order_id)
    return replace(change, event=event, order=order)


_GOOD = [_foc_set(FOC, None, "submitted")] * 11 + [_port_in("ported", "foc-date-confirmed", foc_at=NOW)] * 3
_TALK = [_comment("Please confirm the BTN.", "admin"), _comment("Done, see the invoice.", "user")]
_MIXED = [*_TALK, _change(_submitted(), "split", _MOVED), _port_in("cancel-pending", "submitted")]
ROLL_UPS = (
    ("Fourteen orders", [_of(number, change) for number, change in enumerate(_GOOD)]),
    ("Different events", [*_MIXED, *(_of(number, _GOOD[0]) for number in range(3))]),
    ("More orders than rows", [_of(number, _port_in("submitted", "in-process")) for number in range(26)]),
    ("One busy order", [*_TALK, *_TALK, _port_in("submitted", "exception")]),
)
NOTICES: tuple[tuple[str, Message], ...] = (
    ("First subscription", notices.subscription_changed("Ada", None, "subscribe kind:in")),
    ("Changed", notices.subscription_changed("Ada", "subscribe kind:in", "subscribe kind:in ref:ACME*")),
    ("Removed", notices.subscriptions_ended("Ada", ["subscribe kind:in"])),
    ("Channel paused", notices.channel_paused(CHANNEL, "is_archived")),
    ("Message given up", notices.message_given_up(CHANNEL, "invalid_blocks")),
    (
        "Trouble",
        notices.trouble_started("Telnyx's port-in events can't be read", NOW, "Telnyx cannot be reached."),
    ),
    (
        "Trouble over",
        notices.trouble_ended("Telnyx's port-in events can't be read", NOW, NOW + timedelta(hours=1)),
    ),
)
