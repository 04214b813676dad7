"""What the long runs share: orders that things happen to, what Slack shows, the wait until all has come."""

import asyncio
from datetime import UTC, datetime, timedelta

STATUSES = ["in-process", "submitted", "exception", "foc-date-confirmed"]


def orders_at(telnyx, count):
    """So many port-ins, by their ids."""
    return [
        telnyx.add_port_in(
            reference=f"Customer {number}",
            numbers=[f"+1303555{number:04}"],
            carrier="Onvoy",
            foc_requested=datetime.now(UTC) + timedelta(days=2),
        )
        for number in range(count)
    ]


def posts_in(slack, channel):
    """What stands in the channel of the bot's."""
    return [message for message in slack.messages(channel) if message.bot_id and not message.deleted]


async def until_nothing_comes(verdict, quiet_s):
    """Until nothing is missing any more, or nothing of it has come for so long."""
    missing, quiet = len(verdict().lost), 0
    while missing and quiet < quiet_s:
        await asyncio.sleep(1)
        still = len(verdict().lost)
        quiet = 0 if still < missing else quiet + 1
        missing = still
