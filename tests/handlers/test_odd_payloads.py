"""Whatever is signed gets an answer below 500, in one line, and never a traceback."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TYPES = [
    "block_actions",
    "interactive_message",
    "view_submission",
    "view_closed",
    "shortcut",
    "message_action",
    "block_suggestion",
    "event_callback",
    "url_verification",
    "app_home_opened",
    "channel_unarchive",
    "member_joined_channel",
    "channel_archive",
    "channel_id_changed",
    "message",
    "dialog_submission",
    "function_executed",
    "app_rate_limited",
    "workflow_step_edit",
]
NAMES = [
    "type",
    "user",
    "id",
    "team",
    "team_id",
    "user_id",
    "channel",
    "channel_id",
    "enterprise",
    "event",
    "event_id",
    "view",
    "actions",
    "action_id",
    "value",
    "action_ts",
    "trigger_id",
    "response_url",
    "response_urls",
    "authorizations",
    "command",
    "text",
    "callback_id",
    "container",
    "message",
    "thread_ts",
    "state",
    "values",
    "selected_option",
    "item",
    "bot_id",
    "subtype",
    "tab",
    "challenge",
    "payload",
    "is_ext_shared_channel",
    "function_data",
    "function_execution_id",
    "previous_message",
    "assistant_thread",
    "user_team",
    "name",
    "attachments",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([*TYPES, "U1"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=10,
)
OBJECTS = st.builds(
    lambda kind, event_kind, rest, event: (
        rest | {"type": kind} | ({"event": {**event, "type": event_kind}} if event else {})
    ),
    st.sampled_from(TYPES),
    st.sampled_from(TYPES),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5),
)
FIELDS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.text(max_size=5) | st.sampled_from(["/port", "{}", "[]", "{", "1"])),
    max_size=6,
)
BODIES = (
    OBJECTS.map(lambda found: (json.dumps(found).encode(), JSON))
    | OBJECTS.map(lambda found: (urlencode({"payload": json.dumps(found)}).encode(), FORM))
    | FIELDS.map(lambda fields: (urlencode(fields, errors="replace").encode(), FORM))
    | st.binary(max_size=20).map(lambda body: (body, FORM))
)


@pytest.fixture
async def post(desk, workspace):
    """Sends what Slack signed; gives the status and the text."""
    async with aiohttp.ClientSession() as session:

        async def send(body, content_type):
            stamp = str(int(time.time()))
            signed = hmac.new(
                workspace.signing_secret.encode(), b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256
            )
            headers = {
                "Content-Type": content_type,
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": f"v0={signed.hexdigest()}",
            }
            async with session.post(workspace.request_url, data=body, headers=headers) as answer:
                return answer.status, await answer.text()

        yield send


@settings(max_examples=150)
@given(sent=BODIES)
async def test_nothing_that_is_signed_is_answered_with_a_failure_of_ours(post, sent):
    status, text = await post(*sent)

    assert status < 500
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"payload=", FORM),
        (b"{bad", FORM),
        (b"payload={}&payload=[]", FORM),
        (b"", FORM),
        (b"", JSON),
        (b"text=payload", FORM),
        *(
            (json.dumps(payload).encode(), JSON)
            for payload in (
                {"type": "block_actions", "user": 1, "actions": [{"action_id": "more"}]},
                {"type": "block_actions", "team": 1, "actions": [{"action_id": "more"}]},
                {"type": "block_actions", "channel": 1, "actions": [{"action_id": "more"}]},
                {"type": "block_actions", "actions": []},
                {"type": "block_actions", "actions": {}},
                {"type": "block_actions", "actions": None},
                {"type": "block_actions", "actions": [5]},
                {"type": "event_callback", "event": {"type": "channel_unarchive", "channel": 5}},
                {"type": "event_callback", "event": {"type": "app_home_opened", "user": 5}},
                {"type": "event_callback", "event": []},
            )
        ),
    ],
)
async def test_what_slack_never_sends_is_refused_in_one_line_and_logged_once_without_the_body(
    post, body, content_type
):
    with structlog.testing.capture_logs() as logs:
        status, text = await post(body, content_type)

    assert status == 400
    assert text == "not a payload of Slack"
    assert [(entry["event"], entry["bytes"]) for entry in logs] == [
        ("payload refused: not what slack sends", len(body))
    ]


@pytest.mark.parametrize("text", ["order payload-7", "subscribe ref:payload*", "payload", "help payload="])
async def test_a_command_may_say_payload(post, workspace, text):
    command = await workspace.command("bo", "porting", text)
    await workspace.until(lambda: command.visible is not None)

    assert command.acked
    assert command.text
