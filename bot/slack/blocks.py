"""Messages and the blocks that they are made of, as plain JSON.

Plain dictionaries and not slack_sdk's models: those cost 0.4 ms of CPU a message and miss several of Slack's
limits. A test reads what we build with the models; `check_message` knows the limits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.slack.escaping import clean, escape, unescape
from bot.slack.limits import check_blocks, check_text, check_view
from bot.slack.marks import leaves

__all__ = ["Block", "Message", "check_message", "check_view"]

Block = dict[str, Any]
"""A block, an element or a part of one: JSON for Slack."""

TEXT_LIMIT = 3000
"""Of `text` and of a section."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted. `text` is what a lock screen shows; block 1 says the same whole sentence."""

    text: str
    blocks: list[Block]


def check_message(message: Message) -> list[str]:
    """What Slack would refuse in the message; [] if nothing."""
    if not message.blocks and not message.text.strip():
        return ["text: is empty and there are no blocks"]
    return [*check_text(message.text), *check_blocks(message.blocks)]


def first_that_fits(made: Iterable[Message]) -> Message:
    """The first message without a breach, else the last; `made` goes from long to short."""
    message = Message("", [])
    for message in made:
        if not check_message(message):
            break
    return message


def mrkdwn(text: str) -> Block:
    """Text of ours with what came from outside made harmless before; nothing is linked by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """Small print, a text an element: at most ten."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    confirm: Block | None = None,
    says: str | None = None,
) -> Block:
    """A button; `says` is its label for screen readers, `style` is primary or danger.

    A value may be a line that somebody typed: no sign in it may hide, or turn what is read around.
    """
    shown = plain_text(clean(label))
    made: Block = {"type": "button", "text": shown, "action_id": action_id, "value": clean(value)}
    more = {"style": style, "confirm": confirm, "accessibility_label": clean(says) if says else None}
    return made | {key: given for key, given in more.items() if given}


def confirm(title: str, text: str, *, yes: str, no: str) -> Block:
    """The dialog before an action: plain text, which nothing from outside can format."""
    return {
        "title": plain_text(title),
        "text": {"type": "plain_text", "text": text},
        "confirm": plain_text(yes),
        "deny": plain_text(no),
    }


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """The ⋯ menu of one to five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def option(label: str, value: str, url: str | None = None) -> Block:
    made: Block = {"text": plain_text(label), "value": value}
    return made | {"url": url} if url else made


def rich_text(*parts: Block) -> Block:
    """Blocks of literal text: paragraphs, quotes and lists."""
    return {"type": "rich_text", "elements": list(parts)}


def paragraph(*parts: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(parts)}


def quote(*parts: Block) -> Block:
    return {"type": "rich_text_quote", "elements": list(parts)}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """A list; each item is the leaves of one line."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [paragraph(*item) for item in items],
    }


def leaf(text: str, *, bold: bool = False) -> Block:
    """Literal text: whatever stands in it is shown as it is."""
    made: Block = {"type": "text", "text": text}
    return made | {"style": {"bold": True}} if bold else made


def leaves_of(text: str) -> list[Block]:
    """Our own mrkdwn as leaves: `<!date…>` become date elements, entities characters."""
    return leaves(text)


def user_leaf(user_id: str) -> Block:
    """A person. It mentions: only for messages that are edits."""
    return {"type": "user", "user_id": user_id}


def table(rows: Sequence[Sequence[Block]], *, wrapped: Sequence[int] = ()) -> Block:
    """A table, header row first; `wrapped` are the columns whose text may take several lines."""
    columns = [{"is_wrapped": place in wrapped} for place in range(len(rows[0]))]
    return {"type": "table", "rows": [list(row) for row in rows], "column_settings": columns}


def cell(text: str) -> Block:
    """A table cell of our own mrkdwn; a date in it makes it rich text."""
    found = leaves(text)
    if any(part["type"] != "text" for part in found):
        return rich_text(paragraph(*found))
    return {"type": "raw_text", "text": unescape(text) or "–"}


def date_mark_of(part: Block) -> str:
    """A date leaf as mrkdwn."""
    return f"<!date^{part['timestamp']}^{part['format']}|{escape(part['fallback'])}>"


def date_mark(moment: datetime, form: str, fallback: str) -> str:
    """`<!date…>`: the moment on the reader's own clock. Outside of what Slack can show it is the fallback."""
    epoch = int(moment.timestamp())
    if not 0 < epoch < 10_000_000_000:
        return fallback
    return f"<!date^{epoch}^{form}|{fallback}>"
