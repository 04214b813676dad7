import json
from datetime import timedelta

import pytest

from bot.sandbox.telnyx.orders import EXCEPTION_TYPES, PORT_IN_STATUSES
from bot.sandbox.telnyx.wire import CANARY

ORDERS, OUTS = "/porting_orders", "/portouts"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def found(client, path, query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [row.get("id") or row["phone_number"] for row in answer.json()["data"]]


async def test_order_of_each_event_is_listed_and_shown(api, client, order):
    new_order = api.split(order, ["+13125550124"])[0]
    api.comment(order, "Hi")

    listed = await found(client, ORDERS, {})
    shown = [(await client.get(f"{ORDERS}/{one}")).json()["data"]["id"] for one in (order, new_order)]

    assert sorted(listed) == sorted(shown) == sorted([order, new_order])


async def test_deleted_order_is_gone(api, client, order):
    api.delete(order)

    assert await found(client, ORDERS, {}) == []
    assert (await client.get(f"{ORDERS}/{order}")).status_code == 404
    assert (await client.get(f"{ORDERS}/{order}/comments")).status_code == 404


@pytest.mark.parametrize("status", PORT_IN_STATUSES)
async def test_order_fits_the_description_in_every_status(api, client, order, status):
    api.set_status(order, status, details=[("OTHER", "Ask")])

    body = (await client.get(f"{ORDERS}/{order}")).json()

    assert body["data"]["status"] == {"value": status, "details": [{"code": "OTHER", "description": "Ask"}]}
    assert body["data"]["support_key"] == (None if status == "draft" else "sr_aaaaaa")
    assert body["meta"]["phone_numbers_url"].endswith(f"[porting_order_id]={order}")


async def test_foc_is_set_by_its_confirmation_and_lost_by_an_exception(api, client, order):
    async def actual():
        settings = (await client.get(f"{ORDERS}/{order}")).json()["data"]["activation_settings"]
        return settings["foc_datetime_actual"]

    agreed = api.now() + timedelta(days=5)
    api.set_status(order, "foc-date-confirmed")
    as_asked = await actual()
    api.set_status(order, "foc-date-confirmed", foc=agreed)
    moved = await actual()
    api.set_status(order, "exception")
    lost = await actual()
    api.move_foc(order, agreed)

    assert (as_asked, moved, lost) == ("2026-11-27T12:00:00Z", "2026-11-29T12:00:00Z", None)
    assert await actual() == "2026-11-29T12:00:00Z"
    assert len(api.events("port_in")) == 3


async def test_numbers_are_left_out_when_not_wanted(api, client):
    many = [f"+1312555{number:04}" for number in range(60)]
    order = api.add_port_in(reference="BIG", numbers=many, carrier="Onvoy", foc_requested=None)

    async def numbers(path, **query):
        data = (await client.get(path, params=query)).json()["data"]
        return data[0] if isinstance(data, list) else data

    for path in (ORDERS, f"{ORDERS}/{order}"):
        assert len((await numbers(path))["phone_numbers"]) == 50
        assert "phone_numbers" not in await numbers(path, include_phone_numbers="false")
        assert (await numbers(path))["porting_phone_numbers_count"] == 60
    assert (await client.get(ORDERS, params={"include_phone_numbers": "maybe"})).status_code == 422


async def test_split_moves_numbers_by_their_record_ids(api, client, order):
    api.set_status(order, "submitted")
    records = {number.e164: number.record_id for number in api.port_ins[order].numbers}

    new_order, event = api.split(order, ["+13125550124", "+13125550125"])
    payload = (await client.get(f"/porting/events/{event}")).json()["data"]["payload"]
    old, new = [(await client.get(f"{ORDERS}/{one}")).json()["data"] for one in (order, new_order)]

    assert (payload["from"]["id"], payload["to"]["id"]) == (order, new_order)
    assert [row["id"] for row in payload["porting_phone_numbers"]] == [
        records["+13125550124"],
        records["+13125550125"],
    ]
    assert (old["porting_phone_numbers_count"], new["porting_phone_numbers_count"]) == (1, 2)
    assert old["parent_support_key"] == new["parent_support_key"] is not None
    assert old["support_key"] != new["support_key"]


def test_number_of_another_order_cannot_be_split_off(api, order):
    with pytest.raises(ValueError, match="must be the order's"):
        api.split(order, ["+19995550000"])


async def test_comment_of_an_event_is_among_the_orders_comments(api, client, order):
    event = api.comment(order, "Send a bill")
    said = (await client.get(f"/porting/events/{event}")).json()["data"]["payload"]["comment"]

    comments = (await client.get(f"{ORDERS}/{order}/comments")).json()["data"]

    assert [(one["id"], one["body"], one["user_type"]) for one in comments] == [
        (said["id"], "Send a bill", "admin")
    ]
    assert said["user_id"] is None


async def test_posted_comment_is_the_users_and_makes_an_event(api, client, order, port_out):
    answers = [
        await client.post(f"{ORDERS}/{order}/comments", json={"body": "Here it is"}),
        await client.post(f"{OUTS}/{port_out}/comments", json={"body": "Not ours"}),
    ]

    comment = api.events("port_in")[-1]["payload"]["comment"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (comment["body"], comment["user_type"], comment["user_id"]) == ("Here it is", "user", api.user_id)
    assert [event["event_type"] for event in api.events("port_out")][-1] == "portout.new_comment"
    assert (await client.get(f"{OUTS}/{port_out}/comments")).json()["data"][0]["body"] == "Not ours"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"body": 7}', b'{"body": "  "}', b"\xff", b"[" * 100_000]
)
async def test_comment_without_text_is_refused(api, client, order, port_out, body):
    answers = [
        await client.post(f"{path}/comments", content=body)
        for path in (f"{ORDERS}/{order}", f"{OUTS}/{port_out}")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert api.events("port_in") == []


async def test_body_over_a_mebibyte_is_413(client, order):
    answer = await client.post(f"{ORDERS}/{order}/comments", json={"body": "x" * 2**20})

    assert answer.status_code == 413


async def test_activation_job_comes_with_the_foc(api, client, order):
    none = await found(client, f"{ORDERS}/{order}/activation_jobs", {})
    api.set_status(order, "foc-date-confirmed")

    jobs = await found(client, f"{ORDERS}/{order}/activation_jobs", {})

    assert (len(none), len(jobs)) == (0, 1)


async def test_exception_types_are_all_there(client):
    types = (await client.get(f"{ORDERS}/exception_types")).json()["data"]

    assert {row["code"] for row in types} == set(EXCEPTION_TYPES)


@pytest.mark.parametrize(
    "path",
    [
        f"{ORDERS}/{UNKNOWN}",
        f"{ORDERS}/nonsense",
        f"{ORDERS}/{UNKNOWN}/comments",
        f"{ORDERS}/{UNKNOWN}/activation_jobs",
        f"{ORDERS}/{UNKNOWN}/sub_request",
        f"{OUTS}/{UNKNOWN}",
        f"{OUTS}/reports",
        f"{OUTS}/rejections/{UNKNOWN}",
        f"{OUTS}/{UNKNOWN}/comments",
    ],
)
async def test_unknown_order_is_404(client, order, port_out, path):
    assert (await client.get(path)).status_code == 404


async def test_sub_request_is_404_for_every_order(client, order):
    assert (await client.get(f"{ORDERS}/{order}/sub_request")).status_code == 404


async def test_secrets_are_there_to_be_leaked(api, client, order, port_out):
    admin = (await client.get(f"{ORDERS}/{order}")).json()["data"]
    event = api.set_status(order, "submitted")
    status = (await client.get(f"/porting/events/{event}")).json()["data"]["payload"]

    secrets = [
        admin["end_user"]["admin"][name] for name in ("account_number", "pin_passcode", "tax_identifier")
    ]
    secrets += [
        admin["webhook_url"],
        status["webhook_url"],
        api.events("port_out")[0]["payload"]["attempted_pin"],
    ]

    assert all(CANARY in secret for secret in secrets)
    assert json.dumps(admin).count(CANARY) == 4


async def test_order_and_events_may_have_no_reference(api, client):
    order = api.add_port_in(reference=None, numbers=[], carrier="Onvoy", foc_requested=None, support_key=None)
    api.set_status(order, "submitted")

    body = (await client.get(f"{ORDERS}/{order}")).json()["data"]

    assert (body["customer_reference"], body["support_key"], body["phone_numbers"]) == (None, None, [])
