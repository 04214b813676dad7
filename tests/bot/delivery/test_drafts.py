"""What a message says when drawing it goes wrong: plainer, then bare, never nothing."""

import pytest

from bot.delivery import drafts
from bot.messages import events as event_messages
from bot.slack.blocks import Message


async def one_event(day):
    await day.follow("style:flat")
    event_id = day.telnyx.set_status(day.order(), "in-process")
    await day.take_in()
    return event_id


async def test_event_that_can_not_be_drawn_is_posted_bare(day, monkeypatch):
    event_id = await one_event(day)

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(event_messages, "flat", broken)
    await day.deliver()

    [post] = day.posts()
    assert day.event_ids() == [event_id]
    assert event_id[:8] in post.text


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
    ],
)
async def test_message_over_slacks_limits_is_sent_plainer(day, monkeypatch, blocks):
    event_id = await one_event(day)
    monkeypatch.setattr(event_messages, "flat", lambda *_, **__: Message("Moved", blocks))

    await day.deliver()

    [post] = day.posts()
    assert day.event_ids() == [event_id]
    assert post.text == "Moved"


async def test_message_without_any_text_is_sent_bare(day, monkeypatch):
    event_id = await one_event(day)
    monkeypatch.setattr(event_messages, "flat", lambda *_, **__: Message("", []))

    await day.deliver()

    assert event_id[:8] in day.posts()[0].text


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"event_payload": None},
        {"event_payload": {"delivery_id": "other", "mac": "00"}},
        {"event_payload": {"delivery_id": "d1"}},
        {"event_payload": {"delivery_id": "d1", "mac": "é"}},
    ],
)
def test_foreign_metadata_is_not_ours(found):
    assert not drafts.is_ours(found, "d1", "C1", "00" * 32)


def test_our_own_seal_is_known_again():
    key = "ab" * 32
    mark = {"event_payload": {"delivery_id": "d1", "mac": drafts.seal(key, "d1", "C1")}}

    assert drafts.is_ours(mark, "d1", "C1", key)
    assert not drafts.is_ours(mark, "d1", "C2", key)
