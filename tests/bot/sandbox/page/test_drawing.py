"""What the browser gets of blocks, texts and attachments."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.drawing import drawn, drawn_attachments, parts_of
from bot.sandbox.page.signs import sign_of


def text(words, *styles):
    return {"type": "text", "text": words} | ({"style": dict.fromkeys(styles, True)} if styles else {})


def parts(block):
    return drawn([block])[0]["parts"]


def leaf(**fields):
    section = {"type": "rich_text_section", "elements": [{"type": "emoji", **fields}]}
    return drawn([{"type": "rich_text", "elements": [section]}])[0]["elements"][0]["elements"][0]


def test_a_bare_text_is_mrkdwn():
    assert parts_of("*a*") == [text("a", "bold")]


def test_each_text_object_gets_its_parts_wherever_it_stands():
    label = {"type": "plain_text", "text": "*b* :tada:"}
    option = {"text": {"type": "mrkdwn", "text": "~c~"}, "value": "1"}
    block = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*a*"},
        "accessory": {"type": "button", "text": label, "confirm": {"options": [option]}},
    }

    shown = drawn([block])[0]

    assert shown["text"]["parts"] == [text("a", "bold")]
    assert shown["accessory"]["text"]["parts"] == [
        text("*b* "),
        {"type": "emoji", "name": "tada", "sign": "🎉"},
    ]
    assert shown["accessory"]["confirm"]["options"][0]["text"]["parts"] == [text("c", "strike")]


def test_the_message_itself_is_left_as_it_was():
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*a*"}}]
    before = copy.deepcopy(blocks)

    drawn(blocks)

    assert blocks == before


def test_plain_text_may_refuse_emoji():
    assert parts({"type": "plain_text", "text": ":tada:", "emoji": False}) == [text(":tada:")]


def test_verbatim_mrkdwn_links_no_bare_address():
    assert parts({"type": "mrkdwn", "text": "https://a.example", "verbatim": True}) == [
        text("https://a.example")
    ]


@pytest.mark.parametrize("kind", ["raw_text", "raw_number"])
def test_a_cell_shows_its_text_as_it_is(kind):
    assert parts({"type": kind, "text": "*a* &amp;\n:tada:"}) == [
        text("*a* &amp;"),
        {"type": "break"},
        text(":tada:"),
    ]


def test_what_is_no_text_object_gets_no_parts():
    blocks = [{"type": "task_card", "title": "t", "text": "x"}, {"type": "mrkdwn", "text": 5}]

    assert drawn(blocks) == blocks


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({"name": "tada"}, "🎉"),
        ({"name": "wave", "skin_tone": 4}, "👋🏽"),
        ({"name": "wave", "skin_tone": 1}, "👋"),
        ({"name": "wave::skin-tone-2"}, "👋🏻"),
        ({"name": "of_our_own", "unicode": "1f44b-1f3fd"}, "👋🏽"),
        ({"name": "tada", "unicode": "no code"}, "🎉"),
        ({"name": "tada", "unicode": "d800"}, "🎉"),
    ],
)
def test_a_rich_text_emoji_gets_its_sign(fields, sign):
    assert leaf(**fields)["sign"] == sign


def test_an_emoji_that_only_the_workspace_knows_has_no_sign():
    assert "sign" not in leaf(name="portwire_party")


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("+1", "👍"),
        ("flag-us", "🇺🇸"),
        ("large_green_circle", "🟢"),
        ("man-shrugging", "🤷‍♂️"),
        ("simple_smile", "🙂"),
        ("00", None),
        ("no_such_emoji", None),
    ],
)
def test_names_are_slacks(name, sign):
    assert sign_of(name) == sign


def test_an_attachment_gets_parts_for_its_texts_fields_and_blocks():
    divider = {"type": "divider"}
    attachment = {
        "color": "danger",
        "pretext": "*a*",
        "text": "b",
        "fields": [{"title": "c", "value": "_d_", "short": True}, "odd"],
        "blocks": [divider, {"type": "mrkdwn", "text": "e"}],
    }

    assert drawn_attachments([attachment]) == [
        {
            "color": "danger",
            "pretext": [text("a", "bold")],
            "text": [text("b")],
            "fields": [{"title": "c", "value": [text("d", "italic")], "short": True}],
            "blocks": [divider, {"type": "mrkdwn", "text": "e", "parts": [text("e")]}],
        }
    ]


def test_an_attachment_may_have_nothing():
    assert drawn_attachments([{}]) == [{"blocks": [], "fields": []}]


def test_what_makes_no_sense_in_an_attachment_is_left_out():
    odd = {"title": {}, "text": 5, "fields": None, "blocks": "x", "color": ["red"], "own": 1}

    assert drawn_attachments([odd]) == [{"blocks": [], "fields": []}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "name", "elements", "unicode"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["type", "text", "elements"]), JSON))
def test_whatever_a_block_holds_is_kept(block):
    def kept(value):
        if isinstance(value, list):
            return [kept(each) for each in value]
        if isinstance(value, dict):
            return {name: kept(each) for name, each in value.items() if name not in {"parts", "sign"}}
        return value

    assert kept(drawn([block])[0]) == block
