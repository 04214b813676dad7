"""A correction never says the opposite of what was typed, and never leaves a `not` out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.filters import VALUES, Key, parse
from bot.suggestions import nearest


def suggestion_for(text):
    """The corrected line for one that is wrong."""
    with pytest.raises(UserError) as caught:
        parse(text)
    return caught.value.suggestion


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("kind:-out", "subscribe -kind:out"),
        ("kind:-outt", "subscribe -kind:out"),
        ("-kind:outt", "subscribe -kind:out"),
        ("kind:!out", "subscribe -kind:out"),
        ("!kind:out", "subscribe -kind:out"),
        ("status:!=draft", "subscribe -status:draft"),
        ("status:-draft,-ported", "subscribe -status:draft,ported"),
        ("ref:-ACME", "subscribe -ref:ACME"),
        ("number:-303*", "subscribe -number:303*"),
        ("!exeption", "subscribe -status:exception"),
        ("- kind:out", "subscribe -kind:out"),
        ("-kind out", "subscribe -kind:out"),
        ("-kind=out", "subscribe -kind:out"),
        ("kind!=out", "subscribe -kind:out"),
        ("type -new_comment", "subscribe -type:new_comment"),
        ("type=-new_comment", "subscribe -type:new_comment"),
        ("ref -ACME", "subscribe -ref:ACME"),
        ("ref=!ACME", "subscribe -ref:ACME"),
        ("order !sr_98f022", "subscribe -order:sr_98f022"),
        ("number=-3035550123", "subscribe -number:3035550123"),
        ("kind:in not status:draft", "subscribe kind:in -status:draft"),
        ("not drafts style:flat", "subscribe -status:draft style:flat"),
        ("everything except drafts", "subscribe -status:draft"),
        ("no comments", "subscribe -type:new_comment"),
    ],
)
def test_a_not_in_the_wrong_place_is_put_right(text, suggestion):
    assert suggestion_for(text) == suggestion


@pytest.mark.parametrize(
    "text",
    [
        "-kind:-out",
        "--kind:out",
        "--comments",
        "-!kind:out",
        "!kind:-out",
        "status:draft,-ported",
        "-status:draft,-ported",
        "kind:not-out",
        "kind:not out",
        "type:no_comment",
        "no-comments",
        "noncritical",
        "uncritical",
        "severity:non-critical",
        "status:unauthorised",
        "severity:>=warning",
        "kind<=out",
        "-kind!=out",
        "-kind -out",
        "kind!=-out",
        "ref ACME,-Bolt",
        "ref=-",
        "order: not sr_98f022",
        "order: Except sr_98f022",
        "order:sr_1,not sr_98f022",
        "order=no sr_98f022",
        "ref=no limits",
        "order:or sr_98f022",
        "ref: not ACME",
        "ref:ACME, except Bolt",
        "ref:-ACME Dental",
        "carrier:!Onvoy LLC",
        "not",
        "not -kind:out",
        "not -drafts",
        "not status:",
        "not or kind:out",
        "not kind:out status:draft",
        "except drafts and comments",
        "ref:ACME not drafts ported",
        "-everything",
        "style:-flat",
        "kind",
        "style",
        "a=b",
    ],
)
def test_a_not_that_is_anybodys_guess_gets_no_line_back(text):
    assert suggestion_for(text) is None


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("kind:in or kind:out", "subscribe kind:in kind:out"),
        ("exception or ported", "subscribe status:exception status:ported"),
        ("kind:in or severity:critical", None),
        ("-kind:in or -kind:out", None),
        ("-in or -out", None),
        ("or kind:in", None),
        ("kind:in or", None),
    ],
)
def test_an_or_is_left_out_only_where_a_key_says_it_anyway(text, suggestion):
    assert suggestion_for(text) == suggestion


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("kind out", "subscribe kind:out"),
        ("status exception", "subscribe status:exception"),
        ("customer ACME", "subscribe ref:ACME"),
        ("kind=out", "subscribe kind:out"),
        ("ref ACME, Inc.", "subscribe ref:ACME,Inc."),
        ('ref "-ACME"', 'subscribe ref:"-ACME"'),
        ('ref="-ACME"', 'subscribe ref:"-ACME"'),
        ("ref=no", "subscribe ref:no"),
        ("order comments", None),
        ("status kind:out", None),
    ],
)
def test_a_key_without_its_colon_gets_it(text, suggestion):
    assert suggestion_for(text) == suggestion


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ('ref:"ACME kind:in', 'subscribe ref:"ACME" kind:in'),
        ('ref:"ACME Dental -status:draft style:flat', 'subscribe ref:"ACME Dental" -status:draft style:flat'),
        ("ref:'ACME Dental' kind:in", 'subscribe ref:"ACME Dental" kind:in'),
        ("ref:ACME Dental not", None),
        ("ref:no limits", 'subscribe ref:"no limits"'),
        ("ref:ACME -Bolt", "subscribe ref:ACME -ref:Bolt"),
    ],
)
def test_a_quote_swallows_no_other_words(text, suggestion):
    assert suggestion_for(text) == suggestion


@pytest.mark.parametrize(
    ("text", "canonical"),
    [('ref:"-ACME"', 'ref:"-ACME"'), ("ref:'ACME'", "ref:ACME"), ("ref:\"'ACME'\"", "ref:\"'ACME'\"")],
)
def test_a_value_in_quotes_is_taken_literally(text, canonical):
    wish = parse(text)

    assert wish.canonical() == canonical
    assert parse(canonical) == wish


@pytest.mark.parametrize(
    ("typed", "found"), [("unsub", "unsubscribe"), ("desubscribe", None), ("notsubs", None), ("sbus", "subs")]
)
def test_the_nearest_word_is_never_the_opposite(typed, found):
    assert nearest(typed, ["subscribe", "unsubscribe", "subs"]) == found


@st.composite
def misspelt(draw):
    """Terms with a sign each, as (sign, key, value): values and keys with a letter too many."""
    made = []
    for key in draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=3, unique=True)):
        value = draw(st.sampled_from([word for word in VALUES[key] if len(word) > 3] or ["in"]))
        at = draw(st.integers(1, len(value)))
        typed = value[:at] + draw(st.sampled_from(["", "x", value[at - 1]])) + value[at:]
        made.append((draw(st.sampled_from(["", "-"])), key, typed))
    return made


@given(misspelt(), st.sampled_from(["", "style:flat ", "ref:ACME* "]))
def test_a_corrected_line_keeps_every_word_and_every_minus(terms, more):
    text = more + " ".join(f"{sign}{key}:{value}" for sign, key, value in terms)
    try:
        wish = parse(text)
    except UserError as error:
        if error.suggestion is None:
            return
        wish = parse(error.suggestion.removeprefix("subscribe"))

    said = {(term.key, term.negated) for term in wish.filter.terms if term.key is not Key.REF}
    assert said == {(key, sign == "-") for sign, key, _ in terms}
    assert more.strip() in wish.canonical()
