"""A message that can't be drawn or that Slack would refuse is made plainer: no event is lost for looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import drafts
from bot.messages import events, orders, rollups
from bot.slack.blocks import Message, section
from storage import deliveries
from tests.bot.messages.shapes import LOOK
from tests.factories import NOW, make_change

FLAT = "style:flat"
KEY = "ab" * 32


async def test_event_that_trips_its_builder_is_named_by_its_id(day, monkeypatch):
    def stumble(*_, **__):
        raise IndexError

    monkeypatch.setattr("bot.messages.events.flat", stumble)
    await day.follow(FLAT)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)

    [post] = day.posts()
    assert day.event_ids() == [event_id]
    assert event_id[:8] in post.text


@pytest.mark.parametrize(
    "built",
    [
        Message(text="Fine", blocks=[{"type": "header", "text": {"type": "plain_text", "text": "x" * 200}}]),
        Message(text="x" * 5000, blocks=[]),
    ],
)
async def test_message_that_breaks_slacks_limits_is_made_plainer(day, monkeypatch, built):
    monkeypatch.setattr("bot.messages.events.flat", lambda *_, **__: built)
    await day.follow(FLAT)
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    await day.deliver(seconds=5)

    [post] = day.posts()
    assert day.event_ids() == [event_id]
    assert len(post.text) <= 3000


CHANGES = [make_change(event_id=f"e{number}23456789") for number in range(2)]
NAMES, OTHERS = ("S1", "S2"), ("e7", "e8")
ALARMS = {(CHANGES[0].event.source, CHANGES[0].event.order_id): NOW}


def drawn(kind, shape="flat", *, plainness=0, **facts):
    owed = {"id": "d1", "team_id": "T1", "channel_id": "C1", "created_at": NOW, "due_at": NOW}
    delivery = deliveries.Message(**owed | {"kind": kind} | facts)
    return drafts.draw(drafts.Draft(delivery, shape, CHANGES, NAMES, OTHERS, ALARMS), LOOK, plainness)


@pytest.mark.parametrize("may_repeat", [False, True])
def test_each_shape_is_drawn_with_all_that_is_told_of_it(may_repeat):
    first, repeat = CHANGES[0], {"may_repeat": may_repeat}

    assert drawn("event", **repeat) == events.flat(first, LOOK, subscriptions=NAMES, **repeat)
    assert drawn("event", "reply", **repeat) == events.reply(first, LOOK, **repeat)
    assert drawn("event", "card", **repeat) == orders.card(
        first, LOOK, subscriptions=NAMES, other_events=OTHERS, **repeat
    )
    assert drawn("roll_up", **repeat) == rollups.roll_up(
        CHANGES, LOOK, delivery_id="d1", alarms=ALARMS, **repeat
    )


@pytest.mark.parametrize("kind", ["notice", "direct"])
def test_notice_is_drawn_as_it_was_kept(kind):
    notice = Message("Paused", [section("Paused")])

    assert drawn(kind, body=drafts.body_of(notice)) == notice
    assert drawn(kind, body=drafts.body_of(notice), plainness=2) == Message("Paused", [])
    assert drawn(kind, body=None) == Message("", [])


def test_message_that_fits_in_no_form_names_all_its_events(monkeypatch):
    monkeypatch.setattr("bot.messages.rollups.roll_up", lambda *_, **__: Message("<", []))

    kind = CHANGES[0].event.event_type
    names = f"{kind} (e0234567), {kind} (e1234567)"
    assert drawn("roll_up").text == f"Events that could not be drawn: {names}"


@pytest.mark.parametrize(
    ("event_ids", "event_type", "more"),
    [([], "portwire_notice", {}), (["e1", "e2"], "porting_event", {"event_ids": ["e1", "e2"]})],
)
def test_metadata_holds_ids_and_a_seal_alone(event_ids, event_type, more):
    delivery = deliveries.Message(
        id="d1", team_id="T1", channel_id="C1", kind="event", created_at=NOW, due_at=NOW
    )

    told = drafts.metadata(delivery, event_ids, target="D1", key=KEY)

    payload = {"delivery_id": "d1", "mac": drafts.seal(KEY, "d1", "D1")} | more
    assert told == {"event_type": event_type, "event_payload": payload}


def test_seal_is_ours_only_for_this_delivery_in_this_channel():
    found = {"event_payload": {"delivery_id": "d1", "mac": drafts.seal(KEY, "d1", "C1")}}

    assert drafts.is_ours(found, "d1", "C1", KEY)
    assert not drafts.is_ours(found, "d2", "C1", KEY)
    assert not drafts.is_ours(found, "d1", "C2", KEY)
    assert not drafts.is_ours(found, "d1", "C1", "cd" * 32)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(payload=json, mac=json)
def test_odd_metadata_is_not_ours(payload, mac):
    assert not drafts.is_ours({"event_payload": payload}, "d1", "C1", KEY)
    assert not drafts.is_ours({"event_payload": {"delivery_id": "d1", "mac": mac}}, "d1", "C1", KEY)
    assert not drafts.is_ours({}, "d1", "C1", KEY)
