"""One browser tab: who sits at it, what they do, and what they get to see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nicegui import context, ui

from bot.sandbox.page.acts import Acts
from bot.sandbox.page.client import SlackClient
from bot.sandbox.page.feed import Feed
from bot.sandbox.page.reads import Reads
from bot.sandbox.page.showing import Showing
from bot.sandbox.slack.records import Json, NothingThereError
from bot.sandbox.slack_workspace import SlackWorkspace


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page offers beside the workspace itself.

    `shortcuts` are the app's as in its manifest; `suggestions` are for the composer: a whole `line`, or a
    `word` that stands `behind` some commands, and `what` it does; `titles` say what people are, by their id;
    `panel` builds the drawer on the right, where there is one.
    """

    shortcuts: tuple[Json, ...] = ()
    suggestions: tuple[Json, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    panel: Callable[[], None] | None = None


class Tabs:
    """Fills a tab for whoever opens the page; what people have read is the same in all of their tabs."""

    def __init__(self, slack: SlackWorkspace, offer: Offer) -> None:
        self._slack = slack
        self._offer = offer
        reads = Reads()
        self._acts = Acts(slack, reads)
        self._showing = Showing(slack, reads, slack.command_name, offer.shortcuts)

    def history(self, channel: str, person: str) -> Iterator[Json]:
        """The messages of a channel as that person sees them. Raises NothingThereError."""
        place, reader = self._slack.channel(channel), self._slack.person(person)
        if reader.id not in place.members:
            raise NothingThereError(f"{person} is not in {channel}")
        return self._showing.history(place, reader)

    def add_file(self, person: str, name: str, content: bytes, mimetype: str) -> Json:
        """Somebody's file for a form. Raises NothingThereError where there is no such person."""
        return {"id": self._slack.add_file(person, name, content, mimetype)}

    def fill(self, name: str) -> None:
        """Build the page for one tab, at which somebody of that name sits, or else the first person."""
        everybody = list(self._slack.people.values())
        person = next((each for each in everybody if each.name == name), everybody[0])
        offer = self._offer
        client = SlackClient(list(offer.suggestions), offer.titles, has_panel=offer.panel is not None)
        feed = Feed(self._slack, self._showing, person, client.take)
        client.connect(_Seat(self._slack, self._acts, feed).perform)
        context.client.on_delete(feed.end)
        if offer.panel is not None:
            with ui.element("aside").classes("p-drawer").props('aria-label="Control panel"'):
                offer.panel()


@dataclass(frozen=True, slots=True)
class _Seat:
    """Does what is asked at one tab: what is about the tab itself here, all else in the workspace."""

    slack: SlackWorkspace
    acts: Acts
    feed: Feed

    async def perform(self, name: str, arguments: Json) -> Json:
        if name == "ready":
            self.feed.begin()
        elif name == "become":
            self.feed.become(self.slack.person(arguments["person"]))
        elif name == "open":
            self.feed.open(arguments["channel"])
        else:
            return await self.acts.perform(self.feed.person.id, name, arguments)
        return {}
