"""A channel with 5,000 messages is as quick as one with fifty: only what is near the view is in the page."""

import pytest
from playwright.async_api import expect

from bot.messages.orders import card
from docs.gallery_scenes import LOOK, SCENES

COUNT = 5_000
MOST_IN_PAGE = 120


@pytest.fixture
def many(slack):
    """Cards of every kind, numbered in the order in which they came."""
    porting = slack.channel("porting")
    cards = [card(scene.change, LOOK, other_events=scene.other_events) for scene in SCENES]
    for number in range(COUNT):
        message = cards[number % len(cards)]
        first = {"type": "section", "text": {"type": "mrkdwn", "text": f"*Message {number}*"}}
        slack.post_as_bot(porting, f"Message {number}", blocks=[first, *message.blocks])


async def test_only_what_is_near_the_view_is_in_the_page(many, bare_page, maya):
    await maya.come(bare_page.url)

    await expect(maya.message(f"Message {COUNT - 1}")).to_be_in_viewport()
    assert await maya.messages.count() < MOST_IN_PAGE
