"""No serious fault for people who read by ear, see little, or use the keyboard alone, in any main state."""

import pytest
from playwright.async_api import expect

from tests.browser.axe import faults
from tests.browser.looks import DARK, PHONE

LIGHT = {}
EVERY_LOOK = pytest.mark.parametrize("looks", [LIGHT, DARK, PHONE], ids=["light", "dark", "phone"])


@EVERY_LOOK
async def test_a_channel_with_an_answer_and_a_thread(sandbox, maya, page):
    await maya.come(sandbox.url)
    await maya.write("/port help")
    await expect(maya.newest_answer).to_contain_text("/port subscribe")
    assert await faults(page) == []

    await maya.replies.first.click()
    await expect(maya.thread).to_be_visible()
    assert await faults(page) == []


@EVERY_LOOK
async def test_the_home_of_the_app(sandbox, maya, page):
    await maya.come(sandbox.url, place="portwire")

    await page.get_by_role("tab", name="Home").click()

    await expect(maya.home.get_by_role("button", name="Refresh")).to_be_visible()
    assert await faults(page) == []


@EVERY_LOOK
async def test_the_dialog_before_a_click(sandbox, maya, page):
    await maya.come(sandbox.url)

    await maya.channel.get_by_role("button", name="Republish").first.click()

    await expect(maya.dialog).to_be_visible()
    assert await faults(page) == []


@EVERY_LOOK
async def test_the_control_panel(sandbox, maya, page):
    await maya.come(sandbox.url)

    await maya.show_panel()

    assert await faults(page) == []


@pytest.mark.parametrize("looks", [DARK, PHONE], ids=["dark", "phone"])
async def test_the_lock_screen_and_the_list_of_places(sandbox, maya, page):
    await maya.come(sandbox.url)

    await maya.show_places()
    await page.get_by_role("button", name="Lock screen").click()

    await expect(page.get_by_role("complementary", name="Lock screen")).to_be_visible()
    assert await faults(page) == []
