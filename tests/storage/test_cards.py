"""Cards: one message shows an order in a channel, and is behind until it was edited."""

import pytest

from storage import cards
from tests.storage.rows import at, card


@pytest.fixture
async def tx(database):
    async with database.transaction() as opened:
        yield opened


async def test_newer_message_becomes_the_orders_card(tx):
    await cards.put(tx, card(ts="1.0", tries=2))
    await cards.put(tx, card(ts="2.0", delivery_id="d2", stale_at=at(1)))
    await cards.put(tx, card(channel_id="C2"))

    assert await cards.find(tx, "C1", "port_in", "o1") == card(ts="2.0", delivery_id="d2", stale_at=at(1))
    assert await cards.find(tx, "C1", "port_out", "o1") is None


async def test_card_that_was_replaced_is_not_dropped(tx):
    await cards.put(tx, card(ts="2.0"))

    await cards.drop(tx, card(ts="1.0"))
    still = await cards.find(tx, "C1", "port_in", "o1")
    await cards.drop(tx, card(ts="2.0"))

    assert still is not None
    assert await cards.find(tx, "C1", "port_in", "o1") is None


async def test_cards_of_changed_orders_are_behind_in_every_channel(tx):
    for each in (card(), card(channel_id="C2"), card("o2"), card("o1", source="port_out")):
        await cards.put(tx, each)

    await cards.mark_stale(tx, {("port_in", "o1")}, at(1))

    first = await cards.first_stale(tx, at(1))
    await cards.fresh_again(tx, first)
    second = await cards.first_stale(tx, at(1))
    await cards.fresh_again(tx, second)
    assert {first.channel_id, second.channel_id} == {"C1", "C2"}
    assert {first.order_id, second.order_id} == {"o1"}
    assert await cards.first_stale(tx, at(9)) is None


async def test_card_that_has_been_behind_longest_is_edited_first(tx):
    await cards.put(tx, card("o1", stale_at=at(2)))
    await cards.put(tx, card("o2", stale_at=at(1)))

    assert (await cards.first_stale(tx, at(5))).order_id == "o2"
    assert await cards.first_stale(tx, at(0)) is None


async def test_card_that_changed_during_its_edit_stays_behind(tx):
    await cards.put(tx, card(stale_at=at(1)))
    edited = await cards.first_stale(tx, at(1))
    await cards.mark_stale(tx, {("port_in", "o1")}, at(2))

    await cards.fresh_again(tx, edited)

    assert (await cards.first_stale(tx, at(5))).stale_at == at(2)


async def test_edit_that_failed_is_tried_after_others_or_given_up(tx):
    await cards.put(tx, card(stale_at=at(1)))
    failed = await cards.first_stale(tx, at(1))

    await cards.put_off(tx, failed, at(30), tries=1)
    early, again = await cards.first_stale(tx, at(29)), await cards.first_stale(tx, at(30))
    await cards.put_off(tx, again, None, tries=2)

    assert early is None
    assert again.tries == 1
    assert await cards.first_stale(tx, at(999)) is None
