"""The Slack app manifest that fits the code: what to ask of Slack, and what the listeners answer to."""

from typing import Any

import yaml

SCOPES = {
    "app_mentions:read": "questions with the bot's name in a channel",
    "commands": "the slash command",
    "chat:write": "posting",
    "channels:read": "knowing public channels, and hearing that one was archived or renamed",
    "groups:read": "the same for private channels",
    "channels:join": "coming back to a public channel that was archived",
    "channels:history": "looking up a post whose fate is unknown instead of repeating it",
    "groups:history": "the same in private channels",
    "im:history": "questions in direct messages; looking up a post there",
    "im:write": "direct messages to the owner of a paused subscription",
    "users:read": "telling members from guests",
    "usergroups:read": "user groups in OPERATORS and ADMINS",
}
"""Each scope that the bot needs, and what for."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_id_changed",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
)
USAGE = "[help] [<order, event, number or reference>] [subscribe …]"


def manifest(command: str, url: str | None = None) -> str:
    """The manifest as YAML: for Socket Mode, or for HTTP at the bot's public address `url`."""
    return yaml.safe_dump(_manifest(command, url), sort_keys=False, allow_unicode=True)


def _manifest(command: str, url: str | None) -> dict[str, Any]:
    target = {"request_url": f"{url}/slack/events"} if url else {}
    return {
        "display_information": {
            "name": "Portwire",
            "description": "Follows number porting at Telnyx",
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "portwire", "always_online": True},
            "slash_commands": [_slash_command(command, url)],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**target, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **target},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _slash_command(command: str, url: str | None) -> dict[str, Any]:
    told = {
        "command": command,
        "description": "Port-ins and port-outs at Telnyx",
        "usage_hint": USAGE,
        "should_escape": True,  # channels and people arrive as ids, not as names
    }
    return told | ({"url": f"{url}/slack/events"} if url else {})
