"""The filters that each list knows, by dotted name; the older spellings among them."""

import operator
from collections.abc import Mapping

from bot.sandbox.telnyx.orders import PORT_IN_STATUSES, PORT_OUT_STATUSES, Number, PortIn, PortOut, country_of
from bot.sandbox.telnyx.query import (
    RefusedError,
    Term,
    among,
    compared,
    equals,
    has_number,
    is_flag,
    same_day,
    same_id,
)


def _numbers(order: PortIn) -> list[str]:
    return [number.e164 for number in order.numbers]


def _country(numbers: list[str]) -> str | None:
    return country_of(numbers[0]) if numbers else None


_STATUS: Term[PortIn] = among(lambda order: order.status, PORT_IN_STATUSES)
_NUMBER_PART: Term[PortIn] = has_number(_numbers, part=True)

PORT_IN_FILTERS: Mapping[str, Term[PortIn]] = {
    "customer_reference": equals(lambda order: order.reference),
    "customer_group_reference": equals(lambda order: order.group_reference),
    "parent_support_key": equals(lambda order: order.parent_support_key),
    "phone_numbers.country_code": equals(lambda order: _country(_numbers(order))),
    "phone_numbers.carrier_name": equals(lambda order: order.carrier),
    "phone_numbers.phone_number.contains": _NUMBER_PART,
    "misc.type": among(lambda order: order.port_type, ("full", "partial")),
    "end_user.admin.entity_name": equals(lambda order: order.entity_name),
    "end_user.admin.auth_person_name": equals(lambda order: order.person_name),
    "activation_settings.fast_port_eligible": is_flag(lambda order: order.fast_port),
    "activation_settings.foc_datetime_requested.gt": compared(lambda order: order.foc_requested, operator.gt),
    "activation_settings.foc_datetime_requested.lt": compared(lambda order: order.foc_requested, operator.lt),
    "status": _STATUS,
    "status.in": _STATUS,
}

PORT_OUT_FILTERS: Mapping[str, Term[PortOut]] = {
    "carrier_name": equals(lambda order: order.carrier),
    "country_code": equals(lambda order: _country(order.numbers)),
    "country_code_in": among(lambda order: _country(order.numbers)),
    "foc_date": same_day(lambda order: order.foc),
    "inserted_at.gte": compared(lambda order: order.created_at, operator.ge),
    "inserted_at.lte": compared(lambda order: order.created_at, operator.le),
    "ported_out_at.gte": compared(lambda order: order.ported_at, operator.ge),
    "ported_out_at.lte": compared(lambda order: order.ported_at, operator.le),
    "phone_number": has_number(lambda order: order.numbers),
    "pon": equals(lambda order: order.pon),
    "spid": equals(lambda order: order.spid),
    "status": among(lambda order: order.status, PORT_OUT_STATUSES),
    "status_in": among(lambda order: order.status, PORT_OUT_STATUSES),
    "support_key": equals(lambda order: order.support_key),
}

_NUMBER: Term[tuple[PortIn, Number]] = has_number(lambda row: [row[1].e164])
_ORDER: Term[tuple[PortIn, Number]] = same_id(lambda row: row[0].order_id)
_KEY: Term[tuple[PortIn, Number]] = among(lambda row: row[0].shown_support_key)

NUMBER_FILTERS: Mapping[str, Term[tuple[PortIn, Number]]] = {
    "porting_order_status": among(lambda row: row[0].status, PORT_IN_STATUSES),
    "porting_order_id": _ORDER,
    "porting_order_id.in": _ORDER,
    "phone_number": _NUMBER,
    "phone_number.in": _NUMBER,
    "support_key": _KEY,
    "support_key.eq": _KEY,
    "support_key.in": _KEY,
}


def _code(parameter: str, values: list[str]) -> set[int]:
    try:
        return {int(part) for value in values for part in value.split(",")}
    except ValueError:
        raise RefusedError(
            422, "10026", "Invalid parameter", "Must be a whole number", {"parameter": parameter}
        ) from None


def wanted_codes(filters: Mapping[str, tuple[str, list[str]]]) -> set[int] | None:
    """Rejection codes asked for; None for all."""
    given = filters.get("code") or filters.get("code.in")
    return _code(*given) if given else None
