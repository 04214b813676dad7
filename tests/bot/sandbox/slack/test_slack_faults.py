"""Every way in which the stand-in Slack can be made to fail, and what a caller sees of it."""

import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.faults import Fault


async def raw_post(slack):
    """Status, headers and body of one post, as they came over the wire."""
    form = {"channel": slack.channel("porting").id, "text": "x", "token": "xoxb-sandbox"}
    url = slack.url + "chat.postMessage"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=form, allow_redirects=False) as response,
    ):
        return response, await response.text()


def accepted(slack):
    return len(slack.messages("porting")), slack.calls[-1].accepted


@pytest.mark.parametrize(
    ("fault", "is_accepted"),
    [(Fault.LOSE_ANSWER, True), (Fault.DROP_BEFORE, False), (Fault.ACCEPT_THEN_HANG, True)],
)
async def test_connection_ends_without_an_answer(slack, fault, is_accepted):
    slack.faults.always, slack.faults.hang_s = fault, 0.01

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await raw_post(slack)

    assert accepted(slack) == (int(is_accepted), is_accepted)


@pytest.mark.parametrize(
    ("fault", "status", "is_accepted"),
    [
        (Fault.ACCEPT_THEN_500, 500, True),
        (Fault.HTTP_500_BEFORE, 500, False),
        (Fault.HTML_200, 200, False),
        (Fault.CUT_JSON, 200, True),
    ],
)
async def test_answer_is_no_json(slack, fault, status, is_accepted):
    slack.faults.always = fault

    response, body = await raw_post(slack)

    assert response.status == status
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(body)
    assert accepted(slack) == (int(is_accepted), is_accepted)


@pytest.mark.parametrize(
    ("fault", "is_accepted"),
    [(Fault.INTERNAL_ERROR_AFTER_ACCEPT, True), (Fault.INTERNAL_ERROR_BEFORE, False)],
)
async def test_internal_error_may_hide_a_post(slack, client, fault, is_accepted):
    slack.faults.always = fault

    with pytest.raises(SlackApiError, match="internal_error"):
        await client.chat_postMessage(channel=slack.channel("porting").id, text="x")

    assert accepted(slack) == (int(is_accepted), is_accepted)


async def test_slow_answer_comes_late_but_comes(slack, client):
    slack.faults.slow_s = 0.05
    impatient = AsyncWebClient(token="xoxb-sandbox", base_url=slack.url, retry_handlers=[], timeout=0.01)

    with pytest.raises(TimeoutError):
        await impatient.chat_postMessage(channel=slack.channel("porting").id, text="x")
    await client.chat_postMessage(channel=slack.channel("porting").id, text="y")

    assert slack.messages("porting")[-1].text == "y"


async def test_refusals_are_chosen_by_method_and_by_channel(slack, client):
    porting, other = slack.channel("porting").id, slack.add_channel("other")
    slack.faults.refuse = {"auth.test": "account_inactive", ("chat.postMessage", other): "restricted_action"}

    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    with pytest.raises(SlackApiError, match="restricted_action"):
        await client.chat_postMessage(channel=other, text="x")
    await client.chat_postMessage(channel=porting, text="x")
    slack.faults.refuse_in = {porting: "ekm_access_denied"}
    with pytest.raises(SlackApiError, match="ekm_access_denied"):
        await client.conversations_info(channel=porting)

    assert len(slack.messages(porting)) == 1


async def test_history_can_be_refused_alone(slack, client):
    slack.faults.history_refuse = "access_denied"
    porting = slack.channel("porting").id

    ts = (await client.chat_postMessage(channel=porting, text="x"))["ts"]

    for ask in (
        client.conversations_history(channel=porting),
        client.conversations_replies(channel=porting, ts=ts),
    ):
        with pytest.raises(SlackApiError, match="access_denied"):
            await ask


@pytest.mark.parametrize(("value", "header"), [("auto", "1"), ("1.5", "1.5"), (None, None)])
async def test_retry_after_can_be_odd_or_missing(slack, value, header):
    slack.faults.retry_after_value = value
    slack.faults.next_failures = [("chat.postMessage", Fault.RATELIMITED)]

    response, body = await raw_post(slack)

    assert response.status == 429
    assert response.headers.get("Retry-After") == header
    assert json.loads(body)["error"] == "ratelimited"


async def test_one_shot_failures_strike_in_order_and_once(slack, client):
    porting = slack.channel("porting").id
    slack.faults.next_failures = [("chat.update", "fatal_error"), ("*", "channel_not_found")]

    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel=porting, text="x")
    ts = (await client.chat_postMessage(channel=porting, text="x"))["ts"]
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_update(channel=porting, ts=ts, text="y")
    await client.chat_update(channel=porting, ts=ts, text="y")

    assert slack.faults.next_failures == []


async def test_switches_concern_only_the_chosen_methods(slack, client):
    slack.faults.always = Fault.HTTP_500_BEFORE

    await client.auth_test()
    slack.faults.methods = None
    response, _ = await raw_post(slack)

    assert response.status == 500
    with pytest.raises(SlackApiError):
        await client.auth_test()


async def test_errors_by_chance_are_the_same_in_every_run(slack):
    slack.faults.error_rate, slack.faults.kinds = 0.5, [Fault.HTTP_500_BEFORE]

    first = [(await raw_post(slack))[0].status for _ in range(12)]
    slack.faults.clear()
    slack.faults.rate_limit = False
    slack.faults.error_rate, slack.faults.kinds = 0.5, [Fault.HTTP_500_BEFORE]
    second = [(await raw_post(slack))[0].status for _ in range(12)]

    assert first == second
    assert set(first) == {200, 500}


async def test_workspace_has_a_pace_of_its_own(slack, client):
    slack.faults.workspace_rate_limit = 0.001
    other = slack.add_channel("other")

    await client.chat_postMessage(channel=slack.channel("porting").id, text="x")

    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=other, text="x")


async def test_revoked_token_is_refused_everywhere(slack, client):
    slack.faults.token_revoked = True

    for ask in (client.auth_test(), client.apps_connections_open(app_token="xapp-sandbox")):
        with pytest.raises(SlackApiError, match="token_revoked"):
            await ask


async def test_redirect_leads_elsewhere(slack):
    slack.faults.redirect = "http://127.0.0.1:9/elsewhere"

    response, _ = await raw_post(slack)

    assert response.status == 307
    assert response.headers["Location"] == "http://127.0.0.1:9/elsewhere"
    assert accepted(slack) == (0, False)


async def test_slack_that_is_down_answers_503(slack):
    slack.faults.down = True

    response, _ = await raw_post(slack)

    assert response.status == 503


async def test_slack_that_is_unplugged_refuses_connections_until_it_is_back(slack, client):
    address = slack.url

    await slack.unplug()
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.auth_test()
    await slack.plug()

    assert slack.url == address
    assert (await client.auth_test())["ok"]


async def test_posts_that_are_refused_use_none_of_the_pace(slack, client):
    channel, slack.faults.rate_limit = slack.channel("porting").id, True
    for _ in range(5):
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "nonsense"}])

    for number in range(3):
        await client.chat_postMessage(channel=channel, text=f"number {number}")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=channel, text="one too many")
