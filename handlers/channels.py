"""What happens to the channels that we are in: Slack's events, told on to whoever keeps the queues."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from handlers.exchanges import Body, found
from handlers.failures import Guard
from handlers.parts import Parts

BACK = ("channel_unarchive", "group_unarchive")
GONE = ("channel_archive", "group_archive", "channel_left", "group_left")


@dataclass(frozen=True, slots=True)
class ChannelEvents:
    """Slack names a channel as its id, or as an object with one."""

    parts: Parts

    def register(self, app: AsyncApp, guarded: Guard) -> None:
        """Listen to what opens and closes a channel to us."""
        app.event("member_joined_channel")(guarded(self.joined))
        app.event("channel_id_changed")(guarded(self.moved))
        for kind in BACK:
            app.event(kind)(guarded(self.opened))
        for kind in GONE:
            app.event(kind)(guarded(self.closed))

    async def joined(self, event: Body, context: AsyncBoltContext) -> None:
        """Somebody joined; it matters where it is us."""
        if event.get("user") == context.bot_user_id:
            await self.opened(event)

    async def opened(self, event: Body) -> None:
        """What waited for the channel may go out again."""
        channel_id = _channel_of(event)
        if channel_id:
            await self.parts.channels.resumed(channel_id)

    async def closed(self, event: Body) -> None:
        """Nothing can be posted there any more; what comes waits."""
        channel_id = _channel_of(event)
        if channel_id:
            await self.parts.channels.left(channel_id)

    async def moved(self, event: Body) -> None:
        """A channel that becomes shared between organisations gets another id for good."""
        old_id, new_id = event.get("old_channel_id"), event.get("new_channel_id")
        if isinstance(old_id, str) and isinstance(new_id, str):
            await self.parts.channels.moved(old_id, new_id)


def _channel_of(event: Body) -> str | None:
    channel = event.get("channel")
    channel_id = channel if isinstance(channel, str) else found(event, "channel.id")
    return channel_id if isinstance(channel_id, str) else None
