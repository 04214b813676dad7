import base64
import json

import pytest
from jsonschema import Draft202012Validator
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from bot.sandbox.telnyx.webhooks import public_key_of

KEY = SigningKey(b"k" * 32)


def verify(headers, body):
    public = VerifyKey(base64.b64decode(public_key_of(KEY)))
    stamp, signature = headers["telnyx-timestamp"], headers["telnyx-signature-ed25519"]
    return public.verify(f"{stamp}|".encode() + body, base64.b64decode(signature))


@pytest.mark.parametrize("flat", [False, True])
def test_notification_is_signed_over_its_raw_body(api, clock, order, flat):
    event = api.set_status(order, "submitted")

    headers, body = api.webhook(event, flat=flat, private_key=KEY)

    assert verify(headers, body)
    assert headers["telnyx-timestamp"] == str(int(clock.now.timestamp()))
    with pytest.raises(BadSignatureError):
        verify(headers, body + b" ")


@pytest.mark.parametrize(("flat", "schema"), [(False, "NotificationStandard"), (True, "NotificationFlat")])
def test_notification_fits_the_description(api, order, spec, flat, schema):
    event = api.comment(order, "Hi")

    sent = json.loads(api.webhook(event, flat=flat, private_key=KEY)[1])

    validator = Draft202012Validator(spec["components"]["schemas"][schema])
    assert list(validator.iter_errors(sent)) == []
    assert (sent if flat else sent["data"])["id"] == event
    assert (sent if flat else sent["data"])["occurred_at"] == "2026-11-24T12:00:00.123456Z"
    assert ("data" in sent) is not flat


def test_notification_of_a_port_out_has_no_pin(api, port_out):
    event = api.events("port_out")[0]["id"]

    sent = json.loads(api.webhook(event, private_key=KEY)[1])

    assert "attempted_pin" not in sent["data"]["payload"]


def test_unknown_event_has_no_notification(api):
    with pytest.raises(KeyError):
        api.webhook("e1", private_key=KEY)


def test_notification_of_an_event_without_payload_has_none(api, order):
    event = api.update_loa(order)

    sent = json.loads(api.webhook(event, private_key=KEY)[1])

    assert sent["data"]["payload"] is None
