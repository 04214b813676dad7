"""App Home: what this bot is, how fresh its data is, what can be asked. Pure."""

from bot.slack.blocks import Block, Message, actions, button, divider, section

COMMANDS = (
    ("<id, support key, reference or phone number>", "look anything up"),
    ("events", "the newest events"),
    ("order <ref>", "an order's facts and timeline"),
    ("subscribe kind:in status:exception", "follow what you name in the channel where you type it"),
    ("subs", "what is followed, and by whom"),
    ("republish <event-id>", "have Telnyx send a notification again"),
    ("status", "is everything up to date?"),
    ("help", "all the rest"),
)


def home(command: str, freshness: Message) -> Block:
    """The view of App Home; `freshness` is what the status command says."""
    lines = "\n".join(f"• `{command} {_shown(line)}`: {meaning}" for line, meaning in COMMANDS)
    blocks = [
        section("*I watch your number ports at Telnyx* and tell the channels that follow them what happens."),
        section(f"Invite me to a channel and type `{command} subscribe` there: it then follows everything."),
        divider(),
        *(block for block in freshness.blocks if block["type"] in ("section", "context", "rich_text")),
        actions(button("Refresh", "home_refresh", "home")),
        divider(),
        section(lines),
    ]
    return {"type": "home", "blocks": blocks}


def _shown(line: str) -> str:
    return line.replace("<", "&lt;").replace(">", "&gt;")
