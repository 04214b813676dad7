"""What a stand-in Slack workspace keeps: people, channels, messages, ephemeral replies and views."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

Json = dict[str, Any]  # JSON as it goes over the wire; its fields are whatever Slack and the app agreed on


class Role(StrEnum):
    """What a person is in the workspace; a stranger belongs to another one and sees only shared channels."""

    MEMBER = "member"
    GUEST = "guest"
    ADMIN = "admin"
    STRANGER = "stranger"


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a Slack account."""

    id: str
    name: str
    role: Role
    team_id: str
    tz: str = "America/New_York"
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Sheet:
    """What somebody filled in on a message or view, both by "block_id/action_id"."""

    typed: Json = field(default_factory=dict)  # what was typed or chosen
    offered: Json = field(default_factory=dict)  # options that the app suggested there, by their value


@dataclass(slots=True, eq=False)
class Message:
    """A message in a channel or a thread; a deleted one stays here with its flag set."""

    channel: str
    ts: str
    user: str
    text: str
    posted_at: datetime
    bot_id: str | None = None
    thread_ts: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    reply_broadcast: bool = False
    edited: bool = False
    deleted: bool = False
    sheets: dict[str, Sheet] = field(default_factory=dict)  # by user

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None


@dataclass(slots=True, eq=False)
class Channel:
    """A public or private channel, or a direct message with the bot (`im_user` set)."""

    id: str
    name: str
    created: int
    private: bool = False
    shared: bool = False
    archived: bool = False
    im_user: str | None = None
    members: set[str] = field(default_factory=set)
    previous_names: list[str] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[Message]] = field(default_factory=dict)  # by the ts of their first message

    @property
    def is_im(self) -> bool:
        return self.im_user is not None


@dataclass(slots=True, eq=False)
class Ephemeral:
    """A reply that one person sees: `via` is "chat.postEphemeral", "response_url" or "ack"."""

    channel: str
    user: str
    ts: str
    text: str
    blocks: list[Json]
    via: str
    thread_ts: str | None = None
    replaced: int = 0
    deleted: bool = False
    sheet: Sheet = field(default_factory=Sheet)


@dataclass(slots=True, eq=False)
class View:
    """A modal on somebody's screen, or somebody's App Home."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    open: bool = True
    channel: str | None = None  # where its trigger came from
    sheet: Sheet = field(default_factory=Sheet)

    @property
    def title(self) -> str:
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.content.get("blocks", []))


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a message's content."""

    channel: str
    ts: str
    at: datetime


@dataclass(slots=True, eq=False)
class Upload:
    """A file on its way into Slack: complete once it was shared, or filled in by `user`."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    user: str = ""
    mimetype: str = ""
    complete: bool = False


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One Web API request: outcome is "ok", Slack's error or the fault; accepted: it took effect.

    `at` is when it was answered, so long after it came.
    """

    method: str
    arguments: Json
    outcome: str
    at: datetime
    accepted: bool
    took: timedelta = timedelta(0)


class NothingThereError(LookupError):
    """What somebody wants to use is not there, or not any more: a place, a person, a message, an element."""


class SlackRefusal(Exception):  # noqa: N818 - what Slack says, and no failure of ours
    """Slack answers `ok: false`; `facts` are the answer's further fields."""

    def __init__(self, error: str, **facts: object) -> None:
        super().__init__(error)
        self.error = error
        self.facts: Json = dict(facts)
