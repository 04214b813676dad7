"""How names and ids are compared."""

import pytest

from bot.names import canonical_id, folded

ID = "0b8a2a5e-5d0f-4c59-a7bd-5a4a9d8ba1f1"


@pytest.mark.parametrize("written", [ID, ID.upper(), ID.replace("-", ""), ID.replace("-", "").upper()])
def test_an_id_is_the_same_in_every_spelling(written):
    assert canonical_id(written) == ID


@pytest.mark.parametrize("text", ["", "sr_98f022", "ACME-1042", ID[:8], ID + "0"])
def test_what_is_no_id_stays_as_it_is(text):
    assert canonical_id(text) == text


def test_case_and_blanks_of_a_name_do_not_count():
    assert folded("  ACME   Dental ") == folded("acme dental")
