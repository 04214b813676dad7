"""A notice that is owed waits as it was given, once for each key."""

import pytest

from bot.delivery.drafts import body_of
from bot.delivery.owing import owe_notice
from bot.slack.blocks import Message, section
from storage import deliveries, workspaces
from tests.clock import START

NOTICE = Message("Paused", [section("Paused")])


@pytest.mark.parametrize(("to", "kind"), [("U1", "direct"), ("W1", "direct"), ("C1", "notice")])
async def test_notice_waits_as_it_was_given_once_for_each_key(database, to, kind):
    async with database.transaction() as tx:
        await workspaces.ensure(tx, "T1")
        for _ in range(2):
            await owe_notice(tx, "T1", to, NOTICE, START, thread_ts="5.5", key="k")

        owed = await deliveries.head(tx, to)
        await deliveries.change(tx, owed.id, state="posted")

        assert (owed.kind, owed.body, owed.thread_ts) == (kind, body_of(NOTICE), "5.5")
        assert (owed.team_id, owed.created_at, owed.due_at) == ("T1", START, START)
        assert await deliveries.head(tx, to) is None
