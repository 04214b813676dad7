"""Both event lists of the stand-in Telnyx: what is put in, when it shows, what was republished."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias, TypedDict
from uuid import UUID

from nacl.signing import SigningKey

from bot.sandbox.telnyx.payloads import (
    NEVER_A_PAYLOAD,
    ORDER_FIELD,
    after_payload,
    before_payload,
    event_body,
)
from bot.sandbox.telnyx.shelf import Shelf, ShelfRow
from bot.sandbox.telnyx.webhooks import signed_notification
from bot.sandbox.telnyx.wire import Json, Source, moment_of, utc_now

OnEvent: TypeAlias = Callable[[Source, Json], None]


class Timing(TypedDict, total=False):
    """When an event appears: its `created_at` (default now), how long from now until it is listed and until
    its payload is made; and the notification methods that it names."""

    created_at: datetime | None
    listed_after: timedelta
    payload_after: timedelta
    methods: Sequence[str]


class EventLedger:
    """The events of one account. All times are aware and UTC; `seed` decides all ids."""

    def __init__(
        self, *, api_key: str = "KEY_SANDBOX", now: Callable[[], datetime] = utc_now, seed: int = 0
    ) -> None:
        self.api_key = api_key
        self.now = now
        self.lateness = timedelta(0)
        """How much later than usual events are listed that say nothing else of it."""
        self.republished: list[tuple[str, datetime]] = []
        self.on_event: list[OnEvent] = []
        self.shelves: dict[Source, Shelf] = {"port_in": Shelf(), "port_out": Shelf()}
        self._dice = random.Random(seed)  # noqa: S311 - repeatable ids, not secrets

    def new_id(self) -> str:
        """A UUID in text form."""
        return str(UUID(int=self._dice.getrandbits(128), version=4))

    def publish(self, event_type: str, order_id: str, payload: Json | None, timing: Timing) -> str:
        """Put in an event of a known type; returns its id."""
        source: Source = "port_out" if event_type.startswith("portout.") else "port_in"
        created_at, event_id = timing.get("created_at") or self.now(), self.new_id()
        methods = timing.get("methods", ("email", "webhook"))
        body = event_body(
            source, event_id, event_type, order_id, payload, methods=methods, created_at=created_at
        )
        never_made = event_type in NEVER_A_PAYLOAD
        return self.add_event(
            source,
            body,
            created_at=created_at,
            listed_after=timing.get("listed_after", self.lateness),
            payload_after=timedelta(0) if never_made else timing.get("payload_after", timedelta(0)),
        )

    def add_event(
        self, source: Source, event: object, *, created_at: datetime | None = None,
        listed_after: timedelta = timedelta(0), payload_after: timedelta = timedelta(0),
    ) -> str:  # fmt: skip
        """Put in any row as it is, known or broken; returns its id (a made-up one where it has none).

        `created_at` is where it lies in the list if the row does not say so itself.
        """
        now = self.now()
        facts: Mapping[str, object] = event if isinstance(event, dict) else {}
        due = now + payload_after if payload_after and isinstance(event, dict) else None
        row = ShelfRow(
            event_id=str(facts.get("id") or self.new_id()),
            order_id=str(facts.get(ORDER_FIELD[source])),
            event_type=str(facts.get("event_type")),
            created_at=created_at or moment_of(event) or now,
            listed_at=now + listed_after,
            body=after_payload(dict(facts), due) if due else event,
            early=before_payload(dict(facts)),
            payload_at=due,
        )
        self.shelves[source].add(row)
        self.settle()
        return row.event_id

    def settle(self) -> None:
        """List what is due by now and tell whoever listens."""
        now = self.now()
        for source, shelf in self.shelves.items():
            for row in shelf.settle(now):
                for listener in self.on_event:
                    listener(source, self.shown(row))

    def shown(self, row: ShelfRow) -> Json:
        """The event as it is shown now; an empty one for a row that is no object."""
        event = json.loads(row.encoded(self.now()))
        return event if isinstance(event, dict) else {}

    def events(self, source: Source) -> list[Json]:
        """What is listed now, oldest first, each event as it is shown."""
        self.settle()
        return [self.shown(row) for row in self.shelves[source].between()]

    def find_event(self, event_id: str) -> Json | None:
        """A listed event of either list."""
        self.settle()
        rows = [row for shelf in self.shelves.values() if (row := shelf.find(event_id))]
        return self.shown(rows[0]) if rows else None

    def remove_event(self, event_id: str) -> None:
        """Take an event out of its list, so that pages shift."""
        for shelf in self.shelves.values():
            shelf.remove(event_id)

    def webhook(
        self, event_id: str, *, flat: bool = False, private_key: SigningKey
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of the signed notification for a listed event, sent now."""
        event = self.find_event(event_id)
        if event is None:
            raise KeyError(event_id)
        return signed_notification(event, flat=flat, private_key=private_key, at=self.now())
