"""What people read about subscriptions."""

import json

import pytest

from bot.filters import parse
from bot.messages.subscriptions import PAGE, Listed, followed, listing, unfollowed
from bot.slack.blocks import check_message

LONG = "subscribe ref:" + ",".join(f"<&CUSTOMER-{number:03}>" for number in range(55))


def one(number=12, line="subscribe ref:ACME* kind:in", **fields):
    return Listed(name=f"S{number}", line=line, channel_id="C024BE91L", owner_id="U024BE7LH", **fields)


def said(message):
    assert check_message(message) == []
    return json.dumps(message.blocks, ensure_ascii=False)


def values(message):
    return [
        element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


@pytest.mark.parametrize("scope", ["here", "all", "mine"])
def test_a_list_shows_the_command_that_makes_each_again(scope):
    message = listing([one(3), one(12, "subscribe")], scope, 1, "/port")

    assert message.text.startswith("2 subscriptions")
    assert "`/port subscribe ref:ACME* kind:in`" in said(message)
    assert "`/port subscribe`" in said(message)


def test_a_list_of_other_channels_names_them():
    assert "<#C024BE91L>" in said(listing([one()], "all", 1, "/port"))
    assert "<#C024BE91L>" not in said(listing([one()], "here", 1, "/port"))


def test_a_paused_channel_says_why():
    assert "Paused: it is archived." in said(listing([one(paused_reason="is_archived")], "all", 1, "/port"))


@pytest.mark.parametrize("scope", ["here", "all", "mine"])
def test_an_empty_list_says_what_to_do(scope):
    assert "`/port subscribe` follows everything" in said(listing([], scope, 1, "/port"))


def test_every_subscription_is_on_one_page():
    found = [one(number) for number in range(1, 3 * PAGE)]

    pages = [said(listing(found, "all", page, "/port")) for page in (1, 2, 3)]

    assert [sum(f"*{each.name}*" in page for page in pages) for each in found] == [1] * len(found)


def test_pages_lead_to_each_other_and_never_out_of_the_list():
    found = [one(number) for number in range(1, 3 * PAGE)]

    assert values(listing(found, "all", 0, "/port")) == ["subs all page:2"]
    assert values(listing(found, "all", 2, "/port")) == ["subs all page:1", "subs all page:3"]
    assert values(listing(found, "all", 99, "/port")) == ["subs all page:2"]


def test_the_longest_subscriptions_fit_in_a_page():
    found = [one(number, LONG, paused_reason="is_archived") for number in range(PAGE)]

    assert check_message(listing(found, "all", 1, "/port")) == []


def test_a_new_subscription_is_named_and_can_be_undone():
    message = followed(one(), "thread", "milestones", before=None, command="/port", hint="Invite me first.")

    assert message.text == "This channel now follows S12."
    assert "Invite me first." in said(message)
    assert values(message) == ["unsubscribe S12"]


def test_changed_options_are_told_before_and_after_and_undone_by_the_old_line():
    now, before = one(line="subscribe kind:in style:flat"), one(line="subscribe kind:in")

    message = followed(now, "flat", "milestones", before=before, command="/port")

    assert "`/port subscribe kind:in style:flat`" in said(message)
    assert "Before: `/port subscribe kind:in`" in said(message)
    assert values(message) == ["subscribe kind:in"]


def test_the_same_wish_again_is_told_as_such():
    message = followed(one(), "thread", "milestones", before=one(), command="/port")

    assert "Nothing changed" in message.text
    assert values(message) == []
    assert said(message)


@pytest.mark.parametrize("style", ["thread", "flat"])
@pytest.mark.parametrize("broadcast", ["none", "critical", "milestones", "all"])
def test_every_option_is_told_in_words(style, broadcast):
    assert said(followed(one(), style, broadcast, before=None, command="/port"))


def test_what_ended_is_named_and_one_can_be_undone():
    [single] = unfollowed([one()], "S12", "/port")
    [both] = unfollowed([one(1), one(2)], "all", "/port")

    assert values(single) == ["subscribe ref:ACME* kind:in"]
    assert values(both) == []
    assert both.text == "This channel no longer follows S1 and S2."


@pytest.mark.parametrize("count", [1, 8, 9, 101, 200])
@pytest.mark.parametrize("line", ["subscribe ref:ACME-{}", f"{LONG},{{}}"])
def test_every_line_that_makes_them_again_is_told_whole(count, line):
    gone = [one(number, line.format(number)) for number in range(count)]

    messages = unfollowed(gone, "all", "/port")

    told = "".join(map(said, messages))
    assert [each.line for each in gone if f'"/port {each.line}"' not in told] == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [("S99", "This channel has no S99. `/port subs` lists what it has."), ("all", "follows nothing")],
)
def test_nothing_to_end_is_told_with_what_to_do(asked, words):
    [message] = unfollowed([], asked, "/port")

    assert words in message.text
    assert values(message) == ["subs here"]
    assert said(message)


def test_an_undo_is_understood():
    wish = parse('carrier:"Onvoy, LLC" -status:draft style:flat')
    [message] = unfollowed([one(line=f"subscribe {wish.canonical()}")], "S12", "/port")

    assert parse(values(message)[0].removeprefix("subscribe ")) == wish
