"""Who is owed what, by the promises of the README alone: the model that the bot is compared with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

PAYLOAD_WAIT = timedelta(seconds=120)
FILTERS = {
    "": lambda _: True,
    "kind:in": lambda event: event.source == "port_in",
    "type:new_comment": lambda event: event.kind == "new_comment",
    "-type:new_comment": lambda event: event.kind != "new_comment",
    "status:submitted,ported": lambda event: event.status in {"submitted", "ported"},
    "ref:ACME*": lambda event: event.reference.startswith("ACME") or None,
}
"""Whether an event is wanted; None: it may be, where Telnyx could not be asked for its order in time."""


@dataclass(eq=False)
class Made:
    """An event that Telnyx made, and from when on it lists it, with its payload."""

    event_id: str
    source: str
    kind: str
    status: str | None
    order_id: str
    reference: str
    created_at: datetime
    listed_at: datetime
    payload_at: datetime
    is_gone: bool = False
    was_seen: bool = False
    asked_by: set = field(default_factory=set)
    """Subscriptions that were there, and wanted it, ever since it was listed."""
    perhaps: set = field(default_factory=set)
    """Channels that wanted it at some moment since."""


@dataclass
class Model:
    """Events, and who followed what when."""

    watched_since: datetime
    subscriptions: dict = field(default_factory=dict)
    """By number: the channel, and what it filters by."""
    open: dict = field(default_factory=dict)
    """Events that may still be owed to somebody, by id."""
    settled: dict = field(default_factory=dict)
    """Events that everybody has who is ever to get them, by id: who has them."""

    def make(self, made):
        self.open[made.event_id] = made

    def look(self, now):
        """Note who wants what is listed by now. Before and after each change of who follows what."""
        for made in self.open.values():
            if made.listed_at > now:
                continue
            wanting = {number: FILTERS[filters](made) for number, (_, filters) in self.subscriptions.items()}
            sure = {number for number, wants in wanting.items() if wants}
            made.asked_by = made.asked_by & sure if made.was_seen else sure
            made.was_seen = True
            made.perhaps |= {
                self.subscriptions[number][0] for number, wants in wanting.items() if wants is not False
            }

    def must_have(self, channel):
        """Ids of the events that the channel is owed."""
        asking = {number for number, (where, _) in self.subscriptions.items() if where == channel}
        return {
            made.event_id
            for made in self.open.values()
            if made.was_seen
            and not made.is_gone
            and made.created_at >= self.watched_since
            and made.asked_by & asking
        }

    def may_have(self, channel):
        """Ids of the events that the channel may have got."""
        fresh = {
            made.event_id
            for made in self.open.values()
            if made.created_at >= self.watched_since and channel in made.perhaps
        }
        return fresh | {event_id for event_id, having in self.settled.items() if channel in having}

    def settle(self, now, having):
        """Whatever is listed by now is with everybody who is to get it: `having` tells who has what."""
        for made in [each for each in self.open.values() if each.listed_at <= now]:
            del self.open[made.event_id]
            self.settled[made.event_id] = {channel for channel, ids in having.items() if made.event_id in ids}
