"""Slack refused our token: it is asked about now and then, and posting goes on when Slack takes it."""

from datetime import timedelta

import pytest

from bot.delivery import timing
from storage import workspaces
from tests.way_out import PROBE


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def ask(day):
    """What comes of it when the workspace is in this trouble, and how often Slack was asked."""

    async def asked(error, *, since):
        async with day.database.transaction() as tx:
            await workspaces.note_trouble(tx, day.workspace.team_id, error, day.clock() - since)
        async with day.database.reading() as tx:
            workspace = await workspaces.get(tx, day.workspace.team_id)
        before = len(day.workspace.calls)
        is_taken = await day.delivery._token.is_taken_again(workspace)
        return is_taken, len(day.workspace.calls) - before

    return asked


@pytest.mark.parametrize(
    ("error", "every"), [("token_revoked", timing.TROUBLE_PROBE), ("missing_scope", PROBE)]
)
async def test_slack_is_asked_when_it_is_time_and_not_sooner(day, ask, error, every):
    soon = every - timedelta(seconds=1)

    assert await ask(error, since=soon) == (False, 0)
    assert await ask(error, since=every) == (True, 1)
    assert await ask(error, since=every) == (False, 0)
    day.clock.forward(seconds=every.total_seconds())
    assert await ask(error, since=2 * every) == (True, 1)


async def test_a_token_that_is_still_refused_is_asked_about_again(day, ask):
    day.workspace.faults.token_revoked = True

    assert await ask("token_revoked", since=timing.TROUBLE_PROBE) == (False, 1)
    async with day.database.reading() as tx:
        assert (await workspaces.get(tx, day.workspace.team_id)).trouble == "token_revoked"


async def test_a_trouble_ends_when_slack_takes_the_token(day, ask):
    await ask("token_revoked", since=timing.TROUBLE_PROBE)

    async with day.database.reading() as tx:
        assert (await workspaces.get(tx, day.workspace.team_id)).trouble is None


async def test_a_new_trouble_is_asked_about_after_its_own_time(day, ask):
    await ask("token_revoked", since=timing.TROUBLE_PROBE)
    day.clock.forward(seconds=60)

    assert await ask("token_revoked", since=timedelta(seconds=1)) == (False, 0)
