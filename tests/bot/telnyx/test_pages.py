"""Rows of an event list, however odd."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.telnyx.events import Author, Source
from bot.telnyx.pages import read_page, read_shown

NOW = datetime(2026, 12, 1, tzinfo=UTC)
EXAMPLES = json.loads(Path("tests/data/telnyx-openapi.json").read_text())["components"]["examples"]


def page_of(*rows, source=Source.PORT_IN, raw=None):
    body = raw if raw is not None else json.dumps({"data": list(rows), "meta": {}}).encode()
    return read_page(source, body, None)


def events_of(*rows, source=Source.PORT_IN):
    return [row.to_event(NOW) for row in page_of(*rows, source=source).rows]


def described_events():
    for name, example in EXAMPLES.items():
        rows = example["value"].get("data")
        for row in rows if isinstance(rows, list) else [rows]:
            if isinstance(row, dict) and "event_type" in row and "payload" in row:
                yield pytest.param(row, id=f"{name}-{row['event_type']}")


@pytest.mark.parametrize("row", list(described_events()))
def test_described_event_reads_without_its_secrets(row):
    source = Source.PORT_OUT if row["event_type"].startswith("portout") else Source.PORT_IN

    [event] = events_of(row, source=source)

    assert event.event_id == row["id"]
    assert event.order_id == row.get("porting_order_id", row.get("portout_id"))
    assert event.created_at < NOW
    assert (event.payload is None) == (row["payload"] is None)
    assert "attempted_pin" not in str(event.payload)
    assert "webhook_url" not in str(event.payload)


def test_typical_rows_are_read_in_one_go():
    row = {"id": "e1", "event_type": "portout.status_changed", "portout_id": "p1"}

    [event] = events_of(
        row | {"payload": {"status": "pending", "attempted_pin": "1234"}}, source=Source.PORT_OUT
    )

    assert (event.order_id, event.status) == ("p1", "pending")
    assert event.payload == {"status": "pending"}


def test_odd_rows_are_counted_and_spoil_no_other():
    page = page_of({"id": "e1"}, {"id": None}, 5, None, [], {"id": ""}, {"event_type": "x"}, {"id": "e2"})

    assert [row.event_id for row in page.rows] == ["e1", "e2"]
    assert page.odd == 6


@pytest.mark.parametrize("depth", [900, 1_200, 100_000])
def test_row_that_nests_without_end_spoils_no_other(depth):
    deep = '{"a":' * depth + "1" + "}" * depth
    rows = f'{{"id": "e1", "event_type": "x", "payload": {deep}}}, {{"id": "e2", "payload": {{"a": "],"}}}}'

    page = page_of(raw=f'{{"meta": {{"data": [1]}}, "data": [{rows}], "more": 1}}'.encode())

    ids = [row.event_id for row in page.rows]
    assert (ids[-1], len(ids) + page.odd) == ("e2", 2)
    assert all(row.to_event(NOW).event_id for row in page.rows)


def test_control_characters_and_no_numbers_spoil_nothing():
    rows = b'{"id": "e1", "event_type": "a\x01b"}, {"id": "e2", "x": NaN}, 5'

    page = page_of(raw=b'{"data": [' + rows + b'], "meta": {"total_pages": 3}}')

    assert ([row.event_id for row in page.rows], page.odd, page.total_pages) == (["e1", "e2"], 1, 3)


def test_nul_is_left_out_and_what_only_looks_like_it_stays():
    raw = rb'{"data": [{"id": "e\u0000\u00001", "event_type": "a\\u0000"}, {"id": "e2' + b"\x00" + b'"}]}'

    page = page_of(raw=raw)

    assert [(row.event_id, row.event_type) for row in page.rows] == [("e1", r"a\u0000"), ("e2", "")]


def test_row_with_an_endless_id_is_odd():
    page = page_of({"id": "e" * 256}, {"id": "e" * 255})

    assert ([row.event_id for row in page.rows], page.odd) == (["e" * 255], 1)


def test_values_of_the_wrong_type_read_as_absent():
    [event] = events_of(
        {
            "id": "e1",
            "event_type": 7,
            "porting_order_id": {},
            "payload": ["x"],
            "payload_status": 1,
            "available_notification_methods": ["email", 5, None],
            "created_at": 1700000000,
            "updated_at": [],
        }
    )

    assert (event.event_type, event.order_id, event.payload, event.payload_status) == ("", "", None, None)
    assert event.methods == ("email",)
    assert event.created_at == NOW
    assert event.updated_at is None


def test_null_methods_and_dates_are_fine():
    [event] = events_of({"id": "e1", "available_notification_methods": None, "created_at": None})

    assert (event.methods, event.created_at) == ((), NOW)


def test_deleted_order_has_its_dates_in_the_payload():
    payload = {"id": "o1", "deleted_at": "2026-11-02T00:00:00Z", "updated_at": "2026-11-03T00:00:00Z"}
    row = {"id": "e1", "event_type": "porting_order.deleted", "payload": payload}

    [bare] = events_of(row)
    [stamped] = events_of(row | {"payload": payload | {"created_at": "2026-11-01T00:00:00Z"}})

    assert bare.created_at == datetime(2026, 11, 2, tzinfo=UTC)
    assert stamped.created_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert stamped.updated_at == datetime(2026, 11, 3, tzinfo=UTC)
    assert stamped.order_id == "o1"


@pytest.mark.parametrize(
    ("payload", "order_id"),
    [
        ({"porting_order_id": "o1", "id": "x"}, "o1"),
        ({"from": {"id": "o1"}, "to": {"id": "o2"}}, "o1"),
        ({"id": "o1"}, "o1"),
        ({"id": 5}, ""),
    ],
)
def test_order_that_only_the_payload_names_is_found(payload, order_id):
    [event] = events_of({"id": "e1", "payload": payload})

    assert event.order_id == order_id


def test_broken_characters_spoil_nothing():
    body = (
        b'{"data": [{"id": "e1", "event_type": "porting_order.new_comment", "porting_order_id": "o\xff",'
        b' "payload": {"comment": {"body": "caf\xe9 \\ud83d \\udc4d \\ud83d\\udc4d",'
        b' "user_type": "admin"}}}]}'
    )

    [event] = [row.to_event(NOW) for row in page_of(raw=body).rows]

    assert event.order_id == "o\ufffd"
    assert event.comment.body == "caf\ufffd \ufffd \ufffd 👍"
    assert event.comment.author is Author.TELNYX
    event.comment.body.encode()


def test_payload_that_only_a_lenient_reader_can_read_is_read():
    body = (
        b'{"data": [{"id": "e1", "event_type": "porting_order.deleted",'
        b' "payload": {"id": "o1", "x": 1e999}}]}'
    )

    [event] = [row.to_event(NOW) for row in page_of(raw=body).rows]

    assert event.payload == {"id": "o1"}


def test_body_with_a_byte_order_mark_is_read():
    assert len(page_of(raw=b'\xef\xbb\xbf{"data": [{"id": "e1"}]}').rows) == 1


def test_event_that_waits_for_its_payload_says_so():
    [made, missing] = page_of({"id": "e1", "payload": {}}, {"id": "e2", "payload": None}).rows

    assert (made.has_payload, missing.has_payload) == (True, False)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": null}', b'{"data": {"id": ""}}'])
def test_shown_event_may_be_none(body):
    assert read_shown(Source.PORT_IN, body) is None


def test_row_with_an_empty_id_is_odd():
    page = page_of({"id": "e1"}, {"id": ""})

    assert ([row.event_id for row in page.rows], page.odd) == (["e1"], 1)


def test_a_number_that_is_none_spoils_no_other_row():
    page = page_of(raw=b'{"data": [{"id": "e1", "cost": NaN}, {"id": "e2"}], "meta": {"total_pages": 3}}')

    assert [row.event_id for row in page.rows] == ["e1", "e2"]
    assert page.total_pages == 3
