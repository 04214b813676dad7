"""Reasons of an exception in plain words: what is wrong, what to send. Codes: telnyx-api.md §8.4."""

from collections.abc import Sequence

from bot.messages.wording import carrier_of, counted, possessive, quoted
from bot.slack.escaping import inline
from bot.telnyx.events import Detail
from bot.telnyx.orders import Order

CODE_LIMIT = 60
_CAUSES = {
    "ACCOUNT_NUMBER_MISMATCH": (
        "account number differs from {record}",
        "send the account number as it stands on the customer's latest invoice",
    ),
    "AUTH_PERSON_MISMATCH": (
        "authorising person differs from {record}",
        "send an LOA signed by somebody whom the carrier lists on the account",
    ),
    "BTN_ATN_MISMATCH": (
        "billing telephone number differs from {record}",
        "send the account's billing number, from the invoice or a customer service record",
    ),
    "ENTITY_NAME_MISMATCH": (
        "customer or company name differs from {record}",
        "send the exact name on the account, and an LOA with that name",
    ),
    "FOC_EXPIRED": ("the agreed date passed without the port", "ask for a new FOC date"),
    "FOC_REJECTED": ("{carrier} did not accept the requested date", "ask for a later FOC date"),
    "LOCATION_MISMATCH": (
        "service address differs from {record}",
        "send the service address as on the invoice, which may not be the billing address",
    ),
    "LSR_PENDING": (
        "another request is already open at {carrier}",
        "have the customer cancel or finish that request, then tell Telnyx",
    ),
    "MAIN_BTN_PORTING": (
        "the main billing number is among the numbers",
        "send a new billing number for what stays, or port the whole account",
    ),
    "OSP_IRRESPONSIVE": (
        "{carrier} does not answer",
        "have the customer press their carrier; Telnyx keeps asking",
    ),
    "OTHER": ("Telnyx gave no code for it", "read the comments and send what they ask for"),
    "PASSCODE_PIN_INVALID": (
        "PIN or passcode is wrong",
        "enter the right port-out PIN in the Telnyx portal, never in a chat",
    ),
    "PHONE_NUMBER_HAS_SPECIAL_FEATURE": (
        "a feature on the line blocks the port",
        "have the customer's carrier remove it (DSL, alarm, hunt group), then tell Telnyx",
    ),
    "PHONE_NUMBER_MISMATCH": (
        "a number is not on that account",
        "send the right numbers, or the account that they belong to",
    ),
    "PHONE_NUMBER_NOT_PORTABLE": ("a number can not be ported", "take that number out of the order"),
    "PORT_TYPE_INCORRECT": (
        "full or partial port was chosen wrongly",
        "say whether the whole account moves or only a part of its numbers",
    ),
    "PORTING_ORDER_SPLIT_REQUIRED": (
        "this must be several orders",
        "agree with Telnyx in the comments on how to split the numbers",
    ),
    "POSTAL_CODE_MISMATCH": (
        "postal code differs from {record}",
        "send the postal code of the service address, as on the invoice",
    ),
    "RATE_CENTER_NOT_PORTABLE": (
        "the numbers' area can not be ported",
        "take those numbers out, or order new ones there",
    ),
    "SV_CONFLICT": (
        "conflict in the number database",
        "have the customer confirm the port with their carrier; Telnyx clears the conflict",
    ),
    "SV_UNKNOWN_FAILURE": ("unknown failure in the number database", "ask Telnyx in a comment"),
    "LOA_ILLEGIBLE": ("the letter of authorization can not be read", "send a clear, signed copy of the LOA"),
}
_OLDER_NAMES = {
    "ACCOUNT_NUMBER_REQUIRED": "ACCOUNT_NUMBER_MISMATCH",
    "AUTH_NAME_MISMATCH": "AUTH_PERSON_MISMATCH",
    "BUSINESS_NAME_MISMATCH": "ENTITY_NAME_MISMATCH",
    "ILLEGIBLE_LOA": "LOA_ILLEGIBLE",
}


def known_cause(detail: Detail, order: Order) -> str | None:
    """What is wrong, without a full stop; None for a code that we do not know."""
    known = _known(detail.code)
    if known is None:
        return None
    carrier = carrier_of(order)
    return known[0].format(carrier=carrier, record=f"{possessive(carrier)} record")


def what_to_do(detail: Detail) -> str | None:
    """What mends it; None for a code that we do not know."""
    known = _known(detail.code)
    return known[1] if known else None


def cause(detail: Detail, order: Order) -> str:
    """What is wrong, for a sentence; a code that we do not know comes through as it is."""
    said = quoted(detail.description) if detail.description.strip() else ""
    known = known_cause(detail, order)
    if known and not (said and detail.code == "OTHER"):
        return known
    shown = inline(detail.code, CODE_LIMIT)
    return said if known else f"{said} ({shown})" if said else shown


def causes(details: Sequence[Detail], order: Order) -> str:
    """The first reason, and how many more there are."""
    if not details:
        return "Telnyx gave no reason, see the comments"
    more = f" (and {counted(len(details) - 1, 'more reason')})" if len(details) > 1 else ""
    return cause(details[0], order) + more


def _known(code: str) -> tuple[str, str] | None:
    return _CAUSES.get(_OLDER_NAMES.get(code, code))
