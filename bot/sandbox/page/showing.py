"""The workspace as one person sees it, as JSON for the browser."""

from collections.abc import Iterator

from bot.sandbox.page.drawing import drawn, drawn_attachments, parts_of
from bot.sandbox.page.reads import Reads, stands_in_channel
from bot.sandbox.slack.records import Channel, Ephemeral, Json, Message, Person, View
from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.slack.world import SlackWorld


class Showing:
    """Draws people, channels, messages and views; it keeps nothing."""

    def __init__(self, slack: SlackWorld, reads: Reads, command: str, shortcuts: tuple[Json, ...]) -> None:
        self._slack = slack
        self._reads = reads
        self._texts = SlackTexts(slack)
        self._app: Json = {
            "id": slack.app_id,
            "name": slack.bot_name,
            "user_id": slack.bot_user_id,
            "command": command,
            "shortcuts": list(shortcuts),
        }

    def directory(self, person: Person) -> Json:
        """Who and what there is: `me`, `people`, `channels` with their unread counts, and the app."""
        slack = self._slack
        return {
            "me": person.id,
            "people": {each.id: _person(each) for each in slack.people.values()},
            "channels": {each.id: self._channel(each, person) for each in self.places(person)},
            "usergroups": {group: handle for group, (handle, _) in slack.usergroups.items()},
            "app": self._app,
        }

    def places(self, person: Person) -> list[Channel]:
        """The channels that somebody is in, and their direct messages with the app, which come last."""
        inside = [each for each in self._slack.channels.values() if person.id in each.members]
        return sorted(inside, key=lambda each: each.is_im)

    def history(self, channel: Channel, person: Person) -> Iterator[Json]:
        """Every message that somebody sees in a channel, oldest first, replies too; drawn as it is taken."""
        answers = [each for each in self._slack.ephemerals if self.sees(person, each, channel.id)]
        messages = [each for each in channel.by_ts.values() if not each.deleted]
        shown: list[Message | Ephemeral] = sorted([*messages, *answers], key=lambda each: each.ts)
        return map(self.message, shown)

    def sees(self, person: Person, message: Message | Ephemeral, channel: str) -> bool:
        """Whether it is on somebody's screen when that channel is open."""
        if message.channel != channel or message.deleted:
            return False
        return isinstance(message, Message) or message.user == person.id

    def message(self, message: Message | Ephemeral) -> Json:
        """A message or an answer that only one person sees."""
        shown: Json = {
            "ts": message.ts,
            "channel": message.channel,
            "thread_ts": message.thread_ts,
            "blocks": drawn(message.blocks),
            "parts": [] if message.blocks else parts_of(message.text),
            "deleted": message.deleted,
        }
        if isinstance(message, Ephemeral):
            return shown | {"user": self._slack.bot_user_id, "ephemeral": True, "in_channel": True}
        return shown | {
            "user": message.user,
            "is_app": message.bot_id is not None,
            "edited": message.edited,
            "in_channel": stands_in_channel(message),
            "broadcast": message.reply_broadcast,
            "attachments": drawn_attachments(message.attachments),
            "files": message.files,
        }

    def notice(self, message: Message | Ephemeral) -> Json:
        """What a phone's lock screen says of a message: its `text` in one line, never its blocks."""
        return {
            "channel": message.channel,
            "ts": message.ts,
            "place": self._texts.place_of(message.channel),
            "line": self._texts.line(message.text),
        }

    def view(self, view: View) -> Json:
        """A modal or a Home."""
        content = {**view.content, "blocks": drawn(view.blocks)}
        facts: Json = {"id": view.id, "hash": view.hash, "channel": view.channel, "below": view.previous_id}
        return facts | {"content": content}

    def modals(self, person: Person) -> list[Json]:
        """The modals on somebody's screen, the topmost last."""
        mine = [each for each in self._slack.views.values() if each.open and each.user == person.id]
        return [self.view(each) for each in mine if each.content.get("type") == "modal"]

    def home(self, person: Person) -> Json | None:
        """Somebody's Home of the app; None before the app published one."""
        home = self._slack.homes.get(person.id)
        return None if home is None else self.view(home)

    def _channel(self, channel: Channel, person: Person) -> Json:
        return {
            "id": channel.id,
            "name": self._slack.bot_name if channel.is_im else channel.name,
            "is_im": channel.is_im,
            "is_private": channel.private,
            "is_shared": channel.shared,
            "is_archived": channel.archived,
            "has_app": self._slack.bot_is_in(channel),
            "members": len(channel.members),
            "unread": self._reads.unread(person.id, channel),
            "read_until": self._reads.until(person.id, channel.id),
        }


def _person(person: Person) -> Json:
    return {"id": person.id, "name": person.name, "role": person.role, "tz": person.tz}
