"""What each person has read, and how much of a channel they have not."""

from collections.abc import Iterator
from itertools import islice

from bot.sandbox.slack.records import Channel, Message

MOST_COUNTED = 100
LOOKED_AT = 1_000


class Reads:
    """The newest message that each person has seen in each channel."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], str] = {}

    def note(self, person: str, channel: str, ts: str) -> None:
        """Somebody saw everything up to that timestamp; what was read stays read."""
        at = (person, channel)
        self._until[at] = max(self._until.get(at, ""), ts)

    def until(self, person: str, channel: str) -> str:
        """The newest timestamp that was seen; empty where nothing was."""
        return self._until.get((person, channel), "")

    def unread(self, person: str, channel: Channel) -> int:
        """How many messages of others wait in the channel itself; at most MOST_COUNTED are told apart."""
        until = self.until(person, channel.id)
        newest = islice(_newest_first(channel, until), LOOKED_AT)
        waiting = (message for message in newest if message.user != person)
        return sum(1 for _ in islice(waiting, MOST_COUNTED))


def _newest_first(channel: Channel, until: str) -> Iterator[Message]:
    """What stands in the channel and is younger than that."""
    for message in reversed(channel.by_ts.values()):
        if message.ts <= until:
            return
        if stands_in_channel(message) and not message.deleted:
            yield message


def stands_in_channel(message: Message) -> bool:
    """Whether it is seen without opening a thread."""
    return message.thread_ts in {None, message.ts} or message.reply_broadcast
