"""The exact HTTP cases of the client."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import respx

from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError, UnclearAnswerError
from bot.telnyx.events import Source
from bot.telnyx.transport import Transport

BASE = "https://telnyx.test/v2"
EVENTS = f"{BASE}/porting/events"
SINCE = datetime(2026, 11, 1, 12, 30, 0, 250_000, tzinfo=UTC)
EVENT = {
    "id": "e1",
    "event_type": "porting_order.status_changed",
    "porting_order_id": "o1",
    "payload": {"id": "o1", "status": {"value": "ported", "details": []}},
    "created_at": "2026-11-01T12:31:00.000000Z",
}


def listed(*rows, **meta):
    return httpx.Response(200, json={"data": list(rows), "meta": meta})


@respx.mock
async def test_event_page_asks_with_the_names_of_its_list(telnyx):
    port_in = respx.get(EVENTS).mock(return_value=listed())
    port_out = respx.get(f"{BASE}/portouts/events").mock(return_value=listed())

    await telnyx.event_page(
        Source.PORT_IN, since=SINCE, number=3, event_type="porting_order.split", order_id="o"
    )
    await telnyx.event_page(Source.PORT_OUT, until=SINCE, event_type="portout.new_comment", order_id="p")

    assert dict(port_in.calls.last.request.url.params) == {
        "filter[created_at][gte]": "2026-11-01T12:30:00.250000Z",
        "filter[type]": "porting_order.split",
        "filter[porting_order_id]": "o",
        "page[number]": "3",
        "page[size]": "250",
    }
    assert dict(port_out.calls.last.request.url.params) == {
        "filter[created_at][lte]": "2026-11-01T12:30:00.250000Z",
        "filter[event_type]": "portout.new_comment",
        "filter[portout_id]": "p",
        "page[number]": "1",
        "page[size]": "250",
    }
    assert port_in.calls.last.request.headers["authorization"] == "Bearer KEY_CANARY"


async def test_answer_without_an_end_is_not_read_to_it(metrics, clock, monkeypatch):
    monkeypatch.setattr("bot.telnyx.unpacking.LARGEST_BODY", 1000)
    read = []

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            while True:
                read.append(500)
                yield b" " * 500

    server = httpx.MockTransport(lambda _: httpx.Response(200, stream=Endless()))
    async with httpx.AsyncClient(transport=server, base_url=BASE) as http:
        with pytest.raises(TelnyxUnavailableError, match="too large") as unavailable:
            await Transport(http, metrics, clock).ask("port_in_events", "/porting/events")

    assert (unavailable.value.kind, sum(read)) == ("too_large", 1500)
    assert b'operation="port_in_events",status="too_large"} 1.0' in metrics.render()


@respx.mock
async def test_page_tells_what_meta_and_date_say(telnyx):
    answer = listed(EVENT, total_pages=3, total_results=55, page_size=25)
    answer.headers["date"] = "Sun, 01 Nov 2026 12:32:00 GMT"
    respx.get(EVENTS).mock(return_value=answer)

    page = await telnyx.event_page(Source.PORT_IN)

    assert (page.total_pages, page.total_results, page.page_size) == (3, 55, 25)
    assert page.server_time == datetime(2026, 11, 1, 12, 32, tzinfo=UTC)
    assert [row.event_id for row in page.rows] == ["e1"]


@pytest.mark.parametrize(
    "body", [{"data": [EVENT]}, {"data": [EVENT], "meta": None}, {"data": [EVENT], "meta": 5}]
)
@respx.mock
async def test_page_without_meta_is_a_page(telnyx, body):
    respx.get(EVENTS).mock(return_value=httpx.Response(200, json=body, headers={"date": "yesterday"}))

    page = await telnyx.event_page(Source.PORT_IN)

    assert len(page.rows) == 1
    assert page.total_pages is page.total_results is page.page_size is page.server_time is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>Maintenance</html>", "not_json"),
        (json.dumps({"data": [EVENT]}).encode()[:-20], "not_json"),
        (b"", "not_json"),
        (b'{"data": null, "meta": {}}', "wrong_shape"),
        (b'{"data": {"id": "e1"}}', "wrong_shape"),
        (b'{"meta": {}}', "wrong_shape"),
        (b"[]", "wrong_shape"),
    ],
)
@respx.mock
async def test_success_that_is_no_list_is_worth_trying_again(telnyx, body, kind):
    respx.get(EVENTS).mock(return_value=httpx.Response(200, content=body))

    with pytest.raises(TelnyxUnavailableError) as trouble:
        await telnyx.event_page(Source.PORT_IN)

    assert trouble.value.kind == kind


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "999999999"}, 3600),
        ({"Retry-After": "Sun, 01 Nov 2026 12:00:30 GMT", "Date": "Sun, 01 Nov 2026 12:00:00 GMT"}, 30),
        ({"x-ratelimit-reset": "12"}, 12),
        ({"Retry-After": "7", "x-ratelimit-reset": "12"}, 7),
        ({"Retry-After": "soon", "x-ratelimit-reset": "12"}, 12),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "1793534430", "Date": "Sun, 01 Nov 2026 12:00:00 GMT"}, 30),
        ({}, None),
    ],
)
@respx.mock
async def test_rate_limit_says_how_long_to_wait(telnyx, headers, seconds):
    respx.get(EVENTS).mock(return_value=httpx.Response(429, headers=headers))

    with pytest.raises(TelnyxUnavailableError) as trouble:
        await telnyx.event_page(Source.PORT_IN)

    assert trouble.value.kind == "rate_limited"
    assert trouble.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.Response(500, text="<html>"), "http_5xx"),
        (httpx.Response(503, json={}), "http_5xx"),
        (httpx.Response(408), "http_408"),
        (httpx.ConnectError("no route"), "connect"),
        (httpx.ConnectTimeout("slow"), "connect"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (TimeoutError(), "timeout"),
        (httpx.RemoteProtocolError("gone"), "lost"),
        (httpx.ReadError("reset"), "lost"),
    ],
)
@respx.mock
async def test_trouble_of_the_moment_is_worth_trying_again(telnyx, failure, kind):
    respx.get(EVENTS).mock(**{"side_effect" if isinstance(failure, Exception) else "return_value": failure})

    with pytest.raises(TelnyxUnavailableError) as trouble:
        await telnyx.event_page(Source.PORT_IN)

    assert trouble.value.kind == kind


@respx.mock
async def test_wrong_key_is_refused_and_named(telnyx):
    respx.get(EVENTS).mock(return_value=httpx.Response(401, json={"errors": [{"detail": "Bad key"}]}))

    with pytest.raises(TelnyxRefusedError, match="TELNYX_API_KEY") as refusal:
        await telnyx.event_page(Source.PORT_IN)

    assert refusal.value.status == 401


@respx.mock
async def test_redirect_is_refused_and_not_followed(telnyx):
    other = respx.get("https://elsewhere.test/v2/porting/events")
    respx.get(EVENTS).mock(
        return_value=httpx.Response(307, headers={"Location": "https://elsewhere.test/v2/porting/events"})
    )

    with pytest.raises(TelnyxRefusedError) as refusal:
        await telnyx.event_page(Source.PORT_IN)

    assert refusal.value.status == 307
    assert not other.called


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"errors": [{"code": "10033", "title": "Out of range", "detail": "Page is 0"}]}, "Page is 0"),
        ({"errors": [{"title": "Out of range"}]}, "Out of range"),
        ({"errors": [{"detail": "The PIN 4321 is wrong"}]}, "The PIN •••• is wrong"),
        ({"errors": "none"}, ""),
        ([1], ""),
    ],
)
@respx.mock
async def test_refusal_shows_what_telnyx_says(telnyx, body, detail):
    respx.get(EVENTS).mock(return_value=httpx.Response(422, json=body))

    with pytest.raises(TelnyxRefusedError) as refusal:
        await telnyx.event_page(Source.PORT_IN)

    assert refusal.value.detail == detail


@respx.mock
async def test_refusal_in_html_shows_its_status_only(telnyx):
    respx.get(EVENTS).mock(return_value=httpx.Response(403, text="<html>secret page</html>"))

    with pytest.raises(TelnyxRefusedError, match=r"refused the request \(403\)\.$") as refusal:
        await telnyx.event_page(Source.PORT_IN)

    assert refusal.value.detail == ""


@respx.mock
async def test_numbers_are_read_to_the_last_page_and_no_further_than_a_thousand(telnyx):
    row = {"phone_number": "+13035550100", "porting_order_id": "o1"}
    route = respx.get(f"{BASE}/porting_phone_numbers").mock(return_value=listed(*[row] * 250))

    assert len(await telnyx.order_numbers("o1")) == 1_000
    assert route.call_count == 4


@respx.mock
async def test_requests_are_counted_by_operation_and_status(telnyx, metrics):
    respx.get(EVENTS).mock(side_effect=[listed(), httpx.Response(500), httpx.ReadTimeout("slow")])

    await telnyx.event_page(Source.PORT_IN)
    for _ in range(2):
        with pytest.raises(TelnyxUnavailableError):
            await telnyx.event_page(Source.PORT_IN)

    counted = metrics.render().decode()
    for status in ("200", "500", "timeout"):
        line = f'portwire_telnyx_requests_total{{operation="port_in_events",status="{status}"}} 1.0'
        assert line in counted


@respx.mock
async def test_shown_event_is_read_like_a_listed_one(telnyx):
    respx.get(f"{EVENTS}/e1").mock(return_value=httpx.Response(200, json={"data": EVENT}))

    event = await telnyx.show_event(Source.PORT_IN, "e1")

    assert (event.event_id, event.status, event.order_id) == ("e1", "ported", "o1")


@pytest.mark.parametrize("status", [404, 422])
@respx.mock
async def test_unknown_event_is_none(telnyx, status):
    respx.get(f"{EVENTS}/e1").mock(return_value=httpx.Response(status, json={}))

    assert await telnyx.show_event(Source.PORT_IN, "e1") is None


@pytest.mark.parametrize("typed", ["../porting_orders", "..", "a/b", "", "e1?x=1", "e" * 129])
@respx.mock
async def test_what_is_no_id_is_never_asked(telnyx, typed):
    assert await telnyx.show_event(Source.PORT_IN, typed) is None
    assert await telnyx.order(Source.PORT_OUT, typed) is None
    with pytest.raises(TelnyxRefusedError):
        await telnyx.republish(Source.PORT_IN, typed)

    assert not respx.calls


@pytest.mark.parametrize("body", [{"data": None}, {}, {"data": {"event_type": "x"}}])
@respx.mock
async def test_shown_event_without_an_id_is_trouble(telnyx, body):
    respx.get(f"{EVENTS}/e1").mock(return_value=httpx.Response(200, json=body))

    with pytest.raises(TelnyxUnavailableError):
        await telnyx.show_event(Source.PORT_IN, "e1")


@respx.mock
async def test_shown_order_without_an_id_is_trouble(telnyx):
    respx.get(f"{BASE}/porting_orders/o1").mock(return_value=httpx.Response(200, json={"data": []}))

    with pytest.raises(TelnyxUnavailableError):
        await telnyx.order(Source.PORT_IN, "o1")


@respx.mock
async def test_wrong_key_is_not_taken_for_an_unknown_order(telnyx):
    respx.get(f"{BASE}/porting_orders/o1").mock(return_value=httpx.Response(401))

    with pytest.raises(TelnyxRefusedError):
        await telnyx.order(Source.PORT_IN, "o1")


@respx.mock
async def test_orders_without_an_id_are_left_out(telnyx):
    rows = [{"id": "p1", "status": "pending"}, {"status": "pending"}, 5]
    respx.get(f"{BASE}/portouts").mock(return_value=listed(*rows, total_pages="many"))

    page = await telnyx.orders(Source.PORT_OUT, {"filter[pon]": "77"})

    assert [order.order_id for order in page.orders] == ["p1"]
    assert page.total_pages is None
    assert respx.calls.last.request.url.params["filter[pon]"] == "77"


@respx.mock
async def test_orders_answer_that_is_no_list_is_trouble(telnyx):
    respx.get(f"{BASE}/portouts").mock(return_value=httpx.Response(200, text="<html>"))

    with pytest.raises(TelnyxUnavailableError):
        await telnyx.orders(Source.PORT_OUT)


@respx.mock
async def test_numbers_of_other_orders_are_left_out(telnyx):
    rows = [
        {"phone_number": "+13035550100", "porting_order_id": "o1"},
        {"phone_number": "+13035550199", "porting_order_id": "o2"},
        {"phone_number": None, "porting_order_id": "o1"},
    ]
    respx.get(f"{BASE}/porting_phone_numbers").mock(return_value=listed(*rows))

    assert await telnyx.order_numbers("o1") == ["+13035550100"]


@respx.mock
async def test_numbers_are_read_to_the_last_page_however_small_telnyx_makes_them(telnyx):
    pages = [
        listed({"phone_number": f"+1303555010{n}", "porting_order_id": "o1"}, total_pages=3) for n in range(3)
    ]
    asked = respx.get(f"{BASE}/porting_phone_numbers").mock(side_effect=pages)

    assert await telnyx.order_numbers("o1") == [f"+1303555010{n}" for n in range(3)]
    assert asked.call_count == 3


@respx.mock
async def test_rest_that_telnyx_asks_for_holds_for_every_call(telnyx, clock):
    limited = httpx.Response(429, headers={"Retry-After": "20"})
    events = respx.get(EVENTS).mock(side_effect=[limited, listed()])
    orders = respx.get(f"{BASE}/portouts").mock(return_value=listed())
    with pytest.raises(TelnyxUnavailableError):
        await telnyx.event_page(Source.PORT_IN)
    clock.forward(seconds=15)

    with pytest.raises(TelnyxUnavailableError) as held:
        await telnyx.orders(Source.PORT_OUT)
    while_resting = orders.call_count
    clock.forward(seconds=5)
    await telnyx.event_page(Source.PORT_IN)

    assert (held.value.kind, held.value.retry_after) == ("rate_limited", timedelta(seconds=5))
    assert (while_resting, events.call_count) == (0, 2)


@respx.mock
async def test_limits_that_every_answer_tells_are_no_rest_after_another_error(telnyx):
    respx.get(EVENTS).mock(return_value=httpx.Response(500, headers={"x-ratelimit-reset": "55"}))

    with pytest.raises(TelnyxUnavailableError) as trouble:
        await telnyx.event_page(Source.PORT_IN)

    assert trouble.value.retry_after is None


@respx.mock
async def test_republish_is_one_request_without_a_body(telnyx):
    route = respx.post(f"{EVENTS}/e1/republish").mock(return_value=httpx.Response(204))

    await telnyx.republish(Source.PORT_IN, "e1")

    assert route.call_count == 1
    assert route.calls.last.request.content == b""


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.Response(404, json={}), TelnyxRefusedError),
        (httpx.Response(422, json={}), TelnyxRefusedError),
        (httpx.Response(429), TelnyxUnavailableError),
        (httpx.ConnectError("no route"), TelnyxUnavailableError),
        (httpx.Response(500), UnclearAnswerError),
        (httpx.Response(408), UnclearAnswerError),
        (httpx.ReadTimeout("slow"), UnclearAnswerError),
        (httpx.RemoteProtocolError("gone"), UnclearAnswerError),
    ],
)
@respx.mock
async def test_failed_republish_is_not_tried_again_and_says_whether_it_is_sure(telnyx, failure, error):
    route = respx.post(f"{EVENTS}/e1/republish")
    route.mock(**{"side_effect" if isinstance(failure, Exception) else "return_value": failure})

    with pytest.raises(error):
        await telnyx.republish(Source.PORT_IN, "e1")

    assert route.call_count == 1


@pytest.mark.parametrize(
    ("url", "trusted"), [("http://127.0.0.1:9/v2", False), ("https://telnyx.test/v2/", True)]
)
async def test_proxy_of_the_environment_is_for_the_outside_only(metrics, monkeypatch, url, trusted):
    monkeypatch.setenv("ALL_PROXY", "http://proxy.test:3128")

    async with Telnyx.open(url, "KEY", metrics) as client:
        assert client.transport.http.trust_env is trusted
        assert str(client.transport.http.base_url).endswith("/v2/")
