"""Mrkdwn is read as Slack draws it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.mrkdwn import BREAK, parts_of, plain_parts_of

SIGNS = {"tada": "🎉", "wave": "👋", "+1": "👍", "victory": "✌️", "under_score": "☂"}


def sign_of(name):
    return SIGNS.get(name)


def text(words, *styles):
    return {"type": "text", "text": words} | ({"style": dict.fromkeys(styles, True)} if styles else {})


def link(url, words=None):
    return {"type": "link", "url": url} | ({"text": words} if words else {})


def quote(*parts):
    return {"type": "quote", "parts": list(parts)}


def seen(parts):
    """The characters that a person reads, one line below the other."""
    shown = []
    for part in parts:
        match part["type"]:
            case "quote":
                shown += [*seen(part["parts"]), "\n"]
            case "break":
                shown.append("\n")
            case "link":
                shown.append(part.get("text", part["url"]))
            case "emoji":
                shown.append(part["sign"])
            case _:
                shown.append(part["text"])
    return "".join(shown)


@pytest.mark.parametrize(
    ("written", "style"),
    [("*word*", "bold"), ("_word_", "italic"), ("~word~", "strike"), ("`word`", "code")],
)
def test_a_word_between_two_signs_has_their_style(written, style):
    assert parts_of(f"a {written}, b") == [text("a "), text("word", style), text(", b")]


def test_styles_nest():
    assert parts_of("*a _b ~c~_*") == [
        text("a ", "bold"),
        text("b ", "italic", "bold"),
        text("c", "strike", "italic", "bold"),
    ]


def test_a_link_a_mention_and_an_emoji_take_the_style_around_them():
    bold = {"style": {"bold": True}}

    assert parts_of("*<https://a.example|a> <@U1> :tada:*", sign_of) == [
        link("https://a.example", "a") | bold,
        text(" ", "bold"),
        {"type": "user", "user_id": "U1"} | bold,
        text(" ", "bold"),
        {"type": "emoji", "name": "tada", "sign": "🎉"} | bold,
    ]


@pytest.mark.parametrize(
    "literal",
    [
        "2*3*4",
        "snake_case_name",
        "* not bold*",
        "*not bold *",
        "**twice**",
        "__init__",
        "*open",
        "a *b\nc* d",
        "``",
        "`open",
        "~ ~",
        "```   ```",
        "```open",
        "<",
        "<>",
        "<b>",
        "<@>",
        "<!>",
        "<!nobody>",
        "<javascript:alert(1)|press>",
        ":not an emoji:",
        "10:30:00",
        "• a point",
    ],
)
def test_what_slack_leaves_alone_stays_as_it_is(literal):
    assert seen(parts_of(literal, sign_of)) == literal
    assert all("style" not in part for part in parts_of(literal, sign_of))


def test_a_style_that_ends_first_leaves_marks_inside_it_as_text():
    assert parts_of("*a _b* c_") == [text("a _b", "bold"), text(" c_")]


def test_code_is_literal():
    assert parts_of("`*a* <@U1> &lt;`") == [text("*a* <@U1> <", "code")]


def test_only_three_entities_are_known():
    assert parts_of("&amp;lt; &lt;b&gt; &nbsp;") == [text("&lt; <b> &nbsp;")]


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("<@U1>", {"type": "user", "user_id": "U1"}),
        ("<@U1|maya>", {"type": "user", "user_id": "U1", "label": "maya"}),
        ("<#C1>", {"type": "channel", "channel_id": "C1"}),
        ("<#C1|porting>", {"type": "channel", "channel_id": "C1", "label": "porting"}),
        ("<!here>", {"type": "broadcast", "range": "here"}),
        ("<!channel|channel>", {"type": "broadcast", "range": "channel"}),
        ("<!everyone>", {"type": "broadcast", "range": "everyone"}),
        ("<!subteam^S1>", {"type": "usergroup", "usergroup_id": "S1"}),
        ("<!subteam^S1|@desk>", {"type": "usergroup", "usergroup_id": "S1", "label": "@desk"}),
        ("<!unknown|words>", text("words")),
        ("<https://a.example/?a=1&amp;b=2>", link("https://a.example/?a=1&b=2")),
        ("<https://a.example|a &amp; b>", link("https://a.example", "a & b")),
        ("<mailto:a@b.example|write>", link("mailto:a@b.example", "write")),
        ("<tel:+13125550123|call>", link("tel:+13125550123", "call")),
    ],
)
def test_pointed_brackets_hold_mentions_and_links(written, part):
    assert parts_of(written) == [part]


@pytest.mark.parametrize(
    ("written", "more"),
    [
        ("<!date^1800000000^{date} at {time}|then>", {}),
        (
            "<!date^1800000000^{date} at {time}^https://a.example/?a&amp;b|then>",
            {"url": "https://a.example/?a&b"},
        ),
        ("<!date^1800000000^{date} at {time}^javascript:1|then>", {}),
    ],
)
def test_a_date_has_a_moment_a_form_and_words_for_old_clients(written, more):
    date = {"type": "date", "timestamp": 1_800_000_000, "format": "{date} at {time}", "fallback": "then"}

    assert parts_of(written) == [date | more]


def test_a_date_that_cannot_be_read_shows_its_words():
    assert parts_of("<!date^soon^{date}|then>") == [text("then")]


@pytest.mark.parametrize(
    ("written", "url", "after"),
    [
        ("https://a.example/b_c_d", "https://a.example/b_c_d", ""),
        ("https://a.example/?a=1&amp;b=2 x", "https://a.example/?a=1&b=2", " x"),
        ("https://a.example.", "https://a.example", "."),
        ("https://a.example/x_(y)", "https://a.example/x_(y)", ""),
        ("https://a.example)!", "https://a.example", ")!"),
        ("https://a.example&gt;", "https://a.example", ">"),
    ],
)
def test_a_bare_address_is_linked_without_the_signs_after_it(written, url, after):
    assert parts_of(written) == [link(url), *([text(after)] if after else [])]


def test_a_bare_address_can_be_bold():
    assert parts_of("*https://a.example*") == [link("https://a.example") | {"style": {"bold": True}}]


def test_a_mail_address_is_linked():
    assert parts_of("to me@a.example.") == [
        text("to "),
        link("mailto:me@a.example", "me@a.example"),
        text("."),
    ]


def test_verbatim_text_links_nothing_by_itself():
    written = "https://a.example me@a.example <https://b.example>"

    assert parts_of(written, verbatim=True) == [
        text("https://a.example me@a.example "),
        link("https://b.example"),
    ]


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        (":tada:", "🎉"),
        (":wave::skin-tone-4:", "👋🏽"),
        (":victory::skin-tone-2:", "✌🏻"),
        (":under_score:", "☂"),
    ],
)
def test_an_emoji_has_its_sign_and_skin_tone(written, sign):
    assert [part["sign"] for part in parts_of(written, sign_of)] == [sign]
    assert [part["sign"] for part in plain_parts_of(written, sign_of)] == [sign]


def test_an_emoji_that_slack_does_not_have_hides_no_other():
    assert seen(parts_of("at 10:00:tada:", sign_of)) == "at 10:00🎉"
    assert seen(plain_parts_of("at 10:00:tada:", sign_of)) == "at 10:00🎉"


def test_lines_are_kept_apart():
    assert parts_of("a\n\nb") == [text("a"), BREAK, BREAK, text("b")]


@pytest.mark.parametrize("sign", [">", "&gt;", "> ", "&gt; "])
def test_lines_behind_a_pointed_sign_are_one_quote(sign):
    assert parts_of(f"a\n{sign}b\n{sign}*c*\nd") == [
        text("a"),
        quote(text("b"), BREAK, text("c", "bold")),
        text("d"),
    ]


def test_three_signs_quote_all_that_follows():
    assert parts_of("a\n>>> b\n> c\n```d```") == [
        text("a"),
        quote(text("b"), BREAK, text("> c"), {"type": "preformatted", "text": "d"}),
    ]


def test_a_sign_inside_a_line_is_no_quote():
    assert parts_of("a > b") == [text("a > b")]


def test_preformatted_text_is_literal_and_stands_alone():
    assert parts_of("a\n```\n*b*\n  &lt;@U1&gt;\n```\n\nc") == [
        text("a"),
        {"type": "preformatted", "text": "*b*\n  <@U1>"},
        BREAK,
        text("c"),
    ]


def test_plain_text_has_no_styles_and_no_links():
    assert plain_parts_of("*a* <@U1> &amp;\n> https://a.example") == [
        text("*a* <@U1> &"),
        BREAK,
        text("> https://a.example"),
    ]


SIGNS_OF_MRKDWN = st.sampled_from(
    ["*", "_", "~", "`", "```", ">", "&gt;", "\n", " ", ":", "a", "é", "1", ".", "("]
)


@given(st.lists(SIGNS_OF_MRKDWN | st.text(max_size=4)).map("".join))
def test_whatever_is_written_can_be_read(written):
    parts_of(written, sign_of)
    plain_parts_of(written, sign_of)


@given(st.lists(SIGNS_OF_MRKDWN).map("".join))
def test_no_letter_is_lost_and_none_is_added(written):
    kept = re.sub(r"[^aé1.(]", "", written.replace("&gt;", ""))

    assert re.sub(r"[^aé1.(]", "", seen(parts_of(written))) == kept


@given(st.text(alphabet=st.characters(exclude_characters="*_~`<>&:\r\n@", exclude_categories=["Cs"])))
def test_text_without_signs_is_one_part(written):
    assert parts_of(written) == ([text(written)] if written else [])


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "*a ",
        "*a* ",
        " *",
        "_*~a",
        "`",
        "```",
        "<",
        "<a",
        "<|",
        "&gt;",
        "https://",
        "https://)",
        "a@",
        "a.",
        ":a",
    ],
)
def test_a_long_text_of_nothing_but_signs_is_read_at_once(piece):
    """A reader that looked back at each sign would need minutes for this, and hang here."""
    written = piece * 20_000

    shown = seen(parts_of(written, sign_of))

    assert shown.count("a") == written.count("a")
