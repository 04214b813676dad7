"""The same message in blocks that every client knows, or as text alone: for when Slack refuses newer ones."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.slack.blocks import (
    TEXT_LIMIT,
    Block,
    Message,
    check_message,
    date_mark_of,
    first_that_fits,
    section,
)
from bot.slack.escaping import cut, escape, without_formatting

WIDTHS = (TEXT_LIMIT, 500, 250, 150)
"""How long a line may be: the first of these with which all fits, since entities make text longer."""
CLASSIC = frozenset({"section", "context", "actions", "header", "divider"})


def classic(message: Message) -> Message:
    """With sections, context and buttons only; rich text and tables become sections of lines."""
    return first_that_fits(_classic(message, width) for width in WIDTHS)


def _classic(message: Message, width: int) -> Message:
    blocks: list[Block] = []
    for block in message.blocks:
        is_known = block["type"] in CLASSIC
        blocks += [block] if is_known else [section(each) for each in pieces(_lines(block), width)]
    return Message(message.text, blocks)


def only_text(message: Message) -> Message:
    """As text alone: the sentence, then the lines of the blocks below it as far as they fit."""
    lines = [line for block in message.blocks[1:] for line in _lines(block)]
    return Message(shortened("\n".join([message.text, *lines]), TEXT_LIMIT), [])


def forms(message: Message) -> list[dict[str, Any]]:
    """The message as it should look, then as text alone: no layout is better than no answer."""
    plain = only_text(message).text
    if not message.blocks or check_message(message):
        return [{"text": plain}]
    return [{"text": message.text, "blocks": message.blocks}, {"text": plain}]


def shortened(text: str, limit: int) -> str:
    """Our mrkdwn, cut; a code span that the cut goes through is closed, or what it holds would format."""
    short = cut(text, limit)
    if short.count("`") % 2 == 0:
        return short
    short = cut(text, limit - 1)
    return f"{short}`" if short.count("`") % 2 else short


def pieces(lines: Iterable[str], width: int) -> Iterator[str]:
    """The lines, each cut to `width`, in texts that fit in a section."""
    piece = ""
    for line in lines:
        short = shortened(line, width)
        if piece and len(piece) + 1 + len(short) > TEXT_LIMIT:
            yield piece
            piece = ""
        piece = f"{piece}\n{short}" if piece else short
    if piece.strip():
        yield piece


def _lines(block: Block) -> Iterator[str]:
    """What a block says, as lines of mrkdwn; buttons say nothing."""
    kind = block["type"]
    if kind == "rich_text":
        for part in block["elements"]:
            yield from _part(part)
    elif kind == "table":
        for row in block["rows"][1:]:
            yield " · ".join(each for each in map(_cell, row) if each != "–")
    elif kind == "context":
        yield from (element["text"] for element in block["elements"])
    elif kind in ("section", "header"):
        yield from (text["text"] for text in [block.get("text"), *block.get("fields", ())] if text)


def _part(part: Block) -> Iterator[str]:
    """A paragraph, list or quote of a rich text."""
    if part["type"] == "rich_text_list":
        yield from (f"• {_leaves(item['elements'])}" for item in part["elements"])
    elif part["type"] == "rich_text_quote":
        yield f"“{_leaves(part['elements'])}”"
    else:
        yield from _leaves(part["elements"]).splitlines()


def _cell(value: Block) -> str:
    if value["type"] == "rich_text":
        return " ".join(line for part in value["elements"] for line in _part(part))
    return _literal(value["text"])


def _leaves(leaves: Sequence[Block]) -> str:
    return "".join(map(_leaf, leaves))


def _leaf(leaf: Block) -> str:
    if leaf["type"] == "date":
        return date_mark_of(leaf)
    if leaf["type"] == "user":
        return f"<@{leaf['user_id']}>"
    return _literal(leaf["text"])


def _literal(text: str) -> str:
    return escape(without_formatting(text))
