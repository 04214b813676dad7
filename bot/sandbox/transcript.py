"""What appears in the channels of the stand-in Slack, as lines for a terminal."""

from collections.abc import Callable

from bot.sandbox.slack.records import Ephemeral, Message
from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.slack.world import SlackWorld

EDIT_WIDTH = 100
ONLY_YOU = "only you  "


class Transcript:
    """Says a line for each message; `heard` listens to the workspace."""

    def __init__(self, slack: SlackWorld, say: Callable[[str], None]) -> None:
        self._slack = slack
        self._texts = SlackTexts(slack)
        self._say = say

    def heard(self, channel: str, message: Message | Ephemeral, kind: str) -> None:
        """Something appeared, changed or went; kind is post, edit, delete or ephemeral."""
        place = self._texts.place_of(channel)
        if isinstance(message, Ephemeral):
            self._answer(place, message, kind)
            return
        begin = f"{place}  {'↳ ' if message.thread_ts else ''}"
        words = self._texts.line(message.text)
        if kind == "post":
            author = "" if message.bot_id else f"{self._texts.name_of(message.user)}: "
            self._say(" ".join([begin + author + words, *self._texts.buttons(message.blocks)]))
        elif kind == "edit":
            self._say(f"{begin}(edited) {_cut(words)}")
        else:
            self._say(f"{begin}(deleted) {_cut(words)}")

    def _answer(self, place: str, answer: Ephemeral, kind: str) -> None:
        if kind == "delete":
            return
        begin = f"{place}  {ONLY_YOU}"
        for line in self._texts.lines(answer.text, answer.blocks):
            self._say(begin + line)
            begin = " " * len(begin)


def _cut(words: str) -> str:
    return words if len(words) <= EDIT_WIDTH else f"{words[: EDIT_WIDTH - 1].rstrip()}…"
