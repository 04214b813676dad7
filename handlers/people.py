"""Who somebody is to us: what they may do. In doubt nothing that changes something."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import structlog

from bot.errors import PermanentError, TemporaryError
from bot.slack.client import Slack
from bot.slack.errors import SlackRefusedError

log = structlog.get_logger()

KEPT_FOR = timedelta(seconds=60)
MOST_KEPT = 5000
NOBODY = ("user_not_found", "user_not_visible")


class Role(IntEnum):
    """What a person may do: each may all that the ones before may."""

    UNKNOWN = 0
    """Slack did not tell us who it is."""
    STRANGER = 1
    GUEST = 2
    VIEWER = 3
    OPERATOR = 4
    ADMIN = 5


REFUSALS = {
    Role.UNKNOWN: "Slack did not tell me who you are, so I changed nothing. Please try again in a moment.",
    Role.STRANGER: "You can read here, but only members of the workspace that I belong to can change things. "
    "Ask one of them.",
    Role.GUEST: "You can look things up, but guests can't change anything. Ask a full member.",
    Role.VIEWER: "You can look things up, but only operators can change something. "
    "Whoever runs this bot can add you to OPERATORS.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack told of a person, and when."""

    at: datetime
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class People:
    """The roles of the workspace's people, as Slack and the settings tell them; kept for up to 60 s.

    `operators` and `admins`: ids of users and user groups (`S…`). Without operators every full member is one.
    """

    slack: Slack
    team_id: str
    operators: tuple[str, ...]
    admins: tuple[str, ...]
    now: Callable[[], datetime]
    _known: dict[str, Known] = field(default_factory=dict)
    _groups: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    async def role_of(self, user_id: str, team_id: str | None) -> Role:
        """What the person may do; `team_id` is the workspace that the payload names for them."""
        if team_id and team_id != self.team_id:
            return Role.STRANGER
        return (await self._person(user_id)).role

    async def reader_of(self, user_id: str, team_id: str | None) -> Role:
        """The same for who only looks: while Slack tells nothing of them, what it told last."""
        role = await self.role_of(user_id, team_id)
        kept = self._known.get(user_id)
        return kept.role if role is Role.UNKNOWN and kept else role

    async def name_of(self, user_id: str) -> str:
        """What the person is called; empty where Slack does not tell."""
        return (await self._person(user_id)).name

    async def _person(self, user_id: str) -> Known:
        kept = self._known.get(user_id)
        if kept and self._is_fresh(kept.at):
            return kept
        try:
            found = (await self.slack.call("users.info", {"user": user_id})).get("user")
            user: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
            known = Known(self.now(), await self._role(user_id, user), _name_of(user))
        except (TemporaryError, PermanentError) as error:
            is_nobody = isinstance(error, SlackRefusedError) and error.error in NOBODY
            return Known(self.now(), Role.UNKNOWN if is_nobody else self._listed(user_id), "")
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[user_id] = known
        return known

    def _is_fresh(self, at: datetime) -> bool:
        """Whether it was learnt just now; not what a clock says that has been set back since."""
        return timedelta(0) <= self.now() - at < KEPT_FOR

    def _listed(self, user_id: str) -> Role:
        """What the settings alone say: whom they name by id need not wait until Slack answers again."""
        if user_id in self.admins:
            return Role.ADMIN
        return Role.OPERATOR if user_id in self.operators else Role.UNKNOWN

    async def _role(self, user_id: str, user: Mapping[str, Any]) -> Role:
        # What is not said is not odd: only another id would be.
        is_other = (user.get("id") or user_id) != user_id
        if is_other or user.get("deleted") or user.get("is_bot"):
            return Role.UNKNOWN
        if user.get("is_stranger") or (user.get("team_id") or self.team_id) != self.team_id:
            return Role.STRANGER
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return Role.GUEST
        if await self._is_among(user_id, self.admins):
            return Role.ADMIN
        if not self.operators or await self._is_among(user_id, self.operators):
            return Role.OPERATOR
        return Role.VIEWER

    async def _is_among(self, user_id: str, listed: tuple[str, ...]) -> bool:
        if user_id in listed:
            return True
        groups = [group for group in listed if group.startswith("S")]
        return any([user_id in await self._members(group) for group in groups])

    async def _members(self, group: str) -> frozenset[str]:
        kept = self._groups.get(group)
        if kept and self._is_fresh(kept[0]):
            return kept[1]
        try:
            users = (await self.slack.call("usergroups.users.list", {"usergroup": group})).get("users")
        except PermanentError as error:
            # A group that is gone makes nobody an operator; it must not bar those who are one otherwise.
            log.warning("user group cannot be read", group=group, reason=str(error))
            users = []
        members = frozenset(map(str, users)) if isinstance(users, list) else frozenset[str]()
        self._groups[group] = (self.now(), members)
        return members


def _name_of(user: Mapping[str, Any]) -> str:
    """As Slack shows people: the name they chose, else their own, else that of their account."""
    profile = user.get("profile")
    chosen = profile.get("display_name") if isinstance(profile, Mapping) else None
    names = (chosen, user.get("real_name"), user.get("name"))
    return next((name for name in names if isinstance(name, str) and name), "")
