"""Reads our own mrkdwn back into parts: dates, mentions, text."""

import re
from typing import Any

from bot.slack.escaping import unescape

_MARK = re.compile(
    r"<!date\^(?P<epoch>\d+)\^(?P<form>[^|>]+)\|(?P<fallback>[^>]*)>|<@(?P<user>[A-Z0-9]+)>|<#(?P<channel>[A-Z0-9]+)>"
)


def leaves(text: str) -> list[dict[str, Any]]:
    """The leaves of a rich_text paragraph that read like `text`, which is mrkdwn without formatting."""
    found: list[dict[str, Any]] = []
    end = 0
    for mark in _MARK.finditer(text):
        found += [_text(text[end : mark.start()]), _leaf(mark)]
        end = mark.end()
    return [part for part in [*found, _text(text[end:])] if part.get("text") != ""]


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": unescape(text)}


def _leaf(mark: re.Match[str]) -> dict[str, Any]:
    if mark["user"]:
        return {"type": "user", "user_id": mark["user"]}
    if mark["channel"]:
        return {"type": "channel", "channel_id": mark["channel"]}
    return {
        "type": "date",
        "timestamp": int(mark["epoch"]),
        "format": mark["form"],
        "fallback": unescape(mark["fallback"]),
    }
