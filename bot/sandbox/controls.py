"""All that the control panel shows and does, without a word about how it looks."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.sandbox.bot_process import BotProcess
from bot.sandbox.following import Following, following
from bot.sandbox.hand import Hand
from bot.sandbox.promise import Counts, Promise
from bot.sandbox.script import Script
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.stories import STORIES
from bot.sandbox.switches import Switches
from bot.sandbox.telnyx_api import TelnyxApi
from bot.sandbox.traffic import Traffic
from bot.subscriptions import Subscriptions

LOOK_EVERY_S = 1.0
SLOWEST, QUICKEST = 1.0, 1440.0


class Controls:
    """One sandbox's. `channel` is #porting, where the promise is watched."""

    def __init__(
        self,
        telnyx: TelnyxApi,
        slack: SlackWorkspace,
        script: Script,
        channel: str,
        now: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._channel = channel
        self.now = now
        self.script = script
        self.bot: BotProcess | None = None
        self.promise = Promise(channel, now)
        self.hand = Hand(telnyx, script, now)
        self.switches = Switches(telnyx, slack, channel)
        self.traffic = Traffic(telnyx, slack)
        self._following = Following(everything=True, pause=None)
        telnyx.on_event.append(self.promise.hear)
        slack.on_message.append(self.promise.see)

    @property
    def is_connected(self) -> bool:
        """The bot hears of what people do."""
        return self.is_running and self._slack.open_sockets > 0

    @property
    def is_running(self) -> bool:
        return self.bot is not None and self.bot.is_running

    @property
    def can_start(self) -> bool:
        """It was there once, and is not now."""
        return self.bot is not None and self.bot.starts > 0 and not self.is_running

    def in_the_way(self) -> list[str]:
        """Why events may have to wait, in words."""
        place = self._slack.channel(self._channel)
        reasons = [] if self.is_running else ["the bot is not running"]
        reasons += self.switches.on
        if not self._slack.bot_is_in(place):
            reasons.append(f"the bot is not in #{place.name}")
        if self._following.pause:
            reasons.append(f"the bot has paused #{place.name} (Slack says {self._following.pause})")
        return reasons

    def counts(self) -> Counts:
        """How the promise stands now."""
        self.look()
        return self.promise.counts()

    def look(self) -> None:
        """Tell the promise what holds now."""
        self.promise.look(follows_everything=self._following.everything, in_the_way=self.in_the_way())

    async def watch(self, subscriptions: Subscriptions) -> None:
        """Look again and again, at the bot's database too, until cancelled."""
        while True:
            self._following = await following(subscriptions, self._channel, self._following)
            self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def kill(self) -> None:
        """End the bot as a power cut would."""
        if self.bot is not None:
            await self.bot.kill()

    async def start(self) -> None:
        """Start it again."""
        if self.bot is not None:
            await self.bot.start()

    def tell(self, title: str) -> str:
        """Begin the story of that title; returns its order's id."""
        return self.script.start(STORIES[title])

    def change_speed(self, speed: float) -> None:
        """Story minutes in a real minute, within what a person can follow."""
        self.script.change_speed(min(max(speed, SLOWEST), QUICKEST))
