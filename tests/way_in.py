"""The way in, wired as the app wires it, on a clock turned by hand."""

from dataclasses import dataclass
from datetime import timedelta

from bot.enquiries import Enquiries
from bot.filters import parse
from bot.followers import Followers
from bot.frontier import Frontier
from bot.intake import Intake
from bot.poller import Poller
from bot.promising import Promising
from bot.subscriptions import Subscriptions
from bot.telnyx.events import Source
from bot.windows import Span
from storage import channels
from tests.clock import Clock
from tests.processes import leases_of

HOUR = timedelta(hours=1)
SPAN = Span(overlap=HOUR, deep=48 * HOUR, deep_every=HOUR)
PAYLOAD_WAIT = timedelta(seconds=120)


@dataclass
class WayIn:
    """Polls, questions to Telnyx, and promises to channels."""

    database: object
    clock: Clock
    subscriptions: Subscriptions
    enquiries: Enquiries
    promising: Promising
    poller: Poller

    async def follow(self, filters="", channel_id="C1", team_id="T1", user_id="U1"):
        async with self.database.transaction() as tx:
            await channels.ensure(tx, channel_id, team_id)
        followed = await self.subscriptions.follow(channel_id, team_id, user_id, parse(filters))
        return followed.subscription

    async def take_in(self):
        """Read both lists a second later, and promise what is new."""
        self.clock.forward(seconds=1)
        for source in Source:
            await self.poller.poll(source)
        return await self.fan_out()

    async def fan_out(self):
        """Promise what can be, and then what Telnyx's answers allow; return how many promises were made."""
        made = await self.promising.fan_out()
        await self.enquiries.settled()
        return made + await self.promising.fan_out()


def nobody():
    """Who listens where a test asks for itself."""


async def way_in(
    database, telnyx, metrics, clock, *, on_promises=nobody, on_answer=nobody, poll_start=None, leases=None
):
    """All of it, begun."""
    leases = leases or leases_of(database, metrics)
    subscriptions = Subscriptions(database, clock)
    frontier = Frontier()
    enquiries = Enquiries(telnyx, frontier, clock, on_answer)
    promising = Promising(
        database, leases, Followers(subscriptions), enquiries, frontier, clock, PAYLOAD_WAIT, on_promises
    )
    intake = Intake(database, leases, metrics, clock)
    poller = Poller(database, telnyx, leases, intake, metrics, SPAN, clock, frontier, on_stored=nobody)
    await poller.begin(poll_start)
    return WayIn(database, clock, subscriptions, enquiries, promising, poller)
