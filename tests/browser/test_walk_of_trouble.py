"""What goes wrong in the sandbox, and that nothing is lost or repeated through it."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.panel import Panel
from tests.sandboxes import started


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One that may complain, as the bot does in trouble."""
    with started(tmp_path_factory.mktemp("sandbox")) as running:
        running.line_with("[Republish]")
        yield running
        assert running.end()[1] == 0


@pytest_asyncio.fixture(loop_scope="session")
async def panel(sandbox, maya, page):
    """The stories pause: what happens is done by hand."""
    await maya.come(sandbox.url)
    panel = Panel(page)
    await expect(panel.button("Pause").or_(panel.button("Go on"))).to_be_visible()
    if await panel.button("Pause").is_visible():
        await panel.button("Pause").click()
    await expect(panel.root).to_contain_text("The stories pause.")
    await expect(panel.figure("Waiting")).to_have_text("0")
    await panel.open("Orders")
    return panel


async def comment(panel, words):
    """Somebody at Telnyx writes on the newest port-in."""
    order = await panel.opened_order("port-in")
    await order.get_by_role("textbox", name="Comment").fill(words)
    await order.get_by_role("button", name="Add comment").click()
    await expect(order.get_by_role("status")).to_have_text("Done: commented.")


async def test_what_happens_while_the_bot_is_dead_comes_once_it_lives(panel, maya):
    await panel.button("Kill the bot").click()
    await comment(panel, "Written while the bot was dead")
    await expect(panel.figure("Waiting")).to_have_text("1")
    await maya.write("/port status")
    await expect(maya.newest_answer).to_contain_text("failed")

    await panel.button("Start it again").click()

    await expect(panel.figure("Waiting")).to_have_text("0")
    await expect(panel.figure("Posted")).to_have_text(await panel.figure("Due").inner_text())
    await expect(panel.figure("Lost")).to_have_text("0")
    await expect(panel.figure("Repeated")).to_have_text("0")


async def test_an_archived_channel_gets_what_it_missed_once_it_is_back(panel, maya):
    await maya.choose(maya.channel_menu, "Archive the channel")
    await expect(maya.channel).to_contain_text("This channel is archived")
    await comment(panel, "Written while the channel was archived")
    await expect(panel.figure("Waiting")).to_have_text("1")

    await maya.channel.get_by_role("button", name="Unarchive it").click()
    await maya.channel.get_by_role("button", name="Invite it").click()

    await expect(panel.figure("Waiting")).to_have_text("0")
    await expect(panel.figure("Repeated")).to_have_text("0")


async def test_what_happens_while_telnyx_is_down_comes_once_it_answers(panel, maya):
    await panel.switch("Telnyx", "Down").click()
    await comment(panel, "Written while Telnyx was down")
    await expect(panel.figure("Waiting")).to_have_text("1")

    await panel.button("Everything works again").click()

    await expect(panel.figure("Waiting")).to_have_text("0")
    await expect(panel.figure("Lost")).to_have_text("0")
