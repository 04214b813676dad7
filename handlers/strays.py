"""What no other listener takes: buttons, menus, modals and shortcuts of another version. Registered last."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.errors import PortwireError
from bot.messages.answers import other_command, outdated, outdated_view
from bot.slack.payloads import JSON_TYPE
from handlers.desk import Desk
from handlers.exchanges import Body, Exchange, action_of, found
from handlers.failures import Guard

log = structlog.get_logger()

ANYTHING = re.compile(".*", re.DOTALL)
NAMED_BY = {
    "shortcut": "callback_id",
    "message_action": "callback_id",
    "view_submission": "view.callback_id",
    "view_closed": "view.callback_id",
    "block_suggestion": "action_id",
    "dialog_submission": "callback_id",
    "dialog_cancellation": "callback_id",
    "dialog_suggestion": "callback_id",
    "event_callback": "event.type",
    "url_verification": "type",
}
"""Where each kind of payload says what it is about. Bolt trips over one that does not, and drops others."""


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

    async def caught(
        self, body: Body, context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """Bolt's middleware: what no listener can be found for is taken here."""
        if is_addressed(body):
            await next_()
            return None
        kind = body.get("type")
        log.warning("a payload that nobody listens to", type=str(kind)[:40])
        if kind == "view_submission":
            update = {"response_action": "update", "view": outdated_view(self.desk.parts.look().command)}
            return BoltResponse(status=200, body=json.dumps(update), headers={"content-type": JSON_TYPE})
        if kind == "block_suggestion":
            return BoltResponse(
                status=200, body=json.dumps({"options": []}), headers={"content-type": JSON_TYPE}
            )
        if kind != "view_closed":
            await self._explain(context["exchange"])
        return BoltResponse(status=200)

    async def misnamed(self, ack: AsyncAck, exchange: Exchange) -> None:
        """A command that the app had under another name."""
        await ack()
        await self.desk.answer(exchange, other_command(self.desk.parts.look().command))

    async def explained(self, ack: AsyncAck, exchange: Exchange) -> None:
        """A click or shortcut: say it where it was clicked, else in a modal."""
        await ack()
        await self._explain(exchange)

    async def _explain(self, exchange: Exchange) -> None:
        command = self.desk.parts.look().command
        if exchange.response_url or not exchange.trigger_id or not await self._opened(exchange, command):
            await self.desk.answer(exchange, outdated(command))

    async def _opened(self, exchange: Exchange, command: str) -> bool:
        """Whether the modal was opened: three seconds after a click it can't be any more."""
        arguments = {"trigger_id": exchange.trigger_id, "view": outdated_view(command)}
        try:
            await self.desk.parts.slack.call("views.open", arguments)
        except PortwireError as error:
            log.info("a modal can't be opened, the answer goes another way", reason=str(error))
            return False
        return True

    async def submitted(self, ack: AsyncAck) -> None:
        """A modal: what it asked for was not done, and it says so."""
        await ack(response_action="update", view=outdated_view(self.desk.parts.look().command))

    async def without_options(self, ack: AsyncAck) -> None:
        """A menu that asks for its choices has none."""
        await ack(options=[])

    async def nothing_to_say(self, ack: AsyncAck) -> None:
        """Events that the app is subscribed to by hand, modals that were closed."""
        await ack()


def is_addressed(body: Body) -> bool:
    """Whether the payload says what it is about, so that a listener can be found for it."""
    kind = body.get("type")
    if "command" in body or "ssl_check" in body:
        return True
    if kind == "block_actions":
        return bool(action_of(body)[0])
    if kind == "interactive_message":
        return bool(body.get("actions")) and isinstance(body.get("callback_id"), str)
    return isinstance(found(body, NAMED_BY.get(str(kind), "")), str)
