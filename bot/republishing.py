"""Having Telnyx send an event's notification again: one request for one wish."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.results import HOLD, Outcome, Republished
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError, UnclearAnswerError
from bot.telnyx.events import Source
from storage import audit, republishes
from storage.database import Database
from storage.republishes import LastWish


@dataclass(frozen=True, slots=True)
class Republishing:
    """Republishes events. The claim is a row, so that it holds across clicks, people and processes."""

    database: Database
    telnyx: Telnyx
    now: Callable[[], datetime]

    async def republish(self, source: Source, event_id: str, user_id: str) -> Republished:
        """Send the event's notification again, unless somebody asked within HOLD; audited."""
        now = self.now()
        async with self.database.transaction() as tx:
            held_since = now - HOLD
            other = await republishes.claim(
                tx, source, event_id, user_id=user_id, now=now, held_since=held_since
            )
        result = _held_back(other) if other else await self._ask(source, event_id, user_id, now)
        async with self.database.transaction() as tx:
            if not other:
                kept = republishes.REFUSED if result.again_at == result.at else result.outcome
                await republishes.note(tx, source, event_id, asked_at=now, user_id=user_id, outcome=kept)
            await audit.add(
                tx,
                at=now,
                actor_id=user_id,
                action="republish",
                target=f"{source}:{event_id}",
                outcome=result.outcome,
                detail=result.detail,
            )
        return result

    async def _ask(self, source: Source, event_id: str, user_id: str, now: datetime) -> Republished:
        try:
            await self.telnyx.republish(source, event_id)
        except UnclearAnswerError as error:
            return Republished(Outcome.UNCLEAR, user_id, now, str(error))
        except TelnyxRefusedError as error:
            outcome = Outcome.UNKNOWN_EVENT if error.status == 404 else Outcome.REFUSED
            return Republished(outcome, user_id, now, str(error))
        except TelnyxUnavailableError as error:
            return Republished(Outcome.REFUSED, user_id, now, str(error))
        return Republished(Outcome.DONE, user_id, now)


def _held_back(other: LastWish) -> Republished:
    said = "" if other.outcome == republishes.ASKED else other.outcome
    return Republished(Outcome.HELD_BACK, other.asked_by, other.asked_at, said)
