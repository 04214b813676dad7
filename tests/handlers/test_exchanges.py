"""What payloads have in common is read from all of them, and from odd ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.exchanges import action_of, exchange_of

NAMES = st.sampled_from(
    ["user", "id", "team_id", "actions", "action_id", "channel", "container", "event", "event_id", "value"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, JSON))
def test_any_payload_is_an_exchange(body):
    exchange_of(body)
    action_of(body)


def test_a_command_names_its_person_its_channel_and_the_way_back():
    exchange = exchange_of(
        {
            "user_id": "U1",
            "team_id": "T1",
            "channel_id": "D1",
            "response_url": "https://hooks.slack.com/1",
            "trigger_id": "1.2",
        }
    )

    assert (exchange.user_id, exchange.team_id, exchange.channel_id) == ("U1", "T1", "D1")
    assert exchange.key.startswith("trigger:")
    assert exchange.is_direct
    assert not exchange.replaces


def test_a_click_in_a_private_message_is_answered_in_its_place():
    click = {
        "user": {"id": "U1", "team_id": "T2"},
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "is_ephemeral": True},
        "actions": [{"action_id": "more", "action_ts": "5.0", "selected_option": {"value": "ids:port_in:1"}}],
        "trigger_id": "1.2",
    }

    exchange = exchange_of(click)

    assert exchange.replaces
    assert exchange.team_id == "T2"
    assert exchange.key.startswith("click:")
    assert action_of(click) == ("more", "ids:port_in:1")


COMMAND = {"trigger_id": "1.2", "command": "/port", "text": "help", "user_id": "U1", "channel_id": "C1"}


def test_a_repeated_command_has_the_key_of_the_first():
    assert exchange_of(COMMAND).key == exchange_of(dict(COMMAND)).key


@pytest.mark.parametrize(
    "other", [{"text": "status"}, {"command": "/pport"}, {"user_id": "U2"}, {"channel_id": "C2"}]
)
def test_another_command_with_the_same_trigger_is_no_repeat(other):
    assert exchange_of(COMMAND | other).key != exchange_of(COMMAND).key


@pytest.mark.parametrize("other", [{"action_id": "timeline"}, {"value": "port_in:2"}, {"action_ts": "6.0"}])
def test_another_click_at_the_same_moment_is_no_repeat(other):
    action = {"action_id": "more", "action_ts": "5.0", "value": "port_in:1"}
    click = {"user": {"id": "U1"}, "actions": [action]}

    key = exchange_of({"user": {"id": "U1"}, "actions": [action | other]}).key

    assert key != exchange_of(click).key


def test_an_event_is_known_by_its_id():
    first, again, other = (
        exchange_of({"event_id": each, "event": {}}).key for each in ("Ev1", "Ev1", "Ev\udc00")
    )

    assert first == again
    assert first != other
