"""Messages and views made ready for the browser: each text object gets the parts that a person reads."""

from typing import Any

from bot.sandbox.slack.records import Json


def drawn(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks, in which each text object has `parts`."""
    return [_drawn(block) for block in blocks]


def parts_of(text: str) -> list[Json]:
    """The parts of a text that stands without blocks."""
    return [{"type": "text", "text": text}]


def _drawn(value: Any) -> Any:
    if isinstance(value, list):
        return [_drawn(each) for each in value]
    if not isinstance(value, dict):
        return value
    copy = {name: _drawn(each) for name, each in value.items()}
    if isinstance(value.get("text"), str):
        copy["parts"] = parts_of(value["text"])
    return copy
