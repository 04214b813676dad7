"""Keyboard first: what somebody types, and how they get it back."""

import asyncio

import pytest
from playwright.async_api import expect

from bot.sandbox.page.tab import Offer

SUBSCRIBE = {"line": "/port subscribe ", "what": "follow events here"}
KIND = {"word": "kind:", "behind": ["subscribe"], "what": "in or out"}


@pytest.fixture
def offer():
    return Offer(suggestions=(SUBSCRIBE, KIND))


async def test_up_brings_back_what_was_written_before(bare_page, maya):
    await maya.come(bare_page.url)
    for line in ("first", "second"):
        await maya.write(line)

    await maya.composer.press("ArrowUp")
    await expect(maya.composer).to_have_value("second")
    await maya.composer.press("ArrowUp")
    await expect(maya.composer).to_have_value("first")
    await maya.composer.press("ArrowDown")
    await expect(maya.composer).to_have_value("second")


async def test_shift_and_enter_begin_a_new_line(bare_page, maya):
    await maya.come(bare_page.url)

    await maya.composer.fill("one")
    await maya.composer.press("Shift+Enter")
    await maya.composer.press_sequentially("two")
    await maya.composer.press("Enter")

    await expect(maya.message("one")).to_contain_text("two")


async def test_commands_and_their_words_are_offered_and_taken_by_tab(bare_page, maya):
    await maya.come(bare_page.url)

    await maya.composer.press_sequentially("/port su")
    await expect(maya.offers).to_contain_text("follow events here")
    await maya.composer.press("Tab")
    await expect(maya.composer).to_have_value("/port subscribe ")
    await maya.composer.press("Tab")

    await expect(maya.composer).to_have_value("/port subscribe kind:")


async def test_escape_shuts_the_offers_and_keeps_the_line(bare_page, maya):
    await maya.come(bare_page.url)
    await maya.composer.press_sequentially("/port su")
    await expect(maya.offers).to_be_visible()

    await maya.composer.press("Escape")

    await expect(maya.offers).to_have_count(0)
    await expect(maya.composer).to_have_value("/port su")


async def test_people_are_offered_behind_an_at(bare_page, maya):
    await maya.come(bare_page.url)

    await maya.composer.press_sequentially("Ask @om")
    await maya.composer.press("Tab")

    await expect(maya.composer).to_have_value("Ask @omar ")


async def test_a_command_that_slack_does_not_know_is_refused_to_the_typist(bare_page, maya):
    await maya.come(bare_page.url)

    await maya.write("/weather")

    await expect(maya.newest_answer).to_contain_text("/weather is not a valid command")


async def test_where_the_sandbox_itself_breaks_nobody_waits_for_an_answer(
    bare_page, slack, maya, monkeypatch, caplog
):
    async def broken(*_, **__):
        raise RuntimeError("a slip")

    monkeypatch.setattr(slack, "command", broken)
    await maya.come(bare_page.url)

    await maya.write("/port help")

    await expect(maya.newest_answer).to_contain_text("Something broke in the sandbox")
    assert "a slip" in caplog.text


async def test_a_refusal_that_comes_before_the_channel_is_shown_with_it(bare_page, maya, page):
    held = asyncio.Event()

    async def late(route):
        await held.wait()
        await route.continue_()

    await page.route("**/history/**", late)
    await maya.come(bare_page.url)
    await maya.write("/weather")
    await expect(maya.composer).to_have_value("")

    async with page.expect_response("**/history/**"):
        held.set()

    await expect(maya.newest_answer).to_contain_text("/weather is not a valid command")


async def test_half_a_character_stops_no_line(bare_page, maya):
    """Cutting a text may cut an emoji in two."""
    await maya.come(bare_page.url)
    await maya.composer.evaluate(
        "box => { box.value = 'Half \\ud83d of it'; box.dispatchEvent(new Event('input')); }"
    )

    await maya.composer.press("Enter")

    await expect(maya.message("of it")).to_contain_text("Half \ufffd of it")


async def test_half_a_character_of_an_app_stops_no_news(bare_page, slack, maya):
    await maya.come(bare_page.url)

    slack.post_as_bot(slack.channel("porting"), "Half \ud83d of it")
    slack.post_as_bot(slack.channel("porting"), "What comes next")

    await expect(maya.message("What comes next")).to_be_visible()
    await expect(maya.message("Half")).to_contain_text("of it")
