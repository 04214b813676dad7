"""What people do to channels. Each act reaches the app as the event that Slack would send."""

from bot.sandbox.slack.records import Channel, Json
from bot.sandbox.slack.world import SlackWorld


class SlackChannels(SlackWorld):
    """Archive, invite, rename and the like; a channel is given by id or name."""

    def archive(self, channel: str) -> None:
        """Archiving puts the app out: it comes back only if it joins or is invited."""
        place = self.channel(channel)
        place.archived = True
        place.members.discard(self.bot_user_id)
        self._announce(place, "archive", user=self._somebody(), is_moved=0)

    def unarchive(self, channel: str) -> None:
        place = self.channel(channel)
        place.archived = False
        self._announce(place, "unarchive", user=self._somebody())

    def remove_bot(self, channel: str) -> None:
        place = self.channel(channel)
        place.members.discard(self.bot_user_id)
        self._announce(place, "left", actor_id=self._somebody())

    def invite_bot(self, channel: str) -> None:
        place = self.channel(channel)
        place.members.add(self.bot_user_id)
        self.announce_bot_joined(place, inviter=self._somebody())

    def rename(self, channel: str, name: str) -> None:
        place = self.channel(channel)
        place.previous_names.append(place.name)
        place.name = name.removeprefix("#")
        facts = {"id": place.id, "name": place.name, "created": place.created}
        self.announce({"type": f"{_family(place)}_rename", "channel": facts})
        self.touch()

    def delete_channel(self, channel: str) -> None:
        place = self.channels.pop(self.channel(channel).id)
        self._announce(place, "deleted")

    def make_private(self, channel: str) -> None:
        """A public channel becomes private; its members stay, and the app is told nothing."""
        self.channel(channel).private = True
        self.touch()

    def share(self, channel: str) -> None:
        """A channel becomes shared with another organisation, whose people come in."""
        place = self.channel(channel)
        place.shared = True
        place.members |= set(self.people)
        self.announce({"type": "channel_shared", "connected_team_id": "T0STRANGER", "channel": place.id})

    def change_id(self, channel: str) -> str:
        """A private channel gets a new id for good, as when it is shared. Returns the new one."""
        place = self.channels.pop(self.channel(channel).id)
        old, place.id = place.id, self.new_id("C")
        self.channels[place.id] = place
        for message in place.by_ts.values():
            message.channel = place.id
        self.announce({"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": place.id})
        return place.id

    def put_in(self, user: str, channel: str) -> None:
        self.channel(channel).members.add(self.person(user).id)

    def take_out(self, user: str, channel: str) -> None:
        self.channel(channel).members.discard(self.person(user).id)

    def _announce(self, channel: Channel, what: str, **facts: object) -> None:
        event: Json = {"type": f"{_family(channel)}_{what}", "channel": channel.id} | facts
        self.announce(event | {"event_ts": self.next_ts()})
        self.touch()

    def _somebody(self) -> str:
        return next(iter(self.people), "USLACKBOT")


def _family(channel: Channel) -> str:
    return "group" if channel.private else "channel"
