from datetime import UTC, datetime, timedelta

import pytest

PORT_IN, PORT_OUT = "/porting/events", "/portouts/events"
HOUR = timedelta(hours=1)


async def ids(client, path=PORT_IN, **query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [event["id"] for event in answer.json()["data"]]


async def event_of(client, event_id, path=PORT_IN):
    answer = await client.get(f"{path}/{event_id}")
    assert answer.status_code == 200
    return answer.json()["data"]


async def test_every_type_of_event_fits_the_description(api, client, order, port_out):
    api.set_status(order, "submitted")
    api.set_status(order, "exception", details=[("ENTITY_NAME_MISMATCH", "Another name")])
    api.comment(order, "Send a bill", author="admin")
    api.comment(order, "Sent", author="user")
    api.split(order, ["+13125550124"])
    api.set_messaging(order, "activating")
    api.update_loa(order)
    api.expire_sharing_token(order)
    api.delete(order)
    api.comment(port_out, "Confirmed")
    api.set_foc(port_out, api.now() + HOUR)
    api.set_status(port_out, "rejected", details=[("1002", "Invalid PIN")])

    port_ins = (await client.get(PORT_IN)).json()["data"]
    port_outs = (await client.get(PORT_OUT)).json()["data"]

    assert len({event["event_type"] for event in port_ins}) == 7
    assert len({event["event_type"] for event in port_outs}) == 3
    for path, events in ((PORT_IN, port_ins), (PORT_OUT, port_outs)):
        assert [await event_of(client, event["id"], path) for event in events] == events


async def test_newest_event_comes_first_unless_told_otherwise(api, client, clock, order):
    first = api.set_status(order, "submitted")
    clock.pass_(seconds=1)
    second = api.set_status(order, "ported")

    newest_first = await ids(client)
    api.faults.order = "oldest_first"
    oldest_first = await ids(client)
    api.faults.order = "uuid"
    by_id = await ids(client)

    assert newest_first == [second, first]
    assert oldest_first == [first, second]
    assert by_id == sorted([first, second])


async def test_created_at_bounds_are_included_to_the_microsecond(api, client, clock, order):
    event = api.set_status(order, "submitted")
    at = clock.now

    def text(moment):
        return moment.isoformat()

    tick = timedelta(microseconds=1)
    assert await ids(
        client, **{"filter[created_at][gte]": text(at), "filter[created_at][lte]": text(at)}
    ) == [event]
    assert await ids(client, **{"filter[created_at][gte]": text(at + tick)}) == []
    assert await ids(client, **{"filter[created_at][lte]": text(at - tick)}) == []


async def test_deleted_event_has_its_dates_in_the_payload_and_is_found_by_them(api, client, clock, order):
    deleted = api.delete(order)
    clock.pass_(hours=1)
    other = api.add_port_in(reference=None, numbers=[], carrier="Onvoy", foc_requested=None)
    later = api.set_status(other, "submitted")

    shown = await event_of(client, deleted)

    assert not {"created_at", "updated_at", "record_type"} & shown.keys()
    assert shown["payload"]["created_at"] == "2026-11-24T12:00:00.123456Z"
    assert await ids(client) == [later, deleted]
    assert await ids(client, **{"filter[created_at][lte]": "2026-11-24T12:30:00Z"}) == [deleted]


async def test_filters_narrow_by_type_and_order(api, client, order, port_out):
    other = api.add_port_in(reference=None, numbers=[], carrier="Onvoy", foc_requested=None)
    moved, said = api.set_status(order, "submitted"), api.comment(order, "Hi")
    api.set_status(other, "submitted")
    asked = api.comment(port_out, "Hi")

    assert set(await ids(client, **{"filter[porting_order_id]": order})) == {moved, said}
    assert await ids(
        client, **{"filter[porting_order_id]": order.upper(), "filter[type]": "porting_order.new_comment"}
    ) == [said]
    assert await ids(client, PORT_OUT, **{"filter[event_type]": "portout.new_comment"}) == [asked]
    assert await ids(client, PORT_OUT, **{"filter[portout_id]": order}) == []


async def test_percent_encoded_brackets_are_brackets(api, client, order):
    said = api.comment(order, "Hi")
    api.set_status(order, "submitted")

    answer = await client.get(PORT_IN + "?filter%5Btype%5D=porting_order.new_comment&page%5Bsize%5D=1")

    assert [event["id"] for event in answer.json()["data"]] == [said]
    assert answer.json()["meta"]["page_size"] == 1


async def test_unknown_filter_is_ignored_unless_strict(api, client, order):
    event = api.set_status(order, "submitted")
    wrong_spelling = {"filter[event_type]": "porting_order.new_comment"}

    ignored = await ids(client, **wrong_spelling)
    api.faults.strict = True
    refused = await client.get(PORT_IN, params=wrong_spelling)
    unknown = await client.get(PORT_IN, params={"page[after]": "x"})
    known = await client.get(PORT_IN, params={"filter[created_at][gte]": "2026-01-01T00:00:00Z"})

    assert ignored == [event]
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["source"] == {"parameter": "filter[event_type]"}
    assert unknown.json()["errors"][0]["source"] == {"parameter": "page.after"}
    assert known.status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00.1+00:00",
        "2026-11-24T14:00:00+02:00",
        "2026-11-24T12:00:00",
    ],
)
async def test_every_spelling_of_a_moment_is_understood(api, client, order, value):
    event = api.set_status(order, "submitted")

    assert await ids(client, **{"filter[created_at][gte]": value}) == [event]


@pytest.mark.parametrize("size", [1, 7, 20, 250])
async def test_paging_gives_each_event_once(api, client, clock, order, size):
    for number in range(53):
        api.set_status(order, "submitted", created_at=clock.now + timedelta(seconds=number // 3))

    seen, page, pages = [], 1, 1
    while page <= pages:
        answer = (await client.get(PORT_IN, params={"page[size]": size, "page[number]": page})).json()
        pages, page = answer["meta"]["total_pages"], page + 1
        seen += [event["id"] for event in answer["data"]]

    assert len(seen) == len(set(seen)) == 53
    assert answer["meta"] == {
        "page_number": pages,
        "page_size": size,
        "total_pages": pages,
        "total_results": 53,
    }


async def test_page_past_the_end_is_empty(api, client, order):
    api.set_status(order, "submitted")

    answer = (await client.get(PORT_IN, params={"page[number]": 9})).json()

    assert answer == {
        "data": [],
        "meta": {"page_number": 9, "page_size": 20, "total_pages": 1, "total_results": 1},
    }


async def test_twenty_is_the_size_of_a_page(api, client, order):
    for _ in range(21):
        api.comment(order, "Hi")

    assert len(await ids(client)) == 20


async def test_republish_answers_204_and_makes_no_event(api, client, clock, order, port_out):
    event = api.set_status(order, "submitted")
    leaving = api.events("port_out")[0]["id"]

    first = await client.post(f"{PORT_IN}/{event}/republish", headers={"Content-Type": "application/json"})
    second = await client.post(f"{PORT_OUT}/{leaving}/republish")

    assert (first.status_code, first.content, second.status_code) == (204, b"", 204)
    assert api.republished == [(event, clock.now), (leaving, clock.now)]
    assert len(api.events("port_in")) == len(api.events("port_out")) == 1


async def test_long_list_is_answered_from_its_middle(api, client, order):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(3000):
        api.comment(order, "Hi", created_at=start + timedelta(minutes=number))

    query = {
        "filter[created_at][gte]": "2026-01-02T00:00:00Z",
        "filter[created_at][lte]": "2026-01-02T00:09:00Z",
    }
    answer = (await client.get(PORT_IN, params=query)).json()

    assert answer["meta"]["total_results"] == 10
    assert answer["data"][-1]["created_at"] == "2026-01-02T00:00:00.000000Z"
