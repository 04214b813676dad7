"""Mrkdwn of ours as people see it, for the gallery and the tests."""

from bot.slack.blocks import Block
from bot.slack.marks import leaves


def as_people_see(text: str) -> str:
    """`text` with each date as its fallback and entities as characters."""
    return "".join(map(_seen, leaves(text)))


def _seen(part: Block) -> str:
    if part["type"] == "user":
        return f"@{part['user_id']}"
    if part["type"] == "channel":
        return f"#{part['channel_id']}"
    return str(part["text"] if part["type"] == "text" else part["fallback"])
