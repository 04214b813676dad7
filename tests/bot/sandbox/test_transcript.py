"""What the terminal and the page show of the stand-in Slack."""

import pytest

from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.transcript import Transcript
from tests.bot.sandbox.answers import answer, section


@pytest.fixture
def said(slack):
    lines = []
    slack.on_message.append(Transcript(slack, lines.append).heard)
    return lines


def button(label):
    return {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": label}}


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
        ("<!subteam^S0UNKNOWN>", "@S0UNKNOWN"),
        ("<!subteam^S0UNKNOWN|@desk>", "@desk"),
        ("a\n&gt; *b*\n> c\nd", "a\n> b\n> c\nd"),
        ("a ```b``` c", "a \nb\n c"),
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


def test_a_group_is_named(slack):
    group = slack.add_usergroup("desk", [])

    assert SlackTexts(slack).mrkdwn(f"<!subteam^{group}>") == "@desk"


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
