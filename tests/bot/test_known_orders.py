"""Orders kept and found again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot import known_orders
from bot.references import Reference
from bot.telnyx.events import Author, Comment, Detail, Source
from bot.telnyx.orders import Order, decode, encode
from storage import orders
from storage.orders import StoredOrder
from tests.factories import NOW, make_order


async def test_order_comes_back_as_it_was_kept(database):
    order = make_order(
        status="exception",
        status_at=NOW,
        details=(Detail("OTHER", "see comments"),),
        last_comment=Comment("Hello", Author.TELNYX, NOW),
    )

    async with database.transaction() as tx:
        await known_orders.save(tx, [order], NOW)

    async with database.reading() as tx:
        found = await known_orders.find(tx, [known_orders.key_of(order), (Source.PORT_OUT, order.order_id)])
    assert found == {known_orders.key_of(order): order}


async def test_numbers_that_left_an_order_do_not_lead_to_it(database):
    before = make_order(numbers=("+13035550100", "+13035550101"))
    after = replace(before, numbers=("+13035550101",))

    async with database.transaction() as tx:
        await known_orders.save(tx, [before], NOW)
        await known_orders.save(tx, [after], NOW, {known_orders.key_of(before): before})

    async with database.reading() as tx:
        assert await orders.by_number(tx, ["13035550100"]) == []
        assert await orders.by_number(tx, ["13035550101"]) == [encode(after)]


async def test_order_whose_facts_can_not_be_read_is_unknown(database):
    order = make_order()
    broken = StoredOrder(
        source="port_in", order_id=order.order_id, support_key="sr_1", customer_reference=None,
        facts='{"source": "port_in", "order_id": 5}', updated_at=NOW,
    )  # fmt: skip
    async with database.transaction() as tx:
        await orders.put(tx, [broken])

    async with database.reading() as tx:
        assert await known_orders.find(tx, [known_orders.key_of(order)]) == {}
        assert await known_orders.named(tx, Reference("sr_1")) == {}


async def test_unchanged_order_is_not_written_again(database):
    order = make_order()
    async with database.transaction() as tx:
        await known_orders.save(tx, [order], NOW, {known_orders.key_of(order): order})

    async with database.reading() as tx:
        assert await known_orders.find(tx, [known_orders.key_of(order)]) == {}


@given(st.builds(Order, source=st.sampled_from(Source), order_id=st.text(), spid=st.none() | st.text()))
def test_any_order_survives_its_json(order):
    assert decode(encode(order)) == order
