"""Asks Slack now and then whether it takes our token again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import timing
from bot.delivery.troubles import Troubles
from bot.slack.client import Slack
from bot.slack.errors import METHOD_ERRORS, SlackRefusedError, SlackUnavailableError
from storage.database import Database
from storage.workspaces import WorkspaceState


@dataclass(slots=True)
class TokenProbe:
    """While a workspace is in trouble nothing is posted, so nothing else would show the end of it."""

    database: Database
    slack: Slack
    troubles: Troubles
    now: Callable[[], datetime]
    probe: timedelta
    asked_at: datetime | None = None

    async def is_taken_again(self, workspace: WorkspaceState) -> bool:
        """Whether posting may be tried again; asks Slack when it is time to."""
        now = self.now()
        # What is refused to one method does not show in `auth.test`: only a post can tell, more rarely tried.
        every = self.probe if workspace.trouble in METHOD_ERRORS else timing.TROUBLE_PROBE
        began = workspace.trouble_at or now
        if now < max(self.asked_at or began, began) + every:
            return False
        self.asked_at = now
        try:
            await self.slack.identity()
        except (SlackRefusedError, SlackUnavailableError):
            return False
        async with self.database.transaction() as tx:
            await self.troubles.token_may_do(tx, workspace)
        return True
