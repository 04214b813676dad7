"""A channel with 5,000 messages is as quick as one with fifty: only what is near the view is in the page."""

import pytest
from playwright.async_api import expect

from tests.browser.long_channel import COUNT, fill, heap_mb

MOST_IN_PAGE = 120
MOST_HEAP_MB = 150


@pytest.fixture
def many(slack):
    fill(slack)


@pytest.fixture
def newest(maya):
    return maya.message(f"Number {COUNT - 1:04}")


async def to_top(person):
    """Scroll up, again where the list was still on its way to its end."""
    list_ = await person.timeline.element_handle()
    await person.page.wait_for_function(
        "list => { list.scrollTop = 0; return list.innerText.includes('Number 0000'); }", arg=list_
    )
    await expect(person.message("Number 0000")).to_be_in_viewport()


async def test_however_far_one_scrolls_only_what_is_near_is_in_the_page(many, bare_page, maya, newest):
    await maya.come(bare_page.url)
    await expect(newest).to_be_in_viewport()
    in_page = [await maya.messages.count()]

    await to_top(maya)
    in_page.append(await maya.messages.count())
    await maya.timeline.evaluate("list => { list.scrollTop = list.scrollHeight / 2; }")
    await expect(maya.message("Number 0000")).to_have_count(0)
    in_page.append(await maya.messages.count())
    await maya.channel.get_by_role("button", name="Newest").click()

    await expect(newest).to_be_in_viewport()
    assert max(in_page) < MOST_IN_PAGE


async def test_what_arrives_is_shown_at_the_end_and_moves_nobody_elsewhere(
    many, bare_page, maya, newest, slack
):
    await maya.come(bare_page.url)
    await expect(newest).to_be_in_viewport()

    slack.write("omar", "porting", "One more")
    await expect(maya.message("One more")).to_be_in_viewport()
    await to_top(maya)
    slack.write("omar", "customer-acme", "Elsewhere")
    slack.write("omar", "porting", "And another")

    await expect(maya.place("customer-acme, 1 unread")).to_be_visible()
    await expect(maya.message("Number 0000")).to_be_in_viewport()


async def test_the_browser_needs_little_memory_for_them(many, bare_page, maya, newest, page):
    await maya.come(bare_page.url)
    await expect(newest).to_be_in_viewport()

    assert await heap_mb(page) < MOST_HEAP_MB
