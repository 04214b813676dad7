"""The state of a stand-in Slack workspace and the changes that both the app and people can make to it."""

import secrets
from collections.abc import Callable
from datetime import datetime
from itertools import count

from bot.sandbox.slack.interaction import Trigger
from bot.sandbox.slack.records import (
    CallSeen,
    Channel,
    Edit,
    Ephemeral,
    Json,
    Message,
    NothingThereError,
    Person,
    Role,
    Upload,
    View,
)

MessageListener = Callable[[str, Message | Ephemeral, str], None]
CALLS_KEPT = 10_000  # each with all its blocks
STRANGERS_TEAM = "T0STRANGER"


class SlackWorld:
    """Channels, people, messages, views and files; `now` is the only clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.team_id = "T0SANDBOX1"
        self.app_id = "A0SANDBOX1"
        self.bot_id = "B0SANDBOX1"
        self.bot_user_id = "U0SANDBOX1"
        self.bot_name = "portwire"
        self.address = ""  # where the workspace listens
        self.channels: dict[str, Channel] = {}
        self.people: dict[str, Person] = {}
        self.usergroups: dict[str, tuple[str, list[str]]] = {}
        self.ephemerals: list[Ephemeral] = []
        self.views: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.homes: dict[str, View] = {}
        self.uploads: dict[str, Upload] = {}
        self.edits: list[Edit] = []
        self.calls: list[CallSeen] = []
        self.on_message: list[MessageListener] = []
        self.on_change: list[Callable[[], None]] = []
        self.announce: Callable[[Json], None] = lambda _event: None  # how the app hears of events
        self._last_micros = 0
        self._numbers = count(1)

    def new_id(self, prefix: str) -> str:
        """An id as Slack writes them, the same ones in the same order on each start."""
        return f"{prefix}0SBX{next(self._numbers):05d}"

    def next_ts(self) -> str:
        """A message timestamp: seconds.micros of `now`, later than every one before."""
        micros = int(self.now().timestamp() * 1_000_000)
        self._last_micros = max(micros, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def add_person(self, name: str, *, role: str = "member", tz: str = "America/New_York") -> str:
        """A new person, in every channel that their role lets them see."""
        kind = Role(role)
        team = STRANGERS_TEAM if kind is Role.STRANGER else self.team_id
        person = Person(id=self.new_id("U"), name=name, role=kind, team_id=team, tz=tz)
        self.people[person.id] = person
        for channel in self.channels.values():
            if not channel.is_im and (kind is not Role.STRANGER or channel.shared):
                channel.members.add(person.id)
        return person.id

    def person(self, id_or_name: str) -> Person:
        """Raises NothingThereError where nobody has that id or name."""
        for person in self.people.values():
            if id_or_name.removeprefix("@") in {person.id, person.name}:
                return person
        raise NothingThereError(f"nobody is called {id_or_name!r} in this workspace")

    def add_usergroup(self, handle: str, users: list[str]) -> str:
        group = self.new_id("S")
        self.usergroups[group] = (handle, list(users))
        return group

    def add_channel(
        self, name: str, *, private: bool = False, bot_member: bool = True, shared: bool = False
    ) -> str:
        """A new channel with everybody in it (strangers only if it is shared)."""
        members = {p.id for p in self.people.values() if shared or p.role is not Role.STRANGER}
        if bot_member:
            members.add(self.bot_user_id)
        channel = Channel(
            id=self.new_id("C"),
            name=name.removeprefix("#"),
            created=int(self.now().timestamp()),
            private=private,
            shared=shared,
            members=members,
        )
        self.channels[channel.id] = channel
        return channel.id

    def channel(self, id_or_name: str) -> Channel:
        """Raises NothingThereError where no channel has that id or name."""
        found = self.find_channel(id_or_name)
        if found is None:
            raise NothingThereError(f"there is no channel {id_or_name!r} in this workspace")
        return found

    def find_channel(self, id_or_name: str) -> Channel | None:
        if id_or_name in self.channels:
            return self.channels[id_or_name]
        name = id_or_name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and not c.is_im), None)

    def dm(self, user: str) -> str:
        """The id of the direct message between the bot and a person, made if it is not there."""
        person = self.person(user)
        for channel in self.channels.values():
            if channel.im_user == person.id:
                return channel.id
        channel = Channel(
            id=self.new_id("D"),
            name="directmessage",
            created=int(self.now().timestamp()),
            private=True,
            im_user=person.id,
            members={person.id, self.bot_user_id},
        )
        self.channels[channel.id] = channel
        return channel.id

    def bot_is_in(self, channel: Channel) -> bool:
        return self.bot_user_id in channel.members

    def announce_bot_joined(self, channel: Channel, *, inviter: str | None = None) -> None:
        event: Json = {
            "type": "member_joined_channel",
            "user": self.bot_user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.private else "C",
            "team": self.team_id,
        }
        self.announce(event | ({"inviter": inviter} if inviter else {}))
        self.touch()

    def messages(self, channel: str) -> list[Message]:
        """All messages of a channel, thread replies and deleted ones too, in the order they were posted."""
        return list(self.channel(channel).by_ts.values())

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The replies in a thread, oldest first, without its first message."""
        return list(self.channel(channel).replies.get(ts, []))

    def find_message(self, channel: Channel, ts: str) -> Message | None:
        message = channel.by_ts.get(ts)
        return None if message is None or message.deleted else message

    def keep_message(self, message: Message) -> Message:
        channel = self.channel(message.channel)
        channel.by_ts[message.ts] = message
        if message.thread_ts is not None:
            channel.replies.setdefault(message.thread_ts, []).append(message)
        self.tell(message.channel, message, "post")
        return message

    def post_as_bot(self, channel: Channel, text: str, **facts: object) -> Message:
        """A message of the app; `facts` are further fields of Message."""
        message = Message(
            channel=channel.id,
            ts=self.next_ts(),
            user=self.bot_user_id,
            bot_id=self.bot_id,
            text=text,
            posted_at=self.now(),
        )
        for name, value in facts.items():
            setattr(message, name, value)
        return self.keep_message(message)

    def write(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """A person writes a message; the app is not told (see `mention`)."""
        place = self.channel(channel)
        author = self.person(user).id
        return self.keep_message(
            Message(
                channel=place.id,
                ts=self.next_ts(),
                user=author,
                text=text,
                posted_at=self.now(),
                thread_ts=thread_ts,
            )
        )

    def delete_message(self, channel: str, ts: str) -> None:
        """A person or the app removes a message; replies of its thread stay."""
        message = self.channel(channel).by_ts[ts]
        message.deleted = True
        self.tell(message.channel, message, "delete")

    def note_edit(self, message: Message) -> None:
        self.edits.append(Edit(message.channel, message.ts, self.now()))
        self.tell(message.channel, message, "edit")

    def show_ephemeral(self, ephemeral: Ephemeral) -> Ephemeral:
        self.ephemerals.append(ephemeral)
        self.tell(ephemeral.channel, ephemeral, "ephemeral")
        return ephemeral

    def tell(self, channel: str, message: Message | Ephemeral, kind: str) -> None:
        """Tell the listeners what changed; kind is post, edit, delete or ephemeral."""
        for listener in self.on_message:
            listener(channel, message, kind)
        self.touch()

    def touch(self) -> None:
        """Wake whoever waits for a change."""
        for listener in self.on_change:
            listener()

    def keep_view(self, user: str, content: Json, *, previous: View | None = None) -> View:
        view_id = self.new_id("V")
        root = previous.root_id if previous is not None else view_id
        view = View(
            id=view_id,
            user=user,
            content=content,
            hash=new_hash(),
            root_id=root,
            previous_id=previous.id if previous is not None else None,
        )
        self.views[view_id] = view
        self.touch()
        return view

    def note_call(self, call: CallSeen) -> None:
        self.calls.append(call)
        if len(self.calls) > CALLS_KEPT:
            del self.calls[0]
        self.touch()


def new_hash() -> str:
    """A view's version; each change of the view makes another."""
    return secrets.token_hex(8)
