"""What a line typed at the terminal does: a slash command, or with a mark in front what a command can't.

#customer-acme     go to that channel; what is typed next is sent from there
@gus               be that person from now on
@portwire words    mention the bot
!click Republish   press the newest button or menu entry of that name
!invite, !archive, !unarchive   what a person does with the channel
"""

import re
from collections.abc import Callable

from bot.sandbox.slack.inputs import all_elements
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.records import Ephemeral, Json, Message
from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.transcript import ONLY_YOU

BOT_CONNECTS_WITHIN_S = 20.0
ACTS = "!click <button>, !invite, !archive and !unarchive"


class Keyboard:
    """Takes one line after the other, at first from `place` as `person`; `say` writes to the terminal."""

    def __init__(self, slack: SlackWorkspace, say: Callable[[str], None], *, person: str, place: str) -> None:
        self._slack = slack
        self._texts = SlackTexts(slack)
        self._say = say
        self._person, self._place = person, place

    async def take(self, line: str) -> None:
        """Do what the line says; what can't be done is said."""
        try:
            refusal = await self._take(line)
        except TimeoutError:
            refusal = "the bot is not connected, try again"
        if refusal:
            self._tell(refusal)

    async def _take(self, line: str) -> str | None:
        mark, rest = line[0], line[1:].strip()
        if mark == "#":
            return self._go(rest)
        mention = re.fullmatch(rf"@{re.escape(self._slack.bot_name)}(?![\w.-])[:,]?\s*(.*)", line)
        if mark == "@" and not mention:
            return self._become(rest)
        if mark == "!" and not rest.startswith("click"):
            return self._change(rest)
        await self._slack.until(lambda: self._slack.open_sockets, within_s=BOT_CONNECTS_WITHIN_S)
        if mark == "!":
            return await self._click(rest.removeprefix("click").strip())
        if mention:
            return (await self._slack.mention(self._person, self._place, mention[1])).refusal
        return await self._command(line)

    async def _command(self, line: str) -> str | None:
        word, known = line.split(maxsplit=1)[0], self._slack.command_name
        if word.startswith("/") and word != known:
            return f"{word} is no command here, so Slack sends it nowhere; there is {known}"
        return (await self._slack.command(self._person, self._place, line)).refusal

    def _go(self, name: str) -> str:
        found = next((each for each in self._slack.channels.values() if each.name == name), None)
        if found is None or found.is_im:
            return f"there is no #{name}: {', '.join(self._names('#'))}"
        self._place = found.id
        return f"you are in #{name}"

    def _become(self, name: str) -> str:
        if " " in name:
            return f"@{name.partition(' ')[0]} alone makes you that person: one line does one thing"
        found = next((each for each in self._slack.people.values() if each.name == name), None)
        if found is None:
            return f"there is no @{name}: {', '.join(self._names('@'))}"
        self._person = found.id
        return f"you are @{name} ({found.role.value})"

    def _names(self, mark: str) -> list[str]:
        if mark == "@":
            return [f"@{each.name}" for each in self._slack.people.values()]
        return [f"#{each.name}" for each in self._slack.channels.values() if not each.is_im]

    def _change(self, act: str) -> str:
        """Where the bot hears of it, it may say so by itself."""
        does: dict[str, Callable[[str], None]] = {
            "invite": self._slack.invite_bot,
            "archive": self._slack.archive,
            "unarchive": self._slack.unarchive,
        }
        if act not in does:
            return f"there is no !{act}; there is {ACTS}"
        does[act](self._place)
        return f"done: {act}"

    async def _click(self, label: str) -> str | None:
        places = self._newest_first()
        found = next(((place, *each) for place in places for each in _named(place.blocks, label)), None)
        if found is None:
            return f"there is no button {label} here"
        place, action, value = found
        done = await self._slack.click(self._person, self._place, place, action, value=value)
        self._show(done)
        return done.refusal

    def _newest_first(self) -> list[Message | Ephemeral]:
        here: list[Message | Ephemeral] = [*self._slack.channel(self._place).by_ts.values()]
        at = (self._place, self._person)
        here += [each for each in self._slack.ephemerals if (each.channel, each.user) == at]
        return sorted((each for each in here if not each.deleted), key=lambda each: each.ts, reverse=True)

    def _show(self, done: Interaction) -> None:
        """The dialog that was confirmed, and the window that opened."""
        if done.confirm:
            self._tell(f"{done.confirm['title']} {done.confirm['text']} ({done.confirm['confirm']})")
        if done.view is not None:
            for line in (done.view.title, *self._texts.lines("", done.view.blocks)):
                self._tell(line)

    def _tell(self, words: str) -> None:
        self._say(f"{self._texts.place_of(self._place)}  {ONLY_YOU}{words}")


def _named(blocks: list[Json], label: str) -> list[tuple[str, object]]:
    """Buttons and menu entries with that label: the action, and which of them is meant."""
    elements = [element for _, element in all_elements(blocks)]
    offered = [(each["action_id"], each) for each in elements if each["type"] == "button"]
    offered += [(each["action_id"], option) for each in elements for option in each.get("options", ())]
    return [
        (action, each.get("value"))
        for action, each in offered
        if each["text"]["text"].casefold() == label.casefold()
    ]
