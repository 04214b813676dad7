"""What passes Telnyx's door."""

import pytest

from bot.telnyx.events import Source
from bot.telnyx.redaction import DEEPEST, safe_order, safe_payload


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
        ("porting_order.deleted", {"customer_reference": "PIN 1234"}, {"customer_reference": "PIN ••••"}),
        (
            "porting_order.deleted",
            {"customer_reference": "Acct 123abc"},
            {"customer_reference": "Acct 123abc"},
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


def test_what_lies_too_deep_in_an_unknown_payload_is_left_out():
    payload = within = {}
    for _ in range(DEEPEST + 5):
        within["x"] = within = {"kept": "yes"}
    within["hidden"] = "at the bottom"

    kept = safe_payload("porting_order.brand_new", payload)

    assert str(kept).count("yes") == DEEPEST - 1
    assert "at the bottom" not in str(kept)
