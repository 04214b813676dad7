"""External menus: asking the app for options, and what it may answer."""

from typing import Any

from bot.sandbox.slack.acting import SlackActing
from bot.sandbox.slack.element_rules import OPTION_GROUP, PLAIN_OPTION
from bot.sandbox.slack.inputs import find_element, key_of, sheet_of
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.payloads import suggestion_payload
from bot.sandbox.slack.records import Ephemeral, Json, Message, View
from bot.sandbox.slack.schema import Problems, Rule, exactly_one, items, shape, wrong

FEWEST_CHARACTERS = 3  # before the app is asked, unless min_query_length says otherwise
EXTERNAL = frozenset({"external_select", "multi_external_select"})


def _some(each: Rule) -> Rule:
    """A list that may be empty (nothing fits), or left out."""
    return items(each, 0, 100)


_ANSWER = shape(
    {},
    {"options": _some(PLAIN_OPTION), "option_groups": _some(OPTION_GROUP)},
    also=[exactly_one("options", "option_groups")],
)


class SlackSuggesting(SlackActing):
    """What happens while somebody types into an external menu."""

    async def suggest(
        self,
        user: str,
        channel: str | None,
        target: str | Message | Ephemeral | View,
        action: str,
        text: str,
        *,
        block_id: str | None = None,
    ) -> Interaction:
        """Type into an external menu; its `ack_body` is what the app offers. Raises NothingThereError."""
        place = self.target_of(user, channel, target)
        person = self.person(user).id
        block, element = find_element(place.blocks, action, user=person, block_id=block_id)
        interaction = Interaction("interactive", person, place.channel)
        fewest = element.get("min_query_length", FEWEST_CHARACTERS)
        if element["type"] not in EXTERNAL or len(text) < fewest:
            interaction.refusal = f"the app is asked from {fewest} characters on, in external menus alone"
            return interaction
        asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": text}
        interaction.payload = suggestion_payload(self, interaction, place, asked)
        await self.send(interaction)
        if interaction.acked:
            self._take_options(interaction, place, key_of(block, element))
        return interaction

    def _take_options(self, interaction: Interaction, place: Message | Ephemeral | View, key: str) -> None:
        problems = list(_check(interaction.ack_body))
        if problems:
            interaction.refusal = (
                f"the app's options are no good: {problems[0].pointer} {problems[0].message}"
            )
            return
        offered = sheet_of(place, interaction.user).offered.setdefault(key, {})
        offered |= {option["value"]: option for option in _options(interaction.ack_body)}


def _check(answer: Any) -> Problems:
    return _ANSWER(answer, "") if isinstance(answer, dict) else wrong("/", "must be an object")


def _options(answer: Any) -> list[Json]:
    groups = answer.get("option_groups") or [{"options": answer.get("options") or []}]
    return [option for group in groups for option in group["options"]]
