"""The manifest asks Slack for what the code uses, and for nothing else."""

from datetime import UTC, datetime

import yaml

from bot.messages.wording import Look
from bot.slack.manifest import EVENTS, SCOPES, manifest
from handlers import register
from handlers.parts import Parts

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_socket_mode_needs_no_address():
    made = yaml.safe_load(manifest("/port"))

    assert made["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in str(made)
    assert "url" not in made["features"]["slash_commands"][0]


def test_http_names_the_address_everywhere():
    made = yaml.safe_load(manifest("/port", "https://bot.example.com"))

    address = "https://bot.example.com/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["features"]["slash_commands"][0]["url"] == address


def test_the_command_is_the_configured_one_and_its_mentions_arrive_as_ids():
    (command,) = yaml.safe_load(manifest("/porting"))["features"]["slash_commands"]

    assert command["command"] == "/porting"
    assert command["should_escape"] is True


def test_scopes_and_events_are_those_of_the_code():
    made = yaml.safe_load(manifest("/port"))

    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)


def test_people_can_write_to_the_bot():
    made = yaml.safe_load(manifest("/port"))

    home = made["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert {"message.im", "app_mention"} <= set(made["settings"]["event_subscriptions"]["bot_events"])
    assert {"im:history", "app_mentions:read"} <= set(made["oauth_config"]["scopes"]["bot"])


def test_texts_keep_to_slacks_lengths():
    made = yaml.safe_load(manifest("/port"))

    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["slash_commands"][0]["usage_hint"]) <= 1000


class Registrations:
    """Stands where Bolt's app does, and notes what is registered."""

    def __init__(self):
        self.noted = {}

    def __getattr__(self, kind):
        def register(*constraints, **_):
            self.noted.setdefault(kind, []).extend(constraints)
            return lambda listener: listener

        return register


def test_every_event_that_is_subscribed_has_a_listener_and_the_other_way_round():
    app = Registrations()
    parts = Parts(**dict.fromkeys(Parts.__dataclass_fields__) | {"look": lambda: Look(now=NOW)})

    register(app, parts)

    named = {constraint for constraint in app.noted["event"] if isinstance(constraint, str)}
    assert named == {event.partition(".")[0] for event in EVENTS}
