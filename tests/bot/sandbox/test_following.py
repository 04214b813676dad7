"""Whether #porting follows everything, as the bot's own database says."""

from datetime import timedelta

import pytest

from bot.filters import parse
from bot.sandbox.following import Following, following
from bot.subscriptions import Subscriptions
from storage import channels
from storage.errors import StorageError

BEFORE = Following(everything=True, pause="earlier")


@pytest.fixture
def subscriptions(database, clock):
    return Subscriptions(database, clock)


@pytest.fixture
def follow(subscriptions):
    async def followed(words):
        return await subscriptions.follow("C1", "T1", "U1", parse(words))

    return followed


async def test_a_channel_without_subscriptions_does_not_follow_everything(subscriptions):
    assert await following(subscriptions, "C1", BEFORE) == Following(everything=False, pause=None)


@pytest.mark.parametrize(("words", "everything"), [("", True), ("style:flat", True), ("kind:in", False)])
async def test_only_the_empty_filter_follows_everything(subscriptions, follow, words, everything):
    await follow("status:ported")
    await follow(words)

    assert (await following(subscriptions, "C1", BEFORE)).everything is everything


async def test_a_paused_channel_says_why(subscriptions, follow, clock):
    await follow("")
    async with subscriptions.database.transaction() as tx:
        probe_at = clock() + timedelta(seconds=20)
        await channels.pause(tx, "C1", "is_archived", now=clock(), probe_at=probe_at)

    assert await following(subscriptions, "C1", BEFORE) == Following(everything=True, pause="is_archived")


async def test_where_the_database_says_nothing_it_is_as_before(subscriptions, monkeypatch):
    def broken(*_):
        raise StorageError("locked")

    monkeypatch.setattr("bot.sandbox.following.channels.find", broken)

    assert await following(subscriptions, "C1", BEFORE) == BEFORE
