"""One page for all tests of a module: coming to it takes longer than most of them."""

import pytest_asyncio

from bot.sandbox.page.server import Page
from bot.sandbox.page.tab import Offer, Tabs
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.workspace import populate
from tests.browser.every_part.app import EveryPartApp
from tests.browser.every_part.desk import Desk
from tests.browser.person import Person
from tests.browser.tabs import tab
from tests.browser.troubles import Troubles

SHORTCUTS = (
    {"type": "global", "callback_id": "everything", "name": "Every input"},
    {"type": "global", "callback_id": "steps", "name": "Steps"},
    {"type": "message", "callback_id": "steps", "name": "Steps of this"},
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def furnished(browser):
    slack = SlackWorkspace()
    slack.faults.rate_limit = False
    populate(slack)
    await slack.start()
    served = Page(Tabs(slack, Offer(shortcuts=SHORTCUTS)))
    await served.start("127.0.0.1", 0)
    app = EveryPartApp(slack)
    await app.connect()
    troubles = Troubles()
    troubles.forgive("127.0.0.1:9/manual")
    async with tab(browser, troubles) as page:
        await Person(page).come(served.url)
        await slack.until(lambda: slack.open_sockets)
        yield Desk(slack, app, page)
    await app.close()
    await served.stop()
    await slack.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(furnished):
    """The page as it was at first, with an app that has nothing to say."""
    await furnished.tidy()
    return furnished
