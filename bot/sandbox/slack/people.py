"""People at work: each act delivers the payload that Slack would send and returns what came of it."""

from bot.sandbox.slack.choosing import chosen
from bot.sandbox.slack.forms import SlackForms
from bot.sandbox.slack.inputs import find_element, has_state, held, inputs, key_of, sheet_of
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.objects import message_object, view_object
from bot.sandbox.slack.payloads import channel_facts, click_payload, command_payload, interaction_payload
from bot.sandbox.slack.records import Ephemeral, Json, Message, NothingThereError, Sheet, View
from bot.sandbox.slack.suggesting import SlackSuggesting

CONFIRM_TEXTS = ("title", "text", "confirm", "deny")


class SlackPeople(SlackForms, SlackSuggesting):
    """Commands, clicks and mentions. Users and channels are given by id or name."""

    async def command(self, user: str, channel: str, text: str, *, thread: bool = False) -> Interaction:
        """Type a slash command, with or without its name in front; Slack takes none inside a thread."""
        interaction = self.begin("slash_commands", user, channel, "commands")
        if thread:
            interaction.refusal = f"{self.command_name} is not supported in threads. Sorry!"
            return interaction
        words = (
            text.removeprefix(self.command_name) if f"{text} ".startswith(f"{self.command_name} ") else text
        )
        interaction.payload = command_payload(self, interaction, self.command_name, words.strip())
        await self.send(interaction)
        return interaction

    async def click(
        self,
        user: str,
        channel: str | None,
        target: str | Message | Ephemeral | View,
        action: str,
        *,
        value: object = None,
        confirm: bool = True,
        block_id: str | None = None,
        filled: Json | None = None,
    ) -> Interaction:
        """Use an element of a message, an ephemeral reply (by object or ts) or a view (by object or id).

        `action` is its action_id or label; `block_id` or `value` tell like buttons apart, else `value` is
        what to choose. Its confirm dialog is read into the interaction, and turned down if `confirm` is
        false. `filled` is what inputs there hold by now, by `key_of`; those that have just been replaced
        are passed over. Raises NothingThereError.
        """
        place = self.target_of(user, channel, target)
        clicker = self.person(user).id
        block, element = find_element(place.blocks, action, user=clicker, value=value, block_id=block_id)
        original = None if isinstance(place, View) else place
        interaction = self.begin("interactive", user, place.channel, "actions", original)
        if _read_dialog(interaction, element) and not confirm:
            interaction.refusal = "turned down in the confirm dialog"
            return interaction
        there = {key_of(*each) for each in inputs(place.blocks)}
        self.fill(place, clicker, {name: value for name, value in (filled or {}).items() if name in there})
        holds = self._hold(sheet_of(place, clicker), block, element, value)
        if why := _silent(block, element):
            interaction.refusal = why
            return interaction
        acted = _facts(block, element) | holds | {"action_ts": self.next_ts()}
        interaction.payload = click_payload(self, interaction, place, acted)
        await self.send(interaction)
        return interaction

    def _hold(self, sheet: Sheet, block: Json, element: Json, value: object) -> Json:
        """What the element holds once that was chosen; the sheet keeps it, but for what is only pressed."""
        key = key_of(block, element)
        kept = chosen(self, element, value)
        holds = held(element, kept, sheet.offered.get(key))
        if has_state(element):
            sheet.typed[key] = kept
        return holds

    async def select(
        self,
        user: str,
        channel: str | None,
        target: str | Message | Ephemeral | View,
        action: str,
        value: object,
    ) -> Interaction:
        """Choose in a menu: an option's value or label, an id, a date, or a list of them."""
        return await self.click(user, channel, target, action, value=value)

    async def shortcut(self, user: str, channel: str | None, ts: str | None, callback_id: str) -> Interaction:
        """A message shortcut, or a global one where no message is named. Raises NothingThereError."""
        if channel is None or ts is None:
            interaction = self.begin("interactive", user, None, None)
            payload = interaction_payload(self, interaction, "shortcut")
        else:
            message = self.find_message(self.channel(channel), ts)
            if message is None:
                raise NothingThereError(f"there is no message {ts} in {channel}")
            interaction = self.begin("interactive", user, channel, "app")
            payload = interaction_payload(self, interaction, "message_action") | {
                "channel": channel_facts(self, message.channel),
                "message_ts": ts,
                "message": message_object(self, message, with_metadata=True),
                "response_url": interaction.response_url,
            }
        interaction.payload = payload | {"callback_id": callback_id, "action_ts": self.next_ts()}
        await self.send(interaction)
        return interaction

    async def mention(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None
    ) -> Interaction:
        """Write to the app: an app_mention in a channel, a message in its direct messages."""
        place = self.channel(channel)
        words = text if place.is_im or f"<@{self.bot_user_id}>" in text else f"<@{self.bot_user_id}> {text}"
        message = self.write(user, place.id, words, thread_ts=thread_ts)
        event = message_object(self, message) | {"channel": place.id}
        if place.is_im:
            event |= {"type": "message", "channel_type": "im"}
        else:
            event |= {"type": "app_mention"}
        return await self.tell_app(event, user=message.user, channel=place.id)

    async def open_home(self, user: str) -> Interaction:
        """Open the app's Home tab."""
        person = self.person(user)
        home = self.homes.get(person.id)
        event = {"type": "app_home_opened", "user": person.id, "channel": self.dm(user), "tab": "home"}
        if home is not None:
            return await self.tell_app(event | {"view": view_object(self, home)}, user=person.id)
        return await self.tell_app(event, user=person.id)

    async def event(self, kind: str, facts: Json) -> Interaction:
        """Any other event."""
        return await self.tell_app({"type": kind} | facts)

    async def deliver_again(self, interaction: Interaction) -> Interaction:
        """Slack's own repeat of a delivery, which carries the same payload."""
        again = Interaction(interaction.kind, interaction.user, interaction.channel, interaction.payload)
        again.trigger_id, again.response_url = interaction.trigger_id, interaction.response_url
        await self.send(again, retry=1)
        return again


def _silent(block: Json, element: Json) -> str:
    """Why the app is not told of the click."""
    if element["type"] == "workflow_button":
        return "it starts a workflow of Slack's, which the app is not told of"
    if block["type"] == "input" and not block.get("dispatch_action"):
        return "its input block does not dispatch actions"
    return ""


def _facts(block: Json, element: Json) -> Json:
    """What an action repeats of its element."""
    known = {name: element[name] for name in element if name == "placeholder" or name.startswith("initial_")}
    return known | {"action_id": element["action_id"], "block_id": block["block_id"]}


def _read_dialog(interaction: Interaction, element: Json) -> bool:
    """Whether a confirm dialog stands before the click; its texts are kept."""
    if "confirm" not in element:
        return False
    interaction.confirm = {name: element["confirm"][name]["text"] for name in CONFIRM_TEXTS}
    return True
