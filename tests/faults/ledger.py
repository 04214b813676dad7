"""What was due and what Slack holds, compared by somebody who is not the bot."""

import json
from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox import ledger
from bot.sandbox.ledger import Due

SETTLED = {
    "unclear post was found": "found",
    "unclear post was not found, it is sent again": "sent again",
    "a repeat was taken back": "taken back",
}
"""What the log says of a post whose fate was not known."""


@dataclass
class Ledger:
    """Every event that was made after the bot's first start."""

    due: list = field(default_factory=list)

    def add(self, event_id, order_id, created_at, visible_at):
        self.due.append(Due(event_id, order_id, created_at, visible_at))

    def verdict(self, *channels):
        """Counts over the messages of each of these channels, which all have to show everything."""
        verdict = Verdict()
        for messages in channels:
            book = ledger.Ledger()
            for due in self.due:
                book.add(due)
            for message in messages:
                book.carry(((message.metadata or {}).get("event_payload") or {}).get("event_ids", []))
            verdict.due += len(self.due)
            verdict.lost += [due.event_id for due in book.missing]
            verdict.repeated += book.repeated
            verdict.disordered += book.disordered
            verdict.messages += len(messages)
        return verdict


@dataclass
class Verdict:
    """What the checker found. A good run has nothing in its lists."""

    due: int = 0
    lost: list = field(default_factory=list)
    repeated: list = field(default_factory=list)
    disordered: list = field(default_factory=list)
    messages: int = 0

    @property
    def is_good(self):
        return not (self.lost or self.repeated or self.disordered)

    def __str__(self):
        return (
            f"due {self.due}  posted {self.due - len(self.lost)}  lost {len(self.lost)}  "
            f"repeated {len(self.repeated)}  out of order {len(self.disordered)}  messages {self.messages}"
        )


def settled(bots, slack):
    """How posts of unknown fate were settled, as the bots logged, and how many came over Slack's pace."""
    counts = Counter()
    for bot in bots:
        for line in bot.log().splitlines():
            said = json.loads(line).get("event", "") if line.startswith("{") else ""
            counts[SETTLED.get(said, "")] += 1
    told = "  ".join(f"{how} {counts[how]}" for how in SETTLED.values())
    posts = [call for call in slack.calls if call.method == "chat.postMessage"]
    over = sum(call.outcome == "ratelimited" for call in posts)
    return f"unclear posts: {told}  over the pace {over} of {len(posts)}"
