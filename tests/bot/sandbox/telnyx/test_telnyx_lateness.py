from datetime import timedelta

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


async def test_late_payload_is_null_until_it_is_due(api, client, clock, order):
    event = api.comment(order, "Hi", payload_after=timedelta(seconds=30))
    early = await event_of(client, event)

    clock.pass_(seconds=30)
    late = await event_of(client, event)

    assert (early["payload"], early["payload_status"], early["updated_at"]) == (
        None,
        "created",
        early["created_at"],
    )
    assert (late["payload"]["comment"]["body"], late["payload_status"]) == ("Hi", "completed")
    assert late["updated_at"] == "2026-11-24T12:00:30.123456Z"
    assert late["created_at"] == early["created_at"]


async def test_late_payload_of_a_deleted_event_brings_its_dates(api, client, clock, order):
    event = api.delete(order, payload_after=timedelta(seconds=30))
    early = await event_of(client, event)

    clock.pass_(seconds=31)
    late = await event_of(client, event)

    assert early["payload"] is None
    assert late["payload"]["updated_at"] == "2026-11-24T12:00:30.123456Z"
    assert await ids(client, **{"filter[created_at][lte]": late["payload"]["created_at"]}) == [event]


async def test_event_without_webhook_never_gets_a_payload(api, client, clock, order):
    event = api.update_loa(order, payload_after=timedelta(seconds=1))

    clock.pass_(days=1)

    assert (await event_of(client, event))["payload"] is None


async def test_event_that_is_listed_late_takes_its_place_by_creation(api, client, clock, order):
    heard = []
    api.on_event.append(lambda source, event: heard.append((source, event["id"])))
    late = api.set_status(order, "submitted", listed_after=HOUR)
    clock.pass_(minutes=1)
    other = api.comment(order, "Hi")
    before = await ids(client)
    unknown = await client.get(f"{PORT_IN}/{late}")

    clock.pass_(hours=1)
    after = await ids(client)

    assert (before, unknown.status_code) == ([other], 404)
    assert after == [other, late]
    assert heard == [("port_in", other), ("port_in", late)]


async def test_removed_event_shifts_the_pages(api, client, clock, order):
    events = []
    for _ in range(4):
        events.append(api.set_status(order, "submitted"))
        clock.pass_(seconds=1)
    waiting = api.set_status(order, "ported", listed_after=HOUR)

    api.remove_event(events[3])
    api.remove_event(waiting)
    clock.pass_(hours=2)

    assert await ids(client, **{"page[size]": 2, "page[number]": 2}) == [events[0]]
    assert await ids(client, **{"filter[porting_order_id]": order}) == events[2::-1]


async def test_odd_rows_are_listed_as_they_are(api, raw, clock):
    rows = [
        {"id": "e1", "event_type": "porting_order.born", "created_at": "2026-11-24T11:00:00Z", "new": [1]},
        {"no": "id"},
        None,
        "text",
        {"id": 7, "payload": "\ud800", "created_at": 12},
    ]
    for row in rows:
        api.add_event("port_in", row)

    answer = await raw.get(PORT_IN)

    assert sorted(map(str, answer.json()["data"])) == sorted(map(str, rows))
    assert (await ids(raw, **{"filter[created_at][lte]": "2026-11-24T11:00:00Z"})) == ["e1"]


async def test_raw_event_can_get_its_payload_late(api, raw, clock):
    event = {"id": "e1", "payload": {"a": 1}, "created_at": "2026-11-24T11:00:00Z", "updated_at": "x"}
    api.add_event("port_out", event, payload_after=HOUR)

    assert (await event_of(raw, "e1", PORT_OUT))["payload"] is None
    clock.pass_(hours=1)
    assert (await event_of(raw, "e1", PORT_OUT))["payload"] == {"a": 1}


async def test_listeners_hear_of_due_events_while_nobody_asks(api, clock, order):
    heard = []
    api.on_event.append(lambda *heard_of: heard.append(heard_of[1]["id"]))
    late = api.set_status(order, "submitted", listed_after=HOUR)

    clock.pass_(hours=1)
    api.settle()

    assert heard == [late]
