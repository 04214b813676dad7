"""Writes docs/messages.md: every message as a person sees it, made by the real builders.

Run `python -m docs.gallery` from the repository's root. A test fails when the page is out of date.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.messages.events import flat, reply
from bot.messages.orders import card
from bot.messages.rollups import roll_up
from bot.slack.blocks import Block, Message
from bot.slack.plain import classic, only_text
from docs.gallery_answers import answered
from docs.gallery_scenes import LOOK, NOTICES, ROLL_UPS, SCENES, Scene
from docs.reading import as_people_see

PAGE = Path(__file__).with_name("messages.md")
INTRODUCTION = """\
# What Portwire says

Every message, made by the real builders from made-up events. The first line of each is also what a phone's
lock screen shows. Times are drawn in UTC here; in Slack everybody sees them on their own clock. *Republish*
asks before it sends anything: what its dialog says stands at the end of the part on events.
`python -m docs.gallery` writes this page.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, "# Events\n", *map(_scene, SCENES), "## Roll-ups\n"]
    parts += [_drawn(title, roll_up(changes, LOOK, delivery_id="d1")) for title, changes in ROLL_UPS]
    parts += [
        *_dialogs(),
        *_plainer(),
        "# Notices\n",
        *(_drawn(title, message) for title, message in NOTICES),
    ]
    parts.append("# Answers\n\nOnly the one who asked sees these, but for what goes to a thread.\n")
    for chapter, answers in answered():
        parts += [f"## {chapter}\n", *(_drawn(title, message) for title, message in answers)]
    return "\n".join(parts).rstrip() + "\n"


def _scene(scene: Scene) -> str:
    change = scene.change
    shapes = [
        ("Flat", flat(change, LOOK, subscriptions=("S12",))),
        ("Card", card(change, LOOK, subscriptions=("S12",), other_events=scene.other_events)),
        ("Reply", reply(change, LOOK)),
    ]
    drawn: dict[str, str] = {}
    for name, message in shapes:
        shown = _lines(message)
        drawn[shown] = f"{drawn[shown]} and {name.lower()}" if shown in drawn else name
    return "\n".join([f"## {scene.title}\n", *(_framed(name, shown) for shown, name in drawn.items())])


def _dialogs() -> Iterator[str]:
    yield "## What *Republish* asks\n"
    scene = SCENES[0]
    buttons = flat(scene.change, LOOK).blocks[2]["elements"]
    yield _framed("Dialog", "\n".join(_dialog(each["confirm"]) for each in buttons if "confirm" in each))


def _dialog(dialog: Block) -> str:
    choices = f"[{dialog['confirm']['text']}] [{dialog['deny']['text']}]"
    return f"{dialog['title']['text']}\n{dialog['text']['text']}\n{choices}"


def _plainer() -> Iterator[str]:
    yield "## Where Slack refuses the newer blocks\n"
    scene = SCENES[0]
    message = card(scene.change, LOOK, subscriptions=("S12",), may_repeat=True)
    yield _drawn("Classic blocks", classic(message))
    yield _drawn("Text alone", only_text(message))
    yield _drawn("Roll-up in classic blocks", classic(roll_up(ROLL_UPS[0][1], LOOK, delivery_id="d1")))


def _drawn(title: str, message: Message) -> str:
    return _framed(title, _lines(message))


def _framed(title: str, shown: str) -> str:
    return f"### {title}\n\n```text\n{shown}\n```\n"


def _lines(message: Message) -> str:
    lines = [line for block in message.blocks for line in draw(block)]
    return "\n".join(lines or [as_people_see(message.text)])


def draw(block: Block) -> Iterator[str]:
    """A block as lines of plain text."""
    kind = block["type"]
    if kind == "section":
        yield from _section(block)
    elif kind == "rich_text":
        for part in block["elements"]:
            yield from _part(part)
    elif kind == "table":
        yield from _table(block["rows"])
    elif kind == "context":
        yield from (f"({as_people_see(element['text'])})" for element in block["elements"])
    elif kind == "actions":
        yield " ".join(_button(element) for element in block["elements"])
    elif kind == "divider":
        yield "────────"


def _section(block: Block) -> Iterator[str]:
    for field in block.get("fields", ()):
        label, _, value = as_people_see(field["text"]).partition("\n")
        yield f"{label}  {value}"
    if "text" in block:
        button = _button(block["accessory"]) if "accessory" in block else ""
        yield f"{as_people_see(block['text']['text'])}   {button}".rstrip()


def _button(element: Block) -> str:
    if element["type"] == "overflow":
        return "[⋯ " + " | ".join(option["text"]["text"] for option in element["options"]) + "]"
    return f"[{element['text']['text']}]"


def _part(part: Block) -> Iterator[str]:
    if part["type"] == "rich_text_list":
        yield from (f"• {_leaves(item)}" for item in part["elements"])
    else:
        mark = "┃ " if part["type"] == "rich_text_quote" else ""
        yield from (f"{mark}{line}" for line in _leaves(part).splitlines())


def _leaves(part: Block) -> str:
    return "".join(_leaf(leaf) for leaf in part["elements"])


def _leaf(leaf: Block) -> str:
    if leaf["type"] == "date":
        return str(leaf["fallback"])
    return f"@{leaf['user_id']}" if leaf["type"] == "user" else str(leaf["text"])


def _table(rows: Sequence[Sequence[Block]]) -> Iterator[str]:
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        yield "| " + " | ".join(padded) + " |"


def _cell(cell: Block) -> str:
    if cell["type"] == "rich_text":
        return " ".join(line for part in cell["elements"] for line in _part(part))
    return str(cell["text"])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
