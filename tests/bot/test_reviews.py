"""*I'll check* on a port-out."""

import pytest
from sqlalchemy import text

from bot import known_orders
from bot.errors import UserError
from bot.reviews import Reviews
from bot.telnyx.events import Source
from tests.factories import PORT_OUT_ID, make_order

ANA, BOB = "U0ANA", "U0BOB"


@pytest.fixture
async def reviews(database, clock):
    async with database.transaction() as tx:
        await known_orders.save(tx, [make_order(source="port_out", status="pending")], clock())
    return Reviews(database, clock)


async def test_first_click_is_kept_and_audited(reviews, database, clock):
    result = await reviews.review(PORT_OUT_ID, ANA)

    async with database.reading() as tx:
        kept = await known_orders.find(tx, [(Source.PORT_OUT, PORT_OUT_ID)])
        [audited] = await tx.execute(text("SELECT actor_id, action, target FROM audit"))
    assert (result.by, result.at, result.already) == (ANA, clock.at, False)
    assert kept[(Source.PORT_OUT, PORT_OUT_ID)].reviewed_by == ANA
    assert tuple(audited) == (ANA, "review", f"port_out:{PORT_OUT_ID}")


async def test_second_person_hears_who_looks_after_it(reviews, clock):
    at = clock.at
    await reviews.review(PORT_OUT_ID, ANA)
    clock.forward(hours=1)

    result = await reviews.review(PORT_OUT_ID, BOB)

    assert (result.by, result.at, result.already) == (ANA, at, True)


@pytest.mark.parametrize("status", ["authorized", "ported", "rejected", "canceled"])
async def test_click_after_the_decision_does_not_silence_that_nobody_had_looked(
    reviews, database, clock, status
):
    async with database.transaction() as tx:
        await known_orders.save(tx, [make_order(source="port_out", status=status)], clock())

    with pytest.raises(UserError, match=f"{status} already"):
        await reviews.review(PORT_OUT_ID, ANA)

    async with database.reading() as tx:
        kept = await known_orders.find(tx, [(Source.PORT_OUT, PORT_OUT_ID)])
    assert kept[(Source.PORT_OUT, PORT_OUT_ID)].reviewed_by is None


async def test_who_looked_in_time_is_still_told_after_the_decision(reviews, database, clock):
    reviewed = make_order(source="port_out", status="authorized", reviewed_by=ANA)
    async with database.transaction() as tx:
        await known_orders.save(tx, [reviewed], clock())

    assert (await reviews.review(PORT_OUT_ID, BOB)).by == ANA


async def test_port_out_that_is_not_known_is_said_so(reviews):
    with pytest.raises(UserError, match="not known"):
        await reviews.review("no-such-order", ANA)
