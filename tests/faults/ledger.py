"""What was due and what Slack holds, compared by somebody who is not the bot."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Due:
    """An event that has to appear: when it was made, and from when on Telnyx lists it with its payload."""

    event_id: str
    order_id: str
    created_at: object
    visible_at: object


@dataclass
class Ledger:
    """Every event that was made after the bot's first start."""

    due: list = field(default_factory=list)

    def add(self, event_id, order_id, created_at, visible_at):
        self.due.append(Due(event_id, order_id, created_at, visible_at))

    def verdict(self, messages):
        """Counts over the messages of one channel."""
        carried = [
            event_id
            for message in messages
            for event_id in ((message.metadata or {}).get("event_payload") or {}).get("event_ids", [])
        ]
        times = Counter(carried)
        return Verdict(
            due=len(self.due),
            posted=sum(1 for due in self.due if times[due.event_id]),
            lost=[due.event_id for due in self.due if not times[due.event_id]],
            repeated=[event_id for event_id, count in times.items() if count > 1],
            disordered=self._disordered(carried),
            messages=len(messages),
        )

    def _disordered(self, carried):
        """Pairs of one order that appear the wrong way round though the older one was listed no later."""
        place = {event_id: index for index, event_id in reversed(list(enumerate(carried)))}
        orders = defaultdict(list)
        for due in self.due:
            if due.event_id in place:
                orders[due.order_id].append(due)
        return [
            (older.event_id, younger.event_id)
            for events in orders.values()
            for older in events
            for younger in events
            if older.created_at < younger.created_at
            and older.visible_at <= younger.visible_at
            and place[older.event_id] > place[younger.event_id]
        ]


@dataclass
class Verdict:
    """What the checker found. A good run has nothing in its lists."""

    due: int
    posted: int
    lost: list
    repeated: list
    disordered: list
    messages: int

    @property
    def is_good(self):
        return not (self.lost or self.repeated or self.disordered)

    def __str__(self):
        return (
            f"due {self.due}  posted {self.posted}  lost {len(self.lost)}  repeated {len(self.repeated)}  "
            f"out of order {len(self.disordered)}  messages {self.messages}"
        )
