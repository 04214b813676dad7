"""Whoever reads along sees the newest message whole, whatever changes above or in it."""

import pytest
from playwright.async_api import expect

from bot.messages.orders import card
from docs.gallery_scenes import LOOK, SCENES


def blocks_of(count):
    texts = [{"type": "mrkdwn", "text": f"Paragraph {number}"} for number in range(count)]
    return [{"type": "section", "text": text} for text in texts]


@pytest.fixture
def porting(slack):
    return slack.channel("porting")


@pytest.fixture
def posted(slack, porting):
    """Cards of many heights."""
    cards = [card(scene.change, LOOK, other_events=scene.other_events) for scene in SCENES]
    return [slack.post_as_bot(porting, each.text, blocks=each.blocks) for each in cards]


@pytest.fixture
def newest(maya):
    return maya.messages.last


async def seen_whole(message):
    await expect(message).to_be_in_viewport(ratio=0.99)


async def test_the_newest_message_is_seen_whole_at_first(posted, bare_page, maya, newest):
    await maya.come(bare_page.url)

    await seen_whole(newest)


async def test_what_arrives_is_seen_whole(posted, slack, porting, bare_page, maya, newest):
    await maya.come(bare_page.url)
    await seen_whole(newest)

    for count in (1, 9, 2, 5):
        slack.post_as_bot(porting, "News", blocks=blocks_of(count))
        await expect(newest).to_contain_text(f"Paragraph {count - 1}")
        await seen_whole(newest)


async def test_a_card_that_grows_pushes_nothing_out_of_sight(posted, slack, porting, bare_page, maya, newest):
    await maya.come(bare_page.url)
    await seen_whole(newest)

    for message in posted[-3:]:
        message.blocks = [*message.blocks, *blocks_of(4)]
        slack.note_edit(message)
        await expect(maya.messages.filter(has_text="Paragraph 3").last).to_be_visible()

    await expect(newest).to_contain_text("Paragraph 3")
    await seen_whole(newest)


async def test_a_thread_beside_it_and_a_narrow_window_leave_it_in_sight(
    posted, slack, porting, bare_page, maya, newest, page
):
    slack.write("omar", "porting", "A reply", thread_ts=posted[-1].ts)
    await maya.come(bare_page.url)
    await seen_whole(newest)

    await maya.replies.last.click()
    await expect(maya.thread).to_be_visible()
    await seen_whole(newest)
    await page.set_viewport_size({"width": 900, "height": 760})

    await seen_whole(newest)
