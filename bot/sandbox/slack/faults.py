"""What can be made to go wrong at the stand-in Slack; all of it is off until somebody turns it on."""

import random
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """How one call fails. The first group takes effect before it fails, the second does not."""

    LOSE_ANSWER = "lose_answer"
    ACCEPT_THEN_500 = "accept_then_500"
    ACCEPT_THEN_HANG = "accept_then_hang"
    INTERNAL_ERROR_AFTER_ACCEPT = "internal_error_after_accept"
    CUT_JSON = "cut_json"

    DROP_BEFORE = "drop_before"
    HTTP_500_BEFORE = "http_500_before"
    HTML_200 = "html_200"
    INTERNAL_ERROR_BEFORE = "internal_error_before"
    RATELIMITED = "ratelimited"


AFTER_ACCEPT = frozenset(
    {
        Fault.LOSE_ANSWER,
        Fault.ACCEPT_THEN_500,
        Fault.ACCEPT_THEN_HANG,
        Fault.INTERNAL_ERROR_AFTER_ACCEPT,
        Fault.CUT_JSON,
    }
)


CALLS_PER_MINUTE = {
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.join": 50,
    "conversations.list": 20,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.replies": 50,
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
    "usergroups.users.list": 20,
    "users.conversations": 50,
    "users.info": 100,
    "users.list": 20,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}
"""What each method takes at least, by Slack's tiers; for posts there is a pace of their own."""


def _seeded() -> random.Random:
    return random.Random(0)  # noqa: S311 - chooses which call fails, the same ones in every run


@dataclass(slots=True)
class Faults:
    """The switches. A fault of one call is a `Fault` or the name of an error that Slack answers with.

    `methods` limits `always`, `slow_s` and `error_rate` (None: every method). The others say
    themselves which calls they are about; `down`, `token_revoked` and `redirect` are about all.
    """

    methods: frozenset[str] | None = frozenset({"chat.postMessage"})
    # paces: (per channel 1 message/s with a burst of 3), messages/s in the workspace, calls/min by method
    rate_limit: bool = True
    workspace_rate_limit: float | None = None
    calls_per_minute: dict[str, int] = field(default_factory=lambda: dict(CALLS_PER_MINUTE))
    retry_after_value: str | None = "auto"  # "auto": what is true; None: the header is missing
    # refusals: by method, or by (method, channel id); then by channel id for every method
    refuse: dict[str | tuple[str, str], str] = field(default_factory=dict)
    refuse_in: dict[str, str] = field(default_factory=dict)
    history_refuse: str | None = None
    history_lag_s: float = 0.0
    edit_window_closed: bool = False
    # one fault for every call to `methods`
    always: Fault | None = None
    hang_s: float = 60.0
    slow_s: float = 0.0
    # the whole of Slack
    down: bool = False
    token_revoked: bool = False
    redirect: str | None = None
    # by chance, and once
    error_rate: float = 0.0
    kinds: list[str] = field(default_factory=lambda: [Fault.HTTP_500_BEFORE, Fault.LOSE_ANSWER])
    chance: random.Random = field(default_factory=_seeded)
    next_failures: list[tuple[str, str]] = field(
        default_factory=list
    )  # (method or "*", fault), each used once

    def clear(self) -> None:
        """Everything works again."""
        fresh = Faults()
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def strike(self, method: str, channel: str) -> str | None:
        """The fault of this call, or None; uses up a one-shot that fits."""
        return self._once(method) or self._refusal(method, channel) or self._switched(method)

    def delay_s(self, method: str) -> float:
        return self.slow_s if self._concerns(method) else 0.0

    def _once(self, method: str) -> str | None:
        for entry in self.next_failures:
            if entry[0] in {method, "*"}:
                self.next_failures.remove(entry)
                return entry[1]
        return None

    def _refusal(self, method: str, channel: str) -> str | None:
        if self.history_refuse and method in {"conversations.history", "conversations.replies"}:
            return self.history_refuse
        return self.refuse.get((method, channel)) or self.refuse.get(method) or self.refuse_in.get(channel)

    def _switched(self, method: str) -> str | None:
        if not self._concerns(method):
            return None
        if self.always:
            return self.always
        if self.error_rate > 0 and self.chance.random() < self.error_rate:
            return self.chance.choice(self.kinds)
        return None

    def _concerns(self, method: str) -> bool:
        return self.methods is None or method in self.methods
