"""A notice that a channel or a person is owed: it waits in their queue like everything else."""

from datetime import datetime
from uuid import uuid4

from bot.delivery.drafts import body_of
from bot.slack.blocks import Message as Notice
from storage import channels, deliveries
from storage.database import Tx
from storage.deliveries import Message


async def owe_notice(
    tx: Tx,
    team_id: str,
    to: str,
    notice: Notice,
    now: datetime,
    *,
    thread_ts: str | None = None,
    key: str | None = None,
) -> None:
    """Owe `to` (a channel, or a person: `U…`) a notice, in a thread if one is named; once for each `key`."""
    await channels.ensure(tx, to, team_id)
    message = Message(
        id=uuid4().hex,
        team_id=team_id,
        channel_id=to,
        kind="direct" if to.startswith(("U", "W")) else "notice",
        created_at=now,
        due_at=now,
        body=body_of(notice),
        thread_ts=thread_ts,
        dedupe_key=key,
    )
    await deliveries.add(tx, message)
