"""A thread stands beside its channel."""

import pytest
from playwright.async_api import expect


def thread(slack, *replies):
    first = slack.write("omar", "porting", "The first")
    for words in replies:
        slack.write("ada", "porting", words, thread_ts=first.ts)
    return first


async def test_replies_are_counted_below_the_first_message_and_open_beside_it(bare_page, slack, maya):
    thread(slack, "a reply", "another")
    await maya.come(bare_page.url)
    await expect(maya.messages).to_have_count(1)

    await maya.message("The first").get_by_role("button", name="2 replies").click()

    await expect(maya.thread.get_by_role("article")).to_have_count(3)
    await expect(maya.thread).to_contain_text("another")


async def test_a_reply_is_written_in_the_thread(bare_page, slack, maya):
    thread(slack, "a reply")
    await maya.come(bare_page.url)
    await maya.message("The first").get_by_role("button", name="1 reply").click()

    await maya.write("mine", into=maya.thread)

    await expect(maya.thread.get_by_role("article").last).to_contain_text("mine")
    await expect(maya.messages).to_have_count(1)


async def test_any_message_can_begin_a_thread(bare_page, slack, maya):
    thread(slack)
    await maya.come(bare_page.url)

    await maya.message("The first").hover()
    await maya.message("The first").get_by_role("button", name="Reply in thread").click()
    await maya.write("mine", into=maya.thread)

    await expect(maya.message("The first")).to_contain_text("1 reply")


async def test_a_broadcast_reply_stands_in_the_channel_and_leads_to_its_thread(bare_page, slack, maya):
    first = thread(slack)
    slack.post_as_bot(slack.channel("porting"), "Ported!", thread_ts=first.ts, reply_broadcast=True)
    await maya.come(bare_page.url)

    await expect(maya.message("Ported!")).to_contain_text("replied to a thread")
    await maya.message("Ported!").get_by_role("button", name="a thread").click()

    await expect(maya.thread).to_contain_text("The first")


async def test_escape_closes_the_thread(bare_page, slack, maya, page):
    thread(slack, "a reply")
    await maya.come(bare_page.url)
    await maya.message("The first").get_by_role("button", name="1 reply").click()
    await expect(maya.thread).to_be_visible()

    await page.keyboard.press("Escape")

    await expect(maya.thread).to_have_count(0)


@pytest.fixture
def long_talk(slack):
    """More than fits, in lines that a narrower channel breaks, with a thread at the end."""
    for number in range(40):
        slack.write("omar", "porting", f"Message {number} " + "of many words " * 12)
    thread(slack, "a reply")


@pytest.mark.usefixtures("long_talk")
async def test_the_end_of_the_channel_stays_in_view_when_a_thread_narrows_it(bare_page, maya):
    await maya.come(bare_page.url)
    await expect(maya.message("The first")).to_be_in_viewport(ratio=1)

    await maya.message("The first").get_by_role("button", name="1 reply").click()
    await expect(maya.thread).to_be_visible()

    await expect(maya.message("The first")).to_be_in_viewport(ratio=1)
