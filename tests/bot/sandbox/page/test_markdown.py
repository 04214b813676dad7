"""Standard markdown is read as Slack's markdown block draws it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.markdown import markdown_parts_of


def text(words, *styles):
    return {"type": "text", "text": words} | ({"style": dict.fromkeys(styles, True)} if styles else {})


def paragraph(*parts):
    return {"type": "paragraph", "parts": list(parts)}


def inline(written):
    [only] = markdown_parts_of(written)
    return only["parts"]


def test_headings_have_their_level():
    assert markdown_parts_of("## A *b*") == [
        {"type": "heading", "level": 2, "parts": [text("A "), text("b", "italic")]}
    ]


def test_styles_nest():
    assert inline("**a _b_** ~~c~~ `d`") == [
        text("a ", "bold"),
        text("b", "bold", "italic"),
        text(" "),
        text("c", "strike"),
        text(" "),
        text("d", "code"),
    ]


def test_a_link_keeps_the_styles_of_its_words():
    link = {"type": "link", "url": "https://a.example"}

    assert inline("[a **b** `c`](https://a.example)") == [
        link | {"text": "a "},
        link | {"text": "b", "style": {"bold": True}},
        link | {"text": " "},
        link | {"text": "c", "style": {"code": True}},
    ]


def test_a_bare_address_and_an_emoji_are_found():
    assert inline("**https://a.example** :tada:") == [
        {"type": "link", "url": "https://a.example", "style": {"bold": True}},
        text(" "),
        {"type": "emoji", "name": "tada", "sign": "🎉"},
    ]


def test_an_address_that_no_browser_should_open_is_no_link():
    assert inline("[a](javascript:alert(1)) [b](/here) [`c`](/here)") == [
        text("[a](javascript:alert(1)) b "),
        text("c", "code"),
    ]


def test_a_picture_is_a_link_to_it():
    assert inline("![a](https://a.example/b.png) ![](https://a.example/c.png)") == [
        {"type": "link", "url": "https://a.example/b.png", "text": "a"},
        text(" "),
        {"type": "link", "url": "https://a.example/c.png", "text": "image"},
    ]


def test_lines_of_a_paragraph_stay_lines():
    assert inline("a\nb  \nc") == [text("a"), {"type": "break"}, text("b"), {"type": "break"}, text("c")]


def test_html_is_text():
    assert inline("<b>a</b>") == [text("<b>a</b>")]


def test_lists_nest():
    inner = {"type": "list", "style": "bullet", "start": 1, "items": [{"parts": [paragraph(text("b"))]}]}

    assert markdown_parts_of("3. a\n   - b") == [
        {"type": "list", "style": "ordered", "start": 3, "items": [{"parts": [paragraph(text("a")), inner]}]}
    ]


def test_a_point_with_a_box_is_a_task():
    [shown] = markdown_parts_of("- [ ] a\n- [x] **b**\n- `[x] c`\n-")

    assert shown["items"] == [
        {"parts": [paragraph(text("a"))], "done": False},
        {"parts": [paragraph(text("b", "bold"))], "done": True},
        {"parts": [paragraph(text("[x] c", "code"))]},
        {"parts": []},
    ]


def test_quotes_code_and_rules_are_blocks():
    assert markdown_parts_of("> a\n\n```py\nb\n```\n\n    c\n\n---") == [
        {"type": "quote", "parts": [paragraph(text("a"))]},
        {"type": "preformatted", "text": "b"},
        {"type": "preformatted", "text": "c"},
        {"type": "rule"},
    ]


def test_a_table_has_rows_of_cells():
    assert markdown_parts_of("| a | b |\n|---|--:|\n| 1 | **2** |") == [
        {
            "type": "table",
            "align": ["left", "right"],
            "rows": [[[text("a")], [text("b")]], [[text("1")], [text("2", "bold")]]],
        }
    ]


@given(
    st.lists(st.sampled_from([*"#*_~`>-[]()!|1.\\<&: \n", "  ", "- [x] ", "```", "a"]) | st.text(max_size=3))
)
def test_whatever_is_written_can_be_read(written):
    markdown_parts_of("".join(written))
