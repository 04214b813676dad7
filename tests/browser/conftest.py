"""The sandbox's page in a real Chromium. What a browser test gets:

- `page`: an empty tab of a new browser context (Playwright's async API). `await page.goto(…)`, then
  `await expect(page.get_by_role(…)).to_be_visible()`; never a sleep. The test fails when the page writes an
  error or warning to its console, raises an error, asks for anything but loopback, or a request of it fails.
  `troubles.forgive("…")` lets pass what a test brings about, such as a server that ends.
- `looks`: how the tab is, `{}` at first; `@pytest.mark.parametrize("looks", [DARK, PHONE])` makes it dark or
  a phone (`from tests.browser.looks import DARK, PHONE`).
- `sandbox`: the whole `portwire sandbox` as a process, one a module: `sandbox.url`, `sandbox.line_with("…")`,
  `sandbox.type("…")`. Its lines are measured.
- `slack` and `bare_page`: a populated workspace in this process and on this loop, and the page that shows it,
  with no bot: any app that the test connects to `slack` is the bot. `bare_page.url`; the fixture `offer` says
  what the page offers beside the workspace.
- `maya`: the person at `page`, see `tests/browser/person.py`. `await maya.come(bare_page.url)`, then
  `maya.write("/port help")`, `maya.message("…")`, `maya.newest_answer`, `maya.become("gus")` and so on.

All of these tests run on one event loop, that of the session, since a browser lives on one. An async fixture
must say so too: `@pytest_asyncio.fixture(loop_scope="session")`; a plain `@pytest.fixture` has another loop.
"""

import os
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from bot.sandbox.page.server import Page
from bot.sandbox.page.tab import Offer, Tabs
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.workspace import populate
from tests.browser import chromium
from tests.browser.person import Person
from tests.browser.tabs import PATIENCE_MS, tab
from tests.browser.troubles import Troubles
from tests.sandboxes import started

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """One loop for all; and first of all, so that with several workers one alone starts a browser."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    items.sort(key=lambda item: HERE not in item.path.parents)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    program = chromium.find()
    if program is None:
        chromium.do_without()
    async with async_playwright() as playwright:
        flags = chromium.flags(is_root=os.geteuid() == 0)
        running = await playwright.chromium.launch(executable_path=program, args=flags)
        yield running
        await running.close()


@pytest.fixture
def looks():
    return {}


@pytest.fixture
def troubles():
    return Troubles()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser, looks, troubles):
    async with tab(browser, troubles, **looks) as opened:
        yield opened


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with started(tmp_path_factory.mktemp("sandbox")) as running:
        running.line_with("[Republish]")  # the bot is there
        yield running
        assert running.end()[1:] == (0, "")


@pytest.fixture
def maya(page):
    return Person(page)


@pytest_asyncio.fixture(loop_scope="session")
async def slack():
    workspace = SlackWorkspace()
    populate(workspace)
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def offer():
    return Offer()


@pytest_asyncio.fixture(loop_scope="session")
async def bare_page(slack, offer):
    served = Page(Tabs(slack, offer))
    await served.start("127.0.0.1", 0)
    yield served
    await served.stop()
