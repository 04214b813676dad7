import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from bot.sandbox import telnyx_api
from bot.sandbox.telnyx.faults import NextFailure
from bot.sandbox.telnyx_api import TelnyxApi

PORT_IN = "/porting/events"


@pytest.fixture
def event(api, order):
    return api.set_status(order, "submitted")


@pytest.mark.parametrize("down", [True, "drop"])
async def test_telnyx_that_is_down_hangs_up(api, raw, event, down):
    api.faults.down = down

    with pytest.raises(httpx.TransportError):
        await raw.get(PORT_IN)

    assert api.requests[-1].status == 0


async def test_telnyx_that_is_down_may_answer_with_a_proxys_page(api, raw, event):
    api.faults.down = "503"

    answer = await raw.get(PORT_IN)

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (503, "text/html")


async def test_stopped_server_refuses_connections_and_comes_back_on_its_port(api, raw, event):
    port = api.port
    await api.stop()
    with pytest.raises(httpx.ConnectError):
        await raw.get(PORT_IN)

    await api.start(port=port)

    assert (await raw.get(PORT_IN)).json()["data"][0]["id"] == event


async def test_slow_answer_outlasts_a_short_timeout(api, raw, event):
    api.faults.slow_s = 0.3
    began = time.monotonic()

    with pytest.raises(httpx.ReadTimeout):
        await raw.get(PORT_IN, timeout=0.05)
    await raw.get(PORT_IN)

    assert time.monotonic() - began > 0.3


@pytest.mark.parametrize(
    ("kind", "status", "media"),
    [
        ("500", 500, "application/json"),
        ("500_html", 500, "text/html"),
        ("502", 502, "text/html"),
        ("503", 503, "text/html"),
        ("403", 403, "application/json"),
        ("429", 429, "application/json"),
        ("html_200", 200, "text/html"),
    ],
)
@pytest.mark.usefixtures("event")
async def test_error_rate_of_one_spoils_every_answer(api, raw, kind, status, media):
    api.faults.error_rate, api.faults.error_kind = 1.0, kind

    answer = await raw.get(PORT_IN)

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, media)


async def test_error_rate_spoils_about_that_share(api, raw, event):
    api.faults.error_rate, api.faults.error_kind = 0.5, "500"

    statuses = [(await raw.get(PORT_IN)).status_code for _ in range(60)]

    assert 15 < statuses.count(500) < 45
    assert set(statuses) == {200, 500}


async def test_cut_json_is_no_json(api, raw, event):
    api.faults.next_failures.append(NextFailure("cut_json"))

    answer = await raw.get(PORT_IN)

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


async def test_wrong_types_are_wrong_all_over(api, raw, event):
    api.faults.next_failures.append(NextFailure("wrong_types"))

    body = (await raw.get(PORT_IN)).json()

    assert (body["data"][0]["id"], body["meta"]["total_pages"]) == (7, "1")


async def test_null_data_keeps_the_meta(api, raw, event):
    api.faults.next_failures.append(NextFailure("null_data"))

    body = (await raw.get(PORT_IN)).json()

    assert (body["data"], body["meta"]["total_results"]) == (None, 1)


async def test_next_failure_hits_the_path_and_method_that_it_names_once(api, raw, event):
    api.faults.next_failures.append(
        NextFailure("503", path="/porting/events", method="POST", retry_after="7")
    )

    listed = await raw.get(PORT_IN)
    failed = await raw.post(f"{PORT_IN}/{event}/republish")
    done = await raw.post(f"{PORT_IN}/{event}/republish")

    assert (listed.status_code, failed.status_code, done.status_code) == (200, 503, 204)
    assert failed.headers["retry-after"] == "7"
    assert len(api.republished) == 1


async def test_dropped_request_is_not_done(api, raw, event):
    api.faults.next_failures.append(NextFailure("drop"))

    with pytest.raises(httpx.TransportError):
        await raw.post(f"{PORT_IN}/{event}/republish")

    assert api.republished == []


async def test_lost_answer_of_a_republish_is_done(api, raw, event):
    api.faults.republish_status = "lost"

    with pytest.raises(httpx.TransportError):
        await raw.post(f"{PORT_IN}/{event}/republish")
    listed = await raw.get(PORT_IN)

    assert [seen for seen, _ in api.republished] == [event]
    assert listed.status_code == 200


@pytest.mark.parametrize("status", [404, 422, 500])
async def test_refused_republish_is_not_done(api, raw, event, status):
    api.faults.republish_status = status

    answer = await raw.post(f"{PORT_IN}/{event}/republish")

    assert (answer.status_code, api.republished) == (status, [])
    assert answer.json()["errors"][0]["detail"]


async def test_rate_limit_tells_when_to_come_back_and_ends_after_its_requests(api, client, event):
    api.faults.rate_limited = {"retry_after": "1", "reset": "3", "requests": 1}

    limited, free = await client.get(PORT_IN), await client.get(PORT_IN)

    assert (limited.status_code, free.status_code) == (429, 200)
    assert (limited.headers["retry-after"], limited.headers["x-ratelimit-reset"]) == ("1", "3")


async def test_rate_limit_without_a_number_lasts(api, client, event):
    api.faults.rate_limited = {}

    answers = [await client.get(PORT_IN) for _ in range(3)]
    api.faults.rate_limited = None

    assert [answer.status_code for answer in answers] == [429, 429, 429]
    assert "retry-after" not in answers[0].headers
    assert (await client.get(PORT_IN)).status_code == 200


async def test_revoked_key_is_401(api, client, event):
    api.faults.unauthorized = True

    assert (await client.get(PORT_IN)).status_code == 401


async def test_meta_may_be_missing(api, raw, event):
    api.faults.no_meta = True

    assert (await raw.get(PORT_IN)).json().keys() == {"data"}
    assert (await raw.get("/porting_orders")).json().keys() == {"data"}


async def test_total_pages_may_lie(api, raw, event):
    api.faults.odd_meta = {"total_pages": 9}

    assert (await raw.get(PORT_IN)).json()["meta"]["total_pages"] == 9


async def test_page_size_may_be_cut_quietly(api, raw, order):
    for _ in range(5):
        api.comment(order, "Hi")
    api.faults.max_page_size = 2

    body = (await raw.get(PORT_IN, params={"page[size]": 250})).json()

    assert (len(body["data"]), body["meta"]["page_size"], body["meta"]["total_pages"]) == (2, 2, 3)


async def test_date_is_the_worlds_clock_and_may_be_off_or_missing(api, raw, clock, event):
    async def date():
        return (await raw.get(PORT_IN)).headers.get("date")

    right = await date()
    api.faults.date_skew = timedelta(hours=2)
    off = await date()
    api.faults.no_date_header = True

    assert parsedate_to_datetime(right) == clock.now.replace(microsecond=0)
    assert parsedate_to_datetime(off) - parsedate_to_datetime(right) == timedelta(hours=2)
    assert await date() is None


async def test_requests_are_noted_with_what_was_asked(api, raw, clock, event):
    await raw.get(PORT_IN, params={"page[size]": 5})
    await raw.post(f"{PORT_IN}/{event}/republish")

    noted = [(seen.method, seen.path, seen.query, seen.status) for seen in api.requests]
    assert noted == [
        ("GET", "/v2/porting/events", {"page[size]": "5"}, 200),
        ("POST", f"/v2/porting/events/{event}/republish", {}, 204),
    ]
    assert api.requests[0].at == clock.now


async def test_dropped_request_of_a_client_that_left_is_noted(api, raw, event):
    api.faults.slow_s, api.faults.down = 0.2, True

    with pytest.raises(httpx.ReadTimeout):
        await raw.get(PORT_IN, timeout=0.05)
    await api.stop()

    assert api.requests[-1].status == 0


async def test_answer_without_a_body_cannot_be_spoiled(api, raw, event):
    api.faults.next_failures.append(NextFailure("null_data"))

    assert (await raw.post(f"{PORT_IN}/{event}/republish")).status_code == 204


async def test_only_the_newest_requests_are_kept(api, raw, event, monkeypatch):
    monkeypatch.setattr(telnyx_api, "NEWEST_REQUESTS", 2)

    for _ in range(5):
        await raw.get(PORT_IN)

    assert len(api.requests) == 2


async def test_stopping_twice_is_fine(api):
    await api.stop()
    await api.stop()


async def test_world_runs_on_the_real_clock_unless_told_otherwise():
    api = TelnyxApi()
    order = api.add_port_in(reference=None, numbers=[], carrier="Onvoy", foc_requested=None)

    api.set_status(order, "submitted")

    made = datetime.fromisoformat(api.events("port_in")[0]["created_at"])
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=1)
