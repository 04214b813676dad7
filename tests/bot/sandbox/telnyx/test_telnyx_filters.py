from datetime import timedelta

import pytest

ORDERS, NUMBERS = "/porting_orders", "/porting_phone_numbers"


async def found(client, path, query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [row.get("id") or row["phone_number"] for row in answer.json()["data"]]


@pytest.fixture
def acme(api, order):
    """An order that every filter below finds, beside another that none finds."""
    api.port_ins.pop(order)
    acme = api.add_port_in(
        reference="ACME-42",
        group_reference="Group-1",
        parent_support_key="pr_123",
        numbers=["+13125559999"],
        carrier="Onvoy",
        foc_requested=api.now() + timedelta(days=3),
        entity_name="Acme Ltd",
        person_name="Kim Acme",
    )
    api.port_ins[acme].port_type, api.port_ins[acme].status = "partial", "submitted"
    other = api.add_port_in(
        reference="OTHER",
        numbers=["+442079460123"],
        carrier="BT",
        foc_requested=api.now() + timedelta(days=9),
    )
    api.port_ins[other].fast_port = False
    return acme


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter[customer_reference]", "acme-42"),
        ("filter[customer_group_reference]", "Group-1"),
        ("filter[parent_support_key]", "pr_123"),
        ("filter[phone_numbers][country_code]", "US"),
        ("filter[phone_numbers.country_code]", "US"),
        ("filter[phone_numbers][carrier_name]", "onvoy"),
        ("filter[phone_numbers.carrier_name]", "Onvoy"),
        ("filter[phone_numbers][phone_number][contains]", "+1312555"),
        ("filter[phone_numbers.phone_number][contains]", "5559999"),
        ("filter[misc][type]", "partial"),
        ("filter[misc.type]", "partial"),
        ("filter[end_user][admin][entity_name]", "Acme Ltd"),
        ("filter[end_user.admin.auth_person_name]", "Kim Acme"),
        ("filter[activation_settings][fast_port_eligible]", "true"),
        ("filter[activation_settings][foc_datetime_requested][lt]", "2026-11-30T00:00:00Z"),
        ("filter[status]", "submitted"),
        ("filter[status][]", "submitted"),
        ("filter[status][in][]", "submitted"),
        ("filter[status][in]", "submitted,ported"),
    ],
)
async def test_filter_finds_the_order(api, client, acme, name, value):
    api.faults.strict = True

    assert await found(client, ORDERS, {name: value}) == [acme]


async def test_repeated_and_comma_joined_values_are_alike(client, acme):
    repeated = await found(
        client, ORDERS, [("filter[status][in][]", "submitted"), ("filter[status][in][]", "draft")]
    )
    joined = await found(client, ORDERS, {"filter[status]": "submitted,draft"})

    assert len(repeated) == len(joined) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter[status]", "done"),
        ("filter[misc][type]", "some"),
        ("filter[activation_settings][fast_port_eligible]", "perhaps"),
        ("filter[activation_settings][foc_datetime_requested][gt]", "soon"),
        ("sort[value]", "carrier"),
    ],
)
async def test_wrong_filter_of_orders_is_refused(client, acme, name, value):
    assert (await client.get(ORDERS, params={name: value})).status_code == 422


@pytest.mark.parametrize("name", ["sort[value]", "sort[]"])
async def test_orders_are_sorted_as_asked(api, client, clock, name):
    soon, late = clock.now + timedelta(days=1), clock.now + timedelta(days=9)
    first = api.add_port_in(reference=None, numbers=[], carrier="Onvoy", foc_requested=late)
    clock.pass_(seconds=1)
    second = api.add_port_in(reference=None, numbers=[], carrier="Onvoy", foc_requested=soon)

    assert await found(client, ORDERS, {}) == [second, first]
    assert await found(client, ORDERS, {name: "created_at"}) == [first, second]
    assert await found(client, ORDERS, {name: "-activation_settings.foc_datetime_requested"}) == [
        first,
        second,
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter[porting_order_status]", "submitted"),
        ("filter[porting_order_id]", "ID"),
        ("filter[porting_order_id][in][]", "ID"),
        ("filter[phone_number]", "13125559999"),
        ("filter[phone_number][in][]", "+1 312 555 9999"),
    ],
)
async def test_filter_finds_the_number(client, acme, name, value):
    assert await found(client, NUMBERS, {name: value.replace("ID", acme)}) == ["+13125559999"]


async def test_support_key_filter_finds_the_number(api, client, acme):
    key = api.port_ins[acme].support_key

    for name in ("filter[support_key]", "filter[support_key][eq]", "filter[support_key][in][]"):
        assert await found(client, NUMBERS, {name: key}) == ["+13125559999"]


async def test_phone_numbers_url_of_an_order_works(client, order):
    url = (await client.get(f"{ORDERS}/{order}")).json()["meta"]["phone_numbers_url"]

    assert len(await found(client, url.removeprefix("/v2"), None)) == 3
