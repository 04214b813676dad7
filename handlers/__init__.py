"""What people do in Slack → a use case → an answer."""

from slack_bolt.async_app import AsyncApp

from handlers.actions import Actions
from handlers.asking import Asking
from handlers.channels import ChannelEvents
from handlers.commands import Commands
from handlers.desk import Desk
from handlers.failures import Failures
from handlers.following import Following
from handlers.home import Home
from handlers.mentions import Mentions
from handlers.parts import Parts
from handlers.people import People
from handlers.rooms import Rooms
from handlers.strays import Strays

__all__ = ["Parts", "People", "register"]


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to all that Slack sends; the order counts only for the last, who take what is left over."""
    desk = Desk(parts)
    asking = Asking(parts)
    commands = Commands(desk, asking, Following(desk, Rooms(parts.slack)))
    app.use(desk.once)
    failures = Failures(parts)
    app.error(failures.failed)
    commands.register(app, failures.guarded)
    Actions(desk, asking, commands).register(app, failures.guarded)
    Mentions(commands).register(app, failures.guarded)
    ChannelEvents(parts).register(app, failures.guarded)
    Home(parts).register(app, failures.guarded)
    Strays(desk).register(app, failures.guarded)
