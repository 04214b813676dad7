"""How apps may answer an interaction through its response_url."""

import aiohttp
import pytest

from tests.bot.sandbox.slack.screens import button, post, respond


async def test_answers_replace_and_delete_what_was_said_before(slack, app):
    done = await slack.command("ann", "porting", "help")

    await respond(done, {"text": "looking"})
    await respond(done, {"text": "found", "replace_original": True})
    replaced = (done.text, len(slack.ephemerals))
    await respond(done, {"delete_original": True})

    assert replaced == ("found", 1)
    assert done.text == ""
    assert slack.ephemerals[0].deleted
    assert len(done.responses) == 3


async def test_answer_may_be_for_the_whole_channel(slack, app):
    done = await slack.command("ann", "porting", "help")

    await respond(done, {"text": "for all", "response_type": "in_channel"})

    assert [m.text for m in slack.messages("porting")] == ["for all"]
    assert slack.ephemerals == []


async def test_click_may_replace_its_message(slack, client, app, channel):
    ts = await post(client, channel, button("go", "Go"))
    done = await slack.click("ann", "porting", ts, "go")

    await respond(done, {"text": "done", "replace_original": True})

    [message] = slack.messages("porting")
    assert (message.text, message.blocks) == ("done", [])


async def test_ephemeral_answer_can_be_clicked_and_its_payload_shows_no_message(slack, app):
    first = await slack.command("ann", "porting", "republish e1")
    blocks = [{"type": "actions", "elements": [button("yes", "Yes")]}]
    await respond(first, {"text": "Sure?", "blocks": blocks})

    await slack.click("ann", "porting", first.visible, "Yes")

    payload = app.envelopes[1]["payload"]
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


async def test_response_url_is_good_five_times_within_half_an_hour(slack, app, clock):
    often, late = await slack.command("ann", "porting", "a"), await slack.command("ann", "porting", "b")

    statuses = [(await respond(often, {"text": "x"}))[0] for _ in range(6)]
    clock.forward(seconds=31 * 60)
    status, answer = await respond(late, {"text": "x"})

    assert statuses == [200] * 5 + [404]
    assert (status, answer["error"]) == (404, "expired_url")


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "x", "blocks": [{"type": "nonsense"}]}, []])
async def test_senseless_answer_is_refused(slack, app, body):
    done = await slack.command("ann", "porting", "a")

    status, answer = await respond(done, body)

    assert status == 400
    assert not answer["ok"]
    assert slack.ephemerals == []


async def test_body_that_is_no_json_is_refused(slack, app):
    done = await slack.command("ann", "porting", "a")

    async with (
        aiohttp.ClientSession() as session,
        session.post(done.response_url, data="{") as response,
    ):
        status = response.status

    assert status == 400


async def test_deletion_before_anything_was_said_is_harmless(slack, app):
    done = await slack.command("ann", "porting", "a")

    status, _ = await respond(done, {"delete_original": True})

    assert status == 200
    assert done.blocks == []


async def test_ephemeral_answer_is_found_by_its_ts_among_others(slack, app):
    first, second = [await slack.command("ann", "porting", text) for text in ("a", "b")]
    blocks = [{"type": "actions", "elements": [button("yes", "Yes")]}]
    await respond(first, {"text": "First?", "blocks": blocks})
    await respond(second, {"text": "Second?", "blocks": blocks})

    await slack.click("ann", "porting", second.visible.ts, "Yes")

    assert app.envelopes[-1]["payload"]["container"]["message_ts"] == second.visible.ts


async def test_response_url_that_expired_is_forgotten_and_answered_alike(slack, app, clock):
    old = await slack.command("ann", "porting", "a")
    clock.forward(seconds=31 * 60)

    await slack.command("ann", "porting", "b")

    assert len(slack.replies._addresses) == 1
    assert (await respond(old, {"text": "x"}))[1]["error"] == "expired_url"
