"""What was due and what Slack holds, compared by somebody who is not the bot."""

from dataclasses import dataclass, field

from bot.sandbox import ledger
from bot.sandbox.ledger import Due


@dataclass
class Ledger:
    """Every event that was made after the bot's first start."""

    due: list = field(default_factory=list)

    def add(self, event_id, order_id, created_at, visible_at):
        self.due.append(Due(event_id, order_id, created_at, visible_at))

    def verdict(self, messages):
        """Counts over the messages of one channel."""
        book = ledger.Ledger()
        for due in self.due:
            book.add(due)
        for message in messages:
            book.carry(((message.metadata or {}).get("event_payload") or {}).get("event_ids", []))
        lost = [due.event_id for due in book.missing]
        return Verdict(
            due=len(self.due),
            posted=len(self.due) - len(lost),
            lost=lost,
            repeated=book.repeated,
            disordered=book.disordered,
            messages=len(messages),
        )


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
