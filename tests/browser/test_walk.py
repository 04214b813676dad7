"""A walk through the sandbox with the real bot, by what a person sees."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.looks import PHONE


def cards(person):
    """Messages of the channel that show an order: they are edited in place."""
    return person.messages.filter(has=person.page.get_by_role("button", name="Timeline"))


async def told_until(sandbox, person, words):
    """What the terminal has told until a person wrote that."""
    await person.write(words)
    begin = len(sandbox.seen)
    sandbox.line_with(f"maya: {words}")
    return sandbox.seen[begin:]


async def test_a_command_is_answered_for_the_one_who_typed_it(sandbox, maya):
    await maya.come(sandbox.url)

    await maya.write("/port help")

    await expect(maya.newest_answer).to_contain_text("/port subscribe")


async def test_a_channel_that_subscribes_gets_what_happens_next(sandbox, maya):
    await maya.come(sandbox.url, place="customer-acme")
    await maya.channel.get_by_role("button", name="Invite it").click()
    await expect(maya.channel.get_by_text("is not in this channel")).to_have_count(0)

    await maya.write("/port subscribe style:flat")

    await expect(maya.message("follow")).to_be_visible()
    await expect(maya.messages.filter(has=maya.republish).first).to_be_visible()


async def test_a_card_is_edited_in_place_while_its_story_goes_on(sandbox, maya):
    await maya.come(sandbox.url)

    card = cards(maya).filter(has_text="ACME-1042")

    await expect(card).to_contain_text("Ported")
    await expect(card).to_have_count(1)


async def test_a_cards_thread_tells_its_story(sandbox, maya):
    await maya.come(sandbox.url)

    await cards(maya).filter(has_text="ACME-1042").get_by_role("button", name="Last reply").click()

    await expect(maya.thread.get_by_role("article").nth(1)).to_contain_text("in process → submitted")


async def test_republish_asks_first_and_leaves_a_note_in_the_thread(sandbox, maya):
    await maya.come(sandbox.url)
    card = cards(maya).filter(has_text="ACME-1042")
    await card.get_by_role("button", name="Republish").click()
    await expect(maya.dialog).to_contain_text("Republish this notification?")

    await maya.dialog.get_by_role("button", name="Republish").click()

    await expect(maya.dialog).to_have_count(0)
    await card.get_by_role("button", name="Last reply").click()
    await expect(maya.thread).to_contain_text("maya asked Telnyx to send")


async def test_a_republish_that_is_turned_down_does_nothing(sandbox, maya):
    await maya.come(sandbox.url)
    await told_until(sandbox, maya, "I am about to turn it down")
    await cards(maya).first.get_by_role("button", name="Republish").click()

    await maya.dialog.get_by_role("button", name="Cancel").click()

    await expect(maya.dialog).to_have_count(0)
    await maya.write("/port status")
    await expect(maya.newest_answer).to_contain_text("up to date")
    told = await told_until(sandbox, maya, "I turned it down")
    assert [line for line in told if "asked Telnyx to send" in line] == []


async def test_a_guest_is_refused(sandbox, maya):
    await maya.come(sandbox.url, name="gus")

    await maya.write("/port subscribe")

    await expect(maya.newest_answer).to_contain_text("guest")


async def test_a_guest_who_presses_republish_is_refused(sandbox, maya):
    await maya.come(sandbox.url, name="gus")
    await cards(maya).first.get_by_role("button", name="Republish").click()

    await maya.dialog.get_by_role("button", name="Republish").click()

    await expect(maya.newest_answer).to_contain_text("guests can't change anything")


async def test_the_bot_answers_where_it_is_mentioned(sandbox, maya):
    await maya.come(sandbox.url)

    await maya.write("@portwire status")

    await expect(maya.newest_answer).to_contain_text("up to date")


async def test_the_bot_answers_in_its_direct_messages(sandbox, maya):
    await maya.come(sandbox.url)
    await maya.go("portwire")

    await maya.write("status")

    await expect(maya.message("up to date")).to_be_visible()


async def test_home_tells_how_things_stand(sandbox, maya, page):
    await maya.come(sandbox.url, place="portwire")

    await page.get_by_role("tab", name="Home").click()
    await maya.home.get_by_role("button", name="Refresh").click()

    await expect(maya.home).to_contain_text("Everything is up to date")


async def test_moments_are_told_in_the_readers_zone(sandbox, maya):
    """The browser stands in Tokyo; what counts is where the person is in Slack."""
    await maya.come(sandbox.url)
    first = maya.messages.filter(has=maya.page.locator("time")).first
    east = await first.locator("time").first.get_attribute("title")

    await maya.become("ada")

    await expect(first.locator("time").first).not_to_have_attribute("title", east)


@pytest.mark.parametrize("looks", [PHONE])
async def test_a_phone_shows_one_thing_at_a_time(sandbox, maya):
    await maya.come(sandbox.url)
    await expect(maya.sidebar).to_be_hidden()
    await expect(maya.panel).to_be_hidden()

    await maya.replies.first.click()
    await expect(maya.thread).to_be_visible()
    await expect(maya.channel).to_be_hidden()
    await maya.thread.get_by_role("button", name="Close").click()
    await maya.show_places()

    await expect(maya.channel).to_be_hidden()
    await maya.go("customer-acme")


async def test_the_composer_offers_the_bots_commands_and_filters(sandbox, maya):
    await maya.come(sandbox.url)

    await maya.composer.press_sequentially("/port subscribe st")

    await expect(maya.offers).to_contain_text(re.compile("status:"))
