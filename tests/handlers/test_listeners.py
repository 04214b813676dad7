"""Bolt fills a listener's parameters by their names, and only says so in the log where one is wrong."""

import ast
import inspect
import re
import textwrap

import pytest
import yaml
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.kwargs_injection.async_args import AsyncArgs

import handlers
from bot.slack.manifest import manifest
from handlers.channels import BACK, GONE

INJECTED = {*inspect.signature(AsyncArgs.__init__).parameters, "next_", "response", "error", "exchange"} - {
    "self"
}
WRITTEN = {"app_mention", "message"}
HEARD = {"app_home_opened", "member_joined_channel", "channel_id_changed", *WRITTEN, *BACK, *GONE}


def listeners_of(app: AsyncApp):
    return [listener.ack_function for listener in app._async_listeners]


@pytest.fixture
def listeners(desk):
    return listeners_of(desk.app)


def test_every_parameter_is_one_that_bolt_fills(desk, listeners):
    called = [
        *listeners,
        desk.app._async_middleware_list[-1].func,
        desk.app._async_middleware_error_handler.func,
    ]

    wrong = [
        (function.__qualname__, parameter.name)
        for function in called
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in INJECTED or parameter.kind is parameter.KEYWORD_ONLY
    ]

    assert len(called) > 20
    assert wrong == []


def test_every_listener_of_a_person_acknowledges_first(listeners):
    asked = [function for function in listeners if "ack" in inspect.signature(function).parameters]

    late = [function.__qualname__ for function in asked if not acknowledges_first(function)]

    assert len(asked) > 12
    assert late == []


def acknowledges_first(function):
    body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0].body
    statements = [each for each in body if not is_docstring(each)]
    return ast.unparse(statements[0]).startswith("await ack(")


def is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def test_only_events_are_acknowledged_by_bolt_itself(desk):
    without = [
        listener
        for listener in desk.app._async_listeners
        if "ack" not in inspect.signature(listener.ack_function).parameters
    ]

    assert without
    assert all(listener.auto_acknowledgement for listener in without)


@pytest.mark.parametrize("kind", sorted(HEARD))
def test_the_manifest_asks_for_every_event_that_is_listened_to(kind):
    asked = yaml.safe_load(manifest("/port"))["settings"]["event_subscriptions"]["bot_events"]

    assert kind in {each.partition(".")[0] for each in asked}


def test_no_event_is_listened_to_that_this_file_does_not_know():
    sources = [inspect.getsource(module) for module in (handlers.channels, handlers.home, handlers.mentions)]

    registered = {kind for source in sources for kind in re.findall(r'app\.event\("(\w+)"\)', source)}

    assert registered | {*BACK, *GONE} == HEARD


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "gone"}], "user": {"id": "U1"}},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "gone"}]},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "gone"}, "user": {"id": "U1"}},
        {"type": "view_closed", "view": {"type": "modal", "callback_id": "gone"}, "user": {"id": "U1"}},
        {"type": "shortcut", "callback_id": "gone", "user": {"id": "U1"}},
        {"type": "message_action", "callback_id": "gone", "user": {"id": "U1"}},
        {"type": "block_suggestion", "action_id": "gone", "value": "x", "user": {"id": "U1"}},
        {
            "type": "interactive_message",
            "callback_id": "gone",
            "actions": [{"name": "x"}],
            "user": {"id": "U1"},
        },
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added"}},
        {"command": "/other", "text": "x", "user_id": "U1"},
        {"command": "/port"},
    ],
    ids=str,
)
async def test_whatever_slack_sends_is_acknowledged(desk, body):
    answer = await desk.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    assert answer.status == 200


async def test_a_modal_of_another_version_says_so(desk):
    body = {"type": "view_submission", "view": {"type": "modal", "callback_id": "gone"}, "user": {"id": "U1"}}

    answer = await desk.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    assert "another version" in answer.body
