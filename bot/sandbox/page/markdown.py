"""Reads the standard markdown of a `markdown` block into parts: CommonMark, tables, struck-out words, tasks.

Beside the parts of mrkdwn there are `heading` (level), `paragraph`, `list` (style, start, items; an item has
`parts`, and `done` if it is a task), `table` (align, rows; the first row is the header) and `rule`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.sandbox.page.signs import sign_of
from bot.sandbox.slack.inline import SAFE_URL, markdown_tokens
from bot.sandbox.slack.mrkdwn import BREAK
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.styles import styled

_TASK = re.compile(r"\[([ xX])\] ")
_STYLES = {"em": "italic", "strong": "bold", "s": "strike"}


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("js-default", {"html": False, "linkify": False})


def markdown_parts_of(text: str) -> list[Json]:
    """The parts of a text in standard markdown; HTML in it is text."""
    return _blocks(SyntaxTreeNode(_markdown().parse(text)).children)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[Json]:
    return [_BLOCKS[node.type](node) for node in nodes]


def _heading(node: SyntaxTreeNode) -> Json:
    return {"type": "heading", "level": int(node.tag[1]), "parts": _inline(node)}


def _paragraph(node: SyntaxTreeNode) -> Json:
    return {"type": "paragraph", "parts": _inline(node)}


def _list(node: SyntaxTreeNode) -> Json:
    style = "ordered" if node.type == "ordered_list" else "bullet"
    start = int(node.attrs.get("start", 1))
    return {"type": "list", "style": style, "start": start, "items": [_item(each) for each in node.children]}


def _item(node: SyntaxTreeNode) -> Json:
    """A point of a list; `done` says that it is a task, and whether it is done."""
    parts = _blocks(node.children)
    first = parts[0]["parts"][0] if parts and parts[0].get("parts") else {}
    task = _TASK.match(first.get("text", "")) if first.keys() == {"type", "text"} else None
    if task is None:
        return {"parts": parts}
    rest = first["text"][task.end() :]
    parts[0]["parts"][:1] = [first | {"text": rest}] if rest else []
    return {"parts": parts, "done": task[1] != " "}


def _quote(node: SyntaxTreeNode) -> Json:
    return {"type": "quote", "parts": _blocks(node.children)}


def _code(node: SyntaxTreeNode) -> Json:
    return {"type": "preformatted", "text": node.content.rstrip("\n")}


def _rule(_node: SyntaxTreeNode) -> Json:
    return {"type": "rule"}


def _table(node: SyntaxTreeNode) -> Json:
    rows = [row for part in node.children for row in part.children]
    align = [
        str(cell.attrs.get("style", "")).removeprefix("text-align:") or "left" for cell in rows[0].children
    ]
    return {
        "type": "table",
        "align": align,
        "rows": [[_inline(cell) for cell in row.children] for row in rows],
    }


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], Json]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "code_block": _code,
    "fence": _code,
    "hr": _rule,
    "table": _table,
}


def _inline(node: SyntaxTreeNode) -> list[Json]:
    """The parts of what stands on lines: one `inline` node below a heading, a paragraph or a cell."""
    found = [part for inline in node.children for part in _leaves(inline, {}, None)]
    return styled(found)


def _leaves(node: SyntaxTreeNode, style: dict[str, bool], url: str | None) -> Iterator[Json]:
    for child in node.children:
        if child.type in _STYLES:
            yield from _leaves(child, style | {_STYLES[child.type]: True}, url)
        elif child.type == "link":
            yield from _leaves(child, style, str(child.attrs["href"]))
        elif child.type in {"softbreak", "hardbreak"}:
            yield BREAK
        elif child.type == "image":
            yield from _words(child.content or "image", style, str(child.attrs["src"]))
        elif child.type == "code_inline":
            yield from _code_word(child.content, style | {"code": True}, url)
        else:
            yield from _words(child.content, style, url)


def _words(text: str, style: dict[str, bool], url: str | None) -> Iterator[Json]:
    """Text with its emoji and addresses; inside a link it is the link's."""
    look = {"style": style} if style else {}
    if not text:
        return
    if url is not None and SAFE_URL.fullmatch(url):
        yield {"type": "link", "url": url, "text": text} | look
        return
    for token in markdown_tokens(text, sign_of):
        yield ({"type": "text", "text": token} if isinstance(token, str) else token) | look


def _code_word(text: str, style: dict[str, bool], url: str | None) -> Iterator[Json]:
    if url is not None and SAFE_URL.fullmatch(url):
        yield {"type": "link", "url": url, "text": text, "style": style}
        return
    yield {"type": "text", "text": text, "style": style}
