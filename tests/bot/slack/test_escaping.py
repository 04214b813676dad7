import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.escaping import (
    clean,
    cut,
    escape,
    inline,
    literal,
    mask_secrets,
    plain,
    unescape,
    without_formatting,
)

ODD = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&;*_~`:@#!|^\n\r\u202e\u200b amplt")))


@given(ODD)
def test_escaping_loses_nothing(text):
    assert unescape(escape(clean(text))) == clean(text)


def test_slacks_three_control_characters_are_entities():
    assert escape("<!here> & <@U1>") == "&lt;!here&gt; &amp; &lt;@U1&gt;"


def test_every_line_end_is_a_newline_and_half_a_character_is_replaced():
    assert clean("a\r\nb\rc\u2028d\x85e\ud800f") == "a\nb\nc\nd\ne\ufffdf"


@given(ODD, st.integers(1, 80))
def test_inline_text_never_holds_an_unescaped_bracket_or_a_half_entity(text, limit):
    shown = inline(text, limit)

    assert len(shown) <= limit
    assert not re.search("[<>\n]", shown)
    assert not re.search("&(?!amp;|lt;|gt;)", shown)


@given(ODD, st.integers(1, 80))
def test_cut_text_is_short_and_a_beginning_of_the_whole(text, limit):
    escaped = escape(text)

    shown = cut(escaped, limit)

    assert len(shown) <= limit
    assert escaped.startswith(shown.removesuffix("…").rstrip())
    assert not re.search("&[a-z]{1,3}…?$", shown) or shown == escaped


def test_text_that_just_fits_is_whole():
    assert (cut("abcd", 4), cut("abcde", 4)) == ("abcd", "abc…")


def test_a_date_is_never_cut_in_two():
    text = "moves <!date^1796137200^{date_short_pretty} at {time}|Tue 1 Dec 2026 15:00 UTC> at last"

    assert {cut(text, limit) for limit in range(10, 70)} == {"moves…"}


@given(ODD)
def test_what_goes_to_slack_has_no_control_or_direction_characters(text):
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", clean(text))
    clean(text).encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PIN 1234", "PIN ••••"),
        ("pin: 1234.", "pin: ••••."),
        ("PIN is 12-34", "PIN is ••••"),
        ("PIN1234", "PIN••••"),
        ("PIN #1234", "PIN #••••"),
        ("The PIN? It is 1234", "The PIN? It is ••••"),
        ("PIN\n4711", "PIN\n••••"),
        ("PIN １２３４", "PIN ••••"),
        ("P\u200bIN 1234", "PIN ••••"),
        ("passcode=a1b2c3", "passcode=••••"),
        ("password hunter2", "password ••••"),
        ("SSN 123-45-6789", "SSN ••••"),
        ("SSN 123 45 6789 ok", "SSN •••• ok"),
        ("SSN last 4: 6789", "SSN last 4: ••••"),
        ("acct no. 12345", "acct no. ••••"),
        ("account number: AB9988 and zip 80301", "account number: •••• and zip 80301"),
        ("ACCOUNT_PIN=777", "ACCOUNT_PIN=••••"),
        ("PIN for +13035551234 is 9999", "PIN for +13035551234 is ••••"),
    ],
)
def test_digits_after_a_secret_word_are_masked(text, shown):
    assert mask_secrets(clean(text)) == shown


@pytest.mark.parametrize(
    "text",
    ["pin mismatch on +13035551234", "shipping 12 boxes", "spin 5", "Account # not found", "order sr_98f022"],
)
def test_what_is_no_secret_stays(text):
    assert mask_secrets(text) == text


@given(st.sampled_from(["PIN", "passcode", "SSN", "Pin code", "account number"]), st.integers(0, 10**12))
def test_no_digit_after_a_secret_word_gets_through(word, number):
    for shape in (f"{word} {number}", f"{word}: {number}", f"the {word} is {number}!", f"{word}\n({number})"):
        assert not re.search(r"\d", inline(shape, 500) + literal(shape, 500) + plain(shape, 500))


@pytest.mark.parametrize(
    "text", ["*bold*", "_slanted_", "~struck~", "`code`", "```\ncode\n```", "> quote", ":fire:"]
)
def test_strangers_marks_do_not_format(text):
    assert not re.search(r"[*~`]|\b_|_\b|^>|:\w+:", without_formatting(text).replace("ˍ", ""))


def test_marks_that_format_are_replaced_by_such_that_look_alike():
    assert without_formatting("_a_ *b* ~c~ `d` :e:\n> f") == "ˍaˍ ∗b∗ ∼c∼ ˋdˋ ∶e:\n› f"
    assert plain(":fire: at :10:", 50) == "∶fire: at :10:"


def test_keys_with_an_underscore_stay_as_they_are():
    assert inline("sr_98f022 at 10:30:00", 50) == "sr_98f022 at 10:30:00"


@pytest.mark.parametrize("show", [literal, plain, inline])
@pytest.mark.parametrize("many", [":aaaa", "pin ", "<#", "a:"])
def test_of_a_very_long_text_only_what_is_shown_is_worked_on(show, many):
    text = f":{many * 50_000}"
    began = time.thread_time()

    shown = show(text, 100)

    assert time.thread_time() - began < 1
    assert len(shown) <= 100
    assert shown.endswith("…")


def test_a_very_long_text_that_masking_shortens_still_shows_that_more_follows():
    assert literal("xoxb-" + "1" * 100_000, 100) == "••••…"
