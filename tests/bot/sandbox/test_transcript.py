"""What the terminal and the page show of the stand-in Slack."""

import aiohttp
import pytest

from bot.sandbox.page import Page
from bot.sandbox.ports import three_ports
from bot.sandbox.slack.records import Ephemeral
from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.transcript import Transcript


@pytest.fixture
def slack(clock):
    return SlackWorkspace(now=clock)


@pytest.fixture
def porting(slack):
    return slack.channel(slack.add_channel("porting"))


@pytest.fixture
def maya(slack):
    return slack.add_person("maya")


@pytest.fixture
def said(slack):
    lines = []
    slack.on_message.append(Transcript(slack, lines.append).heard)
    return lines


def button(label):
    return {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": label}}


def section(text, **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | more


def answer(channel, user, *texts):
    blocks = [section(text) for text in texts]
    return Ephemeral(channel=channel.id, user=user, ts="1.0", text="t", blocks=blocks, via="ack")


def test_a_post_is_one_line_with_its_buttons(slack, porting, said):
    blocks = [section("x", accessory=button("Republish")), {"type": "actions", "elements": [button("More")]}]

    slack.post_as_bot(porting, "Order A\nis in process", blocks=blocks)

    assert said == ["#porting  Order A · is in process [Republish] [More]"]


def test_a_reply_is_indented(slack, porting, said):
    parent = slack.post_as_bot(porting, "card")

    slack.post_as_bot(porting, "news", thread_ts=parent.ts)

    assert said[-1] == "#porting  ↳ news"


def test_an_edit_is_short(slack, porting, said):
    message = slack.post_as_bot(porting, "word " * 100)

    slack.note_edit(message)

    assert said[-1].startswith("#porting  (edited) word word")
    assert len(said[-1]) < 130


def test_a_deleted_message_is_said_to_be_deleted(slack, porting, said):
    message = slack.post_as_bot(porting, "gone")

    slack.delete_message("porting", message.ts)

    assert said[-1] == "#porting  (deleted) gone"


def test_a_persons_message_has_their_name(slack, porting, maya, said):
    slack.write("maya", "porting", "hello")

    assert said == ["#porting  @maya: hello"]


def test_an_answer_for_one_person_is_marked_and_shown_whole(slack, porting, maya, said):
    slack.show_ephemeral(answer(porting, maya, "first\nsecond", "third"))

    assert said == [
        "#porting  only you  first",
        "                    second",
        "                    third",
    ]


def test_an_answer_that_takes_another_ones_place_is_shown_whole(slack, porting, maya, said):
    shown = slack.show_ephemeral(answer(porting, maya, "looking"))
    shown.blocks = [section("found")]

    slack.tell(porting.id, shown, "edit")

    assert said[-1] == "#porting  only you  found"


def test_a_withdrawn_answer_says_nothing(slack, porting, maya, said):
    shown = slack.show_ephemeral(answer(porting, maya, "looking"))

    slack.tell(porting.id, shown, "delete")

    assert len(said) == 1


def test_a_direct_message_stands_under_the_persons_name(slack, maya, said):
    slack.post_as_bot(slack.channel(slack.dm("maya")), "psst")

    assert said == ["@maya  psst"]


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("<!date^1^{date}|1 Jan 1970>", "1 Jan 1970"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<https://example.com|here>", "here"),
        ("<https://example.com>", "https://example.com"),
        ("<!channel>", "@channel"),
        ("<#C1|porting>", "#porting"),
        ("<#C0UNKNOWN>", "#C0UNKNOWN"),
        ("<@U0UNKNOWN>", "@U0UNKNOWN"),
        ("<@U0SANDBOX1>", "@portwire"),
        ("2 < 3 | 4 > 1", "2 < 3 | 4 > 1"),
        ("*Waiting on _you_* for ~2~ days", "Waiting on you for 2 days"),
        ("`/port events ref:ACME*` *here*", "/port events ref:ACME* here"),
        ("```a *b*\nc &lt; d```", "a *b*\nc < d"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
    ],
)
def test_marks_are_read_as_people_see_them(slack, marked, read):
    assert SlackTexts(slack).mrkdwn(marked) == read


def test_a_person_is_named(slack, maya):
    assert SlackTexts(slack).mrkdwn(f"<@{maya}>") == "@maya"


def rich(*leaves):
    return {"type": "rich_text_section", "elements": list(leaves)}


def text(words):
    return {"type": "text", "text": words}


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ({"type": "header", "text": {"type": "plain_text", "text": "Title"}}, ["Title"]),
        (section("a\nb"), ["a", "b"]),
        (section("a", fields=[{"type": "mrkdwn", "text": "*Id*\n7"}]), ["a", "Id 7"]),
        ({"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}]}, ["f"]),
        ({"type": "context", "elements": [text("a"), text("b")]}, ["a · b"]),
        ({"type": "context", "elements": [{"type": "image", "alt_text": "sign"}]}, ["(sign)"]),
        ({"type": "actions", "elements": [button("One"), button("Two")]}, ["[One] [Two]"]),
        ({"type": "divider"}, []),
        ({"type": "markdown", "text": "**a**"}, ["**a**"]),
        ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich(text("b"))]]}, ["a | b"]),
        ({"type": "rich_text", "elements": [rich(text("a"), text("b"))]}, ["ab"]),
        ({"type": "rich_text", "elements": [rich(text("a")) | {"type": "rich_text_quote"}]}, ["> a"]),
        ({"type": "rich_text_list", "elements": [rich(text("a")), rich(text("b"))]}, ["• a", "• b"]),
        (rich({"type": "link", "url": "https://example.com"}), ["https://example.com"]),
        (rich({"type": "emoji", "name": "bell"}), [":bell:"]),
        (rich({"type": "date", "timestamp": 1, "fallback": "then"}), ["then"]),
        (rich({"type": "user", "user_id": "U0SANDBOX1"}), ["@portwire"]),
        (rich({"type": "channel", "channel_id": "C9"}), ["#C9"]),
        (
            {
                "type": "overflow",
                "options": [{"text": {"type": "plain_text", "text": "Copy"}}, button("Portal")],
            },
            ["[⋯ Copy / Portal]"],
        ),
        ({"type": "container", "child_blocks": [section("in")]}, ["in"]),
    ],
)  # fmt: skip
def test_blocks_are_read_as_people_see_them(slack, block, lines):
    assert SlackTexts(slack).lines("fallback", [block]) == lines


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
