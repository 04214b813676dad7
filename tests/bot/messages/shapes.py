"""Every shape of a message, and what holds for each of them."""

import json
import re

from slack_sdk.models.blocks import Block

from bot.messages.events import flat, reply
from bot.messages.orders import card
from bot.messages.rollups import roll_up
from bot.messages.wording import Look
from bot.sandbox.slack.block_rules import check_message_blocks
from bot.slack.blocks import Message, check_message
from bot.slack.plain import classic, only_text
from tests.factories import NOW

LOOK = Look(now=NOW, portal_order_url="https://portal.example/{kind}/{id}")


def shapes(change, look=LOOK):
    """Name → message, for every way in which an event is shown."""
    found = {
        "flat": flat(change, look, subscriptions=("S12", "S15"), may_repeat=True),
        "card": card(change, look, subscriptions=("S12",), other_events=("e1", "e2", "e3", "e4")),
        "reply": reply(change, look, may_repeat=True),
        "roll-up": roll_up([change, change], look, delivery_id="d1"),
    }
    found |= {f"classic {name}": classic(message) for name, message in found.items()}
    return found | {f"text of {name}": only_text(message) for name, message in found.items()}


def assert_sendable(message: Message):
    """Our checker, the stand-in's and the SDK's models find nothing; block 1 says what `text` says."""
    assert check_message(message) == []
    assert check_message_blocks(json.loads(json.dumps(message.blocks))) == []
    assert len(Block.parse_all(message.blocks)) == len(message.blocks)
    if message.blocks:
        assert message.blocks[0]["type"] == "section"
        assert message.blocks[0]["text"]["text"] == message.text


def everything(message: Message) -> str:
    """All that the message holds, as one text."""
    return message.text + json.dumps(message.blocks, ensure_ascii=False)


def mrkdwn_of(value) -> str:
    """All text that Slack parses for marks."""
    if isinstance(value, Message):
        return value.text + mrkdwn_of(value.blocks)
    if isinstance(value, list):
        return "\n".join(map(mrkdwn_of, value))
    if isinstance(value, dict):
        own = value["text"] if value.get("type") == "mrkdwn" else ""
        return own + "\n".join(mrkdwn_of(item) for item in value.values())
    return ""


def without_dates(text: str) -> str:
    return re.sub(r"<!date\^\d+\^[^<>]+>", "", text)
