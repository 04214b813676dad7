"""The use cases on a real database and the stand-in Telnyx, with the poller that fills the tables."""

from dataclasses import replace

import pytest

from bot.orders import Orders
from tests.way_in import way_in


@pytest.fixture
def orders(database, telnyx, clock):
    return Orders(database, replace(telnyx, sleep=clock.sleep), clock)


@pytest.fixture
async def watch(database, telnyx, metrics, clock):
    """Take in what Telnyx lists, as the bot does every 20 s."""
    return (await way_in(database, telnyx, metrics, clock)).take_in
