"""Having Telnyx send an event's notification again: one request for one wish, written down before it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.failpoints import reached
from bot.names import canonical_id
from bot.results import HOLD, Outcome, Republished
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError, UnclearAnswerError
from bot.telnyx.events import Source
from storage import audit, republishes
from storage.database import Database
from storage.errors import StorageError
from storage.republishes import LastWish

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Wish:
    """Who wants which event's notification, and since when."""

    source: Source
    event_id: str
    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Republishing:
    """Republishes events. The claim is a row, so that it holds across clicks, people and processes."""

    database: Database
    telnyx: Telnyx
    now: Callable[[], datetime]

    async def republish(self, source: Source, event_id: str, user_id: str) -> Republished:
        """Send the event's notification again, unless somebody asked within HOLD.

        The audit says who asked before Telnyx is asked: a crash in between leaves the wish in sight.
        """
        wish = _Wish(source, canonical_id(event_id), user_id, self.now())
        asked = await self._begun(wish)
        if isinstance(asked, LastWish):
            return _held_back(asked)
        reached("republish.asking")
        result = await self._ask(wish)
        reached("republish.answered")
        try:
            await self._ended(wish, result, asked)
        except StorageError as error:  # Telnyx was asked all the same, which is what the person must know
            log.warning("the outcome of a republish can't be kept", event_id=event_id, reason=str(error))
        return result

    async def _begun(self, wish: _Wish) -> LastWish | int:
        """The number of the audit's line, or the wish of somebody who was first."""
        async with self.database.transaction() as tx:
            other = await republishes.claim(
                tx,
                wish.source,
                wish.event_id,
                user_id=wish.user_id,
                now=wish.at,
                held_since=wish.at - HOLD,
            )
            number = await audit.add(
                tx,
                at=wish.at,
                actor_id=wish.user_id,
                action="republish",
                target=f"{wish.source}:{wish.event_id}",
                outcome=Outcome.HELD_BACK if other else audit.ASKED,
                detail=f"asked by {other.asked_by}: {other.outcome}" if other else "",
            )
        return other or number

    async def _ended(self, wish: _Wish, result: Republished, number: int) -> None:
        kept = republishes.REFUSED if result.is_refused else result.outcome
        async with self.database.transaction() as tx:
            await republishes.note(
                tx, wish.source, wish.event_id, asked_at=wish.at, user_id=wish.user_id, outcome=kept
            )
            await audit.note(tx, number, outcome=result.outcome, detail=result.detail)

    async def _ask(self, wish: _Wish) -> Republished:
        try:
            status = await self.telnyx.republish(wish.source, wish.event_id)
        except UnclearAnswerError as error:
            return Republished(Outcome.UNCLEAR, wish.user_id, wish.at, str(error))
        except TelnyxRefusedError as error:
            outcome = Outcome.UNKNOWN_EVENT if error.status == 404 else Outcome.REFUSED
            return Republished(outcome, wish.user_id, wish.at, str(error))
        except TelnyxUnavailableError as error:
            rest = error.retry_after or timedelta(0)
            return Republished(Outcome.REFUSED, wish.user_id, wish.at, str(error), rest)
        return Republished(Outcome.DONE, wish.user_id, wish.at, str(status))


def _held_back(other: LastWish) -> Republished:
    said = "" if other.outcome == republishes.ASKED else other.outcome
    return Republished(Outcome.HELD_BACK, other.asked_by, other.asked_at, said)
