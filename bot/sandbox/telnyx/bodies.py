"""JSON of orders, numbers, comments and event payloads, field for field as telnyx-openapi.json has them."""

from datetime import datetime, timedelta

from bot.sandbox.telnyx.orders import (
    EXCEPTION_TYPES,
    REJECTIONS,
    Comment,
    Number,
    PortIn,
    PortOut,
    country_of,
)
from bot.sandbox.telnyx.wire import CANARY, Json, millis, seconds, seconds_with_offset

FIRST_NUMBERS = 50
ACTIVATION = {"ported": "Active", "cancelled": "Cancelled", "cancel-pending": "Cancel Pending"}


def hook_of(order: PortIn) -> str:
    """The order's own webhook address, with a token that must not leak."""
    return f"https://hooks.example.com/{CANARY}HOOK-{order.canary}"


def status_of(order: PortIn) -> Json:
    """Status with its exception details."""
    details = [{"code": code, "description": text} for code, text in order.details]
    return {"value": order.status, "details": details}


def messaging_of(order: PortIn) -> Json:
    """Messaging state, which runs on its own clock."""
    wanted = order.messaging_status != "not_applicable"
    return {
        "messaging_capable": wanted,
        "enable_messaging": wanted,
        "messaging_port_status": order.messaging_status,
        "messaging_port_completed": order.messaging_status == "ported",
    }


def port_in_body(order: PortIn, *, with_numbers: bool) -> Json:
    """A porting order; at most its first 50 numbers."""
    body: Json = {
        "id": order.order_id,
        "customer_reference": order.reference,
        "customer_group_reference": order.group_reference,
        "created_at": millis(order.created_at),
        "updated_at": millis(order.updated_at),
        "status": status_of(order),
        "support_key": order.shown_support_key,
        "parent_support_key": order.parent_support_key,
        "porting_phone_numbers_count": len(order.numbers),
        "old_service_provider_ocn": order.carrier,
        "documents": {"loa": None, "invoice": None},
        "misc": {"type": order.port_type, "remaining_numbers_action": None, "new_billing_phone_number": None},
        "end_user": _end_user(order),
        "activation_settings": _activation(order),
        "phone_number_configuration": {
            "billing_group_id": None,
            "connection_id": None,
            "messaging_profile_id": None,
            "emergency_address_id": None,
            "tags": [],
        },
        "phone_number_type": order.phone_number_type,
        "description": None,
        "requirements": [],
        "requirements_met": order.status != "draft",
        "user_feedback": {"user_rating": None, "user_comment": None},
        "user_id": order.user_id,
        "webhook_url": hook_of(order),
        "record_type": "porting_order",
        "messaging": messaging_of(order),
        "additional_steps": [],
    }
    if with_numbers:
        body["phone_numbers"] = [number_body(order, number) for number in order.numbers[:FIRST_NUMBERS]]
    return body


def _end_user(order: PortIn) -> Json:
    first = order.numbers[0].e164 if order.numbers else ""
    return {
        "admin": {
            "entity_name": order.entity_name,
            "auth_person_name": order.person_name,
            "billing_phone_number": first.lstrip("+") or None,
            "account_number": f"{CANARY}ACCT-{order.canary}",
            "tax_identifier": f"{CANARY}TAX-{order.canary}",
            "pin_passcode": f"{CANARY}PIN-{order.canary}",
            "business_identifier": None,
        },
        "location": {
            "street_address": "1 Example Street",
            "extended_address": None,
            "locality": "Austin",
            "administrative_area": "TX",
            "postal_code": "78701",
            "country_code": country_of(first),
        },
    }


def _activation(order: PortIn) -> Json:
    return {
        "foc_datetime_requested": order.foc_requested and seconds(order.foc_requested),
        "foc_datetime_actual": order.foc_actual and seconds(order.foc_actual),
        "fast_port_eligible": order.fast_port,
        "activation_status": ACTIVATION.get(order.status),
    }


def number_body(order: PortIn, number: Number) -> Json:
    """A porting phone number; its record id is not shown, as at Telnyx."""
    return {
        "phone_number": number.e164,
        "phone_number_type": order.phone_number_type,
        "porting_order_id": order.order_id,
        "porting_order_status": order.status,
        "support_key": order.shown_support_key,
        "activation_status": ACTIVATION.get(order.status, "Pending"),
        "portability_status": "confirmed",
        "requirements_status": "requirement-info-pending" if order.status == "draft" else "approved",
        "record_type": "porting_phone_number",
    }


def port_in_comment_body(comment: Comment) -> Json:
    """A comment of a porting order."""
    return {
        "id": comment.comment_id,
        "body": comment.body,
        "porting_order_id": comment.order_id,
        "user_type": comment.author,
        "record_type": "porting_comment",
        "created_at": millis(comment.created_at),
    }


def port_out_comment_body(comment: Comment) -> Json:
    """A comment of a port-out; nobody's `user_id` means Telnyx."""
    return {
        "id": comment.comment_id,
        "record_type": "portout",
        "body": comment.body,
        "portout_id": comment.order_id,
        "user_id": comment.user_id,
        "created_at": millis(comment.created_at),
    }


def activation_job_body(order: PortIn, job_id: str, at: datetime) -> Json:
    """The one activation job that an order with a FOC has."""
    window = {"start_at": seconds(at), "end_at": seconds(at + timedelta(hours=8))}
    return {
        "id": job_id,
        "status": "completed" if order.status == "ported" else "created",
        "activation_type": "scheduled",
        "activate_at": seconds(at),
        "activation_windows": [window],
        "record_type": "porting_activation_job",
        "created_at": millis(order.updated_at),
        "updated_at": millis(order.updated_at),
    }


def port_out_body(order: PortOut) -> Json:
    """A port-out, with nulls where Telnyx's samples have them."""
    created = seconds_with_offset(order.created_at)
    return {
        "id": order.order_id,
        "record_type": "portout",
        "phone_numbers": list(order.numbers),
        "authorized_name": order.subscriber_name,
        "carrier_name": order.carrier,
        "current_carrier": "telnyx",
        "end_user_name": order.subscriber_name,
        "city": None,
        "state": None,
        "zip": None,
        "lsr": [],
        "pon": order.pon,
        "reason": order.reason,
        "rejection_code": order.rejection_code,
        "service_address": None,
        "foc_date": order.foc and seconds_with_offset(order.foc),
        "requested_foc_date": order.foc_requested and seconds_with_offset(order.foc_requested),
        "spid": order.spid,
        "support_key": order.support_key,
        "status": order.status,
        "already_ported": order.status == "ported",
        "user_id": order.user_id,
        "vendor": None,
        "created_at": created,
        "inserted_at": created,
        "updated_at": seconds_with_offset(order.updated_at),
        "host_messaging": order.host_messaging,
    }


def rejection_bodies() -> list[Json]:
    """Codes that a port-out may be refused with."""
    return [
        {"code": code, "description": text, "reason_required": needs_reason}
        for code, (text, needs_reason) in REJECTIONS.items()
    ]


def exception_type_bodies() -> list[Json]:
    """All exception codes."""
    return [{"code": code, "description": text} for code, text in EXCEPTION_TYPES.items()]
