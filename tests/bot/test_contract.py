"""What is public stays as it is promised: settings, commands, metrics, routes. The lists are a copy."""

import re
from pathlib import Path

import pytest
from aiohttp import web

from bot.arguments import parser
from bot.health import Health
from bot.metrics import BoundedCounter, Metrics
from bot.settings import Settings
from bot.web import SlackRoute, TelnyxRoute, Watch, application

ROOT = Path(__file__).parents[2]
REQUIRED = "required"
SETTINGS = {
    "TELNYX_API_KEY": REQUIRED,
    "TELNYX_BASE_URL": "https://api.telnyx.com/v2",
    "TELNYX_PUBLIC_KEY": None,
    "SLACK_BOT_TOKEN": REQUIRED,
    "SLACK_APP_TOKEN": None,
    "SLACK_SIGNING_SECRET": None,
    "SLACK_API_URL": "https://slack.com/api/",
    "SLACK_COMMAND": "/port",
    "DATABASE_URL": "sqlite:///portwire.db",
    "POLL_INTERVAL_S": 20,
    "POLL_OVERLAP_S": 3600,
    "DEEP_SWEEP_S": 172800,
    "DEEP_SWEEP_EVERY_S": 3600,
    "POLL_START": None,
    "RECONCILE_SETTLE_S": 15,
    "PAYLOAD_WAIT_S": 120,
    "LEASE_S": 60,
    "PROBE_S": 300,
    "PORTAL_ORDER_URL": None,
    "OPS_CHANNEL": None,
    "HEARTBEAT_URL": None,  # beyond the contract
    "OPERATORS": (),
    "ADMINS": (),
    "RETENTION_DAYS": 400,
    "HOST": "0.0.0.0",  # noqa: S104  # the promised default
    "PORT": 3000,
    "LOG_LEVEL": "info",
    "LOG_FORMAT": None,
}
COMMANDS = {
    "run": {"--role": "all"},
    "sandbox": {"--port": 8080, "--speed": 60, "--no-browser": True, "--keep": None},
    "doctor": {},
    "manifest": {"--mode": "socket", "--url": None},
    "migrate": {},
    "trace": {},
    "backup": {},  # beyond the contract, as the next
    "restored": {},
}
METRICS = {
    "stale_writes_rejected_total": ("counter", ()),  # beyond the contract: of several processes
    "events_ingested_total": ("counter", ("source", "type")),
    "events_duplicate_total": ("counter", ("source",)),
    "poll_duration_seconds": ("histogram", ()),
    "poll_failures_total": ("counter", ("source", "kind")),
    "poll_last_success_timestamp_seconds": ("gauge", ("source",)),
    "watermark_timestamp_seconds": ("gauge", ("source",)),
    "event_lateness_seconds": ("histogram", ()),
    "deep_sweep_finds_total": ("counter", ()),
    "telnyx_requests_total": ("counter", ("operation", "status")),
    "deliveries_pending": ("gauge", ()),
    "delivery_oldest_seconds": ("gauge", ()),
    "channels_paused": ("gauge", ()),  # beyond the contract: what waits for them is not in the one above
    "deliveries_total": ("counter", ("outcome",)),
    "reconcile_total": ("counter", ("result",)),
    "delivery_latency_seconds": ("histogram", ()),
    "slack_requests_total": ("counter", ("method", "outcome")),
    "commands_total": ("counter", ("name",)),
    "command_seconds": ("histogram", ()),
}
ROUTES = {
    ("POST", "/slack/events"),
    ("POST", "/telnyx/webhooks"),
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),
}
TARGETS = {"sandbox", "test", "setup", "check", "run", "bench", "soak", "lock"}
LATER = {"bench"}
"""Targets that later versions bring."""


def test_settings_and_their_defaults_are_the_promised_ones():
    found = {
        name.upper(): REQUIRED if field.is_required() else field.default
        for name, field in Settings.model_fields.items()
    }

    assert found == SETTINGS


def test_commands_and_their_defaults_are_the_promised_ones():
    (commands,) = (action for action in parser()._actions if action.dest == "command")

    found = {
        name: {
            option: action.default
            for action in command._actions
            for option in action.option_strings
            if option not in ("-h", "--help")
        }
        for name, command in commands.choices.items()
    }
    assert found == COMMANDS


def test_every_default_is_in_the_help():
    (commands,) = (action for action in parser()._actions if action.dest == "command")

    silent = [
        (name, action.dest)
        for name, command in commands.choices.items()
        for action in command._actions
        if isinstance(action.default, str | int)
        and action.nargs != 0
        and str(action.default) not in action.help
    ]
    assert silent == []


def test_metrics_are_the_promised_ones():
    metrics = Metrics()
    known = [
        getattr(held, "_counter", held) for held in vars(metrics).values() if held is not metrics.registry
    ]

    found = {
        metric._name.removeprefix("portwire_") + ("_total" if metric._type == "counter" else ""): (
            metric._type,
            tuple(metric._labelnames),
        )
        for metric in known
    }
    assert found == METRICS
    assert all(
        isinstance(getattr(metrics, name), BoundedCounter) for name in ("commands_total", "reconcile_total")
    )


def test_routes_are_the_promised_ones():
    app = application(
        Watch(Health(), None, Metrics(), None),
        SlackRoute(None, "", None, None, None),
        TelnyxRoute("", None, None),
    )

    found = {
        (route.method, route.resource.canonical) for route in app.router.routes() if route.method != "HEAD"
    }
    assert isinstance(app, web.Application)
    assert found == ROUTES


def test_the_makefile_has_the_promised_targets():
    found = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert found >= TARGETS - LATER


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
def test_every_setting_is_documented(document):
    text = (ROOT / document).read_text()

    missing = [name for name in SETTINGS if not re.search(rf"\b{name}\b", text)]
    assert missing == []


def test_the_example_file_names_no_setting_that_is_unknown():
    named = set(re.findall(r"^#?\s?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert named == set(SETTINGS)


def test_every_command_and_metric_is_in_the_readme():
    text = (ROOT / "README.md").read_text()

    assert [name for name in COMMANDS if f"portwire {name}" not in text] == []
    assert [name for name in METRICS if name not in text] == []


def test_the_readme_lists_what_may_still_repeat_word_for_word():
    text = " ".join((ROOT / "README.md").read_text().split())

    for case in (
        "Slack accepts the post more than SETTLE after our timeout",
        "history does not show it at either look",
        "somebody deleted it in between",
        "history not permitted for that channel",
        "database restored from an old backup",
    ):
        assert case in text


def test_the_procfile_migrates_first_and_starts_both_roles():
    text = (ROOT / "Procfile").read_text()
    lines = dict(line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))

    assert lines == {
        "release": "python -m bot migrate",
        "web": "python -m bot run --role web",
        "worker": "python -m bot run --role worker",
    }
