"""A message that can't be drawn or that Slack would refuse is made plainer: no event is lost for looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import drafts
from bot.slack.blocks import Message

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
