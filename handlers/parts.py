"""What the listeners use; bot.app puts it together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.channel_life import Channels
from bot.health import Health
from bot.messages.wording import Look
from bot.metrics import Metrics
from bot.orders import Orders
from bot.republishing import Republishing
from bot.reviews import Reviews
from bot.slack.blocks import Message
from bot.slack.client import Slack
from bot.slack.responder import Responder
from bot.subscriptions import Subscriptions
from handlers.people import People
from storage.database import Database


class Notices(Protocol):
    """Queues a message for a channel or a person (`U…`), in a thread if one is named."""

    async def __call__(self, channel_id: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Owe it; it is posted once, when its turn comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The use cases behind the commands, the ways to answer, and what is the same for all of one bot."""

    database: Database
    subscriptions: Subscriptions
    orders: Orders
    republishing: Republishing
    reviews: Reviews
    channels: Channels
    people: People
    slack: Slack
    responder: Responder
    metrics: Metrics
    look: Callable[[], Look]
    health: Health
    notices: Notices
    seen: Callable[[str], Awaitable[bool]]
    """Remembers a key for ten minutes; True where it was known already."""
    now: Callable[[], datetime]
