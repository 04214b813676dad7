"""What changes for one browser tab, gathered for a moment and sent together."""

import asyncio
from collections.abc import Callable

from bot.sandbox.page.showing import Showing
from bot.sandbox.slack.records import Ephemeral, Json, Message, Person
from bot.sandbox.slack.world import SlackWorld

GATHER_S = 0.05
"""A flood of events becomes twenty updates a second, not thousands."""

Send = Callable[[list[Json]], None]


class Feed:
    """Sends a tab what its person sees, and from then on what is new; `send` takes a list of news.

    A piece of news is `{"kind": …}` with `directory`, `message`, `notice`, `modals` or `home` beside it.
    """

    def __init__(self, slack: SlackWorld, showing: Showing, person: Person, send: Send) -> None:
        self._slack = slack
        self._showing = showing
        self._send = send
        self.person = person
        self._opened: set[str] = set()
        self._changed: dict[tuple[str, str], Message | Ephemeral] = {}
        self._arrived: list[Message] = []
        self._last: dict[str, Json | list[Json] | None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Listen, and send all that stands now; a tab that begins again gets all of it again."""
        self.end()
        self._slack.on_message.append(self._hear)
        self._slack.on_change.append(self._soon)
        self.become(self.person)

    def end(self) -> None:
        """Listen no longer; a tab that never began has nothing to end."""
        if self._hear in self._slack.on_message:
            self._slack.on_message.remove(self._hear)
            self._slack.on_change.remove(self._soon)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def become(self, person: Person) -> None:
        """Show what somebody else sees; the tab forgets what it had."""
        self.person = person
        self._opened.clear()
        self._changed.clear()
        self._arrived.clear()
        self._last.clear()
        self._flush()

    def open(self, channel: str) -> None:
        """From now on the channel's messages are sent as they change."""
        self._opened.add(channel)

    def _hear(self, channel: str, message: Message | Ephemeral, kind: str) -> None:
        if channel in self._opened:
            self._changed[channel, message.ts] = message
        if kind == "post" and isinstance(message, Message):
            self._arrived.append(message)
        self._soon()

    def _soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._flush)

    def _flush(self) -> None:
        self._timer = None
        if news := [*self._states(), *self._messages(), *self._notices()]:
            self._send(news)

    def _states(self) -> list[Json]:
        """What is sent whole, whenever it is not what was sent last."""
        now: dict[str, Json | list[Json] | None] = {
            "directory": self._showing.directory(self.person),
            "modals": self._showing.modals(self.person),
            "home": self._showing.home(self.person),
        }
        fresh = [
            {"kind": name, name: state} for name, state in now.items() if self._last.get(name, ()) != state
        ]
        self._last = now
        return fresh

    def _messages(self) -> list[Json]:
        changed, self._changed = list(self._changed.values()), {}
        mine = [each for each in changed if isinstance(each, Message) or each.user == self.person.id]
        return [{"kind": "message", "message": self._showing.message(each)} for each in mine]

    def _notices(self) -> list[Json]:
        """What a phone would ring for: the app's messages in places of this person."""
        arrived, self._arrived = self._arrived, []
        places = {each.id for each in self._showing.places(self.person)}
        rings = [each for each in arrived if each.bot_id and each.channel in places]
        return [{"kind": "notice", "notice": self._showing.notice(each)} for each in rings]
