"""The commands about what a channel follows."""

from dataclasses import dataclass

from bot.errors import UserError
from bot.filters import Subscription
from bot.messages import subscriptions as words
from bot.messages.notices import subscription_changed, subscriptions_ended
from bot.slack.blocks import Message
from bot.slack.escaping import escape
from handlers.cautions import Cautions, about_itself, about_others
from handlers.desk import Desk, Reply
from handlers.exchanges import Exchange
from handlers.requests import ListSubscriptions, Subscribe, Unsubscribe, UnsubscribeFilter
from handlers.rooms import NO_HISTORY, Rooms
from handlers.sight import ONLY_HERE, sight_of
from storage import channels

Wished = Subscribe | ListSubscriptions | Unsubscribe | UnsubscribeFilter


@dataclass(frozen=True, slots=True)
class Following:
    """Subscribe, list, unsubscribe. The channel is always the one that the command came from."""

    desk: Desk
    rooms: Rooms

    async def answer(self, exchange: Exchange, command: Wished) -> Reply:
        """Do what the command says; what is returned is for the asker."""
        match command:
            case Subscribe():
                return await self.subscribe(exchange, command)
            case Unsubscribe():
                return await self.unsubscribe(exchange, command)
            case UnsubscribeFilter():
                raise await self._by_filter(exchange, command)
            case _:
                return await self.listed(exchange, command)

    async def subscribe(self, exchange: Exchange, command: Subscribe) -> Message:
        """Follow the wish here, join where that can be done, and tell the channel."""
        await self.desk.require_operator(exchange, "subscribe", exchange.channel_id)
        parts = self.desk.parts
        unnamed = await Cautions(parts.orders).about_orders(command.wish)
        caution = await self.rooms.enter(exchange)
        followed = await parts.subscriptions.follow(
            exchange.channel_id, parts.people.team_id, exchange.user_id, command.wish
        )
        if not caution:
            caution = await self._probe_history(exchange.channel_id)
        if not followed.was_same:
            before = followed.before.command if followed.before else None
            who = await self.desk.name_of(exchange)
            await self._tell_channel(
                exchange, subscription_changed(who, before, followed.subscription.command)
            )
        others = None if followed.before else await self._others(followed.subscription)
        return words.followed(
            _shown(followed.subscription),
            command.wish.style,
            command.wish.broadcast,
            before=_shown(followed.before) if followed.before else None,
            command=parts.look().command,
            hint=escape(" ".join(filter(None, (caution, about_itself(command.wish), unnamed, others)))),
        )

    async def _others(self, new: Subscription) -> str | None:
        here = await self.desk.parts.subscriptions.in_channel(new.channel_id)
        return about_others(new, [each for each in here if each.id != new.id])

    async def _probe_history(self, channel_id: str) -> str | None:
        refused = await self.rooms.history_refused(channel_id)
        async with self.desk.parts.database.transaction() as tx:
            await channels.note_history(tx, channel_id, refused)
        return NO_HISTORY if refused else None

    async def unsubscribe(self, exchange: Exchange, command: Unsubscribe) -> tuple[Message, ...]:
        """End one subscription of this channel or all, and tell the channel."""
        target = f"S{command.number}" if command.number else "all"
        await self.desk.require_operator(exchange, "unsubscribe", f"{exchange.channel_id}:{target}")
        parts = self.desk.parts
        gone = await parts.subscriptions.unfollow(exchange.channel_id, command.number, exchange.user_id)
        if gone:
            ended = [each.command for each in gone]
            await self._tell_channel(exchange, subscriptions_ended(await self.desk.name_of(exchange), ended))
        elsewhere = None if gone or not command.number else await self._place_of(command.number)
        shown = [_shown(each) for each in gone]
        return words.unfollowed(shown, target, parts.look().command, elsewhere=elsewhere)

    async def _place_of(self, number: int) -> str | None:
        """The channel that the subscription is of."""
        active = await self.desk.parts.subscriptions.active()
        return next((each.channel_id for each in active if each.id == number), None)

    async def _by_filter(self, exchange: Exchange, command: UnsubscribeFilter) -> UserError:
        """What to say to one who names a subscription by its filter: its number."""
        here = await self.desk.parts.subscriptions.in_channel(exchange.channel_id)
        same = next((each for each in here if each.wish.filter == command.wish.filter), None)
        if same is None:
            return UserError(
                "This channel has no subscription with that filter. A subscription is ended by its number.",
                suggestion="subs here",
            )
        return UserError(
            f"A subscription is ended by its number: that one is {same.name}.",
            suggestion=f"unsubscribe {same.name}",
        )

    async def listed(self, exchange: Exchange, command: ListSubscriptions) -> Message:
        """A page of the subscriptions here, everywhere, or of the asker."""
        subscriptions = self.desk.parts.subscriptions
        if command.scope == "all":
            await self._check_sight(exchange)
        match command.scope:
            case "here":
                found = await subscriptions.in_channel(exchange.channel_id)
            case "mine":
                found = await subscriptions.of_owner(exchange.user_id)
            case _:
                found = await subscriptions.active()
        async with self.desk.parts.database.reading() as tx:
            paused = {each.id: each.paused_reason for each in await channels.paused(tx)}
        shown = [_shown(each, paused.get(each.channel_id)) for each in found]
        return words.listing(shown, command.scope, command.page, self.desk.parts.look().command)

    async def _check_sight(self, exchange: Exchange) -> None:
        """What other channels follow names their customers: only members of the workspace see that."""
        sight = await sight_of(self.desk, exchange)
        if not sight.is_whole:
            await self.desk.note_denied(exchange, "subs", "all", sight.role)
            raise UserError(f"{ONLY_HERE} {sight.why}", suggestion="subs here")

    async def _tell_channel(self, exchange: Exchange, notice: Message) -> None:
        """In a conversation of two nobody else is there to be told."""
        if not exchange.is_direct:
            await self.desk.parts.notices(exchange.channel_id, notice)


def _shown(subscription: Subscription, paused_reason: str | None = None) -> words.Listed:
    return words.Listed(
        name=subscription.name,
        line=subscription.command,
        channel_id=subscription.channel_id,
        owner_id=subscription.owner_id,
        paused_reason=paused_reason,
    )
