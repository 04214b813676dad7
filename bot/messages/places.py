"""Where messages go, in words, and why Slack refuses them there. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.slack.escaping import inline

RESTRICTED = "restricted_action"
_REFUSALS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "is_archived": ("it is archived", "Unarchive it, and invite me again if it is private"),
        "not_in_channel": ("I am not in it", "Invite me"),
        "channel_not_found": ("I can not see it any more", "If it still exists, invite me"),
        RESTRICTED: ("its settings do not let me post", "Ask an admin to let apps post there"),
        "is_inactive": ("it is not active", "Open it again"),
    }
)
_OTHERWISE = ("Slack refuses my messages there", "Invite me again")


def place_of(channel_id: str) -> str:
    """`<#C1>`; Slack draws no such link for a conversation of two, and nobody is mentioned for one."""
    is_channel = channel_id.startswith(("C", "G"))
    return f"<#{inline(channel_id, 20)}>" if is_channel else "a direct conversation"


def why_refused(error: str) -> str:
    """Slack's error in words: `it is archived`; one that we do not know as it is too."""
    found = _refusal(error)
    return f"{found[0]} ({inline(error, 60)})" if found is _OTHERWISE else found[0]


def remedy_for(error: str) -> str:
    """What a person can do about it: `Invite me`."""
    return _refusal(error)[1]


def _refusal(error: str) -> tuple[str, str]:
    return _REFUSALS.get(RESTRICTED if error.startswith(RESTRICTED) else error, _OTHERWISE)
