"""What somebody typed or pressed is not lost without a word, whatever becomes of the way to the server."""

import pytest
from playwright.async_api import expect

from tests.browser import builders, kitchen


async def test_what_is_typed_waits_where_it_was_typed(bare_page, maya):
    await maya.come(bare_page.url)
    await maya.composer.fill("Half a sentence")

    await maya.go("customer-acme")
    await expect(maya.composer).to_have_value("")
    await maya.go("porting")

    await expect(maya.composer).to_have_value("Half a sentence")


async def test_what_was_sent_waits_no_longer(bare_page, maya):
    await maya.come(bare_page.url)
    await maya.write("A whole sentence")
    await expect(maya.message("A whole sentence")).to_be_visible()

    await maya.page.reload()

    await expect(maya.message("A whole sentence")).to_be_visible()
    await expect(maya.composer).to_have_value("")


async def test_what_is_typed_outlives_that_the_page_is_loaded_anew(bare_page, maya):
    await maya.come(bare_page.url)
    await maya.composer.fill("Half a sentence")

    await maya.page.reload()

    await expect(maya.composer).to_have_value("Half a sentence")


async def test_a_line_is_kept_while_nobody_takes_it(bare_page, maya, troubles):
    troubles.forgive("ERR_CONNECTION_REFUSED", "WebSocket", "socket")
    await maya.come(bare_page.url)
    await bare_page.stop()
    await expect(maya.page.get_by_text("Connection lost")).to_be_visible()

    await maya.write("/port help")

    await expect(maya.page.get_by_text("what you typed stays here")).to_be_visible()
    await expect(maya.composer).to_have_value("/port help")


async def test_a_channel_whose_messages_got_lost_is_asked_for_again(bare_page, slack, maya, troubles):
    troubles.forgive("ERR_FAILED")
    slack.write("omar", "customer-acme", "Hello there")
    await maya.come(bare_page.url)
    await maya.page.route("**/history/*", lambda route: route.abort(), times=1)

    await maya.go("customer-acme")

    await expect(maya.message("Hello there")).to_be_visible()


@pytest.mark.parametrize("loss", ["delete_message", "edit"])
async def test_a_click_that_comes_too_late_is_said(bare_page, slack, maya, loss):
    """The message went, or lost its button, while its dialog was open."""
    asking = builders.button("refuse", "Refuse", confirm=kitchen.CONFIRM)
    message = slack.post_as_bot(
        slack.channel("porting"), "Words", blocks=[{"type": "actions", "block_id": "b", "elements": [asking]}]
    )
    await maya.come(bare_page.url)
    await maya.message("Refuse").get_by_role("button", name="Refuse").click()
    await expect(maya.dialog).to_be_visible()

    if loss == "edit":
        message.blocks = [builders.section("Done by somebody else") | {"block_id": "c"}]
        slack.tell(message.channel, message, "edit")
    else:
        slack.delete_message(message.channel, message.ts)
    await expect(maya.messages.filter(has_text="Refuse")).to_have_count(0)
    await maya.dialog.get_by_role("button", name="Yes").click()

    await expect(maya.page.get_by_role("alert").filter(has_text="there")).to_be_visible()
