"""What somebody wants of a channel: a filter, and how its events are shown. Pure."""

from dataclasses import dataclass

from bot.filters.terms import Filter
from bot.filters.vocabulary import Broadcast, Style

EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Wish:
    """What stands behind `subscribe`."""

    filter: Filter = EVERYTHING
    style: Style = Style.THREAD
    broadcast: Broadcast = Broadcast.MILESTONES

    @property
    def options(self) -> str:
        """The options that are not the default, as they are typed."""
        style = f"style:{self.style}" if self.style is not Style.THREAD else ""
        broadcast = f"broadcast:{self.broadcast}" if self.broadcast is not Broadcast.MILESTONES else ""
        return " ".join(filter(None, (style, broadcast)))

    def canonical(self) -> str:
        """The wish as it is typed; parsing it gives an equal wish."""
        return " ".join(filter(None, (self.filter.canonical(), self.options)))
