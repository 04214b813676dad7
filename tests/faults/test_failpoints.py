"""The process ends at every named place of poll, fan-out, send, reconcile, edit or click, and starts anew."""

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
from tests import schema
from tests.faults.ledger import Ledger
from tests.faults.process import BotProcess

PATIENCE_S = 90
OF_THE_FIRST_START = ("poll.clock_set",)
OF_A_BAD_DAY = ("send.conversation_opened", "send.joined", "send.placed", "verify.taken_back")
OF_A_CLICK = {"republish.asking": 0, "republish.answered": 1}
"""With how many requests Telnyx has had by then."""
ON_ANY_DAY = sorted(failpoints.NAMES - {*OF_THE_FIRST_START, *OF_A_BAD_DAY, *OF_A_CLICK})
ALL_IS_WELL = sorted(name for name in ON_ANY_DAY if name.startswith(("fan_out", "send", "edit")))
"""Tried once more with nothing else going wrong."""


class Street:
    """Both neighbours, one channel that follows everything, and the bot's process between them."""

    def __init__(self, folder):
        self.folder = folder
        self.telnyx, self.slack, self.ledger = TelnyxApi(), SlackWorkspace(), Ledger()
        self.start = datetime.now(UTC) - timedelta(hours=1)
        self.bot = self.channel = None
        self.orders = []

    async def open(self, *, filters="", is_member=True, **settings):
        await self.telnyx.start()
        await self.slack.start()
        self.channel = self.slack.add_channel("porting", bot_member=is_member)
        self.bot = BotProcess(
            self.telnyx.url,
            self.slack.url,
            self.folder,
            **{"POLL_START": self.start.isoformat(), "RECONCILE_SETTLE_S": "0.3", "PROBE_S": "1"} | settings,
        )
        async with Database.open(schema.newest(self.folder / "bot.db")) as database:
            async with database.transaction() as tx:
                await channels.ensure(tx, self.channel, self.slack.team_id)
            person = self.slack.add_person("alex")
            subscriptions = Subscriptions(database, lambda: datetime.now(UTC))
            await subscriptions.follow(self.channel, self.slack.team_id, person, parse(filters))

    async def close(self):
        await self.bot.kill()
        await self.slack.stop()
        await self.telnyx.stop()

    def move(self, status, minutes):
        """Two orders take a status, so many minutes after the start."""
        at = self.start + timedelta(minutes=minutes)
        self.orders = self.orders or [
            self.telnyx.add_port_in(
                reference=f"Customer {number}",
                numbers=[f"+1303555010{number}"],
                carrier="Onvoy",
                foc_requested=None,
                created_at=self.start,
            )
            for number in range(2)
        ]
        for order_id in self.orders:
            event_id = self.telnyx.set_status(order_id, status, created_at=at)
            self.ledger.add(event_id, order_id, at, datetime.now(UTC))

    def posts(self):
        return [message for message in self.slack.messages(self.channel) if message.bot_id]

    def verdict(self):
        return self.ledger.verdict([message for message in self.posts() if not message.deleted])

    async def until(self, condition):
        await self.slack.until(lambda: condition() or self.has_ended, within_s=PATIENCE_S)

    @property
    def has_ended(self):
        return self.bot.code is not None

    async def ends(self, name):
        assert await self.bot.ended(PATIENCE_S), f"{name} was never reached: {self.bot.log()[-2000:]}"
        assert self.bot.code == 137

    async def goes_on(self):
        """Start the bot again and let it do what is left."""
        await self.bot.start()
        await self.slack.until(lambda: self.slack.open_sockets > 0, within_s=PATIENCE_S)
        await self.slack.until(lambda: not self.verdict().lost, within_s=PATIENCE_S)
        await self.slack.until(lambda: not self.verdict().repeated, within_s=PATIENCE_S)
        code = await self.bot.stop()

        assert self.verdict().is_good, str(self.verdict())
        assert code == 0


@pytest.fixture
async def street(tmp_path):
    made = Street(tmp_path)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("name", "reach"), [*((name, 1) for name in ON_ANY_DAY), *((name, 2) for name in ALL_IS_WELL)]
)
async def test_nothing_is_lost_or_repeated_when_the_process_ends_there(street, name, reach):
    await street.open()
    street.move("in-process", 10)
    if reach == 1:
        street.slack.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]

    await street.bot.start(f"{name}:{reach}")
    # Only what comes when the cards stand gives something to edit.
    await street.until(lambda: street.posts()[1:])
    street.move("submitted", 20)
    await street.ends(name)

    await street.goes_on()


@pytest.mark.parametrize("name", OF_THE_FIRST_START)
async def test_moment_of_the_first_start_is_kept_when_the_process_ends_there(street, name):
    street.start = datetime.now(UTC)
    await street.open(POLL_START="")

    await street.bot.start(name)
    await street.ends(name)
    street.move("in-process", 1)

    await street.goes_on()


async def test_owner_hears_of_a_paused_channel_though_the_process_ends_while_it_is_opened(street):
    await street.open()
    street.slack.faults.refuse = {("chat.postMessage", street.channel): "restricted_action"}
    street.move("in-process", 10)

    await street.bot.start("send.conversation_opened")
    await street.ends("send.conversation_opened")
    street.slack.faults.refuse = {}

    await street.goes_on()
    assert len([each for each in street.slack.messages(street.slack.dm("alex")) if each.bot_id]) == 1


async def test_channel_that_was_joined_gets_its_messages_once_though_the_process_ends_there(street):
    await street.open(is_member=False)
    street.move("in-process", 10)

    await street.bot.start("send.joined")
    await street.ends("send.joined")

    await street.goes_on()


async def test_reply_to_a_deleted_card_comes_once_though_the_process_ends_there(street):
    await street.open()
    street.move("in-process", 10)
    await street.bot.start("send.placed")
    await street.until(lambda: street.posts()[1:])
    for card in street.posts():
        street.slack.delete_message(street.channel, card.ts)
    street.ledger.due.clear()
    street.move("submitted", 20)
    await street.ends("send.placed")

    await street.goes_on()


async def test_repeat_is_taken_back_once_though_the_process_ends_there(street):
    await street.open()
    street.slack.faults.history_lag_s = 1.5
    street.slack.faults.next_failures = [("chat.postMessage", Fault.LOSE_ANSWER)]
    street.move("in-process", 10)

    await street.bot.start("verify.taken_back")
    await street.ends("verify.taken_back")

    await street.goes_on()


@pytest.mark.parametrize(("name", "requests"), OF_A_CLICK.items())
async def test_click_that_the_process_ends_in_stands_in_the_audit_and_is_not_run_again(
    street, name, requests
):
    await street.open()
    street.move("in-process", 10)
    await street.bot.start(name)
    await street.until(lambda: not street.verdict().lost)
    click = await street.slack.click("alex", street.channel, street.posts()[0], "Republish")
    await street.ends(name)

    await street.bot.start()
    await street.slack.until(lambda: street.slack.open_sockets > 0, within_s=PATIENCE_S)
    again = await street.slack.deliver_again(click)
    await street.bot.stop()

    assert again.acked
    assert len(street.telnyx.republished) == requests
    async with Database.open(f"sqlite:///{street.folder}/bot.db") as database, database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT action, outcome FROM audit WHERE action = 'republish'")
        assert [tuple(row) for row in rows] == [("republish", "asked")]


@pytest.mark.parametrize("name", ["poll.watermark_moved:2", "fan_out.committed:3", "send.intent_kept:2"])
async def test_backlog_that_is_rolled_up_comes_once_though_the_process_ends_in_it(street, name):
    await street.open(filters='ref:"Customer 0"')
    street.move("in-process", 1)
    for number in range(2600):
        at = street.start + timedelta(seconds=70 + number)
        followed = number % 20 == 0
        order_id = street.orders[0 if followed else 1]
        event_id = street.telnyx.comment(order_id, f"number {number}", author="user", created_at=at)
        if followed:
            street.ledger.add(event_id, order_id, at, datetime.now(UTC))
    street.ledger.due = [due for due in street.ledger.due if due.order_id == street.orders[0]]

    await street.bot.start(name)
    await street.ends(name)

    await street.goes_on()
    assert len(street.posts()) < 10
