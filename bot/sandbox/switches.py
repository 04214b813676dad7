"""The faults that a person can switch on and off, and what is on now, whoever switched it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx.faults import Faults as TelnyxFaults
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
        self.all: dict[str, Switch] = {each.name: each for each in self._made()}

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
                switch.turn(False)
        self._slack.faults.clear()
        self._slack.touch()

    def _made(self) -> tuple[Switch, ...]:
        telnyx, slack = self._telnyx.faults, self._slack.faults
        return (
            _telnyx_down(telnyx),
            _telnyx_slow(telnyx),
            _telnyx_fails(telnyx),
            _telnyx_late(self._telnyx),
            _slack_down(slack),
            _slack_limit(slack),
            self._slack_refuses(slack),
            _slack_loses(slack),
            _slack_archived(self._slack, self._channel),
            _slack_slow(slack),
        )

    def _slack_refuses(self, faults: Faults) -> Switch:
        def turn(on: bool) -> None:
            if on:
                faults.refuse[POST] = self._refusal
            else:
                faults.refuse.pop(POST, None)

        words = ("refuses posts", "with the error chosen below")
        return Switch("slack_refuses", "Slack", *words, lambda: POST in faults.refuse, turn)


def _telnyx_down(faults: TelnyxFaults) -> Switch:
    def turn(on: bool) -> None:
        faults.down = on

    words = ("down", "no request is answered")
    return Switch("telnyx_down", "Telnyx", *words, lambda: bool(faults.down), turn)


def _telnyx_slow(faults: TelnyxFaults) -> Switch:
    def turn(on: bool) -> None:
        faults.slow_s = SLOW_S if on else 0.0

    words = ("slow", "each answer takes 3 s longer")
    return Switch("telnyx_slow", "Telnyx", *words, lambda: faults.slow_s > 0, turn)


def _telnyx_fails(faults: TelnyxFaults) -> Switch:
    def turn(on: bool) -> None:
        faults.error_kind, faults.error_rate = "500", SOME if on else 0.0

    words = ("errors 500", "every second request fails")
    return Switch("telnyx_500", "Telnyx", *words, lambda: faults.error_rate > 0, turn)


def _telnyx_late(telnyx: TelnyxApi) -> Switch:
    def turn(on: bool) -> None:
        telnyx.lateness = LATE if on else timedelta(0)

    words = ("late events", "new events are listed a minute late")
    return Switch("telnyx_late", "Telnyx", *words, lambda: telnyx.lateness > timedelta(0), turn)


def _slack_down(faults: Faults) -> Switch:
    def turn(on: bool) -> None:
        faults.down = on

    words = ("down", "no request is answered, sockets are cut")
    return Switch("slack_down", "Slack", *words, lambda: faults.down, turn)


def _slack_limit(faults: Faults) -> Switch:
    def turn(on: bool) -> None:
        faults.always = Fault.RATELIMITED if on else None

    words = ("rate limit", "every post is answered with 429")
    return Switch("slack_limit", "Slack", *words, lambda: faults.always is Fault.RATELIMITED, turn)


def _slack_loses(faults: Faults) -> Switch:
    def turn(on: bool) -> None:
        faults.kinds, faults.error_rate = [Fault.LOSE_ANSWER], 1.0 if on else 0.0

    words = ("loses answers", "posts are taken, but the bot is not told")
    return Switch("slack_loses", "Slack", *words, lambda: faults.error_rate > 0, turn)


def _slack_archived(slack: SlackWorkspace, channel: str) -> Switch:
    def turn(on: bool) -> None:
        (slack.archive if on else slack.unarchive)(channel)

    words = ("channel archived", "which puts the bot out of #porting")
    return Switch("slack_archived", "Slack", *words, lambda: slack.channel(channel).archived, turn)


def _slack_slow(faults: Faults) -> Switch:
    def turn(on: bool) -> None:
        faults.slow_s = SLOW_S if on else 0.0

    words = ("slow", "each post takes 3 s longer")
    return Switch("slack_slow", "Slack", *words, lambda: faults.slow_s > 0, turn)
