"""Makes styled parts of a line's tokens: bold, italic and struck-out words."""

from collections.abc import Iterable

from bot.sandbox.slack.records import Json

STYLES = {"*": "bold", "_": "italic", "~": "strike"}


def styled(tokens: Iterable[str | Json]) -> list[Json]:
    """The parts of one line; a mark that finds no partner is text.

    A style that was opened first wins: marks left open inside it stay text. Each part is touched at most
    once for each of the three styles, so the time is linear.
    """
    line = _Line()
    for token in tokens:
        line.add(token)
    return line.parts()


class _Line:
    def __init__(self) -> None:
        self._parts: list[Json] = []
        self._open: dict[str, int] = {}  # where a style began, by its mark, first opened first

    def add(self, token: str | Json) -> None:
        if isinstance(token, str):
            self._text(token)
        elif "mark" not in token:
            self._parts.append(token)
        elif token["closes"] and token["mark"] in self._open:
            self._close(token["mark"])
        else:
            if token["opens"] and token["mark"] not in self._open:
                self._open[token["mark"]] = len(self._parts)
            self._text(token["mark"])

    def parts(self) -> list[Json]:
        """Neighbours of one style joined."""
        joined: list[Json] = []
        for part in self._parts:
            if joined and _is_same_text(joined[-1], part):
                joined[-1] = joined[-1] | {"text": joined[-1]["text"] + part["text"]}
            elif part.get("text") != "" or part["type"] != "text":
                joined.append(part)
        return joined

    def _text(self, text: str) -> None:
        self._parts.append({"type": "text", "text": text})

    def _close(self, mark: str) -> None:
        begin = self._open[mark]
        self._open = {other: place for other, place in self._open.items() if place < begin}
        self._parts[begin] = {"type": "text", "text": ""}
        for place in range(begin + 1, len(self._parts)):
            part = self._parts[place]
            self._parts[place] = part | {"style": part.get("style", {}) | {STYLES[mark]: True}}


def _is_same_text(one: Json, other: Json) -> bool:
    return one["type"] == other["type"] == "text" and one.get("style") == other.get("style")
