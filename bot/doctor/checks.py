"""What the doctor says: a line a check, and where each key comes from."""

from dataclasses import dataclass

FINE, UNSURE, WRONG = "✓", "!", "✗"
WHERE_TELNYX = "A v2 key is made in the Telnyx portal, API Keys."
WHERE_BOT = "Copy it to SLACK_BOT_TOKEN from your Slack app, Install App."
WHERE_APP = (
    "Make one with connections:write (app, Basic Information), set SLACK_APP_TOKEN, and switch Socket Mode on"
    " (app, Socket Mode)."
)
SOURCES = {
    "TELNYX_API_KEY": WHERE_TELNYX,
    "SLACK_BOT_TOKEN": WHERE_BOT,
    "SLACK_APP_TOKEN": WHERE_APP,
}
"""Where each key comes from."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it is; where it is not fine, the text says what to do."""

    text: str
    mark: str = FINE

    @property
    def is_wrong(self) -> bool:
        return self.mark == WRONG

    @property
    def line(self) -> str:
        """For the terminal."""
        return f"{self.mark} {self.text}"


def wrong(text: str) -> Check:
    """A check that failed."""
    return Check(text, WRONG)
