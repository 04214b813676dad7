import pytest

from bot.messages.exceptions import cause, causes, known_cause, what_to_do
from bot.telnyx.events import Detail
from tests.factories import make_bare_order, make_order

CODES = (
    "ACCOUNT_NUMBER_MISMATCH", "AUTH_PERSON_MISMATCH", "BTN_ATN_MISMATCH", "ENTITY_NAME_MISMATCH",
    "FOC_EXPIRED", "FOC_REJECTED", "LOCATION_MISMATCH", "LSR_PENDING",
    "MAIN_BTN_PORTING", "OSP_IRRESPONSIVE", "OTHER",
    "PASSCODE_PIN_INVALID", "PHONE_NUMBER_HAS_SPECIAL_FEATURE", "PHONE_NUMBER_MISMATCH",
    "PHONE_NUMBER_NOT_PORTABLE", "PORT_TYPE_INCORRECT", "PORTING_ORDER_SPLIT_REQUIRED",
    "POSTAL_CODE_MISMATCH", "RATE_CENTER_NOT_PORTABLE",
    "SV_CONFLICT", "SV_UNKNOWN_FAILURE", "LOA_ILLEGIBLE", "ILLEGIBLE_LOA",
    "ACCOUNT_NUMBER_REQUIRED", "AUTH_NAME_MISMATCH", "BUSINESS_NAME_MISMATCH",
)  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_telnyx_has_a_cause_and_a_remedy(code):
    assert known_cause(Detail(code), make_order())
    assert what_to_do(Detail(code))
    assert code not in cause(Detail(code), make_order())


def test_the_losing_carrier_is_named_where_it_is_known():
    detail = Detail("ACCOUNT_NUMBER_MISMATCH")

    assert (
        cause(detail, make_order(carrier="Bell & Sons"))
        == "account number differs from Bell &amp; Sons' record"
    )
    assert cause(detail, make_bare_order()) == "account number differs from the losing carrier's record"


def test_an_unknown_code_passes_through_untouched():
    assert cause(Detail("ODD_CODE"), make_order()) == "ODD_CODE"
    assert cause(Detail("ODD_CODE", "Call us"), make_order()) == "“Call us” (ODD_CODE)"
    assert what_to_do(Detail("ODD_CODE")) is None


def test_other_is_told_in_telnyx_s_own_words():
    assert cause(Detail("OTHER", "Call us"), make_order()) == "“Call us”"


def test_further_reasons_are_counted():
    details = [Detail("FOC_EXPIRED"), Detail("OTHER"), Detail("LSR_PENDING")]

    assert causes(details, make_order()) == "the agreed date passed without the port (and 2 more reasons)"
