"""An answer finds its way to who asked, whatever becomes of the address that Slack gave for it."""

from dataclasses import replace

import pytest
import structlog
from slack_bolt.async_app import AsyncBoltRequest

from bot.messages.answers import sentence
from handlers.answering import answer
from handlers.exchanges import exchange_of
from storage.errors import StorageError
from tests.handlers.clicks import said

HELP = "All I do begins with"


@pytest.fixture
async def gone(desk, workspace):
    """Sends /port help whose address is none of Slack's any more."""
    command = await said(workspace, "help")
    payload = command.payload | {"response_url": f"{command.response_url}-gone", "trigger_id": "another"}
    workspace.ephemerals.clear()

    async def send(**changed):
        request = AsyncBoltRequest(mode="socket_mode", body=payload | changed)
        assert (await desk.app.async_dispatch(request)).status == 200

    return send


async def test_where_the_address_is_gone_the_answer_is_shown_in_the_channel(desk, workspace, gone):
    await gone()
    await workspace.until(lambda: workspace.ephemerals)

    (shown,) = workspace.ephemerals
    assert (shown.user, shown.via) == (workspace.person("bo").id, "chat.postEphemeral")
    assert HELP in shown.text
    assert desk.notices == []


async def test_where_the_bot_is_not_in_the_channel_either_it_is_a_direct_message(desk, workspace, gone):
    channel = workspace.add_channel("elsewhere", bot_member=False)

    await gone(channel_id=channel)
    await workspace.until(lambda: desk.notices)

    ((person, message),) = desk.notices
    assert person == workspace.person("bo").id
    assert HELP in message.text


async def test_an_address_that_is_not_slacks_is_not_used_and_the_answer_comes_all_the_same(workspace, gone):
    await gone(response_url="https://evil.example/answer")

    await workspace.until(lambda: workspace.ephemerals)
    assert HELP in workspace.ephemerals[0].text


async def test_blocks_that_slack_does_not_draw_are_left_out(desk, workspace):
    workspace.faults.next_failures.append(("chat.postEphemeral", "invalid_blocks"))
    exchange = exchange_of(
        {"user_id": workspace.person("bo").id, "channel_id": workspace.channel("porting").id}
    )

    assert await answer(desk.parts, exchange, sentence("Here it is."))

    (shown,) = workspace.ephemerals
    assert (shown.text, shown.blocks) == ("Here it is.", [])


async def test_nobody_is_answered_who_did_not_ask(desk, workspace):
    event = {"type": "channel_archive", "channel": "C1", "user": workspace.person("bo").id}

    assert not await answer(desk.parts, exchange_of({"event": event}), sentence("Trouble."))
    assert (workspace.ephemerals, desk.notices) == ([], [])


async def test_while_the_database_fails_a_message_to_the_bot_is_answered_for_the_asker(desk, workspace):
    async def fail(*_, **__):
        raise StorageError("database is locked")

    private = workspace.dm("bo")
    event = {"type": "message", "channel": private, "user": workspace.person("bo").id, "text": "help"}
    parts = replace(desk.parts, notices=fail)

    assert await answer(parts, exchange_of({"event": event}), sentence("Here it is."))

    assert [each.text for each in workspace.ephemerals] == ["Here it is."]


async def test_where_nothing_leads_to_the_asker_the_log_says_so(desk):
    async def fail(*_, **__):
        raise StorageError("database is locked")

    parts = replace(desk.parts, notices=fail)
    with structlog.testing.capture_logs() as logs:
        assert not await answer(parts, exchange_of({"user_id": "U404"}), sentence("Here it is."))

    assert [entry["event"] for entry in logs] == ["a way to answer is closed", "a person got no answer"]
