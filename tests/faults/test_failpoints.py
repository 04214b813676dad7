"""The process ends at every named place of poll, fan-out, send, reconcile and edit, and starts again."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import failpoints
from bot.filters import parse
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from bot.subscriptions import Subscriptions
from storage import channels
from storage.database import Database
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess

START = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
async def neighbours():
    telnyx, slack = TelnyxApi(), SlackWorkspace()
    await telnyx.start()
    await slack.start()
    yield telnyx, slack
    await slack.stop()
    await telnyx.stop()


@pytest.fixture
async def bot(neighbours, tmp_path):
    telnyx, slack = neighbours
    process = BotProcess(
        telnyx.url, slack.url, tmp_path, POLL_START=START.isoformat(), RECONCILE_SETTLE_S="0.3"
    )
    yield process
    await process.kill()


async def follow(folder, slack, channel, person):
    async with Database.open(f"sqlite:///{folder}/bot.db") as database:
        await database.migrate()
        async with database.transaction() as tx:
            await channels.ensure(tx, channel, slack.team_id)
        subscriptions = Subscriptions(database, lambda: datetime.now(UTC))
        await subscriptions.follow(channel, slack.team_id, person, parse(""))


def make_orders(telnyx):
    return [
        telnyx.add_port_in(
            reference=f"Customer {number}",
            numbers=[f"+1303555010{number}"],
            carrier="Onvoy",
            foc_requested=None,
            created_at=START,
        )
        for number in range(2)
    ]


def move(telnyx, ledger, orders, status, minutes):
    for order_id in orders:
        at = START + timedelta(minutes=minutes)
        event_id = telnyx.set_status(order_id, status, created_at=at)
        ledger.add(event_id, order_id, at, datetime.now(UTC))


@pytest.mark.parametrize("name", sorted(failpoints.NAMES))
async def test_nothing_is_lost_or_repeated_when_the_process_ends_there(name, neighbours, bot, tmp_path):
    telnyx, slack = neighbours
    channel, person, ledger = slack.add_channel("porting"), slack.add_person("alex"), Ledger()
    await follow(tmp_path, slack, channel, person)
    orders = make_orders(telnyx)
    move(telnyx, ledger, orders, "in-process", 10)
    slack.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    bot = BotProcess(telnyx.url, slack.url, tmp_path, POLL_START=START.isoformat(), RECONCILE_SETTLE_S="0.3")

    await bot.start(name)
    # Only what comes when the cards stand gives something to edit.
    await slack.until(lambda: posts(slack, channel)[1:] or bot.process.returncode is not None, within_s=30)
    move(telnyx, ledger, orders, "submitted", 20)
    assert await bot.ended(30), f"{name} was never reached: {bot.log()[-2000:]}"
    assert bot.process.returncode == 137
    await bot.start()
    await slack.until(lambda: slack.open_sockets > 0, within_s=30)
    await slack.until(lambda: not verdict(ledger, slack, channel).lost, within_s=30)
    code = await bot.stop()

    assert verdict(ledger, slack, channel).is_good
    assert code == 0


def verdict(ledger, slack, channel):
    return ledger.verdict(posts(slack, channel))


def posts(slack, channel):
    return [message for message in slack.messages(channel) if message.bot_id]
