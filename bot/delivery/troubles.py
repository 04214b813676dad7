"""Trouble that is not one message's: Slack refuses our token, or does not answer. Each is told once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.delivery.telling import Telling
from bot.health import Health
from bot.slack.errors import METHOD_ERRORS
from storage import workspaces
from storage.database import Tx
from storage.workspaces import WorkspaceState

log = structlog.get_logger()

SILENT = "Slack does not take messages as it should"


@dataclass(slots=True)
class Troubles:
    """What is wrong between us and Slack, from its first sign until a post goes through again."""

    health: Health
    team_id: str
    now: Callable[[], datetime]
    ops: Telling
    _refused_since: dict[str, datetime] = field(default_factory=dict)
    _silent_since: datetime | None = None

    @property
    def is_any(self) -> bool:
        """Whether a post that goes through has an end to write down."""
        return bool(self._refused_since)

    def no_answer(self, reason: str) -> None:
        """Slack did not answer as it should. An outage is one line, however many posts it holds up."""
        if self._silent_since is None:
            self._silent_since = self.now()
            self.health.failed(SILENT, reason, self._silent_since)
            log.warning("Slack does not answer as it should, posts wait", reason=reason)

    async def token_refused(self, tx: Tx, error: str) -> None:
        """Slack refuses our token: nothing is posted until it takes it again."""
        await workspaces.note_trouble(tx, self.team_id, error, self.now())
        self.health.slack_refused(error)
        if error not in self._refused_since:
            self._refused_since[error] = self.now()
            log.error("Slack refuses the bot's token, posting stops until it is mended", error=error)

    async def token_may_do(self, tx: Tx, workspace: WorkspaceState) -> None:
        """Slack took our token again, at least for a question: posting is tried."""
        if workspace.trouble:  # pragma: no branch - without trouble nobody asks
            self._refused_since.setdefault(workspace.trouble, workspace.trouble_at or self.now())
        await workspaces.note_trouble(tx, self.team_id, None, self.now())
        if workspace.trouble not in METHOD_ERRORS:  # of those only a post shows the end
            self.health.slack_accepted(self.now())

    def answers_again(self) -> None:
        """A post went through."""
        self.health.slack_accepted(self.now())
        if self._silent_since:
            log.info("Slack takes messages again", since=self._silent_since.isoformat())
            self._silent_since = None
            self.health.ended(SILENT)

    async def over(self, tx: Tx) -> None:
        """A post went through: what was refused is not any more. For a unit of work that is alone."""
        now = self.now()
        for error, since in self._refused_since.items():
            log.info("Slack takes the bot's token again", error=error, since=since.isoformat())
            await self.ops.note_passed(tx, f"Slack refused the bot's token ({error})", since, now)
        self._refused_since.clear()
