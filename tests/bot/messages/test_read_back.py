"""What a stranger writes stays text: every message is read back as Slack reads it, by the sandbox's reader.

The reader knows nothing of how we escape. A message made of a hostile text may hold no link, mention or emoji
that the same message made of a harmless one does not hold, and no word in a style that the stranger chose.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.mrkdwn import no_sign, parts_of, plain_parts_of
from bot.slack.blocks import TEXT_LIMIT, Message, check_message
from bot.slack.plain import classic, forms, only_text
from tests.bot.messages.builders import BUILDERS, PIECES, Said

THEIR_DATE = 1
NAMES = ("user_id", "channel_id", "usergroup_id", "url", "name", "range")
HOSTILE = (
    *("<!channel>", "<!here|x>", "<!everyone>", "<@U1>", "<@U024BE7LX|bo>", "<#C024BE91X|general>"),
    *("<!subteam^S1|all>", "<https://evil.test|pay here>", "https://evil.test/a_b_c", "<mailto:a@evil.test>"),
    *(
        "a@evil.test",
        f"<!date^{THEIR_DATE}^{{date}}|x>",
        "&lt;!channel&gt;",
        "&amp;lt;!here&amp;gt;",
        "@here",
    ),
    *(
        "#general",
        "`",
        "```",
        "*",
        "_",
        "~",
        ">",
        ">>>",
        "\n> ",
        "&",
        "<",
        "|",
        ":fire:",
        ":+1:",
        "\\",
        "'",
        '"',
    ),
    *(
        "*theirs*",
        "_theirs_",
        "~theirs~",
        "`theirs`",
        "```theirs```",
        "•",
        "1.",
        "\n",
        "\r",
        "\u2028",
        "\x0b",
    ),
    *("\x00", "\x1b[2J", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ud800", "\U000e0041", " ", "a"),
)
WORDS = st.lists(st.sampled_from(HOSTILE) | st.sampled_from(PIECES) | st.text(max_size=6), max_size=9).map(
    "".join
)
TYPED = {"answers.sentence", "answers.suggestion", "help.help_on"}
"""What the asker typed is shown to the asker alone; it may look as typed, but neither link nor mention."""
MAY_BE_TYPED = {f"{style} of theirs" for style in ("bold", "italic", "strike", "code")} | {
    "quote",
    "preformatted [None, None, None, None, None, None]",
    *(f"emoji [None, None, None, None, '{name}', None]" for name in ("fire", "+1")),
}


def emoji(name):
    """Every name is an emoji's, in this workspace."""
    return f"<{name}>"


def shown(parts):
    """What is no bare text: each link, mention, emoji and quote, and their words in a style."""
    for part in parts:
        kind = part["type"]
        if kind == "quote":
            yield "quote"
            yield from shown(part["parts"])
        elif kind == "text":
            styles = part.get("style", ()) if part["text"] == "theirs" else ()
            yield from (f"{style} of theirs" for style in styles)
        elif kind not in {"date", "break"} or part.get("timestamp") == THEIR_DATE:
            yield f"{kind} {[part.get(key) for key in NAMES]}"


def marks(value):
    """All that Slack makes of a message's `text`, blocks and parts of blocks, but bare text."""
    if isinstance(value, Message):
        yield from shown(parts_of(value.text, emoji, verbatim=True))
        yield from marks(value.blocks)
    elif isinstance(value, list):
        for item in value:
            yield from marks(item)
    elif isinstance(value, dict):
        yield from of_block(value)
        yield from marks(list(value.values()))


def of_block(block):
    """What a block is itself, or an element, a text or a leaf of rich text."""
    kind = block.get("type")
    if kind == "mrkdwn":
        yield from shown(parts_of(block["text"], emoji, verbatim=block["verbatim"]))
    elif kind == "plain_text":
        sign_of = emoji if block.get("emoji", True) else no_sign
        yield from shown(plain_parts_of(block["text"], sign_of))
    elif kind in {"user", "channel", "usergroup", "broadcast", "link", "emoji"}:
        yield f"{kind} {[block.get(key) for key in NAMES]}"
    if "url" in block:
        yield f"to {block['url'][:23]}"


def every_form(made):
    """The message as it should look, and as it goes to clients and answers that don't know all blocks."""
    yield made
    yield classic(made)
    yield only_text(made)
    yield from (Message(form["text"], form.get("blocks", [])) for form in forms(made))


def built(name, text):
    made = BUILDERS[name](Said(text))
    messages = [made] if isinstance(made, Message) else list(made)
    return [form for message in messages for form in every_form(message)]


@pytest.mark.parametrize("name", BUILDERS)
@settings(max_examples=3)
@given(texts=st.lists(WORDS, min_size=2, max_size=2))
def test_no_text_of_a_stranger_becomes_more_than_text(name, texts):
    ours = set(marks(built(name, "harmless"))) | set(marks(built(name, "")))
    if name in TYPED:
        ours |= MAY_BE_TYPED

    for text in texts:
        messages = built(name, text)
        assert set(marks(messages)) - ours == set()
        assert [check_message(message) for message in messages if check_message(message)] == []
        assert max(len(message.text) for message in messages) <= TEXT_LIMIT


def test_the_reader_sees_what_would_have_got_through():
    raw = Message("<!channel> <https://evil.test|x> *theirs* :fire: <@U1> <!date^1^{date}|x>", [])

    assert len(set(marks(raw))) == 6
