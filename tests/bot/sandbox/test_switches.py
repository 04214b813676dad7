"""Faults by switch: each is seen at the stand-in, and what is on is true whoever turned it."""

from datetime import timedelta

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.switches import LATE, REFUSALS, Switches
from bot.sandbox.telnyx_api import TelnyxApi


class Street:
    """Both stand-ins, their switches, and somebody who asks them."""

    def __init__(self, clock):
        self.clock = clock
        self.telnyx, self.slack = TelnyxApi(now=clock), SlackWorkspace(now=clock)
        self.porting = self.slack.add_channel("porting")
        self.switches = Switches(self.telnyx, self.slack, self.porting)

    async def ask(self):
        async with httpx.AsyncClient(trust_env=False) as client:
            key = {"Authorization": "Bearer KEY_SANDBOX"}
            return (await client.get(f"{self.telnyx.url}/porting/events", headers=key)).status_code

    async def post(self):
        client = AsyncWebClient("xoxb-sandbox", base_url=self.slack.url, retry_handlers=[])
        return await client.chat_postMessage(channel=self.porting, text="hello")


@pytest.fixture
async def street(clock, monkeypatch):
    monkeypatch.setattr("bot.sandbox.switches.SLOW_S", 0.01)
    street = Street(clock)
    await street.telnyx.start()
    await street.slack.start()
    yield street
    await street.telnyx.stop()
    await street.slack.stop()


async def test_nothing_is_on_at_first(street):
    assert street.switches.on == []
    assert await street.ask() == 200
    assert (await street.post())["ok"]


@pytest.mark.parametrize("name", Switches(TelnyxApi(), SlackWorkspace(), "C").all)
async def test_each_switch_goes_on_and_off(street, name):
    switch = street.switches.all[name]

    await street.switches.turn(name, on=True)
    await street.switches.turn(name, on=True)
    during = street.switches.on
    await street.switches.turn(name, on=False)

    assert during == [f"{switch.side} {switch.label}"]
    assert street.switches.on == []


async def test_a_telnyx_that_is_down_does_not_answer(street):
    await street.switches.turn("telnyx_down", on=True)

    with pytest.raises(httpx.RemoteProtocolError):
        await street.ask()


async def test_a_telnyx_with_errors_fails_now_and_then(street):
    await street.switches.turn("telnyx_500", on=True)

    assert {await street.ask() for _ in range(20)} == {200, 500}


async def test_late_events_are_listed_a_minute_later(street):
    await street.switches.turn("telnyx_late", on=True)
    street.telnyx.add_port_out(numbers=["+13035550100"], carrier="Onvoy", spid="7577")
    before = street.telnyx.events("port_out")

    street.clock.forward(seconds=LATE.total_seconds())

    assert before == []
    assert len(street.telnyx.events("port_out")) == 1
    assert timedelta(0) < LATE


@pytest.mark.parametrize("error", REFUSALS)
async def test_posts_are_refused_with_the_error_that_was_chosen(street, error):
    street.switches.choose_refusal(error)
    await street.switches.turn("slack_refuses", on=True)

    with pytest.raises(SlackApiError, match=error):
        await street.post()
    assert street.switches.refusal == error


async def test_another_error_may_be_chosen_while_posts_are_refused(street):
    await street.switches.turn("slack_refuses", on=True)

    street.switches.choose_refusal("internal_error")

    with pytest.raises(SlackApiError, match="internal_error"):
        await street.post()


async def test_a_rate_limit_says_how_long_to_wait(street):
    await street.switches.turn("slack_limit", on=True)

    with pytest.raises(SlackApiError, match="ratelimited") as limited:
        await street.post()
    assert int(limited.value.response.headers["Retry-After"]) > 0


async def test_a_lost_answer_leaves_its_message(street):
    await street.switches.turn("slack_loses", on=True)

    with pytest.raises(Exception, match="disconnected"):
        await street.post()

    assert len(street.slack.messages(street.porting)) == 1


async def test_archiving_puts_the_bot_out(street):
    await street.switches.turn("slack_archived", on=True)

    with pytest.raises(SlackApiError, match="is_archived"):
        await street.post()
    assert not street.slack.bot_is_in(street.slack.channel(street.porting))


async def test_what_somebody_else_did_is_shown_too(street):
    street.slack.archive(street.porting)
    street.telnyx.faults.slow_s = 5

    assert street.switches.on == ["Telnyx slow", "Slack channel archived"]


async def test_everything_works_again(street):
    for name in street.switches.all:
        await street.switches.turn(name, on=True)
    street.slack.faults.edit_window_closed = True

    street.switches.repair()

    assert street.switches.on == []
    assert not street.slack.faults.edit_window_closed
    assert await street.ask() == 200


async def test_what_works_is_left_alone(street, monkeypatch):
    told = []
    monkeypatch.setattr(street.slack, "announce", told.append)
    await street.switches.turn("telnyx_slow", on=True)

    street.switches.repair()

    assert (street.switches.on, told) == ([], [])


async def test_slack_closes_the_sockets_when_it_is_down_or_refreshes_them(street, monkeypatch):
    closed = []

    async def cut():
        closed.append("cut")

    async def refresh(reason, *, only=None):
        closed.append(reason)

    monkeypatch.setattr(street.slack.sockets, "cut", cut)
    monkeypatch.setattr(street.slack.sockets, "refresh", refresh)

    await street.switches.turn("slack_down", on=True)
    await street.switches.refresh_sockets()

    assert closed == ["cut", "refresh_requested"]
