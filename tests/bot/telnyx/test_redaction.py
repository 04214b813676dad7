"""What passes Telnyx's door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telnyx.events import Source
from bot.telnyx.redaction import mask_secrets, safe_order, safe_payload

CANARY = "48151623"


@pytest.mark.parametrize(
    "text",
    [
        "PIN: 48151623",
        "pin48151623",
        "My PIN is 48151623.",
        "the passcode for this line is A48151623",
        "pass code = 48151623",
        "SSN 481-51-623",
        "last four of social security: 48151623",
        "Account number 48151623",
        "acct # 48 15 16 23",
        "tax id: 48-151623",
        "Tax-ID 48151623",
        "password\n48151623",
        "verification code 48151623",
        "PIN for +13035550100 is 48151623",
        "key KEY018F48151623ABCDEFGH",
        "xoxb-48151623-abc",
        "Authorization: Bearer 48151623.abc",
    ],
)
def test_digits_after_a_telling_word_are_masked(text):
    masked = mask_secrets(text)

    assert CANARY not in "".join(sign for sign in masked if sign.isalnum())
    assert not {"48", "15", "151", "16", "23", "623"} & set(masked.replace("-", " ").split())


@pytest.mark.parametrize(
    "text",
    [
        "shipping 12 boxes",
        "opinion 5",
        "Call +13035550100",
        "FOC is 2026-12-01",
        "ticket 12345",
        "spinning 33",
    ],
)
def test_other_digits_stay(text):
    assert mask_secrets(text) == text


@given(st.text())
def test_masking_twice_is_masking_once(text):
    masked = mask_secrets(text)

    assert mask_secrets(masked) == masked


def test_second_pass_goes_no_further_than_the_first():
    once = mask_secrets("PIN 1234 is good until 2026")

    assert mask_secrets(once) == once == "PIN •••• is good until 2026"


def test_known_types_keep_what_is_listed_and_nothing_else():
    payload = {
        "id": "o1",
        "status": {
            "value": "exception",
            "details": [
                {"code": "PASSCODE_PIN_INVALID", "description": "PIN 1234 is wrong", "pin": "1234"},
                "OTHER",
            ],
            "token": "t",
        },
        "support_key": "sr_1",
        "webhook_url": "https://example.test/?token=1",
        "new_field": "x",
    }

    kept = safe_payload("porting_order.status_changed", payload)

    assert kept == {
        "id": "o1",
        "status": {
            "value": "exception",
            "details": [{"code": "PASSCODE_PIN_INVALID", "description": "PIN •••• is wrong"}, "OTHER"],
        },
        "support_key": "sr_1",
    }


@pytest.mark.parametrize(
    ("event_type", "payload", "kept"),
    [
        ("portout.status_changed", {"attempted_pin": "1", "spid": "987H"}, {"spid": "987H"}),
        ("portout.status_changed", {"phone_numbers": ["+1", {"pin": "1"}]}, {"phone_numbers": ["+1"]}),
        ("portout.status_changed", {"status": {"pin": "1"}}, {"status": None}),
        (
            "portout.status_changed",
            {"rejection_reason": "wrong PIN 1234"},
            {"rejection_reason": "wrong PIN ••••"},
        ),
        ("portout.new_comment", {"comment": "SSN 123456789"}, {"comment": "SSN ••••"}),
        (
            "porting_order.new_comment",
            {"comment": {"body": "PIN 1", "x": 1}},
            {"comment": {"body": "PIN ••••"}},
        ),
        ("porting_order.new_comment", {"comment": "PIN 1"}, {"comment": "PIN ••••"}),
        (
            "porting_order.split",
            {"porting_phone_numbers": [{"id": "n", "pin": "1"}]},
            {"porting_phone_numbers": [{"id": "n"}]},
        ),
        ("porting_order.split", {"porting_phone_numbers": "all"}, {"porting_phone_numbers": None}),
    ],
)
def test_secrets_do_not_pass_in_odd_places(event_type, payload, kept):
    assert safe_payload(event_type, payload) == kept


def test_new_types_lose_what_looks_like_a_secret():
    payload = {
        "id": "o1",
        "attempted_pin": "1",
        "pinPasscode": "1",
        "end_user": {"admin": {"account_number": "1", "tax_identifier": "1", "entity_name": "ACME"}},
        "webhook_url": "https://x.test",
        "sharing_token": "1",
        "note": "PIN 1234",
        "shipping": 5,
        "items": [{"ssn": "1", "name": "a"}, "passcode 99"],
    }

    assert safe_payload("porting_order.invented", payload) == {
        "id": "o1",
        "end_user": {"admin": {"entity_name": "ACME"}},
        "note": "PIN ••••",
        "shipping": 5,
        "items": [{"name": "a"}, "passcode ••••"],
    }


def test_orders_are_read_without_pin_account_number_and_tax_id():
    admin = {"pin_passcode": "1", "account_number": "2", "tax_identifier": "3"}
    data = {
        "id": "o1",
        "end_user": {"admin": admin},
        "webhook_url": "https://x.test",
        "status": {"value": "draft"},
    }

    assert safe_order(Source.PORT_IN, data) == {"id": "o1", "status": {"value": "draft"}}
    assert safe_order(Source.PORT_OUT, {"id": "p1", "lsr": ["https://x.test"], "reason": "PIN 12"}) == {
        "id": "p1",
        "reason": "PIN ••••",
    }
