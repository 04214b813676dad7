"""Who and what is in the sandbox's Slack workspace, and the settings of a bot that lives there."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from bot.sandbox.slack.records import Json
from bot.sandbox.slack_workspace import SlackWorkspace

POLL_INTERVAL_S = 2
PROBE_S = 20
RECONCILE_SETTLE_S = 3


@dataclass(frozen=True, slots=True)
class Residents:
    """Ids of the channels, and of the people by what they are."""

    porting: str
    customer: str
    account_manager: str
    operator: str
    admin: str
    viewer: str
    guest: str
    stranger: str

    def titles(self) -> dict[str, str]:
        """What each person is, in words, by their id."""
        return {
            self.account_manager: "account manager",
            self.operator: "porting operator",
            self.admin: "admin",
            self.viewer: "member who only reads",
            self.guest: "guest",
            self.stranger: "of another organisation",
        }


def populate(slack: SlackWorkspace) -> Residents:
    """Put people of every role in, #porting with the bot, and a customer's channel without it.

    The ids are the same at each start, so that a kept database still fits. The stranger sits in the
    customer's channel, which is shared with the customer's own organisation.
    """
    people = {
        "account_manager": slack.add_person("maya"),
        "operator": slack.add_person("omar", tz="Europe/Berlin"),
        "admin": slack.add_person("ada", role="admin", tz="America/Los_Angeles"),
        "viewer": slack.add_person("vic", tz="America/Chicago"),
        "guest": slack.add_person("gus", role="guest"),
        "stranger": slack.add_person("stella", role="stranger", tz="Europe/London"),
    }
    porting = slack.add_channel("porting")
    customer = slack.add_channel("customer-acme", bot_member=False, shared=True)
    for person in people.values():
        slack.dm(person)
    return Residents(porting=porting, customer=customer, **people)


def shortcuts(manifest: str) -> tuple[Json, ...]:
    """The app's shortcuts, as Slack reads them in its manifest (YAML)."""
    return tuple(yaml.safe_load(manifest)["features"].get("shortcuts", ()))


def environment(
    slack: SlackWorkspace,
    who: Residents,
    *,
    telnyx_url: str,
    telnyx_key: str,
    directory: Path,
    since: datetime | None = None,
) -> dict[str, str]:
    """The bot's settings: Socket Mode, a database in the directory, no HTTP, polls often enough to watch.

    Events made before `since` are not posted; without it, before the bot's first start.
    """
    start = {"POLL_START": since.isoformat()} if since else {}
    return start | {
        "TELNYX_API_KEY": telnyx_key,
        "TELNYX_BASE_URL": telnyx_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.url,
        "SLACK_COMMAND": slack.command_name,
        "DATABASE_URL": f"sqlite:///{directory.resolve() / 'portwire.db'}",
        "POLL_INTERVAL_S": str(POLL_INTERVAL_S),
        "PROBE_S": str(PROBE_S),
        "RECONCILE_SETTLE_S": str(RECONCILE_SETTLE_S),
        "OPERATORS": f"{who.account_manager},{who.operator}",
        "ADMINS": who.admin,
        "PORT": "0",
        "LOG_LEVEL": "warning",
        "LOG_FORMAT": "console",
    }
