"""Where a person can go, what waits there, and what each one sees."""

import pytest
from playwright.async_api import expect

from bot.sandbox.slack.records import Ephemeral
from tests.browser.looks import PHONE


def answer(slack, name, text):
    """What an app says to one person alone."""
    porting, reader = slack.channel("porting"), slack.person(name)
    ephemeral = Ephemeral(porting.id, reader.id, slack.next_ts(), text, blocks=[], via="ack")
    return slack.show_ephemeral(ephemeral)


async def test_messages_of_another_channel_are_counted_until_one_goes_there(bare_page, slack, maya):
    await maya.come(bare_page.url)

    for words in ("one", "two"):
        slack.write("omar", "customer-acme", words)

    await expect(maya.place("customer-acme, 2 unread")).to_be_visible()
    await maya.go("customer-acme")
    await expect(maya.place("customer-acme")).to_have_accessible_name("customer-acme")


async def test_what_came_while_the_tab_was_behind_others_is_read_once_it_is_seen(
    bare_page, slack, maya, page
):
    await maya.come(bare_page.url)
    await page.evaluate(
        "() => Object.defineProperty(document, 'visibilityState', { get: () => window.seen })"
    )

    slack.write("omar", "porting", "meanwhile")
    await expect(maya.place("porting, 1 unread")).to_be_visible()
    await page.evaluate(
        "() => { window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange')); }"
    )

    await expect(maya.place("porting")).to_have_accessible_name("porting")


async def test_what_came_while_one_was_elsewhere_stands_below_a_line(bare_page, slack, maya):
    slack.write("omar", "porting", "before")
    await maya.come(bare_page.url)
    await expect(maya.message("before")).to_be_visible()
    await maya.go("customer-acme")

    slack.write("omar", "porting", "meanwhile")
    await expect(maya.place("porting, 1 unread")).to_be_visible()
    await maya.go("porting")

    news = maya.channel.get_by_role("separator").filter(has_text="New")
    await expect(news).to_be_visible()

    await maya.become("gus")
    await expect(maya.message("meanwhile")).to_be_visible()
    await expect(news).to_have_count(0)


async def test_a_message_of_ones_own_is_not_unread(bare_page, slack, maya):
    await maya.come(bare_page.url)

    slack.write("maya", "customer-acme", "mine")
    slack.write("maya", "porting", "here")

    await expect(maya.message("here")).to_be_visible()
    await expect(maya.place("customer-acme")).to_have_accessible_name("customer-acme")


async def test_an_answer_is_seen_by_one_person_alone(bare_page, slack, maya):
    await maya.come(bare_page.url)
    answer(slack, "maya", "for maya")
    await expect(maya.newest_answer).to_contain_text("for maya")

    await maya.become("omar")
    slack.write("omar", "porting", "here")

    await expect(maya.message("here")).to_be_visible()
    await expect(maya.answers).to_have_count(0)


async def test_a_stranger_is_in_shared_channels_alone(bare_page, maya):
    await maya.come(bare_page.url, name="stella", place="customer-acme")

    await expect(maya.place("customer-acme")).to_be_visible()
    await expect(maya.place("porting")).to_have_count(0)


async def test_a_direct_message_to_the_app_is_a_place(bare_page, slack, maya):
    await maya.come(bare_page.url)
    place = slack.channel(slack.dm("maya"))

    slack.post_as_bot(place, "Good morning")

    await maya.go("portwire")
    await expect(maya.message("Good morning")).to_be_visible()


async def test_who_and_where_one_is_outlives_a_reload(bare_page, maya, page):
    await maya.come(bare_page.url)
    await maya.become("gus")
    await maya.go("customer-acme")

    await page.reload()

    await expect(page.get_by_label("You are")).to_have_value(await maya.id_of("gus"))
    await expect(maya.channel.get_by_role("heading", name="customer-acme")).to_be_visible()


async def test_nobody_writes_in_an_archived_channel_until_it_is_unarchived(bare_page, slack, maya):
    await maya.come(bare_page.url)

    await maya.choose(maya.channel_menu, "Archive the channel")
    await expect(maya.composer).to_be_disabled()
    await maya.channel.get_by_role("button", name="Unarchive it").click()

    await maya.write("Here again")
    await expect(maya.message("Here again")).to_be_visible()


async def test_the_app_is_invited_where_it_is_missing(bare_page, slack, maya):
    await maya.come(bare_page.url, place="customer-acme")

    await maya.channel.get_by_role("button", name="Invite it").click()

    await expect(maya.channel.get_by_text("is not in this channel")).to_have_count(0)
    assert slack.bot_is_in(slack.channel("customer-acme"))


async def test_a_lock_screen_shows_the_text_of_what_arrives(bare_page, slack, maya, page):
    await maya.come(bare_page.url)
    await page.get_by_role("button", name="Lock screen").click()

    block = {"type": "section", "text": {"type": "mrkdwn", "text": "the blocks"}}
    slack.post_as_bot(slack.channel("porting"), "the text", blocks=[block])

    lock = page.get_by_role("complementary", name="Lock screen")
    await expect(lock).to_contain_text("the text")
    await expect(lock).not_to_contain_text("the blocks")


async def test_an_answer_below_what_one_reads_is_pointed_at(bare_page, slack, maya):
    for number in range(60):
        slack.write("omar", "porting", f"Message {number}")
    await maya.come(bare_page.url)
    await expect(maya.message("Message 59")).to_be_in_viewport()
    await maya.message("Message 59").hover()
    await maya.page.mouse.wheel(0, -900)
    await expect(maya.channel.get_by_role("button", name="Newest")).to_be_visible()

    answer(slack, "maya", "for maya")
    await maya.channel.get_by_role("button", name="an answer for you").click()

    await expect(maya.newest_answer).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("looks", [PHONE])
async def test_a_phone_that_shows_a_thread_tells_of_an_answer_in_the_channel(bare_page, slack, maya):
    slack.write("omar", "porting", "The first")
    await maya.come(bare_page.url)
    await maya.message("The first").get_by_role("button", name="Reply in thread").click()
    await expect(maya.thread).to_be_visible()

    answer(slack, "maya", "for maya")

    await expect(maya.page.get_by_text("An answer for you alone stands in the channel.")).to_be_visible()


async def test_the_town_whose_times_are_shown_is_named(bare_page, maya):
    await maya.come(bare_page.url)
    await expect(maya.sidebar).to_contain_text("Times are shown as in New York.")

    await maya.become("stella")

    await expect(maya.sidebar).to_contain_text("Times are shown as in London.")


async def test_an_empty_place_says_how_to_begin(bare_page, maya):
    await maya.come(bare_page.url)
    await expect(maya.channel).to_contain_text("Type /port help to begin.")

    await maya.go("portwire")

    await expect(maya.channel).to_contain_text("Type help to begin.")


async def test_no_line_is_drawn_above_what_one_sees_arrive(bare_page, slack, maya):
    slack.write("omar", "porting", "before")
    await maya.come(bare_page.url)
    await maya.go("customer-acme")
    await maya.go("porting")

    answer(slack, "maya", "for maya")
    slack.write("omar", "porting", "meanwhile")

    await expect(maya.message("meanwhile")).to_be_visible()
    await expect(maya.channel.get_by_text("New", exact=True)).to_have_count(0)
