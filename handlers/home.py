"""App Home."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.messages.home import home
from bot.messages.status import status
from bot.waiting import full_report
from handlers.exchanges import Exchange
from handlers.failures import Guard
from handlers.parts import Parts


@dataclass(frozen=True, slots=True)
class Home:
    """What a person sees who opens the app itself."""

    parts: Parts

    def register(self, app: AsyncApp, guarded: Guard) -> None:
        """Listen to who opens it, and to its button."""
        app.event("app_home_opened")(guarded(self.opened))
        app.action("home_refresh")(guarded(self.refreshed))

    async def opened(self, event: dict[str, object]) -> None:
        """Somebody came to one of its tabs."""
        if event.get("tab", "home") == "home":
            await self.publish(str(event.get("user")))

    async def refreshed(self, ack: AsyncAck, exchange: Exchange) -> None:
        """Somebody wants it newer."""
        await ack()
        await self.publish(exchange.user_id)

    async def publish(self, user_id: str) -> None:
        """Show the person their Home as it is now."""
        look = self.parts.look()
        team_id = self.parts.people.team_id
        found = await full_report(self.parts.health, self.parts.database, team_id, look.now)
        fresh = status(found, look)
        await self.parts.slack.call("views.publish", {"user_id": user_id, "view": home(look.command, fresh)})
