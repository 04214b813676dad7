"""What a channel's queue comes to now, in one unit of work: its next message with the intent kept, a wait,
or what has to be done first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.delivery import drafts, queue, timing
from bot.delivery.drafts import Draft
from bot.delivery.queue import Next, Wait
from bot.delivery.restoring import Restoring
from bot.failpoints import reached
from storage import channels, deliveries
from storage.channels import ChannelState
from storage.database import Tx
from storage.deliveries import Message
from storage.errors import StorageError
from storage.workspaces import WorkspaceState


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message whose intent is kept: it goes to `target` now."""

    draft: Draft
    message: Message
    target: str
    mac_key: str
    next_at: datetime
    """When the channel takes the message after it."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something has to be done before the channel's next message can go out."""

    channel: ChannelState
    in_flight: Message | None
    """A message that holds the queue, as its fate is not known yet."""


class NotMadeError(Exception):
    """The message whose turn it is meets a bug of ours."""


Chosen = Attempt | Obstacle | Wait | None
"""None: nothing is to be done for the channel."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """The looks that each post begins with."""

    restoring: Restoring
    team_id: str
    now: Callable[[], datetime]

    async def choose(self, tx: Tx, channel_id: str, target: str | None = None) -> Chosen:
        """With `target`, which had to be found out, no obstacle is left: then for a unit that is alone.

        Raises NotMadeError.
        """
        channel, workspace = await channels.find_with_workspace(tx, channel_id, self.team_id)
        if channel is None or workspace.trouble:
            return None
        now = self.now()
        until = max(filter(None, (channel.rests_until(now), workspace.posts_not_before)), default=now)
        if until > now:
            return Wait(until)
        head = await deliveries.head(tx, channel_id)
        if target is None:
            in_flight = head if head and head.state != "pending" else None
            target = channel.target
            if in_flight or channel.unsure_since or channel.paused_at or target is None:
                return Obstacle(channel, in_flight)
        elif channel.unsure_since and not await self.restoring.is_settled(tx, channel):
            return Wait(now)
        try:
            chosen = await queue.next_message(tx, channel_id, head, now)
            if not isinstance(chosen, Next):
                return chosen
            return await self._begin(tx, channel, workspace, chosen, target)
        except StorageError:
            raise
        except Exception as bug:
            raise NotMadeError from bug

    async def _begin(
        self, tx: Tx, channel: ChannelState, workspace: WorkspaceState, chosen: Next, target: str
    ) -> Attempt | Wait:
        """Keep the intent to send it."""
        reached("send.chosen")
        now, message, members = self.now(), chosen.message, chosen.members
        if message.kind in ("event", "roll_up") and not members:
            # Its events went with an id that the channel had, or with their time.
            await deliveries.change(tx, message.id, state="cancelled", error="nothing is left of it")
            return Wait(now)
        shape, thread_ts = await queue.shape_of(tx, message, members)
        intent: dict[str, Any] = {
            "state": "sending",
            "attempt": message.attempt + 1,
            "started_at": now,
            "shape": shape,
            "thread_ts": thread_ts,
            "target": target,
            "may_repeat": message.may_repeat or self.restoring.may_repeat(channel, workspace, members),
        }
        message = replace(message, **intent)
        if chosen.is_new:
            await queue.keep(tx, message, members)
        else:
            await deliveries.change(tx, message.id, **intent)
        next_at = timing.paced_until(channel.paced_until, now)
        await channels.pace(tx, channel.id, next_at)
        draft = await drafts.load(tx, message, shape, members)
        return Attempt(draft, message, target, workspace.mac_key, next_at)
