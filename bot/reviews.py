"""*I'll check* on a port-out: somebody says that they look after it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import known_orders
from bot.errors import UserError
from bot.results import Reviewed
from bot.telnyx.events import Source
from storage import audit, cards
from storage.database import Database

DECIDED = ("authorized", "ported", "rejected", "canceled", "cancelled")


@dataclass(frozen=True, slots=True)
class Reviews:
    """Marks port-outs as looked after; what they become then is no longer critical."""

    database: Database
    now: Callable[[], datetime]

    async def review(self, order_id: str, user_id: str) -> Reviewed:
        """Mark the port-out; the first one to click stays.

        Raises UserError for one that we do not know, or that is decided: to say afterwards that it was
        reviewed would silence the alarm that nobody had looked.
        """
        now = self.now()
        key = (Source.PORT_OUT, order_id)
        async with self.database.transaction() as tx:
            known = (await known_orders.find(tx, [key])).get(key)
            if known is None:
                raise UserError("This port-out is not known here any more. Look it up by its id.")
            if known.reviewed_by:
                return Reviewed(known, known.reviewed_by, known.reviewed_at or now, already=True)
            if known.status in DECIDED:
                raise UserError(
                    f"This port-out is {known.status} already: it is too late to look after it here. If that "
                    "is wrong, call Telnyx at once."
                )
            order = replace(known, reviewed_by=user_id, reviewed_at=now)
            await known_orders.save(tx, [order], now, {key: known})
            await cards.mark_stale(tx, [(Source.PORT_OUT, order_id)], now)
            await audit.add(
                tx,
                at=now,
                actor_id=user_id,
                action="review",
                target=f"{Source.PORT_OUT}:{order_id}",
                outcome="done",
            )
        return Reviewed(order, user_id, now, already=False)
