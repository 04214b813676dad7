"""Tells a service outside once a minute that all is well; it raises an alarm when it hears nothing any more.

The bot can't report its own death, and a bot that lives and does nothing is as bad: so the beat is withheld
unless lists are read and messages go out. The address is a secret: it holds the key.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import structlog
from pydantic import SecretStr

from bot.addresses import is_loopback
from bot.health import Health, readiness, report
from bot.leases import Leases
from bot.repeating import Repeated
from storage import channels
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

EVERY_S = 60
WITHIN_S = 10
HTTP = "HTTP"
LEASE = "heartbeat"
"""Of several processes one sends it."""
STUCK_AFTER = timedelta(minutes=15)
"""Longer than any rest that Slack usually asks for; channels that Slack refuses are not meant."""


@dataclass(slots=True)
class Heartbeat:
    """One beat a minute, while all is well."""

    url: SecretStr
    health: Health
    database: Database
    leases: Leases
    now: Callable[[], datetime]
    read_within: timedelta
    """How old the last reading of a list may be."""
    _withheld: str | None = None
    _failing: str | None = None

    def beating(self) -> AbstractAsyncContextManager[None]:
        """Beat until the end of the block."""
        return Repeated("heartbeat", self._in_a_while).beside()

    async def _in_a_while(self) -> float:
        await asyncio.sleep(EVERY_S)
        await self.beat()
        return 0

    async def beat(self) -> None:
        """Send it, if it is ours to send and all is well; what hinders is told when it begins and ends."""
        try:
            if not await self.leases.hold(LEASE):
                return
            ailment = await self._ailment()
        except StorageError:
            ailment = "the database fails"
        if ailment and not self._withheld:
            log.warning("the heartbeat is withheld", reason=ailment)
        elif self._withheld and not ailment:
            log.info("the heartbeat goes on")
        self._withheld = ailment
        if ailment is None:
            await self._send()

    async def _ailment(self) -> str | None:
        """Why all is not well."""
        for part in await readiness(self.health, self.database):
            if not part.ok:
                return f"not ready: {part.name}"
        now = self.now()
        found = await report(self.health, self.database, now)
        for poll in found.polls:
            if poll.last_success_at is None or now - poll.last_success_at > self.read_within:
                return f"{poll.source} events are not read"
        async with self.database.reading() as tx:
            since = await channels.waiting_since(tx)
        return "messages are stuck" if since and since < now - STUCK_AFTER else None

    async def _send(self) -> None:
        refusal = await _fetched(httpx.URL(self.url.get_secret_value()))
        if refusal and not self._failing:
            log.warning("the heartbeat is not taken", reason=refusal)
        elif self._failing and not refusal:
            log.info("the heartbeat is taken again")
        self._failing = refusal


async def unreached(url: SecretStr) -> str | None:
    """Why the server of the address can't be reached. The address itself would count as a beat."""
    refusal = await _fetched(httpx.URL(url.get_secret_value()).copy_with(raw_path=b"/"))
    return None if refusal is None or refusal.startswith(HTTP) else refusal


async def _fetched(url: httpx.URL) -> str | None:
    """Fetch it, read nothing of it, follow it nowhere; return why it is not taken."""
    trust_env = not is_loopback(url.host)  # a company's proxy is for the outside
    try:
        async with (
            asyncio.timeout(WITHIN_S),
            httpx.AsyncClient(timeout=WITHIN_S, trust_env=trust_env) as http,
            http.stream("GET", url) as answer,
        ):
            return None if answer.is_success else f"{HTTP} {answer.status_code}"
    except (httpx.HTTPError, TimeoutError) as error:
        return type(error).__name__  # its text may hold the address
