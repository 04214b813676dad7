"""Which scope each method needs, by the kind of conversation where that matters."""

from bot.sandbox.slack.records import Channel, SlackRefusal

GRANTED = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
)
_NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
    "users.info": "users:read",
    "users.list": "users:read",
    "usergroups.users.list": "usergroups:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
_BY_CHANNEL = {
    "conversations.info": "read",
    "conversations.members": "read",
    "conversations.list": "read",
    "users.conversations": "read",
    "conversations.history": "history",
    "conversations.replies": "history",
}


def needed_scope(method: str, channel: Channel | None) -> str | None:
    """The scope for a call, None where it takes none."""
    if method not in _BY_CHANNEL:
        return _NEEDED.get(method)
    family = "channels"
    if channel is not None and channel.private:
        family = "im" if channel.is_im else "groups"
    return f"{family}:{_BY_CHANNEL[method]}"


def check_scope(method: str, channel: Channel | None, granted: set[str]) -> None:
    """Raises SlackRefusal missing_scope with what is needed and what is there."""
    needed = needed_scope(method, channel)
    if needed is not None and needed not in granted:
        raise SlackRefusal("missing_scope", needed=needed, provided=",".join(sorted(granted)))
