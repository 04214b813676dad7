"""The stand-in Slack with #porting, ann, gus and an app that listens, as one browser tab has it."""

import asyncio

import pytest

from bot.sandbox.page import feed
from bot.sandbox.page.acts import Acts
from bot.sandbox.page.feed import Feed
from bot.sandbox.page.reads import Reads
from bot.sandbox.page.showing import Showing
from tests.bot.sandbox.slack.conftest import app, channel, client, slack, ticket  # noqa: F401


@pytest.fixture
def reads():
    return Reads()


@pytest.fixture
def ann(slack):  # noqa: F811
    return slack.person("ann")


@pytest.fixture
def gus(slack):  # noqa: F811
    return slack.person(slack.add_person("gus", role="guest"))


@pytest.fixture
def acts(slack, reads):  # noqa: F811
    return Acts(slack, reads)


@pytest.fixture
def showing(slack, reads):  # noqa: F811
    return Showing(slack, reads, "/port", ())


class Tab:
    """Collects what is sent to a browser."""

    def __init__(self, slack, showing, person):  # noqa: F811
        self.sent = asyncio.Queue()
        self.feed = Feed(slack, showing, person, self.sent.put_nowait)

    async def news(self, kind):
        """What comes next of a kind; all else is passed over."""
        while True:
            for piece in await self.sent.get():
                if piece["kind"] == kind:
                    return piece[kind]


@pytest.fixture
def tab(slack, showing, ann, monkeypatch):  # noqa: F811
    monkeypatch.setattr(feed, "GATHER_S", 0)
    sitting = Tab(slack, showing, ann)
    sitting.feed.begin()
    yield sitting
    sitting.feed.end()
