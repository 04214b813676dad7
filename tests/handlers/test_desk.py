"""A payload is served once, whichever way and however often Slack delivers it."""

import sqlite3
from contextlib import contextmanager

import pytest
from slack_bolt.async_app import AsyncBoltRequest

import bot.web
import handlers.desk
from tests.handlers.clicks import said


@contextmanager
def locked(database):
    """Another process holds the database's only pen."""
    other = sqlite3.connect(database.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()


@pytest.fixture
def patience(monkeypatch):
    """The database is given up soon, as a clock that runs faster would."""
    monkeypatch.setattr(bot.web, "SEEN_WITHIN_S", 0.2)
    monkeypatch.setattr(handlers.desk, "SEEN_WITHIN_S", 0.2)


async def again(desk, interaction):
    request = AsyncBoltRequest(mode="socket_mode", body=interaction.payload)
    return await desk.app.async_dispatch(request)


async def test_a_payload_that_comes_again_is_acknowledged_and_not_served(desk, workspace):
    answer = await said(workspace, "help")

    repeat = await again(desk, answer)

    assert repeat.status == 200
    assert len(answer.responses) == 1


async def test_while_nobody_can_tell_what_was_seen_people_are_served(desk, workspace, monkeypatch):
    answer = await said(workspace, "help")
    monkeypatch.setattr(handlers.desk, "SEEN_WITHIN_S", 0)

    await again(desk, answer)
    await workspace.until(lambda: len(answer.responses) == 2)


async def test_a_payload_without_anything_to_know_it_by_is_served(desk, workspace):
    answer = await said(workspace, "help")
    answer.payload["trigger_id"] = ""

    for _ in range(2):
        await again(desk, answer)

    await workspace.until(lambda: len(answer.responses) == 3)


@pytest.mark.usefixtures("desk", "patience")
async def test_what_only_looks_is_answered_while_the_database_is_locked(workspace, database):
    with locked(database):
        answer = await said(workspace, "help")

    assert answer.acked
    assert "All I do begins with" in answer.text


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("line", ["subscribe", "unsubscribe all"])
async def test_what_cannot_be_remembered_changes_nothing_and_says_so(desk, workspace, database, line):
    with locked(database):
        answer = await said(workspace, line)

    assert answer.acked
    assert answer.ack_after_s < 2
    assert "My database does not answer just now, so I changed nothing." in answer.text
    assert await desk.parts.subscriptions.active() == []


async def test_a_database_that_cannot_remember_loses_no_command(desk, workspace, database):
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DROP TABLE interaction")

    answer = await said(workspace, "help")
    change = await said(workspace, "subscribe")

    assert "All I do begins with" in answer.text
    assert "so I changed nothing" in change.text
    assert await desk.parts.subscriptions.active() == []
