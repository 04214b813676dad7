"""A payload is served once, whichever way and however often Slack delivers it."""

from slack_bolt.async_app import AsyncBoltRequest

import handlers.desk
from tests.handlers.clicks import said


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
