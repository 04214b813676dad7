"""What a person would read in a Slack message, as plain lines."""

import re
from collections.abc import Callable

from bot.sandbox.slack.mrkdwn import parts_of
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.world import SlackWorld

_BLANKS = re.compile(r"\s*\n\s*")


class SlackTexts:
    """Reads messages of one workspace; it knows the names behind ids."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._by_type: dict[str, Callable[[Json], list[str]]] = {
            "button": lambda part: [f"[{self._label(part)}]"],
            "overflow": lambda part: [f"[⋯ {' / '.join(map(self._label, part['options']))}]"],
            "section": self._section,
            "context": lambda part: [" · ".join(self._of_all(part["elements"]))],
            "actions": lambda part: [" ".join(self._of_all(part["elements"]))],
            "table": self._table,
            "data_table": self._table,
            "rich_text_section": self._run,
            "rich_text_preformatted": self._run,
            "rich_text_quote": lambda part: [f"> {line}" for line in self._run(part)],
            "rich_text_list": lambda part: [f"• {line}" for line in self._of_all(part["elements"])],
            "mrkdwn": lambda part: self.mrkdwn(part["text"]).split("\n"),
            "plain_text": lambda part: str(part["text"]).split("\n"),
            "text": lambda part: [str(part["text"])],
            "raw_text": lambda part: [str(part["text"])],
            "markdown": lambda part: str(part["text"]).split("\n"),
            "link": lambda part: [str(part.get("text") or part["url"])],
            "emoji": lambda part: [f":{part['name']}:"],
            "date": lambda part: [str(part.get("fallback") or part["timestamp"])],
            "user": lambda part: [self.name_of(part["user_id"], part.get("label"))],
            "channel": lambda part: [self.place_of(part["channel_id"], part.get("label"))],
            "usergroup": self._group,
            "broadcast": lambda part: [f"@{part['range']}"],
            "break": lambda _part: ["", ""],
            "quote": self._quote,
            "preformatted": lambda part: [str(part["text"])],
            "image": lambda part: [f"({part['alt_text']})"],
            "divider": lambda _part: [],
        }

    def lines(self, text: str, blocks: list[Json]) -> list[str]:
        """The blocks where there are any, else the text: what Slack shows."""
        found = self._of_all(blocks) if blocks else self.mrkdwn(text).split("\n")
        return [line for line in found if line.strip()]

    def line(self, text: str) -> str:
        """The text in one line."""
        return _BLANKS.sub(" · ", self.mrkdwn(text).strip())

    def buttons(self, blocks: list[Json]) -> list[str]:
        """The labels of the buttons below or beside a message, in brackets."""
        found = [element for block in blocks for element in _elements(block) if element["type"] == "button"]
        return [f"[{self._label(element)}]" for element in found]

    def mrkdwn(self, text: str) -> str:
        """Mrkdwn without marks: names for ids, labels for links; no entities, no signs of style."""
        return self._read(parts_of(text))

    def _read(self, parts: list[Json]) -> str:
        shown = ""
        after_block = False
        for part in parts:
            is_block = part["type"] in {"quote", "preformatted"}
            begin = "\n" if shown and (after_block or is_block) else ""
            shown += begin + "\n".join(self._by_type[part["type"]](part))
            after_block = is_block
        return shown

    def _quote(self, part: Json) -> list[str]:
        return [f"> {line}" for line in self._read(part["parts"]).split("\n")]

    def name_of(self, user_id: str, label: str | None = None) -> str:
        """Somebody's name, after an @; for whom nobody knows, the label."""
        if user_id == self._world.bot_user_id:
            return f"@{self._world.bot_name}"
        person = self._world.people.get(user_id)
        return f"@{person.name if person else label or user_id}"

    def place_of(self, channel_id: str, label: str | None = None) -> str:
        """#channel, or for a direct message the @name of the person; for one that nobody knows, the label."""
        channel = self._world.find_channel(channel_id)
        if channel is None:
            return f"#{label or channel_id}"
        return self.name_of(channel.im_user) if channel.im_user else f"#{channel.name}"

    def _group(self, part: Json) -> list[str]:
        group = self._world.usergroups.get(part["usergroup_id"])
        handle = group[0] if group else str(part.get("label") or part["usergroup_id"])
        return [f"@{handle.removeprefix('@')}"]

    def _of_all(self, parts: list[Json]) -> list[str]:
        return [line for part in parts for line in self._of(part)]

    def _of(self, part: Json) -> list[str]:
        """Lines of a block or element; of a kind without a reader of its own, those of what it holds."""
        if reader := self._by_type.get(str(part.get("type"))):
            return reader(part)
        held = [value for value in part.values() if isinstance(value, dict)]
        rows = [value for value in part.values() if isinstance(value, list)]
        inner = held + [each for row in rows for each in row if isinstance(each, dict)]
        return self._of_all(inner)

    def _section(self, part: Json) -> list[str]:
        """Text, each field in a line, and what stands beside them."""
        text = self._of(part["text"]) if "text" in part else []
        fields = [" ".join(self._of(field)) for field in part.get("fields", ())]
        return [*text, *fields, *(self._of(part["accessory"]) if "accessory" in part else [])]

    def _run(self, part: Json) -> list[str]:
        return "".join(self._of_all(part["elements"])).split("\n")

    def _table(self, part: Json) -> list[str]:
        return [" | ".join(" ".join(self._of(cell)) for cell in row) for row in part["rows"]]

    def _label(self, part: Json) -> str:
        return str(part["text"]["text"])


def _elements(block: Json) -> list[Json]:
    beside = [block["accessory"]] if "accessory" in block else []
    below = block["elements"] if block["type"] == "actions" else []
    return [*beside, *below]
