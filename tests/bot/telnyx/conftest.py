"""A client on an address that exists only in respx."""

import pytest

from bot.metrics import Metrics
from bot.telnyx.client import Telnyx


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
async def telnyx(metrics, clock):
    async with Telnyx.open("https://telnyx.test/v2", "KEY_CANARY", metrics, clock) as client:
        yield client
