"""What no listener is for is acknowledged, and explained to whoever waits for an answer."""

import json

import pytest
import structlog
from slack_bolt.async_app import AsyncBoltRequest

from tests.handlers.clicks import texts_of

ANOTHER = "another version"


@pytest.fixture
def send(desk, workspace):
    """Delivers a payload of Bo's; gives Bolt's answer."""

    async def sent(body):
        user = {"id": workspace.person("bo").id}
        answer = await desk.app.async_dispatch(
            AsyncBoltRequest(mode="socket_mode", body={"user": user} | body)
        )
        assert answer.status == 200
        return answer

    return sent


UNADDRESSED = [
    {"type": "block_actions", "actions": [{"type": "button", "value": "1"}]},
    {"type": "block_actions"},
    {"type": "shortcut"},
    {"type": "message_action"},
    {"type": "interactive_message", "callback_id": 5, "actions": [{"name": "x"}]},
    {"type": "dialog_submission", "submission": {}},
    {"type": "function_executed"},
    {"type": "not invented yet"},
    {},
]


@pytest.mark.parametrize("body", UNADDRESSED, ids=str)
async def test_who_clicks_on_what_leads_nowhere_is_told_so(desk, workspace, send, body):
    with structlog.testing.capture_logs() as logs:
        await send(body)

    ((person, message),) = desk.notices
    assert person == workspace.person("bo").id
    assert ANOTHER in message.text
    assert [entry["event"] for entry in logs] == ["a payload that nobody listens to"]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "view_closed", "view": {"type": "modal"}},
        {"type": "event_callback", "event": {"user": "U1"}},
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added", "user": "U1"}},
    ],
    ids=str,
)
async def test_where_nobody_waits_nobody_is_told(desk, workspace, send, body):
    await send(body)

    assert (desk.notices, workspace.ephemerals) == ([], [])


@pytest.mark.parametrize(
    "held",
    [{"view": {"type": "modal"}}, {"view": {"type": "modal", "callback_id": "gone"}}, {}],
    ids=str,
)
async def test_a_modal_that_leads_nowhere_says_so_in_its_place(send, held):
    answer = await send({"type": "view_submission"} | held)

    shown = json.loads(answer.body)
    assert shown["response_action"] == "update"
    assert ANOTHER in texts_of(shown["view"])


@pytest.mark.parametrize("named", [{}, {"action_id": "gone", "block_id": "b"}], ids=str)
async def test_a_menu_that_leads_nowhere_has_no_choices(send, named):
    answer = await send({"type": "block_suggestion", "value": "x"} | named)

    assert json.loads(answer.body) == {"options": []}


async def test_where_the_modal_cannot_be_opened_any_more_it_is_a_message(desk, workspace, send):
    await send({"type": "shortcut", "callback_id": "gone", "trigger_id": "expired"})
    await workspace.until(lambda: desk.notices)

    assert workspace.views == {}
    assert ANOTHER in desk.notices[0][1].text


async def test_a_click_in_a_view_is_answered_though_no_address_came_with_it(desk, workspace, send):
    action = {"type": "button", "action_id": "run", "block_id": "b", "value": "help", "action_ts": "1.0"}
    await send({"type": "block_actions", "container": {"type": "view"}, "actions": [action]})
    await workspace.until(lambda: desk.notices)

    assert "All I do begins with" in desk.notices[0][1].text


@pytest.mark.parametrize(
    "action_id", ["republish", "timeline", "review", "more", "show_all", "show_all_older"]
)
@pytest.mark.parametrize(
    "held", [{}, {"value": "port_in:"}, {"value": None}, {"selected_option": {}}], ids=str
)
async def test_a_button_of_ours_without_its_value_says_that_it_leads_nowhere(
    desk, workspace, send, action_id, held
):
    action = {"type": "button", "action_id": action_id, "block_id": "b", "action_ts": "1.0"} | held
    with structlog.testing.capture_logs() as logs:
        await send({"type": "block_actions", "actions": [action]})
        await workspace.until(lambda: desk.notices)

    ((_, message),) = desk.notices
    assert "any more" in message.text
    assert "listener failed" not in [entry["event"] for entry in logs]
