"""Orders in our tables."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import event_ids, orders
from storage.orders import StoredOrder

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ID = "f1486bae-f067-460c-ad43-73a92848f902"


def stored(order_id=ID, facts="{}", *, source="port_in", after=0, **fields):
    given = {"support_key": None, "customer_reference": None} | fields
    return StoredOrder(
        source=source, order_id=order_id, facts=facts, updated_at=NOW + timedelta(seconds=after), **given
    )


async def test_order_that_is_put_again_is_replaced(database):
    async with database.transaction() as tx:
        await orders.put(tx, [stored(facts="old"), stored(source="port_out", facts="other")])
        await orders.put(tx, [stored(facts="new", support_key="sr_1")])

    async with database.reading() as tx:
        assert await orders.find(tx, [("port_in", ID), ("port_in", "no")]) == {("port_in", ID): "new"}
        assert await orders.by_name(tx, "sr_1") == ["new"]


async def test_many_orders_are_found_at_once(database):
    keys = [("port_out", f"p{place}") for place in range(700)]
    async with database.transaction() as tx:
        await orders.put(tx, [stored(order_id, order_id, source=source) for source, order_id in keys])

    async with database.reading() as tx:
        assert await orders.find(tx, keys) == {key: key[1] for key in keys}


async def test_nothing_to_put_is_fine(database):
    async with database.transaction() as tx:
        await orders.put(tx, [])
        await orders.put_numbers(tx, {})
        await orders.put_numbers(tx, {("port_in", ID): []})


async def test_names_are_found_newest_first(database):
    async with database.transaction() as tx:
        await orders.put(
            tx,
            [
                stored("a", "older", customer_reference="acme"),
                stored("b", "newer", support_key="acme", after=1),
                stored("c", "other", customer_reference="acme2"),
            ],
        )

    async with database.reading() as tx:
        assert await orders.by_name(tx, "acme") == ["newer", "older"]


async def test_beginning_of_an_id_finds_its_orders_only(database):
    async with database.transaction() as tx:
        await orders.put(tx, [stored(facts="mine"), stored("f1486baf", "other"), stored("F1486bae", "upper")])

    async with database.reading() as tx:
        assert await orders.by_id_beginning(tx, ["port_in", "port_out"], "f1486bae") == ["mine"]
        assert await orders.by_id_beginning(tx, ["port_out"], "f1486bae") == []


async def test_numbers_lead_to_the_orders_that_hold_them_now(database):
    async with database.transaction() as tx:
        await orders.put(tx, [stored("a", "A"), stored("b", "B", source="port_out", after=1)])
        await orders.put_numbers(tx, {("port_in", "a"): ["1", "2", "2"], ("port_out", "b"): ["2"]})
        await orders.put_numbers(tx, {("port_in", "a"): ["2", "3"]})

    async with database.reading() as tx:
        assert await orders.by_number(tx, ["2", "9"]) == ["B", "A"]
        assert await orders.by_number(tx, ["1"]) == []
        assert await orders.by_number(tx, ["3"]) == ["A"]


@pytest.mark.parametrize(
    "typed", ["%", "a_", "\\", "' OR 1=1 --", '"; DROP TABLE "order"; --', ":x", "$1", "{0}"]
)
async def test_what_is_typed_is_a_value_and_never_a_statement_or_a_pattern(database, typed):
    async with database.transaction() as tx:
        named = stored("x", "named so", customer_reference=typed)
        await orders.put(tx, [stored("abcdef", "other", customer_reference="acme"), named])
        await orders.put_numbers(tx, {("port_in", "abcdef"): ["1"]})

    async with database.reading() as tx:
        assert await orders.by_name(tx, typed) == ["named so"]
        assert await orders.by_id_beginning(tx, ["port_in"], typed) == []
        assert await orders.by_number(tx, [typed]) == []
        assert await event_ids.beginning_with(tx, "port_in", typed) == []
        assert await orders.by_name(tx, "acme") == ["other"]
