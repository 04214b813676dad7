"""What the bot asks of Slack, through its own door."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.slack.blocks import Message
from bot.slack.client import Slack
from bot.slack.transport import session, web_client
from tests.faults.servers import answer

HELLO = Message(text="Hello", blocks=[])
METADATA = {"event_type": "porting_event", "event_payload": {"event_ids": ["e1"]}}
WHEN = {"oldest": datetime(2026, 12, 1, tzinfo=UTC), "latest": datetime(2026, 12, 2, tzinfo=UTC)}
SHOWN = {"ts": "17.1", "bot_id": "B1", "metadata": METADATA}
HISTORY = {"ok": True, "messages": [SHOWN], "has_more": False}


@asynccontextmanager
async def client(url, metrics):
    async with session() as http:
        yield Slack(web_client("xoxb-canary", url, http), metrics)


async def post(slack):
    return await slack.post("C1", HELLO, metadata=METADATA)


CALLS = {
    "chat.update": lambda slack: slack.edit("C1", "17.1", HELLO, metadata=METADATA),
    "chat.delete": lambda slack: slack.delete("C1", "17.1"),
    "conversations.history": lambda slack: slack.history("C1", **WHEN),
    "conversations.replies": lambda slack: slack.replies("C1", "17.0", **WHEN),
    "conversations.info": lambda slack: slack.info("C1"),
    "conversations.join": lambda slack: slack.join("C1"),
    "conversations.open": lambda slack: slack.open_direct("U1"),
    "auth.test": lambda slack: slack.identity(),
}
"""What the delivery asks of Slack beside posts."""


def cuts(body):
    """The answer as it is cut at each of its bytes, with a length and without, and whether all is there."""
    raw = json.dumps(body).encode()
    for length, skipped in ((None, 0), (-1, len(answer(raw, length=-1)) - len(raw))):
        whole = answer(raw, length=length)
        for end in range(skipped, len(whole) + 1):
            yield whole[:end], end == len(whole)
