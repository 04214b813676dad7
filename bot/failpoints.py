"""Named places at which a test can end the process, as a power cut would.

Off unless `PORTWIRE_FAILPOINT` names one (`name` or `name:3` for the third time it is reached).
"""

import os

_wanted, _, _count = os.environ.get("PORTWIRE_FAILPOINT", "").partition(":")
_left = [int(_count or 1)]
NAMES: frozenset[str] = frozenset(
    {
        "poll.begun",
        "poll.clock_set",
        "poll.page_read",
        "poll.page_stored",
        "poll.window_read",
        "poll.watermark_moved",
        "poll.deep_noted",
        "poll.done",
        "enquiry.answered",
        "fan_out.chosen",
        "fan_out.before_commit",
        "fan_out.committed",
        "send.conversation_opened",
        "send.chosen",
        "send.intent_kept",
        "send.accepted",
        "send.placed",
        "send.joined",
        "send.recorded",
        "reconcile.looked",
        "reconcile.recorded",
        "verify.taken_back",
        "edit.chosen",
        "edit.accepted",
        "edit.recorded",
        "republish.asking",
        "republish.answered",
    }
)


def reached(name: str) -> None:
    """End the process here if a test asked for it."""
    if name != _wanted:
        return
    _left[0] -= 1
    if _left[0] <= 0:
        os._exit(137)
