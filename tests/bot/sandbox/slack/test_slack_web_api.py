"""The door of the stand-in Slack: tokens, arguments, scopes and what it notes."""

import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack.manifest import SCOPES

SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]


async def ask(slack, method, *, http="POST", headers=None, **more):
    async with (
        aiohttp.ClientSession() as session,
        session.request(http, slack.url + method, headers=headers, **more) as response,
    ):
        return response, await response.json()


async def test_bot_is_told_who_it_is(slack, client):
    answer = await client.auth_test()

    assert answer["user_id"] == slack.bot_user_id
    assert answer["bot_id"] == slack.bot_id
    assert answer["team_id"] == slack.team_id
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
async def test_wrong_tokens_are_refused(slack, token, error):
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    _, answer = await ask(slack, "conversations.info", headers=headers)

    assert answer == {"ok": False, "error": error}


async def test_only_the_app_token_opens_a_socket(slack):
    client = AsyncWebClient(base_url=slack.url, retry_handlers=[])

    opened = await client.apps_connections_open(app_token="xapp-sandbox")

    assert opened["url"].startswith("ws://127.0.0.1:")
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token="xoxb-sandbox")


async def test_unknown_method_is_named(slack, client):
    with pytest.raises(SlackApiError, match="unknown_method"):
        await client.api_call("chat.shout")


async def test_arguments_come_by_query_form_or_json(slack, channel):
    bearer = {"Authorization": "Bearer xoxb-sandbox"}
    blocks = json.dumps(SECTION)
    query = {"channel": channel, "text": "q", "blocks": blocks, "token": "xoxb-sandbox"}
    form = {"channel": channel, "text": "f", "blocks": blocks, "token": "xoxb-sandbox"}

    _, by_query = await ask(slack, "chat.postMessage", http="GET", params=query)
    _, by_form = await ask(slack, "chat.postMessage", data=form)
    _, by_json = await ask(
        slack, "chat.postMessage", headers=bearer, json={"channel": channel, "text": "j", "blocks": SECTION}
    )

    assert [by_query["ok"], by_form["ok"], by_json["ok"]] == [True, True, True]
    assert [m.text for m in slack.messages(channel)] == ["q", "f", "j"]
    assert all(m.blocks[0]["text"]["text"] == "hello" for m in slack.messages(channel))


async def test_token_inside_a_json_body_does_not_count(slack):
    _, answer = await ask(slack, "auth.test", json={"token": "xoxb-sandbox"})

    assert answer["error"] == "not_authed"


@pytest.mark.parametrize(("body", "error"), [("{no", "invalid_json"), ("[]", "json_not_object")])
async def test_body_that_is_no_json_object_is_refused(slack, body, error):
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}

    _, answer = await ask(slack, "auth.test", headers=headers, data=body)

    assert answer["error"] == error


async def test_missing_scope_says_what_is_needed_and_what_is_there(slack, client):
    channel = slack.add_channel("secret", private=True)
    slack.scopes.discard("groups:history")

    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel=channel)

    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "groups:history"
    assert "channels:history" in caught.value.response["provided"].split(",")


async def test_every_call_is_noted_without_its_token(slack, channel):
    await ask(slack, "chat.postMessage", data={"channel": channel, "text": "hi", "token": "xoxb-sandbox"})
    await ask(slack, "chat.postMessage", data={"channel": "C404", "text": "hi", "token": "xoxb-sandbox"})

    good, bad = slack.calls
    assert (good.method, good.outcome, good.accepted) == ("chat.postMessage", "ok", True)
    assert (bad.outcome, bad.accepted) == ("channel_not_found", False)
    assert good.arguments == {"channel": channel, "text": "hi"}


async def test_missing_argument_is_named(slack, client):
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("conversations.info")

    assert caught.value.response["error"] == "invalid_arguments"
    assert "channel" in caught.value.response["response_metadata"]["messages"][0]


async def test_people_are_described_by_their_role(slack, client):
    guest = slack.add_person("gail", role="guest")
    stranger = slack.add_person("sam", role="stranger", tz="Europe/Berlin")

    seen_guest = (await client.users_info(user=guest))["user"]
    seen_stranger = (await client.users_info(user=stranger))["user"]
    seen_bot = (await client.users_info(user=slack.bot_user_id))["user"]

    assert seen_guest["is_restricted"]
    assert seen_stranger["team_id"] != slack.team_id
    assert seen_stranger["tz"] == "Europe/Berlin"
    assert seen_bot["is_bot"]
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U404")


async def test_usergroup_lists_its_people(slack, client):
    ann = slack.person("ann").id
    group = slack.add_usergroup("operators", [ann])

    answer = await client.usergroups_users_list(usergroup=group)

    assert answer["users"] == [ann]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await client.usergroups_users_list(usergroup="S404")


async def test_connection_can_be_tested_without_a_token(slack):
    _, good = await ask(slack, "api.test", data={"foo": "bar"})
    _, bad = await ask(slack, "api.test", data={"error": "my_error"})

    assert (good["ok"], good["args"]) == (True, {"foo": "bar"})
    assert bad["error"] == "my_error"


async def test_body_of_another_kind_is_not_read(slack):
    headers = {"Content-Type": "text/plain"}

    _, answer = await ask(slack, "api.test", headers=headers, data="foo=bar")

    assert answer["args"] == {}


async def test_everybody_is_listed(slack, client):
    members = (await client.users_list())["members"]

    assert [member["name"] for member in members] == ["portwire", "ann"]


async def test_only_the_newest_calls_are_kept(slack, monkeypatch):
    monkeypatch.setattr("bot.sandbox.slack.world.CALLS_KEPT", 2)

    for number in range(3):
        await ask(slack, "api.test", data={"n": number})

    assert [call.arguments["n"] for call in slack.calls] == ["1", "2"]


async def test_empty_json_body_means_no_arguments(slack):
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}

    _, answer = await ask(slack, "auth.test", headers=headers, data="")

    assert answer["ok"]


async def test_nobody_is_told_of_a_world_that_is_being_made():
    workspace = SlackWorkspace()
    workspace.add_channel("porting")

    workspace.archive("porting")
    await workspace.settle()

    assert workspace.channel("porting").archived
    assert workspace.now().tzinfo is not None


def test_the_app_is_granted_what_its_manifest_asks_for(slack):
    assert slack.scopes == set(SCOPES)
