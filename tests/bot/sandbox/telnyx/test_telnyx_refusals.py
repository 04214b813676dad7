import pytest

PORT_IN, PORT_OUT = "/porting/events", "/portouts/events"


@pytest.mark.parametrize(
    "path", [PORT_IN, PORT_OUT, "/porting_orders", "/portouts", "/porting_phone_numbers"]
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "251"),
        ("size", "0"),
        ("size", "-1"),
        ("size", "ten"),
        ("size", ""),
        ("number", "0"),
        ("number", "1.5"),
    ],
)
async def test_wrong_page_is_refused(client, path, name, value):
    answer = await client.get(path, params={f"page[{name}]": value})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"] == {"parameter": f"page[{name}]"}


@pytest.mark.parametrize("path", [PORT_IN, PORT_OUT])
@pytest.mark.parametrize("bound", ["gte", "lte"])
@pytest.mark.parametrize(
    "value", ["yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24", "", "1763985600"]
)
async def test_wrong_date_is_refused(client, path, bound, value):
    answer = await client.get(path, params={f"filter[created_at][{bound}]": value})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        (PORT_IN, "type", "portout.new_comment"),
        (PORT_IN, "porting_order_id", "sr_123"),
        (PORT_OUT, "event_type", "porting_order.split"),
        (PORT_OUT, "portout_id", "PO_123"),
    ],
)
async def test_wrong_value_of_a_known_filter_is_refused(client, path, name, value):
    answer = await client.get(path, params={f"filter[{name}]": value})

    assert answer.status_code == 422


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "nonsense"])
async def test_unknown_event_is_404(api, client, order, port_out, unknown):
    event = api.set_status(order, "submitted")

    answers = [
        await client.get(f"{PORT_IN}/{unknown}"),
        await client.get(f"{PORT_OUT}/{unknown}"),
        await client.post(f"{PORT_IN}/{unknown}/republish"),
        await client.post(f"{PORT_OUT}/{event}/republish"),
        await client.get(f"{PORT_OUT}/{event}"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert api.republished == []


@pytest.mark.parametrize(
    "key", [None, "Bearer KEY_OTHER", "Bearer", "Basic KEY_SANDBOX", "KEY_SANDBOX", "Bearer KEY_SÄNDBOX"]
)
async def test_wrong_key_is_401_whatever_is_asked(client, key):
    client.headers.pop("Authorization")
    headers = {} if key is None else {"Authorization": key.encode()}

    answers = [await client.get(path, headers=headers) for path in (PORT_IN, "/portouts", "/nonsense")]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


async def test_singular_path_of_port_out_events_is_404(client):
    answer = await client.get("/portout/events")

    assert answer.status_code == 404


async def test_wrong_method_is_405(client):
    answer = await client.delete(PORT_IN)

    assert answer.status_code == 405


async def test_parameter_without_sense_is_ignored(client):
    answer = await client.get(PORT_IN + "?fil[ter=1&=&page=7&filter=8&[x]=9")

    assert answer.status_code == 200
