"""The use cases on a real database and the stand-in Telnyx, with the poller that fills the tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.followers import Followers
from bot.intake import Intake
from bot.orders import Orders
from bot.poller import Poller, Span
from bot.promising import Promising
from bot.subscriptions import Subscriptions
from bot.telnyx.events import Source

HOUR = timedelta(hours=1)


@pytest.fixture
def orders(database, telnyx, clock):
    return Orders(database, replace(telnyx, sleep=clock.sleep), clock)


@pytest.fixture
async def poller(database, telnyx, orders, metrics, clock):
    followers = Followers(Subscriptions(database, clock))
    promising = Promising(database, orders, followers, clock, timedelta(seconds=120), lambda: None)
    intake = Intake(database, promising, metrics, clock)
    span = Span(overlap=HOUR, deep=48 * HOUR, deep_every=HOUR)
    made = Poller(database, telnyx, intake, metrics, span, clock, clock.sleep)
    await made.begin(None)
    return made


@pytest.fixture
def watch(poller):
    """Take in what Telnyx lists, as the bot does every 20 s."""

    async def taken_in():
        for source in Source:
            await poller.poll(source)
        await poller.intake.fan_out()

    return taken_in
