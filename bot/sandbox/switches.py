"""The faults that a person can switch on and off, and what is on now, whoever switched it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi

POST = "chat.postMessage"
SLOW_S = 3.0
LATE = timedelta(seconds=60)
SOME = 0.5
REFUSALS = {  # what is about the place or the app: a message refused for its form is given up in the end
    "restricted_action": "only some may post here",
    "channel_not_found": "there is no such channel",
    "token_revoked": "the token was revoked",
    "internal_error": "something broke at Slack",
}


@dataclass(frozen=True, slots=True)
class Switch:
    """A fault of one of the neighbours, in words."""

    name: str
    side: Literal["Telnyx", "Slack"]
    label: str
    meaning: str
    is_on: Callable[[], bool]
    turn: Callable[[bool], None]


class Switches:
    """Turns the faults of both stand-ins; `channel` is the one that gets archived."""

    def __init__(self, telnyx: TelnyxApi, slack: SlackWorkspace, channel: str) -> None:
        self._telnyx, self._slack, self._channel = telnyx, slack, channel
        self._refusal = next(iter(REFUSALS))
        self.all: dict[str, Switch] = {each.name: each for each in (*self._of_telnyx(), *self._of_slack())}

    @property
    def on(self) -> list[str]:
        """What is wrong now, in words."""
        return [f"{each.side} {each.label}" for each in self.all.values() if each.is_on()]

    @property
    def refusal(self) -> str:
        """The error of a refused post."""
        return self._slack.faults.refuse.get(POST, self._refusal)

    def choose_refusal(self, error: str) -> None:
        """Which error a post is refused with, from now on or when that is switched on."""
        self._refusal = error
        if POST in self._slack.faults.refuse:
            self._slack.faults.refuse[POST] = error

    async def turn(self, name: str, *, on: bool) -> None:
        """Turn one switch."""
        switch = self.all[name]
        if switch.is_on() == on:
            return
        switch.turn(on)
        if on and name == "slack_down":
            await self._slack.sockets.cut()
        self._slack.touch()

    async def refresh_sockets(self) -> None:
        """What Slack does every few hours: the app must connect anew."""
        await self._slack.refresh_sockets()

    def repair(self) -> None:
        """Everything works again."""
        for switch in self.all.values():
            if switch.is_on():
                switch.turn(False)  # a switch is on or off
        self._slack.faults.clear()
        self._slack.touch()

    def _of_telnyx(self) -> tuple[Switch, ...]:
        telnyx, faults = self._telnyx, self._telnyx.faults

        def fail(on: bool) -> None:
            faults.error_kind, faults.error_rate = "500", SOME if on else 0.0

        def be_slow(on: bool) -> None:
            faults.slow_s = SLOW_S if on else 0.0

        def be_down(on: bool) -> None:
            faults.down = on

        def be_late(on: bool) -> None:
            telnyx.lateness = LATE if on else timedelta(0)

        return (
            Switch(
                "telnyx_down", "Telnyx", "down", "no request is answered", lambda: bool(faults.down), be_down
            ),
            Switch(
                "telnyx_slow",
                "Telnyx",
                "slow",
                "each answer takes 3 s longer",
                lambda: faults.slow_s > 0,
                be_slow,
            ),
            Switch(
                "telnyx_500",
                "Telnyx",
                "errors 500",
                "every second request fails",
                lambda: faults.error_rate > 0,
                fail,
            ),
            Switch(
                "telnyx_late",
                "Telnyx",
                "late events",
                "new events are listed a minute late",
                lambda: telnyx.lateness > timedelta(0),
                be_late,
            ),
        )

    def _of_slack(self) -> tuple[Switch, ...]:
        faults = self._slack.faults

        def be_down(on: bool) -> None:
            faults.down = on

        def limit(on: bool) -> None:
            faults.always = Fault.RATELIMITED if on else None

        def refuse(on: bool) -> None:
            if on:
                faults.refuse[POST] = self._refusal
            else:
                faults.refuse.pop(POST, None)

        def lose(on: bool) -> None:
            faults.kinds, faults.error_rate = [Fault.LOSE_ANSWER], 1.0 if on else 0.0

        def be_slow(on: bool) -> None:
            faults.slow_s = SLOW_S if on else 0.0

        return (
            Switch(
                "slack_down",
                "Slack",
                "down",
                "no request is answered, sockets are cut",
                lambda: faults.down,
                be_down,
            ),
            Switch(
                "slack_limit",
                "Slack",
                "rate limit",
                "every post is answered with 429",
                lambda: faults.always is Fault.RATELIMITED,
                limit,
            ),
            Switch(
                "slack_refuses",
                "Slack",
                "refuses posts",
                "with the error chosen below",
                lambda: POST in faults.refuse,
                refuse,
            ),
            Switch(
                "slack_loses",
                "Slack",
                "loses answers",
                "posts are taken, but the bot is not told",
                lambda: faults.error_rate > 0,
                lose,
            ),
            Switch(
                "slack_archived",
                "Slack",
                "channel archived",
                "which puts the bot out of #porting",
                self._is_archived,
                self._archive,
            ),
            Switch(
                "slack_slow",
                "Slack",
                "slow",
                "each post takes 3 s longer",
                lambda: faults.slow_s > 0,
                be_slow,
            ),
        )

    def _is_archived(self) -> bool:
        return self._slack.channel(self._channel).archived

    def _archive(self, on: bool) -> None:
        (self._slack.archive if on else self._slack.unarchive)(self._channel)
