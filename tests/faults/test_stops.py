"""SIGTERM comes while a process posts many messages: it ends in order, and leaves nothing that is unclear."""

import sqlite3
import time
from contextlib import closing

import pytest

from bot.filters import parse
from bot.subscriptions import Subscriptions
from storage import channels
from storage.database import Database
from tests.faults.test_failpoints import Street

CHANNELS = 6
WITHIN_S = 15


@pytest.fixture
async def street(tmp_path):
    made = Street(tmp_path)
    await made.open()
    yield made
    await made.close()


async def follow(street, channel):
    async with Database.open(f"sqlite:///{street.folder}/bot.db") as database:
        async with database.transaction() as tx:
            await channels.ensure(tx, channel, street.slack.team_id)
        follows = Subscriptions(database, lambda: street.start)
        await follows.follow(channel, street.slack.team_id, "U1", parse("style:flat"))


def states(street):
    with closing(sqlite3.connect(street.folder / "bot.db")) as database:
        return {state for (state,) in database.execute("SELECT DISTINCT state FROM delivery")}


async def test_process_that_posts_to_many_channels_ends_in_order_and_goes_on_where_it_was(street):
    places = [street.channel, *(street.slack.add_channel(f"more-{n}") for n in range(CHANNELS - 1))]
    for place in places[1:]:
        await follow(street, place)
    for minutes, status in enumerate(("in-process", "submitted"), start=1):
        street.move(status, minutes)
    street.slack.faults.slow_s = 1.5
    await street.bot.start()
    await street.until(lambda: street.slack.open_sockets and "sending" in states(street))
    asked = await street.slack.command("alex", street.channel, f"/port order {street.orders[0]}")
    began = time.monotonic()
    street.bot.process.terminate()
    code = await street.bot.stop()
    took_s, left = time.monotonic() - began, states(street)
    street.slack.faults.slow_s = 0

    await street.bot.start()
    await street.until(lambda: all(not verdict(street, place).lost for place in places))
    await street.bot.stop()

    assert (code, took_s < WITHIN_S) == (0, True)
    assert left <= {"pending", "posted"}
    assert asked.text
    assert all(verdict(street, place).is_good for place in places)


def verdict(street, place):
    return street.ledger.verdict([each for each in street.slack.messages(place) if each.bot_id])
