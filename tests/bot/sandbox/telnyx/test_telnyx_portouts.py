from datetime import timedelta

import pytest

from bot.sandbox.telnyx.orders import PORT_OUT_STATUSES

OUTS = "/portouts"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def found(client, path, query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]


@pytest.mark.parametrize("status", PORT_OUT_STATUSES)
async def test_port_out_fits_the_description_in_every_status(api, client, port_out, status):
    api.set_status(port_out, status, details=[("1002", "Invalid PIN")])

    body = (await client.get(f"{OUTS}/{port_out}")).json()["data"]

    assert (body["status"], body["reason"], body["already_ported"]) == (
        status,
        "Invalid PIN",
        status == "ported",
    )
    assert api.events("port_out")[-1]["payload"]["rejection_reason"] == "Invalid PIN"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("carrier_name", "gaining carrier"),
        ("country_code", "US"),
        ("country_code_in", "CA,US"),
        ("foc_date", "2026-12-01T23:00:00Z"),
        ("foc_date", "2026-12-01"),
        ("phone_number", "+13035550123"),
        ("phone_number", "13035550123"),
        ("pon", "P-7"),
        ("spid", "073H"),
        ("status", "ported"),
        ("status_in", "pending,ported"),
        ("status_in][", "ported"),
    ],
)
async def test_filter_finds_the_port_out(api, client, port_out, name, value):
    other = api.add_port_out(numbers=["+442079460123"], carrier="BT", spid="X")
    api.set_status(other, "canceled")
    api.set_foc(port_out, api.now() + timedelta(days=7))
    api.set_status(port_out, "ported")
    api.faults.strict = True

    assert await found(client, OUTS, {f"filter[{name}]": value}) == [port_out]


@pytest.mark.parametrize("name", ["inserted_at", "ported_out_at"])
async def test_bounds_of_port_outs_are_included(api, client, clock, port_out, name):
    bound = clock.now.isoformat()
    api.set_status(port_out, "ported")
    clock.pass_(days=1)
    later = api.add_port_out(numbers=["+442079460123"], carrier="BT", spid="X")
    api.set_status(later, "ported")

    assert await found(client, OUTS, {f"filter[{name}][lte]": bound}) == [port_out]
    assert await found(client, OUTS, {f"filter[{name}][gte]": bound}) == [later, port_out]


async def test_port_out_is_found_by_its_support_key(client, port_out):
    key = (await client.get(f"{OUTS}/{port_out}")).json()["data"]["support_key"]

    assert await found(client, OUTS, {"filter[support_key]": key}) == [port_out]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "gone"),
        ("status_in", "pending,gone"),
        ("foc_date", "soon"),
        ("foc_date", "2026-13-45"),
        ("inserted_at][gte", "x"),
    ],
)
async def test_wrong_filter_of_port_outs_is_refused(client, port_out, name, value):
    assert (await client.get(OUTS, params={f"filter[{name}]": value})).status_code == 422


async def test_rejection_codes_are_narrowed(client, port_out):
    async def codes(**query):
        answer = await client.get(f"{OUTS}/rejections/{port_out}", params=query)
        return [row["code"] for row in answer.json()["data"]]

    assert {1001, 1002} < set(await codes())
    assert await codes(**{"filter[code]": "1002"}) == [1002]
    assert await codes(**{"filter[code][in]": "1001,1002"}) == [1001, 1002]
    assert (
        await client.get(f"{OUTS}/rejections/{port_out}", params={"filter[code]": "x"})
    ).status_code == 422


@pytest.mark.parametrize("status", ["authorized", "rejected-pending"])
async def test_decision_moves_a_pending_port_out(api, client, port_out, status):
    body = {"reason": "Customer did not ask for this", "rejection_code": 1001, "host_messaging": True}

    answer = await client.patch(f"{OUTS}/{port_out}/{status}", json=body)
    again = await client.patch(f"{OUTS}/{port_out}/{status}", json=body)

    assert answer.json()["data"]["status"] == status == api.events("port_out")[-1]["payload"]["status"]
    assert answer.json()["data"]["reason"] == (body["reason"] if status == "rejected-pending" else None)
    assert (again.status_code, len(api.events("port_out"))) == (422, 2)


@pytest.mark.parametrize(
    ("status", "body", "answered"),
    [
        ("ported", {"reason": "x"}, 422),
        ("authorized", {}, 422),
        ("authorized", {"reason": None}, 422),
        ("authorized", {"reason": ""}, 200),
        ("rejected-pending", {"reason": ""}, 422),
        ("rejected-pending", {"reason": "x", "rejection_code": 9}, 422),
        ("rejected-pending", {"reason": "x", "rejection_code": True}, 422),
        ("rejected-pending", {"reason": "x", "host_messaging": "no"}, 422),
        ("rejected-pending", [], 422),
    ],
)
async def test_decision_needs_a_right_body(client, port_out, status, body, answered):
    answer = await client.patch(f"{OUTS}/{port_out}/{status}", json=body)

    assert answer.status_code == answered


async def test_decision_about_an_unknown_port_out_is_404(client):
    assert (await client.patch(f"{OUTS}/{UNKNOWN}/authorized", json={"reason": "x"})).status_code == 404
