"""What events say: the payload of each type, and the event around it."""

from collections.abc import Sequence
from datetime import datetime

from bot.sandbox.telnyx.bodies import hook_of, messaging_of, status_of
from bot.sandbox.telnyx.orders import Comment, PortIn, PortOut
from bot.sandbox.telnyx.wire import CANARY, Json, Source, micros, millis

ORDER_FIELD: dict[Source, str] = {"port_in": "porting_order_id", "port_out": "portout_id"}
RECORD_TYPE: dict[Source, str] = {"port_in": "porting_event", "port_out": "portout_event"}
PORT_IN_TYPES = (
    "porting_order.deleted",
    "porting_order.loa_updated",
    "porting_order.messaging_changed",
    "porting_order.status_changed",
    "porting_order.sharing_token_expired",
    "porting_order.new_comment",
    "porting_order.split",
)
PORT_OUT_TYPES = ("portout.status_changed", "portout.new_comment", "portout.foc_date_changed")
NEVER_A_PAYLOAD = frozenset({"porting_order.loa_updated", "porting_order.sharing_token_expired"})
DELETED = "porting_order.deleted"


def event_body(
    source: Source, event_id: str, event_type: str, order_id: str, payload: Json | None,
    *, methods: Sequence[str], created_at: datetime,
) -> Json:  # fmt: skip
    """A complete event. `deleted` has its dates and record type inside the payload, as Telnyx has it."""
    body: Json = {
        "id": event_id,
        "event_type": event_type,
        ORDER_FIELD[source]: order_id,
        "available_notification_methods": list(methods),
        "payload_status": "completed" if payload is not None else "created",
        "payload": payload,
    }
    dates: Json = {
        "record_type": RECORD_TYPE[source],
        "created_at": micros(created_at),
        "updated_at": micros(created_at),
    }
    if event_type == DELETED and payload is not None:
        return body | {"payload": payload | dates}
    return body | dates


def before_payload(event: Json) -> Json:
    """The same event while Telnyx still makes its payload."""
    return event | {"payload": None, "payload_status": "created"}


def after_payload(event: Json, at: datetime) -> Json:
    """The same event once its payload was made."""
    payload = event.get("payload")
    if "updated_at" in event or not isinstance(payload, dict):
        return event | {"updated_at": micros(at), "payload_status": "completed"}
    return event | {"payload": payload | {"updated_at": micros(at)}, "payload_status": "completed"}


def port_in_status_payload(order: PortIn, at: datetime) -> Json:
    """Payload of `porting_order.status_changed`."""
    return {
        "id": order.order_id,
        "customer_reference": order.reference,
        "status": status_of(order),
        "support_key": order.shown_support_key,
        "updated_at": millis(at),
        "webhook_url": hook_of(order),
    }


def port_in_comment_payload(order: PortIn, comment: Comment) -> Json:
    """Payload of `porting_order.new_comment`."""
    said = {
        "id": comment.comment_id,
        "body": comment.body,
        "user_id": comment.user_id,
        "user_type": comment.author,
        "inserted_at": millis(comment.created_at),
    }
    return {"porting_order_id": order.order_id, "support_key": order.shown_support_key, "comment": said}


def messaging_payload(order: PortIn) -> Json:
    """Payload of `porting_order.messaging_changed`."""
    return {
        "id": order.order_id,
        "customer_reference": order.reference,
        "support_key": order.shown_support_key,
        "messaging": messaging_of(order),
    }


def port_out_status_payload(order: PortOut) -> Json:
    """Payload of `portout.status_changed`, with the PIN that the other carrier tried."""
    return {
        "id": order.order_id,
        "status": order.status,
        "phone_numbers": list(order.numbers),
        "carrier_name": order.carrier,
        "spid": order.spid,
        "user_id": order.user_id,
        "subscriber_name": order.subscriber_name,
        "rejection_reason": order.reason,
        "attempted_pin": f"{CANARY}PIN-{order.canary}",
    }


def port_out_comment_payload(comment: Comment) -> Json:
    """Payload of `portout.new_comment`; the comment is plain text here."""
    return {
        "id": comment.comment_id,
        "portout_id": comment.order_id,
        "user_id": comment.user_id,
        "comment": comment.body,
    }


def deleted_payload(order: PortIn, at: datetime) -> Json:
    """Payload of `porting_order.deleted`, without the dates that the event adds."""
    return {"id": order.order_id, "customer_reference": order.reference, "deleted_at": millis(at)}


def split_payload(order: PortIn, to: PortIn) -> Json:
    """Payload of `porting_order.split`: record ids of numbers, not numbers."""
    moved = [{"id": number.record_id} for number in to.numbers]
    return {"from": {"id": order.order_id}, "to": {"id": to.order_id}, "porting_phone_numbers": moved}


def foc_payload(order: PortOut) -> Json:
    """Payload of `portout.foc_date_changed`."""
    return {"id": order.order_id, "user_id": order.user_id, "foc_date": order.foc and millis(order.foc)}
