"""Something a person did, and all that came of it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.slack.records import Ephemeral, Json, Message, View


@dataclass(frozen=True, slots=True)
class Response:
    """One body that the app sent to the interaction's response_url."""

    at: datetime
    body: Json


@dataclass(slots=True, eq=False)
class Interaction:
    """A command, click, submission, shortcut or event, as it was delivered and answered.

    `refusal` is why nothing was delivered, or what Slack shows because the app did not answer.
    """

    kind: str  # "slash_commands", "interactive" or "events_api", as Socket Mode names them
    user: str
    channel: str | None = None
    payload: Json = field(default_factory=dict)
    trigger_id: str = ""
    response_url: str = ""
    acked: bool = False
    ack_body: Json | str | None = None
    ack_after_s: float | None = None
    refusal: str | None = None
    confirm: Json | None = None  # texts of the dialog that stood before the click
    errors: dict[str, str] = field(default_factory=dict)  # by block_id: what a modal said about its inputs
    responses: list[Response] = field(default_factory=list)
    shown: list[Message | Ephemeral] = field(default_factory=list)
    views: list[View] = field(default_factory=list)

    @property
    def visible(self) -> Message | Ephemeral | None:
        """What its answers left on the screen last."""
        return next((m for m in reversed(self.shown) if not m.deleted), None)

    @property
    def text(self) -> str:
        return "" if self.visible is None else self.visible.text

    @property
    def blocks(self) -> list[Json]:
        return [] if self.visible is None else self.visible.blocks

    @property
    def view(self) -> View | None:
        """The view that was opened last."""
        return self.views[-1] if self.views else None


@dataclass(slots=True)
class Trigger:
    """A trigger_id: good once, for three seconds."""

    interaction: Interaction
    made_at: datetime
    used: bool = False
