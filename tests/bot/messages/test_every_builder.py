"""What holds for every message that can be made, whatever stands in what it tells."""

import importlib
import inspect
import json
import pkgutil
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.messages
from bot.messages import answers, home, status
from bot.sandbox.slack.block_rules import check_message_blocks
from bot.slack.blocks import Message, check_message, check_view
from tests.bot.messages.builders import BUILDERS, PIECES, SECRET, Said
from tests.bot.messages.shapes import everything, mrkdwn_of, without_dates

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
OURS = re.compile("<@U024BE7LH>|<#C024BE91L>")


TYPED = {"answers.sentence", "answers.suggestion", "help.help_on"}
"""What the asker typed is shown to the asker alone as it was."""


def made(name, said):
    built = BUILDERS[name](said)
    return [built] if isinstance(built, Message) else list(built)


def assert_harmless(name, text):
    for message in made(name, Said(text)):
        assert check_message(message) == []
        assert check_message_blocks(json.loads(json.dumps(message.blocks))) == []
        assert message.text.strip()
        assert not re.search("[<>]", OURS.sub("", without_dates(mrkdwn_of(message))))
        shown = everything(message)
        assert SECRET not in shown
        assert not UNSEEN.search(shown)
        if name not in TYPED:
            spans_apart = re.sub("`[^`]*`", "", mrkdwn_of(message))
            assert not re.search(r"\*bold\*|_sly_|~gone~|:fire:|`", spans_apart)


@pytest.mark.parametrize("name", BUILDERS)
def test_nothing_that_an_outsider_writes_breaks_a_message(name):
    for piece in PIECES:
        assert_harmless(name, piece)


@pytest.mark.parametrize("name", BUILDERS)
def test_all_of_it_together_breaks_no_message(name):
    assert_harmless(name, " ".join(PIECES))
    assert_harmless(name, " ".join(reversed(PIECES)))


@pytest.mark.parametrize("id_", ["x" * 4000, "&<" * 30, "\u202e\x00id"])
@pytest.mark.parametrize("name", BUILDERS)
def test_ids_of_any_form_break_no_message(name, id_):
    for message in made(name, Said("ACME", id_)):
        assert check_message(message) == []


@settings(deadline=None)
@given(
    st.sampled_from(sorted(BUILDERS)), st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=5)
)
def test_no_mixture_breaks_a_message(name, pieces):
    assert_harmless(name, "".join(pieces))


def test_every_builder_is_tried():
    found = set()
    for module in pkgutil.iter_modules(bot.messages.__path__):
        members = inspect.getmembers(
            importlib.import_module(f"bot.messages.{module.name}"), inspect.isfunction
        )
        found |= {
            f"{module.name}.{name}"
            for name, made_by in members
            if made_by.__module__ == f"bot.messages.{module.name}"
            and not name.startswith("_")
            and "Message" in str(made_by.__annotations__.get("return"))
        }

    assert found == set(BUILDERS)


@pytest.mark.parametrize("text", PIECES[:10])
def test_views_hold_whatever_a_message_holds(text):
    for freshness in (status.status(Said(text).report(), Said(text).look), answers.looking()):
        assert check_view(home.home("/port", freshness)) == []
    assert check_view(answers.outdated_view("/port")) == []
