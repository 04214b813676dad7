"""Tells OPS_CHANNEL of our own trouble: that it began, and that it is over, each once.

Which of it was told is kept in the database, so that it stays once through restarts, and when what fails goes
over from one process to another meanwhile. What keeps us from telling (the database, Slack) is told when it
is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.delivery.owing import owe_notice
from bot.messages import notices
from bot.results import Trouble
from bot.slack.blocks import Message
from storage import troubles
from storage.database import Database, Tx


@dataclass(slots=True)
class Telling:
    """`team_id` is known once Slack has taken our token; before that nothing is told, and nothing kept."""

    database: Database
    ops_channel: str | None
    now: Callable[[], datetime]
    wake: Callable[[], None]
    team_id: str | None = None
    _told: dict[str, bool] = field(default_factory=dict)
    """Whether people believe that it fails, as far as this process knows."""

    async def fails(self, trouble: Trouble) -> None:
        """It failed, perhaps again. Raises StorageError."""
        if not self._is_news(trouble.what, fails=True):
            return
        async with self.database.transaction() as tx:
            if is_new := await troubles.begin(tx, trouble.what, trouble.since):
                await self.owe(tx, notices.trouble_started(trouble.what, trouble.since, trouble.reason))
        self._know(trouble.what, fails=True, is_owed=is_new)

    async def works(self, what: str) -> None:
        """It was done. Raises StorageError."""
        if not self._is_news(what, fails=False):
            return
        since = None
        async with self.database.reading() as tx:
            is_told = await troubles.is_told(tx, what)
        if is_told:
            async with self.database.transaction() as tx:
                if since := await troubles.end(tx, what):  # pragma: no branch - else another told it just now
                    await self.owe(tx, notices.trouble_ended(what, since, self.now()))
        self._know(what, fails=False, is_owed=since is not None)

    def forget(self, what: str) -> None:
        """Another process does it by now: what it told is not known here."""
        self._told.pop(what, None)

    async def passed(self, trouble: Trouble, until: datetime) -> None:
        """Something is over of which nobody could be told before. Raises StorageError."""
        async with self.database.transaction() as tx:
            is_new = await self.note_passed(tx, trouble.what, trouble.since, until)
        if is_new:
            self.wake()

    async def note_passed(self, tx: Tx, what: str, since: datetime, until: datetime) -> bool:
        """As `passed`, as a part of something else; False where another process has told it."""
        if not self._can_tell or not await troubles.passed(tx, what, since, until):
            return False
        await self.owe(tx, notices.trouble_ended(what, since, until))
        return True

    async def owe(self, tx: Tx, notice: Message, *, about: str = "") -> None:
        """Owe OPS_CHANNEL a line about our own trouble; none about the channel itself."""
        if self.ops_channel is not None and self.team_id is not None and about != self.ops_channel:
            await owe_notice(tx, self.team_id, self.ops_channel, notice, self.now())

    @property
    def _can_tell(self) -> bool:
        return self.ops_channel is not None and self.team_id is not None

    def _is_news(self, what: str, *, fails: bool) -> bool:
        return self._can_tell and self._told.get(what) is not fails

    def _know(self, what: str, *, fails: bool, is_owed: bool) -> None:
        self._told[what] = fails
        if is_owed:
            self.wake()
