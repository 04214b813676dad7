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
from handlers.under_way import UnderWay

__all__ = ["Parts", "People", "UnderWay", "register"]


def register(app: AsyncApp, parts: Parts) -> UnderWay:
    """Listen to all that Slack sends; the order counts only for the last, who take what is left over.

    What is returned knows who is being served.
    """
    under_way = UnderWay()
    desk = Desk(parts)
    asking = Asking(desk)
    commands = Commands(desk, asking, Following(desk, Rooms(parts.slack)))
    app.use(under_way.counted)
    app.use(desk.once)
    strays = Strays(desk)
    app.use(strays.caught)
    failures = Failures(parts, under_way)
    app.error(failures.failed)
    commands.register(app, failures.guarded)
    Actions(desk, asking, commands).register(app, failures.guarded)
    Mentions(commands).register(app, failures.guarded)
    ChannelEvents(parts).register(app, failures.guarded)
    Home(parts).register(app, failures.guarded)
    strays.register(app, failures.guarded)
    return under_way
