"""What no other listener takes: buttons, menus, modals and shortcuts of another version. Registered last."""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.messages.answers import other_command, outdated, outdated_view
from handlers.desk import Desk
from handlers.exchanges import Exchange
from handlers.failures import Guard

ANYTHING = re.compile(".*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Strays:
    """Acknowledges and explains, so that nobody looks at Slack's own failure sign."""

    desk: Desk

    def register(self, app: AsyncApp, guarded: Guard) -> None:
        """Take all that is left over."""
        app.command(ANYTHING)(guarded(self.misnamed))
        app.action(ANYTHING)(guarded(self.explained))
        app.action({"type": "interactive_message", "callback_id": ANYTHING})(guarded(self.explained))
        app.shortcut(ANYTHING)(guarded(self.explained))
        app.view_submission(ANYTHING)(guarded(self.submitted))
        app.view_closed(ANYTHING)(guarded(self.nothing_to_say))
        app.options(ANYTHING)(guarded(self.without_options))
        app.event(ANYTHING)(guarded(self.nothing_to_say))

    async def misnamed(self, ack: AsyncAck, exchange: Exchange) -> None:
        """A command that the app had under another name."""
        await ack()
        await self.desk.answer(exchange, other_command(self.desk.parts.look().command))

    async def explained(self, ack: AsyncAck, exchange: Exchange) -> None:
        """A click or shortcut: say it where it was clicked, else in a modal."""
        await ack()
        command = self.desk.parts.look().command
        if exchange.response_url:
            await self.desk.answer(exchange, outdated(command))
        elif exchange.trigger_id:
            await self._opened(exchange, command)

    async def _opened(self, exchange: Exchange, command: str) -> None:
        arguments = {"trigger_id": exchange.trigger_id, "view": outdated_view(command)}
        await self.desk.parts.slack.call("views.open", arguments)

    async def submitted(self, ack: AsyncAck) -> None:
        """A modal: what it asked for was not done, and it says so."""
        await ack(response_action="update", view=outdated_view(self.desk.parts.look().command))

    async def without_options(self, ack: AsyncAck) -> None:
        """A menu that asks for its choices has none."""
        await ack(options=[])

    async def nothing_to_say(self, ack: AsyncAck) -> None:
        """Events that the app is subscribed to by hand, modals that were closed."""
        await ack()
