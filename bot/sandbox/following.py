"""Whether a channel really follows everything, as the bot's database says."""

from dataclasses import dataclass

from bot.subscriptions import Subscriptions
from storage import channels
from storage.errors import StorageError


@dataclass(frozen=True, slots=True)
class Following:
    """`everything`: some subscription has the empty filter; `pause`: why the bot does not post there now."""

    everything: bool
    pause: str | None


async def following(subscriptions: Subscriptions, channel: str, before: Following) -> Following:
    """How it is now; as it was `before` where the database can't say so just now."""
    try:
        here = await subscriptions.in_channel(channel)
        async with subscriptions.database.reading() as tx:
            state = await channels.find(tx, channel)
    except StorageError:
        return before
    everything = any(not each.wish.filter.canonical() for each in here)
    return Following(everything, state.paused_reason if state else None)
