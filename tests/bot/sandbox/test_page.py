"""What the page shows of the stand-in Slack."""

import aiohttp
import pytest

from bot.sandbox.page import Page
from bot.sandbox.ports import three_ports
from tests.bot.sandbox.answers import answer


def test_the_page_shows_channels_with_the_newest_message_last(slack, porting, maya):
    slack.post_as_bot(porting, "older")
    slack.post_as_bot(porting, "newer")

    page = Page(slack, "/port").html()

    assert page.index("#porting") < page.index("older") < page.index("newer")


def test_the_page_shows_replies_below_their_message(slack, porting):
    card = slack.post_as_bot(porting, "the card")
    slack.post_as_bot(porting, "another card")
    slack.post_as_bot(porting, "the reply", thread_ts=card.ts, reply_broadcast=True)

    page = Page(slack, "/port").html()

    assert page.index("the card") < page.index("the reply") < page.index("another card")
    assert "also in the channel" in page


def test_the_page_shows_what_was_written_literally(slack, porting):
    slack.post_as_bot(porting, "&lt;script&gt;alert(1)")

    assert "<script>alert" not in Page(slack, "/port").html()
    assert "&lt;script&gt;alert(1)" in Page(slack, "/port").html()


def test_the_page_marks_answers_that_one_person_sees(slack, porting, maya):
    slack.show_ephemeral(answer(porting, maya, "just for you"))

    assert "only @maya" in Page(slack, "/port").html()


def test_the_page_says_where_the_bot_is_not(slack):
    slack.add_channel("customer-acme", bot_member=False)

    assert "The bot is not in this channel yet." in Page(slack, "/port").html()


def test_the_page_shows_that_a_message_was_deleted(slack, porting):
    message = slack.post_as_bot(porting, "a secret")
    slack.delete_message("porting", message.ts)

    page = Page(slack, "/port").html()

    assert "a secret" not in page
    assert "This message was deleted." in page


def test_the_page_shows_a_reply_of_the_thread_alone_once(slack, porting):
    card = slack.post_as_bot(porting, "the card")
    slack.post_as_bot(porting, "the reply", thread_ts=card.ts)

    page = Page(slack, "/port").html()

    assert page.count("the reply") == 1
    assert "also in the channel" not in page


async def test_the_page_is_served_without_outside_help_until_it_is_stopped(slack, porting):
    slack.post_as_bot(porting, "the card")
    page, port = Page(slack, "/port"), three_ports("127.0.0.1", 0)[0]
    await page.stop()  # before it began: nothing happens
    await page.start("127.0.0.1", port)

    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/") as answer:
            policy, text = answer.headers["Content-Security-Policy"], await answer.text()
        await page.stop()
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{port}/")

    assert policy.startswith("default-src 'none'")
    assert "the card" in text
