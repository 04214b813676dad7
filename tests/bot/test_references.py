"""What a typed word may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.references import named_within, read_reference
from bot.telnyx.events import Source
from bot.telnyx.orders import Order

ID = "f1486bae-f067-460c-ad43-73a92848f902"


def order(**facts):
    return Order(source=Source.PORT_IN, order_id=ID, **facts)


@pytest.mark.parametrize(
    "typed",
    [
        ID,
        ID.upper(),
        f" “{ID}” ",
        f"`{ID}`",
        f"https://portal.telnyx.com/#/porting/{ID}?tab=1",
        f"<https://portal.telnyx.com/porting/{ID}|the order>",
    ],
)
def test_whole_ids_are_found_in_anything_pasted(typed):
    assert read_reference(typed).ids == (ID,)
    assert read_reference(typed).fits(order())


@pytest.mark.parametrize("typed", [ID.upper(), ID.replace("-", ""), f"{ID.replace('-', '').upper()}."])
def test_an_id_is_read_in_any_case_with_and_without_its_dashes(typed):
    assert read_reference(typed).ids == (ID,)


@pytest.mark.parametrize(("typed", "fits"), [(ID[:8], True), (ID[:8].upper() + "…", True), (ID[:7], False)])
def test_first_eight_characters_stand_for_an_id(typed, fits):
    assert read_reference(typed).fits(order()) is fits


@pytest.mark.parametrize(
    "typed",
    [
        "+13035550100",
        "13035550100",
        "3035550100",
        "303-555-0100",
        "(303) 555-0100",
        "303.555.0100",
        "+1 303 555 0100",
        "011 1 303 555 0100",
        "tel:+13035550100",
        "<tel:+13035550100|303-555-0100>",
        *(f"303{dash}555{dash}0100" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"),
        "\uff0b1 303 555 0100",
        "３０３ ５５５ ０１００",
        "\u202a+1 303-555-0100\u202c",
        "303\u200b555\u200b0100",
        "303\u200d555\u20600100",
        "(303) 555-0100.",
        "303-555-0100?",
        "303-555-0100 ext 2",
        "303-555-0100 ext. 2!",
        "(303) 555-0100x2",
        "+1 303 555 0100, extension 17",
        "303.555.0100 #4",
    ],
)
@pytest.mark.parametrize("held", ["+13035550100", "13035550100", "3035550100"])
def test_a_number_is_found_in_any_spelling(typed, held):
    assert read_reference(typed).fits(order(numbers=(held,)))


@pytest.mark.parametrize("typed", ["+353 1 234 5678", "35312345678", "0035312345678", "011 353 1 234 5678"])
def test_numbers_of_other_countries_are_found(typed):
    assert read_reference(typed).fits(order(numbers=("+35312345678",)))


@pytest.mark.parametrize("typed", ["1-800-FLOWERS", "(800) FLOWERS", "800-flowers", "+1 800-FLO-WERS"])
def test_a_number_that_is_spelt_out_is_found(typed):
    assert read_reference(typed).fits(order(numbers=("+18003569377",)))


@pytest.mark.parametrize("typed", ["ACME 303", "sr_98f022", "12345", "303-555-0100 x"])
def test_what_is_no_number_has_no_digits(typed):
    assert read_reference(typed).digits == ()


@pytest.mark.parametrize("name", ["support_key", "parent_support_key", "customer_reference", "pon"])
def test_names_fit_whatever_their_case(name):
    found = order(**{name: "Acme-7"})

    assert read_reference(" 'aCME-7' ").fits(found)
    assert not read_reference("Acme").fits(found)


@pytest.mark.parametrize("typed", ["sr_98f022?", "SR_98f022.", "sr_98f022!", "sr_98f022"])
def test_the_end_of_a_sentence_is_no_part_of_a_name(typed):
    assert read_reference(typed).fits(order(support_key="sr_98f022"))


def test_a_name_that_ends_like_a_sentence_stays_one():
    assert read_reference("Yahoo!").fits(order(customer_reference="Yahoo!"))


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("303-555-0100 ext 2", "the phone number +13035550100"),
        ("+13035550100", None),
        (f"https://portal.telnyx.com/{ID}", f"the id {ID}"),
        (ID, None),
        ("Yahoo!", "the name “Yahoo”"),
        ("ACME Dental", None),
    ],
)
def test_what_was_really_searched_can_be_told(typed, searched):
    assert read_reference(typed).searched == searched


@given(st.text())
def test_anything_may_be_typed(text):
    reference = read_reference(text)

    assert len(reference.typed) <= 200
    assert reference.fits(order()) in (True, False)


def test_half_characters_are_replaced():
    assert read_reference("ACME \ud800").typed == "ACME ?"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Where is 303-555-0100?", "+13035550100"),
        ("+1 303 555 0100 please", "+13035550100"),
        ("what about sr_98f022, Bo?", "sr_98f022"),
        ("(303) 555-0100", None),
        ("sr_98f022", None),
        ("where is my port", None),
        ("ACME 12", None),
    ],
)
def test_what_a_sentence_names_is_found_in_it(text, named):
    assert named_within(text) == named
