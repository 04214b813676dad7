"""What the control panel shows and does, without a browser."""

import asyncio

import pytest

from bot.filters import parse
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.controls import Controls
from bot.sandbox.page.panel_bot import notes_on, state_of
from bot.sandbox.script import Script
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.stories import SMOOTH
from bot.sandbox.telnyx_api import TelnyxApi
from bot.subscriptions import Subscriptions


class FakeLife(BotProcess):
    """A bot that is as the test says, without a process."""

    is_running = True
    pid = 42


@pytest.fixture
def slack(clock):
    return SlackWorkspace(now=clock)


@pytest.fixture
def controls(slack, clock):
    telnyx = TelnyxApi(now=clock)
    script = Script(telnyx, now=clock, speed=60, lanes=())
    return Controls(telnyx, slack, script, slack.add_channel("porting"), clock)


@pytest.fixture
def alive(controls, tmp_path):
    controls.bot = FakeLife({}, tmp_path, print)
    controls.bot.starts = 1
    return controls


def connect(slack, monkeypatch):
    monkeypatch.setattr(type(slack.sockets), "__len__", lambda _: 1)


def test_before_its_first_start_the_bot_can_neither_be_killed_nor_started(controls, tmp_path):
    states = [state_of(controls)]
    controls.bot = BotProcess({}, tmp_path, print)
    states.append(state_of(controls))

    assert states == ["The bot is about to start."] * 2
    assert not controls.is_running
    assert not controls.can_start


async def test_without_a_bot_kill_and_start_do_nothing(controls):
    await controls.kill()
    await controls.start()

    assert not controls.is_running


def test_a_bot_that_runs_is_connected_once_slack_has_its_socket(alive, slack, monkeypatch):
    before = state_of(alive)
    connect(slack, monkeypatch)

    assert before == "The bot runs, but is not connected to Slack yet."
    assert state_of(alive) == "The bot runs and is connected to Slack (process 42)."
    assert not alive.can_start


@pytest.mark.parametrize(
    ("code", "words"), [(-9, "The bot was killed (signal 9)"), (1, "The bot ended by itself (exit code 1)")]
)
def test_a_bot_that_is_gone_says_how_it_ended_and_can_be_started(alive, code, words):
    alive.bot.is_running, alive.bot.exit_code = False, code

    assert state_of(alive).startswith(words)
    assert alive.can_start


async def test_what_stands_in_the_way_is_named(alive, slack):
    clear = alive.in_the_way()
    alive.bot.is_running = False
    await alive.switches.turn("telnyx_slow", on=True)
    slack.remove_bot("porting")

    assert clear == []
    assert alive.in_the_way() == ["the bot is not running", "Telnyx slow", "the bot is not in #porting"]
    assert alive.counts().in_the_way == tuple(alive.in_the_way())


async def test_the_promise_hears_of_events_and_messages(alive, slack):
    order_id = alive.tell(SMOOTH.title)
    before = alive.counts()
    event_id = alive.hand._telnyx.events("port_in")[0]["id"]

    metadata = {"event_type": "porting_event", "event_payload": {"event_ids": [event_id]}}
    slack.post_as_bot(slack.channel("porting"), "In process", metadata=metadata)

    assert order_id in alive.hand._telnyx.port_ins
    assert (before.due, before.waiting) == (1, 1)
    assert (alive.counts().posted, alive.counts().waiting) == (1, 0)


async def test_the_bots_database_says_whether_everything_is_followed(
    alive, slack, database, clock, monkeypatch
):
    monkeypatch.setattr("bot.sandbox.controls.LOOK_EVERY_S", 0.001)
    subscriptions = Subscriptions(database, clock)
    channel = alive._channel
    watching = asyncio.create_task(alive.watch(subscriptions))

    await slack.until(lambda: not alive.counts().follows_everything)
    await subscriptions.follow(channel, "T1", "U1", parse(""))
    await slack.until(lambda: alive.counts().follows_everything)
    watching.cancel()


def test_a_pause_of_the_bots_own_stands_in_the_way(alive):
    alive._following = alive._following.__class__(everything=True, pause="is_archived")

    assert alive.in_the_way() == ["the bot has paused #porting (Slack says is_archived)"]


@pytest.mark.parametrize(("wished", "speed"), [(0.1, 1), (240, 240), (9999, 1440)])
def test_the_speed_stays_within_what_a_person_can_follow(controls, wished, speed):
    controls.change_speed(wished)

    assert controls.script.speed == speed


def test_notes_say_what_a_reader_of_the_figures_must_know(alive, clock):
    alive.promise.look(follows_everything=False, in_the_way=["Slack down"])

    assert notes_on(alive.promise.counts()) == [
        "#porting does not follow everything now: new events are not counted as due.",
        "Events may wait: Slack down.",
    ]


def test_events_out_of_order_are_noted(alive, slack, clock):
    order_id = alive.tell(SMOOTH.title)
    clock.forward(seconds=1)
    alive.hand.comment(order_id, "Later.")
    for event in reversed(alive.hand._telnyx.events("port_in")):
        payload = {"event_type": "porting_event", "event_payload": {"event_ids": [event["id"]]}}
        slack.post_as_bot(slack.channel("porting"), "news", metadata=payload)

    assert notes_on(alive.counts()) == ["Pairs of an order's events in the wrong order: 1."]


def test_with_nothing_in_the_way_the_promise_is_said(alive):
    assert notes_on(alive.counts()) == ["Nothing stands in the way: every event appears, once, in order."]
