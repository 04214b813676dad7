"""What a person does on the page, done in the stand-in Slack."""

from collections.abc import Awaitable, Callable

from bot.sandbox.page.drawing import drawn
from bot.sandbox.page.reads import Reads
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.payloads import escaped
from bot.sandbox.slack.records import Json, NothingThereError
from bot.sandbox.slack_workspace import SlackWorkspace

NOTHING: Json = {}


class Acts:
    """Each act takes the person's id and its arguments, and answers with what the page shows of it.

    `refusal` is why nothing came of it, in words; `errors` are a form's, by block_id.
    """

    def __init__(self, slack: SlackWorkspace, reads: Reads) -> None:
        self._slack = slack
        self._reads = reads
        self._does: dict[str, Callable[[str, Json], Awaitable[Json]]] = {
            "command": self._command,
            "say": self._say,
            "click": self._click,
            "suggest": self._suggest,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "home": self._home,
            "read": self._read,
            "invite": self._change_channel(slack.invite_bot),
            "archive": self._change_channel(slack.archive),
            "unarchive": self._change_channel(slack.unarchive),
            "leave": self._change_channel(slack.remove_bot),
        }

    async def perform(self, person: str, name: str, arguments: Json) -> Json:
        """Do it; what can't be done (any more) is said, such as a button that has just been replaced."""
        try:
            return await self._does[name](person, arguments)
        except NothingThereError as error:
            return {"refusal": str(error)}

    async def _command(self, person: str, given: Json) -> Json:
        line = given["text"].strip()
        word, known = line.split(maxsplit=1)[0], self._slack.command_name
        if word != known:
            return {"refusal": f"{word} is not a valid command. There is {known}."}
        in_thread = given.get("thread_ts") is not None
        return _shown(await self._slack.command(person, given["channel"], line, thread=in_thread))

    async def _say(self, person: str, given: Json) -> Json:
        """A message, whose names become mentions; one that mentions the app, or is written to it directly,
        is delivered to it."""
        text, channel, thread = escaped(self._slack, given["text"]), given["channel"], given.get("thread_ts")
        place = self._slack.channel(channel)
        if place.archived:
            return {"refusal": "This channel is archived: nobody can write here."}
        if not place.is_im and f"<@{self._slack.bot_user_id}>" not in text:
            self._slack.write(person, channel, text, thread_ts=thread)
            return NOTHING
        return _shown(await self._slack.mention(person, channel, text, thread_ts=thread))

    async def _click(self, person: str, given: Json) -> Json:
        done = await self._slack.click(
            person,
            given.get("channel"),
            given["target"],
            given["action_id"],
            block_id=given["block_id"],
            value=given.get("value"),
            filled=given.get("values"),
        )
        return _shown(done)

    async def _suggest(self, person: str, given: Json) -> Json:
        """What the app offers in an external menu; its texts are drawn like those of blocks."""
        place, action = (given.get("channel"), given["target"]), given["action_id"]
        done = await self._slack.suggest(person, *place, action, given["text"], block_id=given["block_id"])
        if done.refusal is not None or not isinstance(done.ack_body, dict):
            return {"refusal": done.refusal}
        return {name: drawn(offers) for name, offers in done.ack_body.items()}

    async def _submit(self, person: str, given: Json) -> Json:
        return _shown(await self._slack.submit_view(person, given["view"], given["values"]))

    async def _close(self, person: str, given: Json) -> Json:
        """One view, or the whole modal if `clear` says so."""
        await self._slack.close_view(person, given["view"], clear=bool(given.get("clear")))
        return NOTHING

    async def _shortcut(self, person: str, given: Json) -> Json:
        channel, ts = given.get("channel"), given.get("ts")
        return _shown(await self._slack.shortcut(person, channel, ts, given["callback_id"]))

    async def _home(self, person: str, _given: Json) -> Json:
        return _shown(await self._slack.open_home(person))

    async def _read(self, person: str, given: Json) -> Json:
        self._reads.note(person, given["channel"], given["ts"])
        self._slack.touch()
        return NOTHING

    def _change_channel(self, change: Callable[[str], None]) -> Callable[[str, Json], Awaitable[Json]]:
        async def changed(_person: str, given: Json) -> Json:
            change(given["channel"])
            return NOTHING

        return changed


def _shown(done: Interaction) -> Json:
    """What the page says of it: nothing where the app's answer says all."""
    return {"refusal": done.refusal, "errors": done.errors}
