"""What people type behind `subscribe`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.filters import OPTIONS, VALUES, Broadcast, Key, Style, parse

FRAGMENTS = [
    *(f"{key}:" for key in Key),
    *(word for words in VALUES.values() for word in words),
    *(f"{option}:{word}" for option, words in OPTIONS.items() for word in words),
    *("-", "—", ":", ",", "*", '"', "“", "”", " ", "  ", "\t", "(", ")", "+"),
    *("ACME", "acme dental", "Onvoy", "+13035550123", "(303) 555-0123", "+1303", "0044", "sr_98f022"),
    *("stauts:", "exeption", "only:critical", "all", "everything", "canceled", "ß", "İ", "１", "\u0000"),
]
typed = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4)), max_size=10).map("".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=8).map(" ".join),
)


def outcome(text):
    """The wish, or the error that the person is shown."""
    try:
        return parse(text)
    except UserError as error:
        return error


@given(typed)
def test_any_text_is_a_wish_that_prints_and_parses_alike_or_gets_a_sentence(text):
    wish = outcome(text)

    if isinstance(wish, UserError):
        assert str(wish).endswith(".")
    else:
        assert parse(wish.canonical()) == wish
        assert parse(wish.canonical()).canonical() == wish.canonical()


@given(typed)
def test_a_suggested_line_is_always_understood(text):
    suggestion = getattr(outcome(text), "suggestion", None)

    if suggestion is not None:
        assert suggestion.split()[0] == "subscribe"
        assert parse(suggestion.removeprefix("subscribe"))


def test_no_filter_is_everything_with_the_default_options():
    wish = parse("  ")

    assert wish.canonical() == ""
    assert (wish.style, wish.broadcast) == (Style.THREAD, Broadcast.MILESTONES)


def test_only_options_that_are_not_the_default_are_printed():
    wish = parse("broadcast:milestones STYLE:Flat status:exception kind:in")

    assert wish.canonical() == "kind:in status:exception style:flat"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("ref:“ACME Dental”", 'ref:"ACME Dental"'),
        ('ref:"ACME Dental"', 'ref:"ACME Dental"'),
        ("ref:„ACME   Dental“", 'ref:"ACME Dental"'),
        ('carrier:"Onvoy, LLC",Lumen', 'carrier:Lumen,"Onvoy, LLC"'),
        ("ref:AC“ME”", "ref:ACME"),
        ("`ref:ACME`", "ref:ACME"),
        ("ref :ACME", "ref:ACME"),
        ('ref:"`ACME`"', 'ref:"`ACME`"'),
        ('ref:"a:"', 'ref:"a:"'),
    ],
)
def test_any_pair_of_quotes_holds_a_value_together(text, canonical):
    wish = parse(text)

    assert wish.canonical() == canonical


def test_upper_and_lower_case_are_alike():
    typed_loudly = parse("STATUS:EXCEPTION Ref:ACME*")

    assert typed_loudly == parse("status:exception ref:acme*")
    assert typed_loudly.canonical() == "status:exception ref:ACME*"


def test_a_repeated_key_adds_values():
    wish = parse("status:ported status:exception -type:split -type:deleted status:ported")

    assert wish == parse("status:exception,ported -type:split,deleted")
    assert wish.canonical() == "-type:split,deleted status:exception,ported"


def test_cancelled_and_canceled_are_one_value():
    assert parse("status:canceled") == parse("status:cancelled")


def test_telnyx_own_names_are_understood():
    wish = parse(
        "type:porting_order.status_changed,portout.foc_date_changed kind:port-out status:FOC_date_confirmed"
    )

    assert wish.canonical() == "kind:out type:status_changed,foc_date_changed status:foc-date-confirmed"


def test_a_star_says_it_all():
    assert parse("ref:ACME,*,B*").canonical() == "ref:*"


def test_every_dash_that_a_keyboard_makes_is_a_minus():
    assert parse("—status:draft –kind:out −ref:x") == parse("-status:draft -kind:out -ref:x")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("number:(303) 555-0123", "number:+13035550123"),
        ("number:303.555.0123", "number:+13035550123"),
        ('number:"+1 303 555 0123"', "number:+13035550123"),
        ("number:+442071838750", "number:+442071838750"),
        ("number:(303) 555\u20110123", "number:+13035550123"),
        ("number:\uff0b1 303\u2010555\u20120123", "number:+13035550123"),
        ("number:+1303*", "number:+1303*"),
        ("number:1303*", "number:+1303*"),
        ("number:(303)*", "number:+1303*"),
        ("number:0044 20*", "number:+4420*"),
        ("number:*0123", "number:*0123"),
        ("number:303 555 0123, 303 555 0124 kind:in", "kind:in number:+13035550123,+13035550124"),
    ],
)
def test_a_number_is_taken_in_any_spelling(text, canonical):
    assert parse(text).canonical() == canonical


@pytest.mark.parametrize("number", ["abc", "303-CALL*", "+-*", "*-x", "１２"])
def test_what_is_no_number_is_told_with_an_example(number):
    with pytest.raises(UserError, match=r"phone number.*like \+"):
        parse(f"number:{number}")


def test_a_blank_behind_a_colon_or_comma_does_not_count():
    assert parse("status: exception, ported") == parse("status:exception,ported")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("status:exeption", "subscribe status:exception"),
        ("kind:in status:ported,exeption ref:ACME*", "subscribe kind:in status:ported,exception ref:ACME*"),
        ("stauts:exeption", "subscribe status:exception"),
        ("severity:crit broadcast:mile", "subscribe severity:critical broadcast:milestones"),
        ("style:thred", "subscribe style:thread"),
        ("only:critical", "subscribe severity:critical"),
        ("-customer:ACME", "subscribe -ref:ACME"),
        ("exception", "subscribe status:exception"),
        ("-comment", "subscribe -type:new_comment"),
        ("flat", "subscribe style:flat"),
        ("everything", "subscribe"),
        ("sr_98f022", "subscribe order:sr_98f022"),
        ("+13035550123", "subscribe number:+13035550123"),
        ("ACME", "subscribe ref:ACME"),
        ("number:+1303", "subscribe number:+1303*"),
        ('ref:"ACME Dental', 'subscribe ref:"ACME Dental"'),
        ("carrier:Onvoy LLC kind:in", 'subscribe carrier:"Onvoy LLC" kind:in'),
        ("style:flat kind:in style:thread", "subscribe kind:in style:thread"),
        ("exceptions only", "subscribe status:exception"),
        ("only critical please", "subscribe severity:critical"),
        ("number:555-0123", "subscribe number:*5550123"),
        ("kind:inbound", "subscribe kind:in"),
        ("port-outs", "subscribe kind:out"),
        ("all ports", "subscribe"),
        ("port outs & comments", "subscribe kind:out type:new_comment"),
        ('"kind:in"', "subscribe kind:in"),
        ('"kind:inn"', "subscribe kind:in"),
        ('-"kind:in" flat', "subscribe -kind:in style:flat"),
        ('"kind:in -status:draft"', "subscribe kind:in -status:draft"),
        ("order is sr_98f022", "subscribe order:sr_98f022"),
        ("order is not sr_98f022", "subscribe -order:sr_98f022"),
        ("-carrier is Onvoy kind:in", "subscribe -carrier:Onvoy kind:in"),
        ("status is not ported style:flat", "subscribe -status:ported style:flat"),
    ],
)
def test_what_is_not_understood_gets_the_whole_right_line_back(text, suggestion):
    with pytest.raises(UserError) as caught:
        parse(text)

    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    "text",
    [
        *("exceptions quickly", "all customers today", "kind:both", "foc", "FOC changes", "id:", '"x:y"'),
        '"kind:in",x',
        *("order is", "order is not", "carrier is kind:in", "ref is not ACME kind:in", "-ref is not ACME"),
    ],
)
def test_what_is_anybodys_guess_gets_no_line_back(text):
    with pytest.raises(UserError) as caught:
        parse(text)

    assert caught.value.suggestion is None


@pytest.mark.parametrize(
    "text", ["style:loud", "broadcast:7", "severity:high", "kind:x", "style:", "-style:flat"]
)
def test_a_wrong_value_that_is_near_to_none_gets_the_list_of_right_ones(text):
    key = text.lstrip("-").partition(":")[0]

    with pytest.raises(UserError) as caught:
        parse(text)

    assert caught.value.suggestion is None
    assert ", ".join(OPTIONS.get(key) or VALUES[Key(key)]) in str(caught.value)


def test_a_wish_too_long_to_be_shown_is_refused():
    with pytest.raises(UserError, match="longer than 1000 characters"):
        parse("ref:" + ",".join(f"CUSTOMER-{number}" for number in range(120)))
